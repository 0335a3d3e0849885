package manyjvm.parallel;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedKind;
import org.jspecify.annotations.Nullable;

/**
 * Primitive values of fixed number in memory that all JVMs see: Python's {@code multiprocessing.Array}. It may be used in
 * any lambda or process target, and travels as a name, not as a copy, whatever its size (at most 2 GiB).
 *
 * <pre>{@code
 * var array = Array.of(range(5));                    // Array('i', range(5))
 * var zeros = Array.ofDouble(1_000_000);             // Array('d', 1_000_000)
 * var process = new Process(() -> {
 *     for (int i = 0; i < array.length(); i++) {
 *         array.set(i, -array.get(i));
 *     }
 *     array.withLock(() -> array.set(0, array.get(0) + 7));
 * }).start();
 * process.join();
 * System.out.println(array);                         // [7, -1, -2, -3, -4]
 * }</pre>
 *
 * <p>{@code get} and {@code set} take nanoseconds and no lock; {@code getAndAdd} and {@code compareAndSet} are atomic for one
 * element; {@link #withLock withLock} guards more. Copying in or out as a whole is not atomic. Who reads an element also
 * sees what its writer wrote before. An index outside the array is an {@link IndexOutOfBoundsException}.
 *
 * <p>{@code rawInt(5)} and its kin are without a lock, Python's {@code RawArray}: there {@link #lock} and {@link #withLock
 * withLock} are refused, the rest is the same.
 *
 * <p>Cost: making one writes its bytes once, to a file in the driver's folder that each JVM maps which uses the array; from then
 * on no call needs a message. The memory goes when no JVM can reach the array any more. An array too big for one mapping, or for
 * the room there is, is a {@link ParallelException}. Safe for use by any thread of any JVM.
 *
 * @param <E> the boxed type of the elements
 */
public abstract sealed class Array<E> implements Iterable<E>, Shared {
    /** So many elements are shown by {@link #toString}. */
    private static final int SHOWN = 1000;

    final Memory memory;
    final int length;

    private Array(SharedKind kind, int length, int width, boolean raw) {
        this.memory = Memory.create(kind, length, width, raw);
        this.length = length;
        memory.adopt(this);
    }

    private Array(SharedClient client, Handle handle) {
        memory = Memory.link(client, handle);
        length = memory.length();
    }

    /**
     * Integers, copied: Python's {@code Array('i', range(10))}.
     *
     * @throws NullPointerException when one is null
     */
    public static OfInt of(Iterable<Integer> values) {
        return of(boxed(values).stream().mapToInt(Integer::intValue).toArray());
    }

    /**
     * Numbers, copied as {@code double}: Python's {@code Array('d', range(10))}.
     *
     * @throws NullPointerException when one is null
     */
    public static OfDouble ofDouble(Iterable<? extends Number> values) {
        return of(boxed(values).stream().mapToDouble(Number::doubleValue).toArray());
    }

    /**
     * Numbers, copied as {@code long}: Python's {@code Array('q', range(10))}.
     *
     * @throws NullPointerException when one is null
     */
    public static OfLong ofLong(Iterable<? extends Number> values) {
        return of(boxed(values).stream().mapToLong(Number::longValue).toArray());
    }

    private static <N extends Number> List<N> boxed(Iterable<? extends N> values) {
        List<N> list = new ArrayList<>();
        for (N value : values) {
            list.add(Objects.requireNonNull(value, "An Array holds primitive values, and null is not one."));
        }
        return list;
    }

    /** As long as the given values, which are copied: Python's {@code Array(c_bool, values)}. */
    public static OfBoolean of(boolean... values) {
        OfBoolean array = ofBoolean(values.length);
        array.setAll(values);
        return array;
    }

    /** As long as the given values, which are copied: Python's {@code Array('b', values)}. */
    public static OfByte of(byte... values) {
        OfByte array = ofByte(values.length);
        array.setAll(values);
        return array;
    }

