package manyjvm.parallel;

import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedKind;
import org.jspecify.annotations.Nullable;

/**
 * One primitive value in memory that all JVMs see: Python's {@code multiprocessing.Value}. It may be used in any lambda or
 * process target.
 *
 * <pre>{@code
 * var count = Value.of(0);                           // Value('i', 0)
 * var number = Value.of(0.0);                        // Value('d', 0.0)
 * try (var pool = new Pool(2)) {
 *     pool.each(x -> count.withLock(() -> count.set(count.get() + 1)), range(100));
 *     pool.each(x -> count.getAndAdd(1), range(100));
 *     pool.apply(() -> number.set(3.1415927));
 * }
 * System.out.println(count + " " + number);          // 200 3.1415927
 * }</pre>
 *
 * <p>{@code get} and {@code set} take nanoseconds and no lock, so {@code v.set(v.get() + 1)} in two JVMs loses updates, as
 * it does in Python: use {@link #withLock withLock}, or {@code getAndAdd} and {@code compareAndSet}, which are atomic. Who
 * reads a value also sees what its writer wrote before.
 *
 * <p>{@code Value.of(1)} has the type of what it is given; {@code ofLong(1)} and its kin name it, and convert as an assignment
 * does. {@code rawLong(1)} and its kin are without a lock, Python's {@code RawValue}: there {@link #lock} and {@link #withLock
 * withLock} are refused, the rest is the same. A sum of whole numbers that is too big wraps around, as in Java.
 *
 * <p>Cost: making one makes a small file in the driver's folder and maps it, in each JVM that uses the value; from then on no
 * call needs a message. The memory goes when no JVM can reach the value any more. Safe for use by any thread of any JVM.
 */
public abstract sealed class Value implements Shared {
    final Memory memory;

    private Value(SharedKind kind, int width, boolean raw) {
        memory = Memory.create(kind, 1, width, raw);
        memory.adopt(this);
    }

    private Value(SharedClient client, Handle handle) {
        memory = Memory.link(client, handle);
    }

    /** Python's {@code Value(c_bool, initial)}. */
    public static OfBoolean of(boolean initial) {
        return new OfBoolean(initial, false);
    }

    /** Python's {@code Value('b', initial)}. */
    public static OfByte of(byte initial) {
        return new OfByte(initial, false);
    }

    /** Python's {@code Value('h', initial)}. */
    public static OfShort of(short initial) {
        return new OfShort(initial, false);
    }

    /** Python's {@code Value('u', initial)}. */
    public static OfChar of(char initial) {
        return new OfChar(initial, false);
    }

    /** Python's {@code Value('i', initial)}. */
    public static OfInt of(int initial) {
        return new OfInt(initial, false);
    }

    /** Python's {@code Value('q', initial)}. */
    public static OfLong of(long initial) {
        return new OfLong(initial, false);
    }

    /** Python's {@code Value('f', initial)}. */
    public static OfFloat of(float initial) {
        return new OfFloat(initial, false);
    }

    /** Python's {@code Value('d', initial)}. */
    public static OfDouble of(double initial) {
        return new OfDouble(initial, false);
    }

    /** {@link #of(boolean)}, by a name that says the type. */
    public static OfBoolean ofBoolean(boolean initial) {
        return of(initial);
    }

    /** {@link #of(byte)}, by a name that says the type. */
    public static OfByte ofByte(byte initial) {
        return of(initial);
    }

    /** {@link #of(short)}, by a name that says the type. */
    public static OfShort ofShort(short initial) {
        return of(initial);
    }

    /** {@link #of(char)}, by a name that says the type. */
    public static OfChar ofChar(char initial) {
        return of(initial);
    }

    /** {@link #of(int)}, by a name that says the type. */
    public static OfInt ofInt(int initial) {
        return of(initial);
    }

    /** {@link #of(long)}, by a name that says the type. */
    public static OfLong ofLong(long initial) {
        return of(initial);
    }

    /** {@link #of(float)}, by a name that says the type. */
    public static OfFloat ofFloat(float initial) {
        return of(initial);
    }

    /** {@link #of(double)}, by a name that says the type. */
    public static OfDouble ofDouble(double initial) {
        return of(initial);
    }

    /** Without a lock: Python's {@code RawValue(c_bool, initial)}. */
    public static OfBoolean rawBoolean(boolean initial) {
        return new OfBoolean(initial, true);
    }

    /** Without a lock: Python's {@code RawValue('b', initial)}. */
    public static OfByte rawByte(byte initial) {
        return new OfByte(initial, true);
    }

