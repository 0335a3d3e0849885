package manyjvm.parallel.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Reads what an {@link Encoder} wrote; anything that does not fit is a {@link WireException}, never a huge allocation. */
public final class Decoder {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private final int end;
    private final List<byte[]> attachments;
    private int position;

    public Decoder(byte[] bytes) {
        this(bytes, bytes.length, List.of());
    }

    Decoder(byte[] bytes, int end, List<byte[]> attachments) {
        this.bytes = bytes;
        this.end = end;
        this.attachments = attachments;
    }

    public boolean hasMore() {
        return position < end;
    }

    int position() {
        return position;
    }

    public int readByte() {
        need(1);
        return bytes[position++];
    }

    int peekByte() {
        need(1);
        return bytes[position];
    }

    public boolean readBoolean() {
        return readByte() != 0;
    }

    public int readInt() {
        need(4);
        int value = (int) INT.get(bytes, position);
        position += 4;
        return value;
    }

    public long readLong() {
        need(8);
        long value = (long) LONG.get(bytes, position);
        position += 8;
        return value;
    }

    public String readString() {
        int length = length();
        String value = new String(bytes, position, length, StandardCharsets.UTF_8);
        position += length;
        return value;
    }

    public byte[] readInline() {
        int length = length();
        byte[] value = Arrays.copyOfRange(bytes, position, position + length);
        position += length;
        return value;
    }

    byte[] readBytes() {
        need(4);
        int mark = (int) INT.get(bytes, position);
        if (mark >= 0) {
            return readInline();
        }
        position += 4;
        int attachment = -1 - mark;
        if (attachment >= attachments.size()) {
            throw new WireException("a message refers to an attachment that it does not have");
        }
        return attachments.get(attachment);
    }

    /** How many elements follow, each of which takes at least {@code size} bytes. */
    int readCount(int size) {
        int count = readInt();
        if (count < 0 || (long) count * size > end - position) {
            throw new WireException("a message claims " + count + " elements and is shorter than that");
        }
        return count;
    }

    void skip(int count) {
        need(count);
        position += count;
    }

    private int length() {
        int length = readInt();
        if (length < 0) {
            throw new WireException("a message holds a negative length");
        }
        need(length);
        return length;
    }

    private void need(int count) {
        if (count < 0 || end - position < count) {
            throw new WireException("a message ends in the middle of a field");
        }
    }
}