    /** As long as the given values, which are copied: Python's {@code Array('h', values)}. */
    public static OfShort of(short... values) {
        OfShort array = ofShort(values.length);
        array.setAll(values);
        return array;
    }

    /** As long as the given values, which are copied: Python's {@code Array('u', values)}. */
    public static OfChar of(char... values) {
        OfChar array = ofChar(values.length);
        array.setAll(values);
        return array;
    }

    /** As long as the given values, which are copied: Python's {@code Array('i', values)}. */
    public static OfInt of(int... values) {
        OfInt array = ofInt(values.length);
        array.setAll(values);
        return array;
    }

    /** As long as the given values, which are copied: Python's {@code Array('q', values)}. */
    public static OfLong of(long... values) {
        OfLong array = ofLong(values.length);
        array.setAll(values);
        return array;
    }

    /** As long as the given values, which are copied: Python's {@code Array('f', values)}. */
    public static OfFloat of(float... values) {
        OfFloat array = ofFloat(values.length);
        array.setAll(values);
        return array;
    }

    /** As long as the given values, which are copied: Python's {@code Array('d', values)}. */
    public static OfDouble of(double... values) {
        OfDouble array = ofDouble(values.length);
        array.setAll(values);
        return array;
    }

    /** So many elements, all false: Python's {@code Array(c_bool, length)}. */
    public static OfBoolean ofBoolean(int length) {
        return new OfBoolean(length, false);
    }

    /** So many elements, all zero: Python's {@code Array('b', length)}. */
    public static OfByte ofByte(int length) {
        return new OfByte(length, false);
    }

    /** So many elements, all zero: Python's {@code Array('h', length)}. */
    public static OfShort ofShort(int length) {
        return new OfShort(length, false);
    }

    /** So many elements, all {@code '\0'}: Python's {@code Array('u', length)}. */
    public static OfChar ofChar(int length) {
        return new OfChar(length, false);
    }

    /** So many elements, all zero: Python's {@code Array('i', length)}. */
    public static OfInt ofInt(int length) {
        return new OfInt(length, false);
    }

    /** So many elements, all zero: Python's {@code Array('q', length)}. */
    public static OfLong ofLong(int length) {
        return new OfLong(length, false);
    }

    /** So many elements, all zero: Python's {@code Array('f', length)}. */
    public static OfFloat ofFloat(int length) {
        return new OfFloat(length, false);
    }

    /** So many elements, all zero: Python's {@code Array('d', length)}. */
    public static OfDouble ofDouble(int length) {
        return new OfDouble(length, false);
    }

    /** As {@link #ofBoolean(int)}, without a lock: Python's {@code RawArray(c_bool, length)}. */
    public static OfBoolean rawBoolean(int length) {
        return new OfBoolean(length, true);
    }

    /** As {@link #ofByte(int)}, without a lock: Python's {@code RawArray('b', length)}. */
    public static OfByte rawByte(int length) {
        return new OfByte(length, true);
    }

    /** As {@link #ofShort(int)}, without a lock: Python's {@code RawArray('h', length)}. */
    public static OfShort rawShort(int length) {
        return new OfShort(length, true);
    }

    /** As {@link #ofChar(int)}, without a lock: Python's {@code RawArray('u', length)}. */
    public static OfChar rawChar(int length) {
        return new OfChar(length, true);
    }

    /** As {@link #ofInt(int)}, without a lock: Python's {@code RawArray('i', length)}. */
    public static OfInt rawInt(int length) {
        return new OfInt(length, true);
    }

    /** As {@link #ofLong(int)}, without a lock: Python's {@code RawArray('q', length)}. */
    public static OfLong rawLong(int length) {
        return new OfLong(length, true);
    }

    /** As {@link #ofFloat(int)}, without a lock: Python's {@code RawArray('f', length)}. */
    public static OfFloat rawFloat(int length) {
        return new OfFloat(length, true);
    }