    /** Without a lock: Python's {@code RawValue('h', initial)}. */
    public static OfShort rawShort(short initial) {
        return new OfShort(initial, true);
    }

    /** Without a lock: Python's {@code RawValue('u', initial)}. */
    public static OfChar rawChar(char initial) {
        return new OfChar(initial, true);
    }

    /** Without a lock: Python's {@code RawValue('i', initial)}. */
    public static OfInt rawInt(int initial) {
        return new OfInt(initial, true);
    }

    /** Without a lock: Python's {@code RawValue('q', initial)}. */
    public static OfLong rawLong(long initial) {
        return new OfLong(initial, true);
    }

    /** Without a lock: Python's {@code RawValue('f', initial)}. */
    public static OfFloat rawFloat(float initial) {
        return new OfFloat(initial, true);
    }

    /** Without a lock: Python's {@code RawValue('d', initial)}. */
    public static OfDouble rawDouble(double initial) {
        return new OfDouble(initial, true);
    }

    /**
     * The lock that belongs to this value: Python's {@code get_lock()}.
     *
     * @throws UnsupportedOperationException when the value was made raw
     */
    public RLock lock() {
        return memory.lock().keeping(this);
    }

    /**
     * Runs the body while holding {@link #lock}; the body may lock again. What it throws is thrown as it is.
     *
     * @throws UnsupportedOperationException when the value was made raw
     * @throws WaitInterruptedException when interrupted while waiting for the lock; the body has not run then
     */
    public void withLock(Action body) {
        memory.lock().withLock(body);
    }

    /** As {@link #withLock(Action)}. @return the body's result */
    public <R extends @Nullable Object> R withLock(Task<R> body) {
        return memory.lock().withLock(body);
    }

    @Override
    public Handle handle() {
        return memory.handleOf(this);
    }

    /** The present value as text. */
    @Override
    public abstract String toString();

    /** A {@code boolean}. */
    public static final class OfBoolean extends Value {
        private OfBoolean(boolean initial, boolean raw) {
            super(SharedKind.VALUE_OF_BOOLEAN, 1, raw);
            set(initial);
        }

        OfBoolean(SharedClient client, Handle handle) {
            super(client, handle);
        }

        /** The value as it is now. */
        public boolean get() {
            return memory.file.getByte(0) != 0;
        }

        /** Writes a value. */
        public void set(boolean value) {
            memory.file.setByte(0, (byte) (value ? 1 : 0));
        }

        /** Writes {@code value} if {@code expected} is there, in one step. @return whether it was */
        public boolean compareAndSet(boolean expected, boolean value) {
            return memory.file.compareAndSetByte(0, (byte) (expected ? 1 : 0), (byte) (value ? 1 : 0));
        }

        @Override
        public String toString() {
            return String.valueOf(get());
        }
    }

    /** A {@code byte}. */
    public static final class OfByte extends Value {
        private OfByte(byte initial, boolean raw) {
            super(SharedKind.VALUE_OF_BYTE, 1, raw);
            set(initial);
        }

        OfByte(SharedClient client, Handle handle) {
            super(client, handle);
        }

        /** The value as it is now. */
        public byte get() {
            return memory.file.getByte(0);
        }

        /** Writes a value. */
        public void set(byte value) {
            memory.file.setByte(0, value);
        }

        /** Writes {@code value} if {@code expected} is there, in one step. @return whether it was */
        public boolean compareAndSet(byte expected, byte value) {
            return memory.file.compareAndSetByte(0, expected, value);
        }

        /** Adds in one step. @return the value before */
        public byte getAndAdd(byte delta) {
            return memory.getAndAddByte(0, delta);
        }

        @Override
        public String toString() {
            return String.valueOf(get());
        }
    }

    /** A {@code short}. */
    public static final class OfShort extends Value {
        private OfShort(short initial, boolean raw) {
            super(SharedKind.VALUE_OF_SHORT, 2, raw);
            set(initial);
        }

        OfShort(SharedClient client, Handle handle) {
            super(client, handle);
        }

        /** The value as it is now. */
        public short get() {
            return memory.file.getShort(0);
        }

        /** Writes a value. */
        public void set(short value) {
            memory.file.setShort(0, value);
        }

        /** Writes {@code value} if {@code expected} is there, in one step. @return whether it was */
        public boolean compareAndSet(short expected, short value) {
            return memory.file.compareAndSetShort(0, expected, value);
        }

        /** Adds in one step. @return the value before */
        public short getAndAdd(short delta) {
            return memory.getAndAddShort(0, delta);
        }

        @Override
        public String toString() {
            return String.valueOf(get());
        }
    }

