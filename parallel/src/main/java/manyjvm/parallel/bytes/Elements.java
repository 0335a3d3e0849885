package manyjvm.parallel.bytes;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The elements of a primitive array as bytes: little-endian, a boolean as one byte. */
public final class Elements {
    /** What is compared at a time: it stays in the processor's cache. */
    private static final int PIECE_BYTES = 32 * 1024;

    private Elements() {}

    /** How many bytes each takes, by its primitive type. */
    public static int width(Class<?> element) {
        if (element == long.class || element == double.class) {
            return 8;
        } else if (element == int.class || element == float.class) {
            return 4;
        }
        return element == short.class || element == char.class ? 2 : 1;
    }

    private static int widthIn(Object array) {
        return width(array.getClass().getComponentType());
    }

    /** How many bytes all take. */
    static long bytes(Object array) {
        return (long) Array.getLength(array) * widthIn(array);
    }

    /** Puts some of them there, from its position on, at memory speed; the position stays. */
    static void write(Object array, int from, int count, ByteBuffer target) {
        if (array instanceof byte[] values) {
            target.slice().put(values, from, count);
        } else if (array instanceof double[] values) {
            target.asDoubleBuffer().put(values, from, count);
        } else if (array instanceof int[] values) {
            target.asIntBuffer().put(values, from, count);
        } else if (array instanceof long[] values) {
            target.asLongBuffer().put(values, from, count);
        } else if (array instanceof float[] values) {
            target.asFloatBuffer().put(values, from, count);
        } else if (array instanceof short[] values) {
            target.asShortBuffer().put(values, from, count);
        } else if (array instanceof char[] values) {
            target.asCharBuffer().put(values, from, count);
        } else if (array instanceof boolean[] values) {
            for (int i = 0; i < count; i++) {
                target.put(target.position() + i, (byte) (values[from + i] ? 1 : 0));
            }
        } else {
            throw new IllegalStateException("not a primitive array: " + array.getClass());
        }
    }

    /** Whether these bytes are what {@link #write} would put, bit by bit: two NaNs may differ, and 0.0 and -0.0 do. */
    static boolean are(Object array, byte[] bytes, int at) {
        if (bytes(array) > bytes.length - at) {
            return false;
        }
        int length = Array.getLength(array);
        int width = widthIn(array);
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int done = 0; done < length; done += PIECE_BYTES / width) {
            int count = Math.min(length - done, PIECE_BYTES / width);
            write(array, done, count, piece);
            int from = at + done * width;
            if (!Arrays.equals(piece.array(), 0, count * width, bytes, from, from + count * width)) {
                return false;
            }
        }
        return true;
    }
}
