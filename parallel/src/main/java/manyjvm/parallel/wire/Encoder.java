package manyjvm.parallel.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes fields into a growing array, big-endian. Arrays from {@link #ATTACHED} bytes on are not copied: they become
 * attachments, which the connection sends after the body.
 */
public final class Encoder {
    /** From this size on an array travels beside the body. */
    public static final int ATTACHED = 32 * 1024;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;
    private int size;
    private final List<byte[]> attachments = new ArrayList<>(0);

    public Encoder(int expected) {
        bytes = new byte[expected];
    }

    public int size() {
        return size;
    }

    public void reset() {
        size = 0;
    }

    /** What was written, in an array that may be longer and changes with the next write. */
    public byte[] bytes() {
        return bytes;
    }

    List<byte[]> attachments() {
        return attachments;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Forgets what was written after {@code size}. */
    public void rewind(int size) {
        this.size = size;
    }

    public void writeByte(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    public void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    public void writeInt(int value) {
        room(4);
        INT.set(bytes, size, value);
        size += 4;
    }

    public void writeLong(long value) {
        room(8);
        LONG.set(bytes, size, value);
        size += 8;
    }

    public void writeString(String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        writeInt(text.length);
        append(text, 0, text.length);
    }

    /** An array as part of the body, whatever its size. */
    public void writeInline(byte[] value) {
        writeInt(value.length);
        append(value, 0, value.length);
    }

    /** An array, in the body when it is small; it must not be changed before it is sent. */
    void writeBytes(byte[] value) {
        if (value.length < ATTACHED) {
            writeInline(value);
        } else {
            writeInt(-1 - attachments.size());
            attachments.add(value);
        }
    }

    void append(byte[] source, int offset, int length) {
        room(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            long wanted = Math.max((long) size + more, Math.min(Integer.MAX_VALUE - 16L, bytes.length * 2L));
            if (wanted > Integer.MAX_VALUE - 16) {
                throw new manyjvm.parallel.NotShippableException(
                        "a message of more than 2 GiB cannot be sent: send less at a time (a smaller chunk)");
            }
            bytes = Arrays.copyOf(bytes, (int) wanted);
        }
    }
}
