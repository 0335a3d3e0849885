package manyjvm.parallel.wire;

import java.util.ArrayList;
import java.util.List;
import manyjvm.parallel.bytes.ByteOutput;

/**
 * Writes a message. Arrays from {@link #ATTACHED} bytes on are not copied: they become attachments, which the connection sends
 * after the body.
 */
public final class Encoder extends ByteOutput {
    /** From this size on an array travels beside the body. */
    public static final int ATTACHED = 32 * 1024;

    private final List<byte[]> attachments = new ArrayList<>(0);

    public Encoder(int expected) {
        super(expected);
    }

    List<byte[]> attachments() {
        return attachments;
    }

    /** An array, in the body when it is small; it must not be changed before it is sent. */
    void writeBytes(byte[] value) {
        boolean attached = value.length >= ATTACHED;
        writeBoolean(attached);
        if (attached) {
            attachments.add(value);
        } else {
            writeArray(value);
        }
    }
}
