package manyjvm.parallel.bytes;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link ByteOutput} wrote. Every length is checked against the bytes that are left before anything of that
 * length is made, so that damaged bytes end in {@link #damaged} and not in an {@code OutOfMemoryError}. Confined to one
 * thread.
 */
public class ByteInput {
    private final byte[] bytes;
    private final ByteBuffer numbers; // the same bytes up to the end, for what takes several of them
    private final int end;
    private int position;

    public ByteInput(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.numbers = ByteBuffer.wrap(bytes, 0, end).order(ByteOrder.LITTLE_ENDIAN);
        this.position = start;
        this.end = end;
    }

    /** The bytes are not what an encoder wrote. */
    public static final class Damaged extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        public Damaged(String what) {
            super("damaged payload: " + what + "; this is a fault of manyjvm, please report it");
        }
    }

    /** What to throw when the bytes cannot be what an output wrote. */
    public RuntimeException damaged(String what) {
        return new Damaged(what + " at byte " + position + " of " + end);
    }

    public final int remaining() {
        return end - position;
    }

    public final int position() {
        return position;
    }

    private void need(long length) {
        if (length < 0 || length > end - position) {
            throw damaged("it ends before " + length + " more bytes");
        }
    }

    /** Without a sign. */
    public final int readByte() {
        need(1);
        return bytes[position++] & 0xff;
    }

    public final boolean readBoolean() {
        return readByte() != 0;
    }

    public final int readUnsigned() {
        int value = 0;
        int at = position;
        for (int shift = 0; shift < 35 && at < end; shift += 7) {
            byte next = bytes[at++];
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                if (shift == 28 && next > 0xf) {
                    throw damaged("a number out of range");
                }
                position = at;
                return value;
            }
        }
        throw damaged("a number without an end");
    }

    /** A length or index: never negative, though it may still be longer than what is left. */
    public final int readCount() {
        int count = readUnsigned();
        if (count < 0) {
            throw damaged("a negative count");
        }
        return count;
    }

    /** How many elements follow, each of which takes at least {@code size} bytes. */
    public final int readCount(int size) {
        int count = readCount();
        need((long) count * size);
        return count;
    }

    public final int readInt() {
        int raw = readUnsigned();
        return (raw >>> 1) ^ -(raw & 1);
    }

    public final long readLong() {
        long raw = readUnsignedLong();
        return (raw >>> 1) ^ -(raw & 1);
    }

    private long readUnsignedLong() {
        long value = 0;
        int at = position;
        for (int shift = 0; shift < 70 && at < end; shift += 7) {
            byte next = bytes[at++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                position = at;
                return value;
            }
        }
        throw damaged("a number without an end");
    }

    public final int readFixedInt() {
        need(4);
        int value = numbers.getInt(position);
        position += 4;
        return value;
    }

    public final long readFixedLong() {
        need(8);
        long value = numbers.getLong(position);
        position += 8;
        return value;
    }

    public final double readDouble() {
        return Double.longBitsToDouble(readFixedLong());
    }

    public final byte[] readBytes(int length) {
        need(length);
        byte[] copy = Arrays.copyOfRange(bytes, position, position + length);
        position += length;
        return copy;
    }

    /** An array with its length. */
    public final byte[] readArray() {
        return readBytes(readCount());
    }

    /** A view on the next bytes, which this input skips. */
    public final ByteInput slice(int length) {
        skip(length);
        return new ByteInput(bytes, position - length, position);
    }

    public final void skip(int length) {
        need(length);
        position += length;
    }

    public final String readString() {
        long header = readUnsignedLong();
        long length = header >>> 1;
        if ((header & 1) == 0) {
            need(length);
            String text = new String(bytes, position, (int) length, StandardCharsets.ISO_8859_1);
            position += (int) length;
            return text;
        }
        char[] characters = new char[(int) needed(length, 2)];
        rest().asCharBuffer().get(characters);
        position += 2 * characters.length;
        return new String(characters);
    }

    private long needed(long count, int width) {
        if (count > Integer.MAX_VALUE) {
            throw damaged("a length out of range");
        }
        need(count * width);
        return count;
    }

    /** The bytes from here on. */
    private ByteBuffer rest() {
        return numbers.position(position);
    }

    /** A primitive array of the given element type and length. */
    public final Object readElements(Class<?> element, int length) {
        if (element == byte.class) {
            return readBytes(length);
        } else if (element == double.class) {
            double[] values = new double[(int) needed(length, 8)];
            rest().asDoubleBuffer().get(values);
            position += 8 * length;
            return values;
        } else if (element == int.class) {
            int[] values = new int[(int) needed(length, 4)];
            rest().asIntBuffer().get(values);
            position += 4 * length;
            return values;
        } else if (element == long.class) {
            long[] values = new long[(int) needed(length, 8)];
            rest().asLongBuffer().get(values);
            position += 8 * length;
            return values;
        } else if (element == float.class) {
            float[] values = new float[(int) needed(length, 4)];
            rest().asFloatBuffer().get(values);
            position += 4 * length;
            return values;
        } else if (element == short.class) {
            short[] values = new short[(int) needed(length, 2)];
            rest().asShortBuffer().get(values);
            position += 2 * length;
            return values;
        } else if (element == char.class) {
            char[] values = new char[(int) needed(length, 2)];
            rest().asCharBuffer().get(values);
            position += 2 * length;
            return values;
        } else if (element == boolean.class) {
            boolean[] values = new boolean[(int) needed(length, 1)];
            for (int index = 0; index < length; index++) {
                values[index] = bytes[position++] != 0;
            }
            return values;
        }
        throw damaged("an array of " + element);
    }

    /**
     * Whether what follows are the elements of this primitive array; they are not read. Where the array changes meanwhile, some
     * of its elements are compared before, and some after that, as a copy would have them.
     */
    public final boolean areElements(Object array) {
        return Elements.are(array, bytes, position);
    }
}
