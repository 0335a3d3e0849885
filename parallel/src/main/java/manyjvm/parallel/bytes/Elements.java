package manyjvm.parallel.bytes;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The elements of a primitive array as bytes: little-endian, a boolean as one byte. */
final class Elements {
    /** What is compared at a time: it stays in the processor's cache. */
    private static final int PIECE_BYTES = 32 * 1024;

    private final int length;
    private final int width;
    private final Writer writer;

    /** Puts some elements into a buffer from its position on, and leaves that where it was. */
    private interface Writer {
        void write(ByteBuffer target, int from, int count);
    }

    private Elements(int length, int width, Writer writer) {
        this.length = length;
        this.width = width;
        this.writer = writer;
    }

    static Elements of(Object array) {
        int length = Array.getLength(array);
        if (array instanceof byte[] values) {
            return new Elements(
                    length, 1, (target, from, count) -> target.slice().put(values, from, count));
        } else if (array instanceof double[] values) {
            return new Elements(
                    length, 8, (target, from, count) -> target.asDoubleBuffer().put(values, from, count));
        } else if (array instanceof int[] values) {
            return new Elements(
                    length, 4, (target, from, count) -> target.asIntBuffer().put(values, from, count));
        } else if (array instanceof long[] values) {
            return new Elements(
                    length, 8, (target, from, count) -> target.asLongBuffer().put(values, from, count));
        } else if (array instanceof float[] values) {
            return new Elements(
                    length, 4, (target, from, count) -> target.asFloatBuffer().put(values, from, count));
        } else if (array instanceof short[] values) {
            return new Elements(
                    length, 2, (target, from, count) -> target.asShortBuffer().put(values, from, count));
        } else if (array instanceof char[] values) {
            return new Elements(
                    length, 2, (target, from, count) -> target.asCharBuffer().put(values, from, count));
        } else if (array instanceof boolean[] values) {
            return new Elements(length, 1, (target, from, count) -> {
                for (int i = 0; i < count; i++) {
                    target.put(target.position() + i, (byte) (values[from + i] ? 1 : 0));
                }
            });
        }
        throw new IllegalStateException("not a primitive array: " + array.getClass());
    }

    long bytes() {
        return (long) length * width;
    }

    /** Puts them all there, from its position on, at memory speed. */
    void write(ByteBuffer target) {
        writer.write(target, 0, length);
    }

    /** Whether these bytes are what {@link #write} would put, bit by bit: two NaNs may differ, and 0.0 and -0.0 do. */
    boolean are(byte[] bytes, int at) {
        if (bytes() > bytes.length - at) {
            return false;
        }
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < length; done += PIECE_BYTES / width) {
            int count = Math.min(length - done, PIECE_BYTES / width);
            writer.write(piece, done, count);
            int from = at + done * width;
            if (!Arrays.equals(piece.array(), 0, count * width, bytes, from, from + count * width)) {
                return false;
            }
        }
        return true;
    }
}
