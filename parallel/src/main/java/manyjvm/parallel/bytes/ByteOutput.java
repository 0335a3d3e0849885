package manyjvm.parallel.bytes;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import manyjvm.parallel.NotShippableException;

/**
 * Bytes that grow. Numbers are little-endian; whole numbers are of variable length, 1 byte when near zero. Confined to one
 * thread.
 */
public class ByteOutput {
    /** The longest array that every JVM can make. */
    private static final int LIMIT = Integer.MAX_VALUE - 8;

    /** From here on a text is faster copied than looked at. */
    private static final int LONG_TEXT = 32;

    private final int limit;
    private byte[] bytes;
    private ByteBuffer numbers; // the same bytes, for what takes several of them
    private int size;

    /** The bytes no longer fit into one array. */
    public static final class TooLarge extends NotShippableException {
        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("a message of more than 2 GiB cannot be sent: send less at a time (a smaller chunk)");
        }
    }

    /** @param expected how many bytes it will be, at a guess */
    public ByteOutput(int expected) {
        this(expected, LIMIT);
    }

    /** @param limit how many bytes there may be at most */
    public ByteOutput(int expected, int limit) {
        this.bytes = new byte[expected];
        this.numbers = littleEndian(bytes);
        this.limit = limit;
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    public final int size() {
        return size;
    }

    /** Forgets what was written after the first {@code count} bytes. */
    public final void rewind(int count) {
        size = count;
    }

    public final byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** As {@link #toByteArray}, without a copy when the array is exactly full. The output must not be used afterwards. */
    public final byte[] take() {
        return bytes.length == size ? bytes : toByteArray();
    }

    /** The array with what was written, valid up to {@link #size} and until the next write. */
    public final byte[] backing() {
        return bytes;
    }

    /**
     * Makes room for more bytes; after this, writing them does not copy what is there.
     *
     * @throws TooLarge when one array cannot hold them
     */
    public final void reserve(long more) {
        long needed = size + more;
        if (needed > bytes.length) {
            grow(needed);
        }
    }

    private void grow(long needed) {
        if (needed > limit) {
            throw new TooLarge();
        }
        // Doubling, so that many small writes stay linear; one large write gets its exact size, plus the tail of a
        // payload, so that a large array alone is copied once and not twice.
        long doubled = Math.min(2L * bytes.length, limit);
        bytes = Arrays.copyOf(bytes, (int) Math.max(doubled, Math.min(needed + 64, limit)));
        numbers = littleEndian(bytes);
    }

    public final void writeByte(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    public final void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    /** A count, a length or an index. */
    public final void writeUnsigned(int value) {
        reserve(5);
        byte[] target = bytes;
        int at = size;
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            target[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[at++] = (byte) rest;
        size = at;
    }

    public final void writeInt(int value) {
        writeUnsigned((value << 1) ^ (value >> 31));
    }

    public final void writeLong(long value) {
        writeUnsignedLong((value << 1) ^ (value >> 63));
    }

    private void writeUnsignedLong(long value) {
        reserve(10);
        byte[] target = bytes;
        int at = size;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            target[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[at++] = (byte) rest;
        size = at;
    }

    // By a buffer, since a VarHandle would load the machinery of method handles: some 20 ms in a fresh JVM.

    public final void writeFixedInt(int value) {
        reserve(4);
        numbers.putInt(size, value);
        size += 4;
    }

    public final void writeFixedLong(long value) {
        reserve(8);
        numbers.putLong(size, value);
        size += 8;
    }

    public final void writeDouble(double value) {
        writeFixedLong(Double.doubleToRawLongBits(value));
    }

    /** Bytes as they are; their number is not written. */
    public final void writeBytes(byte[] source, int offset, int length) {
        reserve(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    /** An array with its length. */
    public final void writeArray(byte[] value) {
        writeUnsigned(value.length);
        writeBytes(value, 0, value.length);
    }

    /** Length and coding in one number, then one byte a character when all are Latin-1, else two; lone surrogates are kept. */
    public final void writeString(String text) {
        int length = text.length();
        int start = size;
        writeUnsignedLong((long) length << 1);
        if (!writeLatin(text, length)) {
            size = start;
            writeUnsignedLong(((long) length << 1) | 1);
            reserve(2L * length);
            numbers.position(size).asCharBuffer().put(text.toCharArray());
            size += 2 * length;
        }
    }

    @SuppressWarnings("deprecation") // the low bytes are just what is wanted
    private boolean writeLatin(String text, int length) {
        reserve(length);
        if (length >= LONG_TEXT) {
            // Passes at memory speed: a text that is not of Latin-1 alone differs from what came of it.
            text.getBytes(0, length, bytes, size);
            if (!new String(bytes, size, length, StandardCharsets.ISO_8859_1).equals(text)) {
                return false;
            }
            size += length;
            return true;
        }
        int at = size;
        int seen = 0;
        for (int index = 0; index < length; index++) {
            char next = text.charAt(index);
            seen |= next;
            bytes[at + index] = (byte) next;
        }
        if (seen > 0xff) {
            return false;
        }
        size = at + length;
        return true;
    }

    /** The elements of a primitive array, at memory speed; the length is not written. */
    public final void writeElements(Object array) {
        long more = Elements.bytes(array);
        reserve(more);
        Elements.write(array, 0, Array.getLength(array), numbers.position(size));
        size += (int) more;
    }
}