    /** As {@link #ofDouble(int)}, without a lock: Python's {@code RawArray('d', length)}. */
    public static OfDouble rawDouble(int length) {
        return new OfDouble(length, true);
    }

    /** The number of elements. */
    public final int length() {
        return length;
    }

    /**
     * The lock that belongs to this array: Python's {@code get_lock()}.
     *
     * @throws UnsupportedOperationException when the array was made raw
     */
    public RLock lock() {
        return memory.lock().keeping(this);
    }

    /**
     * Runs the body while holding {@link #lock}; the body may lock again. What it throws is thrown as it is.
     *
     * @throws UnsupportedOperationException when the array was made raw
     * @throws WaitInterruptedException when interrupted while waiting for the lock; the body has not run then
     */
    public void withLock(Action body) {
        memory.lock().withLock(body);
    }

    /** As {@link #withLock(Action)}. @return the body's result */
    public <R extends @Nullable Object> R withLock(Task<R> body) {
        return memory.lock().withLock(body);
    }

    /** The elements, boxed, as they are when the iteration reaches them. */
    @Override
    public Iterator<E> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < length;
            }

            @Override
            public E next() {
                if (next >= length) {
                    throw new NoSuchElementException("An Array of " + elements() + " has no more.");
                }
                return boxed(next++);
            }
        };
    }

    @Override
    public Handle handle() {
        return memory.handleOf(this);
    }

    /** The elements, the first thousand of them when there are more. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int index = 0; index < Math.min(length, SHOWN); index++) {
            text.append(index == 0 ? "" : ", ").append(boxed(index));
        }
        return text.append(length > SHOWN ? ", ... (" + length + " elements)]" : "]")
                .toString();
    }

    abstract E boxed(int index);

    final int checked(int index) {
        return Objects.checkIndex(index, length);
    }

    /** @return the number of elements in between */
    final int checkedCount(int from, int to) {
        Objects.checkFromToIndex(from, to, length);
        return to - from;
    }

    final void checkFits(int values) {
        if (values != length) {
            throw new IllegalArgumentException("An Array of " + elements() + " cannot be set from " + values
                    + (values == 1 ? " value" : " values") + ": give exactly " + length + ".");
        }
    }

    private String elements() {
        return length + (length == 1 ? " element" : " elements");
    }

    /** Elements of type {@code boolean}. */
    public static final class OfBoolean extends Array<Boolean> {
        private OfBoolean(int length, boolean raw) {
            super(SharedKind.ARRAY_OF_BOOLEAN, length, 1, raw);
        }

        OfBoolean(SharedClient client, Handle handle) {
            super(client, handle);
        }

        /** The element as it is now. */
        public boolean get(int index) {
            return memory.file.getByte(checked(index)) != 0;
        }

        /** Writes an element. */
        public void set(int index, boolean value) {
            memory.file.setByte(checked(index), (byte) (value ? 1 : 0));
        }

        /** Writes {@code value} if {@code expected} is there, in one step. @return whether it was */
        public boolean compareAndSet(int index, boolean expected, boolean value) {
            return memory.file.compareAndSetByte(checked(index), (byte) (expected ? 1 : 0), (byte) (value ? 1 : 0));
        }

        /** A copy of all elements. */
        public boolean[] toArray() {
            return toArray(0, length);
        }

        /** A copy of the elements from {@code from} up to, not including, {@code to}. */
        public boolean[] toArray(int from, int to) {
            boolean[] copy = new boolean[checkedCount(from, to)];
            for (int index = 0; index < copy.length; index++) {
                copy[index] = get(from + index);
            }
            return copy;
        }

        /** Copies as many values in as this array has elements. @throws IllegalArgumentException for more or less */
        public void setAll(boolean... values) {
            checkFits(values.length);
            for (int index = 0; index < length; index++) {
                set(index, values[index]);
            }
        }

        @Override
        Boolean boxed(int index) {
            return get(index);
        }
    }

    /** Elements of type {@code byte}. */
    public static final class OfByte extends Array<Byte> {
        private OfByte(int length, boolean raw) {
            super(SharedKind.ARRAY_OF_BYTE, length, 1, raw);
        }

        OfByte(SharedClient client, Handle handle) {
            super(client, handle);
        }

        /** The element as it is now. */
        public byte get(int index) {
            return memory.file.getByte(checked(index));
        }

        /** Writes an element. */
        public void set(int index, byte value) {
            memory.file.setByte(checked(index), value);
        }

        /** Writes {@code value} if {@code expected} is there, in one step. @return whether it was */
        public boolean compareAndSet(int index, byte expected, byte value) {
            return memory.file.compareAndSetByte(checked(index), expected, value);
        }

        /** Adds to an element in one step. @return the value before */
        public byte getAndAdd(int index, byte delta) {
            return memory.getAndAddByte(checked(index), delta);
        }

        /** A copy of all elements. */
        public byte[] toArray() {
            return toArray(0, length);
        }

        /** A copy of the elements from {@code from} up to, not including, {@code to}. */
        public byte[] toArray(int from, int to) {
            byte[] copy = new byte[checkedCount(from, to)];
            memory.file.values().get(from, copy);
            return copy;
        }

        /** Copies as many values in as this array has elements. @throws IllegalArgumentException for more or less */
        public void setAll(byte... values) {
            checkFits(values.length);
            memory.file.values().put(0, values);
        }

        @Override
        Byte boxed(int index) {
            return get(index);
        }
    }

    /** Elements of type {@code short}. */
    public static final class OfShort extends Array<Short> {
        private OfShort(int length, boolean raw) {
            super(SharedKind.ARRAY_OF_SHORT, length, 2, raw);
        }

        OfShort(SharedClient client, Handle handle) {
            super(client, handle);
        }

        /** The element as it is now. */
        public short get(int index) {
            return memory.file.getShort(2 * checked(index));
        }

        /** Writes an element. */
        public void set(int index, short value) {
            memory.file.setShort(2 * checked(index), value);
        }

        /** Writes {@code value} if {@code expected} is there, in one step. @return whether it was */
        public boolean compareAndSet(int index, short expected, short value) {
            return memory.file.compareAndSetShort(2 * checked(index), expected, value);
        }

        /** Adds to an element in one step. @return the value before */
        public short getAndAdd(int index, short delta) {
            return memory.getAndAddShort(2 * checked(index), delta);
        }

        /** A copy of all elements. */
        public short[] toArray() {
            return toArray(0, length);
        }

        /** A copy of the elements from {@code from} up to, not including, {@code to}. */
        public short[] toArray(int from, int to) {
            short[] copy = new short[checkedCount(from, to)];
            memory.file.values().asShortBuffer().get(from, copy);
            return copy;
        }

        /** Copies as many values in as this array has elements. @throws IllegalArgumentException for more or less */
        public void setAll(short... values) {
            checkFits(values.length);
            memory.file.values().asShortBuffer().put(0, values);
        }

        @Override
        Short boxed(int index) {
            return get(index);
        }
    }

    /** Elements of type {@code char}. */
    public static final class OfChar extends Array<Character> {
        private OfChar(int length, boolean raw) {
            super(SharedKind.ARRAY_OF_CHAR, length, 2, raw);
        }

        OfChar(SharedClient client, Handle handle) {
            super(client, handle);
        }

        /** The element as it is now. */
        public char get(int index) {
            return memory.file.getChar(2 * checked(index));
        }

        /** Writes an element. */
        public void set(int index, char value) {
            memory.file.setChar(2 * checked(index), value);
        }

        /** Writes {@code value} if {@code expected} is there, in one step. @return whether it was */
        public boolean compareAndSet(int index, char expected, char value) {
            return memory.file.compareAndSetShort(2 * checked(index), (short) expected, (short) value);
        }

        /** Adds to an element in one step. @return the value before */
        public char getAndAdd(int index, char delta) {
            return memory.getAndAddChar(2 * checked(index), delta);
        }

        /** A copy of all elements. */
        public char[] toArray() {
            return toArray(0, length);
        }

        /** A copy of the elements from {@code from} up to, not including, {@code to}. */
        public char[] toArray(int from, int to) {
            char[] copy = new char[checkedCount(from, to)];
            memory.file.values().asCharBuffer().get(from, copy);
            return copy;
        }

        /** Copies as many values in as this array has elements. @throws IllegalArgumentException for more or less */
        public void setAll(char... values) {
            checkFits(values.length);
            memory.file.values().asCharBuffer().put(0, values);
        }

        @Override
        Character boxed(int index) {
            return get(index);
        }
    }

    /** Elements of type {@code int}. */
    public static final class OfInt extends Array<Integer> {
        private OfInt(int length, boolean raw) {
            super(SharedKind.ARRAY_OF_INT, length, 4, raw);
        }

        OfInt(SharedClient client, Handle handle) {
            super(client, handle);
        }

        /** The element as it is now. */
        public int get(int index) {
            return memory.file.getInt(4 * checked(index));
        }

        /** Writes an element. */
        public void set(int index, int value) {
            memory.file.setInt(4 * checked(index), value);
        }

        /** Writes {@code value} if {@code expected} is there, in one step. @return whether it was */
        public boolean compareAndSet(int index, int expected, int value) {
            return memory.file.compareAndSetInt(4 * checked(index), expected, value);
        }

        /** Adds to an element in one step. @return the value before */
        public int getAndAdd(int index, int delta) {
            return memory.file.getAndAddInt(4 * checked(index), delta);
        }

        /** A copy of all elements. */
        public int[] toArray() {
            return toArray(0, length);
        }

        /** A copy of the elements from {@code from} up to, not including, {@code to}. */
        public int[] toArray(int from, int to) {
            int[] copy = new int[checkedCount(from, to)];
            memory.file.values().asIntBuffer().get(from, copy);
            return copy;
        }

        /** Copies as many values in as this array has elements. @throws IllegalArgumentException for more or less */
        public void setAll(int... values) {
            checkFits(values.length);
            memory.file.values().asIntBuffer().put(0, values);
        }

        /** The elements as they are when the stream reaches them. */
        public IntStream stream() {
            return IntStream.range(0, length).map(this::get);
        }

        @Override
        Integer boxed(int index) {
            return get(index);
        }
    }

    /** Elements of type {@code long}. */
    public static final class OfLong extends Array<Long> {
        private OfLong(int length, boolean raw) {
            super(SharedKind.ARRAY_OF_LONG, length, 8, raw);
        }

        OfLong(SharedClient client, Handle handle) {
            super(client, handle);
        }

        /** The element as it is now. */
        public long get(int index) {
            return memory.file.getLong(8 * checked(index));
        }

        /** Writes an element. */
        public void set(int index, long value) {
            memory.file.setLong(8 * checked(index), value);
        }

        /** Writes {@code value} if {@code expected} is there, in one step. @return whether it was */
        public boolean compareAndSet(int index, long expected, long value) {
            return memory.file.compareAndSetLong(8 * checked(index), expected, value);
        }

        /** Adds to an element in one step. @return the value before */
        public long getAndAdd(int index, long delta) {
            return memory.file.getAndAddLong(8 * checked(index), delta);
        }

        /** A copy of all elements. */
        public long[] toArray() {
            return toArray(0, length);
        }

        /** A copy of the elements from {@code from} up to, not including, {@code to}. */
        public long[] toArray(int from, int to) {
            long[] copy = new long[checkedCount(from, to)];
            memory.file.values().asLongBuffer().get(from, copy);
            return copy;
        }

        /** Copies as many values in as this array has elements. @throws IllegalArgumentException for more or less */
        public void setAll(long... values) {
            checkFits(values.length);
            memory.file.values().asLongBuffer().put(0, values);
        }

        /** The elements as they are when the stream reaches them. */
        public LongStream stream() {
            return IntStream.range(0, length).mapToLong(this::get);
        }

        @Override
        Long boxed(int index) {
            return get(index);
        }
    }

    /** Elements of type {@code float}. */
    public static final class OfFloat extends Array<Float> {
        private OfFloat(int length, boolean raw) {
            super(SharedKind.ARRAY_OF_FLOAT, length, 4, raw);
        }

        OfFloat(SharedClient client, Handle handle) {
            super(client, handle);
        }

        /** The element as it is now. */
        public float get(int index) {
            return memory.file.getFloat(4 * checked(index));
        }

        /** Writes an element. */
        public void set(int index, float value) {
            memory.file.setFloat(4 * checked(index), value);
        }

        /** Writes {@code value} if {@code expected} is there, in one step. Bits are compared, as {@link Float#equals} does. @return whether it was */
        public boolean compareAndSet(int index, float expected, float value) {
            return memory.file.compareAndSetFloat(4 * checked(index), expected, value);
        }

        /** Adds to an element in one step. @return the value before */
        public float getAndAdd(int index, float delta) {
            return memory.getAndAddFloat(4 * checked(index), delta);
        }

        /** A copy of all elements. */
        public float[] toArray() {
            return toArray(0, length);
        }

        /** A copy of the elements from {@code from} up to, not including, {@code to}. */
        public float[] toArray(int from, int to) {
            float[] copy = new float[checkedCount(from, to)];
            memory.file.values().asFloatBuffer().get(from, copy);
            return copy;
        }

        /** Copies as many values in as this array has elements. @throws IllegalArgumentException for more or less */
        public void setAll(float... values) {
            checkFits(values.length);
            memory.file.values().asFloatBuffer().put(0, values);
        }

        @Override
        Float boxed(int index) {
            return get(index);
        }
    }

    /** Elements of type {@code double}. */
    public static final class OfDouble extends Array<Double> {
        private OfDouble(int length, boolean raw) {
            super(SharedKind.ARRAY_OF_DOUBLE, length, 8, raw);
        }

        OfDouble(SharedClient client, Handle handle) {
            super(client, handle);
        }

        /** The element as it is now. */
        public double get(int index) {
            return memory.file.getDouble(8 * checked(index));
        }

        /** Writes an element. */
        public void set(int index, double value) {
            memory.file.setDouble(8 * checked(index), value);
        }

        /** Writes {@code value} if {@code expected} is there, in one step. Bits are compared, as {@link Double#equals} does. @return whether it was */
        public boolean compareAndSet(int index, double expected, double value) {
            return memory.file.compareAndSetDouble(8 * checked(index), expected, value);
        }

        /** Adds to an element in one step. @return the value before */
        public double getAndAdd(int index, double delta) {
            return memory.getAndAddDouble(8 * checked(index), delta);
        }

        /** A copy of all elements. */
        public double[] toArray() {
            return toArray(0, length);
        }

        /** A copy of the elements from {@code from} up to, not including, {@code to}. */
        public double[] toArray(int from, int to) {
            double[] copy = new double[checkedCount(from, to)];
            memory.file.values().asDoubleBuffer().get(from, copy);
            return copy;
        }

        /** Copies as many values in as this array has elements. @throws IllegalArgumentException for more or less */
        public void setAll(double... values) {
            checkFits(values.length);
            memory.file.values().asDoubleBuffer().put(0, values);
        }

        /** The elements as they are when the stream reaches them. */
        public DoubleStream stream() {
            return IntStream.range(0, length).mapToDouble(this::get);
        }

        @Override
        Double boxed(int index) {
            return get(index);
        }
    }
}