    /** A {@code char}. */
    public static final class OfChar extends Value {
        private OfChar(char initial, boolean raw) {
            super(SharedKind.VALUE_OF_CHAR, 2, raw);
            set(initial);
        }

        OfChar(SharedClient client, Handle handle) {
            super(client, handle);
        }

        /** The value as it is now. */
        public char get() {
            return memory.file.getChar(0);
        }

        /** Writes a value. */
        public void set(char value) {
            memory.file.setChar(0, value);
        }

        /** Writes {@code value} if {@code expected} is there, in one step. @return whether it was */
        public boolean compareAndSet(char expected, char value) {
            return memory.file.compareAndSetShort(0, (short) expected, (short) value);
        }

        /** Adds in one step. @return the value before */
        public char getAndAdd(char delta) {
            return memory.getAndAddChar(0, delta);
        }

        @Override
        public String toString() {
            return String.valueOf(get());
        }
    }

    /** An {@code int}. */
    public static final class OfInt extends Value {
        private OfInt(int initial, boolean raw) {
            super(SharedKind.VALUE_OF_INT, 4, raw);
            set(initial);
        }

        OfInt(SharedClient client, Handle handle) {
            super(client, handle);
        }

        /** The value as it is now. */
        public int get() {
            return memory.file.getInt(0);
        }

        /** Writes a value. */
        public void set(int value) {
            memory.file.setInt(0, value);
        }

        /** Writes {@code value} if {@code expected} is there, in one step. @return whether it was */
        public boolean compareAndSet(int expected, int value) {
            return memory.file.compareAndSetInt(0, expected, value);
        }

        /** Adds in one step. @return the value before */
        public int getAndAdd(int delta) {
            return memory.file.getAndAddInt(0, delta);
        }

        @Override
        public String toString() {
            return String.valueOf(get());
        }
    }

    /** A {@code long}. */
    public static final class OfLong extends Value {
        private OfLong(long initial, boolean raw) {
            super(SharedKind.VALUE_OF_LONG, 8, raw);
            set(initial);
        }

        OfLong(SharedClient client, Handle handle) {
            super(client, handle);
        }

        /** The value as it is now. */
        public long get() {
            return memory.file.getLong(0);
        }

        /** Writes a value. */
        public void set(long value) {
            memory.file.setLong(0, value);
        }

        /** Writes {@code value} if {@code expected} is there, in one step. @return whether it was */
        public boolean compareAndSet(long expected, long value) {
            return memory.file.compareAndSetLong(0, expected, value);
        }

        /** Adds in one step. @return the value before */
        public long getAndAdd(long delta) {
            return memory.file.getAndAddLong(0, delta);
        }

        @Override
        public String toString() {
            return String.valueOf(get());
        }
    }

    /** A {@code float}. */
    public static final class OfFloat extends Value {
        private OfFloat(float initial, boolean raw) {
            super(SharedKind.VALUE_OF_FLOAT, 4, raw);
            set(initial);
        }

        OfFloat(SharedClient client, Handle handle) {
            super(client, handle);
        }

        /** The value as it is now. */
        public float get() {
            return memory.file.getFloat(0);
        }

        /** Writes a value. */
        public void set(float value) {
            memory.file.setFloat(0, value);
        }

        /** Writes {@code value} if {@code expected} is there, in one step. Bits are compared, as {@link Float#equals} does. @return whether it was */
        public boolean compareAndSet(float expected, float value) {
            return memory.file.compareAndSetFloat(0, expected, value);
        }

        /** Adds in one step. @return the value before */
        public float getAndAdd(float delta) {
            return memory.getAndAddFloat(0, delta);
        }

        @Override
        public String toString() {
            return String.valueOf(get());
        }
    }

    /** A {@code double}. */
    public static final class OfDouble extends Value {
        private OfDouble(double initial, boolean raw) {
            super(SharedKind.VALUE_OF_DOUBLE, 8, raw);
            set(initial);
        }

        OfDouble(SharedClient client, Handle handle) {
            super(client, handle);
        }

        /** The value as it is now. */
        public double get() {
            return memory.file.getDouble(0);
        }

        /** Writes a value. */
        public void set(double value) {
            memory.file.setDouble(0, value);
        }

        /** Writes {@code value} if {@code expected} is there, in one step. Bits are compared, as {@link Double#equals} does. @return whether it was */
        public boolean compareAndSet(double expected, double value) {
            return memory.file.compareAndSetDouble(0, expected, value);
        }

        /** Adds in one step. @return the value before */
        public double getAndAdd(double delta) {
            return memory.getAndAddDouble(0, delta);
        }

        @Override
        public String toString() {
            return String.valueOf(get());
        }
    }
}
