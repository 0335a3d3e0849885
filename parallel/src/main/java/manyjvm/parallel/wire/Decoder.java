package manyjvm.parallel.wire;

import java.util.List;
import manyjvm.parallel.bytes.ByteInput;

/** Reads what an {@link Encoder} wrote; anything that does not fit is a {@link WireException}, never a huge allocation. */
public final class Decoder extends ByteInput {
    private final List<byte[]> attachments;
    private int attachment;

    public Decoder(byte[] bytes) {
        this(bytes, bytes.length, List.of());
    }

    Decoder(byte[] bytes, int end, List<byte[]> attachments) {
        super(bytes, 0, end);
        this.attachments = attachments;
    }

    @Override
    public WireException damaged(String what) {
        return new WireException("a damaged message: " + what + " at byte " + position());
    }

    byte[] readBytes() {
        if (!readBoolean()) {
            return readArray();
        }
        if (attachment >= attachments.size()) {
            throw damaged("an attachment that it does not have");
        }
        return attachments.get(attachment++);
    }
}
