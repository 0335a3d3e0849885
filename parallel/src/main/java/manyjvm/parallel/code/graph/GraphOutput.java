package manyjvm.parallel.code.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Bytes that grow. Numbers are little-endian; whole numbers are of variable length, 1 byte when near zero. Owned by the
 * thread that encodes.
 */
final class GraphOutput {
    /** The longest array that every JVM can make. */
    static final int LIMIT = Integer.MAX_VALUE - 8;

    private final int limit;
    private byte[] bytes = new byte[256];
    private int size;

    /** Thrown when the bytes no longer fit into one array; the writer turns it into the public refusal. */
    static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLarge() {
            super("more than 2 GiB", null, false, false);
        }
    }

    GraphOutput() {
        this(LIMIT);
    }

    /** @param limit how many bytes there may be at most */
    GraphOutput(int limit) {
        this.limit = limit;
    }

    int size() {
        return size;
    }

    /** The bytes so far; the array is this output's own when it is exactly full. The output must not be used afterwards. */
    byte[] take() {
        return bytes.length == size ? bytes : Arrays.copyOf(bytes, size);
    }

    void clear() {
        size = 0;
    }

    /** The backing array, valid up to {@link #size} and until the next write. */
    byte[] backing() {
        return bytes;
    }

    /** Makes room for more bytes; after this, writing them does not copy what is there. */
    void reserve(long more) {
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
    }

    void writeByte(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    void writeUnsigned(int value) {
        reserve(5);
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    void writeInt(int value) {
        writeUnsigned((value << 1) ^ (value >> 31));
    }

    void writeLong(long value) {
        reserve(10);
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    void writeFixedInt(int value) {
        reserve(4);
        setInt(bytes, size, value);
        size += 4;
    }

    void writeFixedLong(long value) {
        reserve(8);
        setInt(bytes, size, (int) value);
        setInt(bytes, size + 4, (int) (value >>> 32));
        size += 8;
    }

    // By hand, since a VarHandle would load the machinery of method handles: some 20 ms in a fresh JVM.

    static void setInt(byte[] bytes, int at, int value) {
        bytes[at] = (byte) value;
        bytes[at + 1] = (byte) (value >> 8);
        bytes[at + 2] = (byte) (value >> 16);
        bytes[at + 3] = (byte) (value >> 24);
    }

    static int getInt(byte[] bytes, int at) {
        return (bytes[at] & 0xff)
                | (bytes[at + 1] & 0xff) << 8
                | (bytes[at + 2] & 0xff) << 16
                | (bytes[at + 3] & 0xff) << 24;
    }

    void writeDouble(double value) {
        writeFixedLong(Double.doubleToRawLongBits(value));
    }

    void writeBytes(byte[] source, int offset, int length) {
        reserve(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    /** Length and coding in one number, then one byte a character when all are Latin-1, else two; lone surrogates are kept. */
    void writeString(String text) {
        int length = text.length();
        reserve(5L + length);
        int start = size;
        writeUnsignedLong((long) length << 1);
        if (length > 0) {
            int at = size;
            int index = 0;
            char seen = 0;
            while (index < length) {
                char next = text.charAt(index++);
                seen |= next;
                bytes[at++] = (byte) next;
            }
            if (seen < 256) {
                size = at;
                return;
            }
            size = start;
            writeUnsignedLong(((long) length << 1) | 1);
            reserve(2L * length);
            text.getChars(0, length, buffer(length), 0);
            byteBuffer(2L * length).asCharBuffer().put(characters, 0, length);
            size += 2 * length;
        }
    }

    private char[] characters = new char[0];

    private char[] buffer(int length) {
        if (characters.length < length) {
            characters = new char[length];
        }
        return characters;
    }

    private void writeUnsignedLong(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private ByteBuffer byteBuffer(long length) {
        reserve(length);
        return ByteBuffer.wrap(bytes, size, (int) length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The elements of a primitive array, at memory speed; the length is not written. */
    void writeElements(Object array) {
        long length;
        if (array instanceof byte[] values) {
            writeBytes(values, 0, values.length);
            return;
        } else if (array instanceof double[] values) {
            length = 8L * values.length;
            byteBuffer(length).asDoubleBuffer().put(values);
        } else if (array instanceof int[] values) {
            length = 4L * values.length;
            byteBuffer(length).asIntBuffer().put(values);
        } else if (array instanceof long[] values) {
            length = 8L * values.length;
            byteBuffer(length).asLongBuffer().put(values);
        } else if (array instanceof float[] values) {
            length = 4L * values.length;
            byteBuffer(length).asFloatBuffer().put(values);
        } else if (array instanceof short[] values) {
            length = 2L * values.length;
            byteBuffer(length).asShortBuffer().put(values);
        } else if (array instanceof char[] values) {
            length = 2L * values.length;
            byteBuffer(length).asCharBuffer().put(values);
        } else if (array instanceof boolean[] values) {
            length = values.length;
            reserve(length);
            for (int index = 0; index < values.length; index++) {
                bytes[size + index] = (byte) (values[index] ? 1 : 0);
            }
        } else {
            throw new IllegalStateException("not a primitive array: " + array.getClass());
        }
        size += (int) length;
    }
}
