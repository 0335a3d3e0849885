package manyjvm.parallel.interleaving;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Date;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * What rewritten code calls in the place of what threads meet by: see {@link SteppingLoader}. Each first lets another thread
 * of the {@link Schedule} go ahead, if that is its turn. On a thread that belongs to no schedule it is the operation alone.
 *
 * <p>A plain store to a buffer is held back until a store that releases, a fence, a lock or a read of the same thread, or as
 * long as the schedule likes: others may see those in any order.
 */
public final class Steps {
    private Steps() {}

    /** Names the step that comes next, for the report of a failure. */
    public static void at(String place) {
        Schedule.Task task = Schedule.task();
        if (task != null) {
            task.place = place;
        }
    }

    public static void step() {
        Schedule.Task task = Schedule.task();
        if (task != null) {
            task.step();
        }
    }

    /** Waits, without a wake-up, until this holds; it must change only by what the scenario's threads do. */
    public static void await(BooleanSupplier condition) {
        Schedule.Task task = Schedule.task();
        if (task != null) {
            task.commit();
            task.await(condition);
        } else if (!condition.getAsBoolean()) {
            throw new IllegalStateException("a wait outside of the scenario's threads, which nobody would end");
        }
    }

    /** In the place of {@link Thread#onSpinWait} and {@link Thread#yield}: others go first, if any can. */
    public static void spin() {
        Schedule.Task task = Schedule.task();
        if (task != null) {
            task.spin();
        }
    }

    /** All that this thread has stored is seen by all. */
    public static void releaseFence() {
        Schedule.Task task = Schedule.task();
        if (task != null) {
            task.commit();
        }
    }

    public static void acquireFence() {
        // reads are not held back, nor done early
    }

    private static void full() {
        step();
        releaseFence();
    }

    private static void plain(Runnable store) {
        Schedule.Task task = Schedule.task();
        if (task == null) {
            store.run();
        } else {
            task.step();
            task.store(store);
        }
    }

    // ---- VarHandle, by the type of the value

    public static long getLong(VarHandle handle, ByteBuffer buffer, int index) {
        full();
        return (long) handle.get(buffer, index);
    }

    public static long getAcquireLong(VarHandle handle, ByteBuffer buffer, int index) {
        full();
        return (long) handle.getAcquire(buffer, index);
    }

    public static long getVolatileLong(VarHandle handle, ByteBuffer buffer, int index) {
        full();
        return (long) handle.getVolatile(buffer, index);
    }

    public static void setLong(VarHandle handle, ByteBuffer buffer, int index, long value) {
        plain(() -> handle.set(buffer, index, value));
    }

    public static void setReleaseLong(VarHandle handle, ByteBuffer buffer, int index, long value) {
        full();
        handle.setRelease(buffer, index, value);
    }

    public static void setVolatileLong(VarHandle handle, ByteBuffer buffer, int index, long value) {
        full();
        handle.setVolatile(buffer, index, value);
    }

    public static boolean compareAndSetLong(VarHandle handle, ByteBuffer buffer, int index, long expected, long value) {
        full();
        return handle.compareAndSet(buffer, index, expected, value);
    }

    public static long getAndSetLong(VarHandle handle, ByteBuffer buffer, int index, long value) {
        full();
        return (long) handle.getAndSet(buffer, index, value);
    }

    public static long getAndAddLong(VarHandle handle, ByteBuffer buffer, int index, long delta) {
        full();
        return (long) handle.getAndAdd(buffer, index, delta);
    }

    public static int getInt(VarHandle handle, ByteBuffer buffer, int index) {
        full();
        return (int) handle.get(buffer, index);
    }

    public static int getAcquireInt(VarHandle handle, ByteBuffer buffer, int index) {
        full();
        return (int) handle.getAcquire(buffer, index);
    }

    public static void setInt(VarHandle handle, ByteBuffer buffer, int index, int value) {
        plain(() -> handle.set(buffer, index, value));
    }

    public static void setReleaseInt(VarHandle handle, ByteBuffer buffer, int index, int value) {
        full();
        handle.setRelease(buffer, index, value);
    }

    public static boolean compareAndSetInt(VarHandle handle, ByteBuffer buffer, int index, int expected, int value) {
        full();
        return handle.compareAndSet(buffer, index, expected, value);
    }

    public static int getAndAddInt(VarHandle handle, ByteBuffer buffer, int index, int delta) {
        full();
        return (int) handle.getAndAdd(buffer, index, delta);
    }

    // ---- ByteBuffer, where it is told at which index

    public static byte get(ByteBuffer buffer, int index) {
        full();
        return buffer.get(index);
    }

    public static short getShort(ByteBuffer buffer, int index) {
        full();
        return buffer.getShort(index);
    }

    public static ByteBuffer put(ByteBuffer buffer, int index, byte value) {
        plain(() -> buffer.put(index, value));
        return buffer;
    }

    public static ByteBuffer put(ByteBuffer buffer, int index, byte[] bytes, int from, int length) {
        byte[] copy = bytes.clone();
        plain(() -> buffer.put(index, copy, from, length));
        return buffer;
    }

    public static ByteBuffer putShort(ByteBuffer buffer, int index, short value) {
        plain(() -> buffer.putShort(index, value));
        return buffer;
    }

    /** In the place of a {@link ReentrantLock}, on whose methods rewritten code needs no further rewriting. */
    public static final class Lock extends ReentrantLock {
        private static final long serialVersionUID = 1L;

        private transient Schedule.Task owner;
        private transient int holds;

        @Override
        public void lock() {
            Schedule.Task task = Schedule.task();
            if (task != null) {
                task.place = "lock by " + task.place;
                task.commit();
                task.await(() -> isFreeFor(task));
                owner = task;
                holds++;
            }
        }

        private boolean isFreeFor(Schedule.Task task) {
            return owner == null || owner == task;
        }

        @Override
        public boolean tryLock() {
            Schedule.Task task = Schedule.task();
            if (task == null) {
                return true;
            }
            full();
            if (!isFreeFor(task)) {
                return false;
            }
            owner = task;
            holds++;
            return true;
        }

        @Override
        public void unlock() {
            Schedule.Task task = Schedule.task();
            if (task != null && owner == task) { // else one that is abandoned unwinds
                full();
                if (--holds == 0) {
                    owner = null;
                }
            }
        }

        @Override
        public Condition newCondition() {
            return new LockCondition();
        }

        private final class LockCondition implements Condition {
            private final Deque<boolean[]> waiting = new ArrayDeque<>();

            @Override
            public void awaitUninterruptibly() {
                Schedule.Task task = Schedule.task();
                if (task == null || owner != task) {
                    throw new IllegalMonitorStateException();
                }
                task.commit();
                boolean[] signalled = {false};
                waiting.add(signalled);
                int held = holds;
                owner = null;
                holds = 0;
                task.place = "await by " + task.place;
                task.await(() -> signalled[0] && owner == null);
                owner = task;
                holds = held;
            }

            @Override
            public void signal() {
                boolean[] first = waiting.poll();
                if (first != null) {
                    first[0] = true;
                }
            }

            @Override
            public void signalAll() {
                while (!waiting.isEmpty()) {
                    signal();
                }
            }

            @Override
            public void await() {
                throw new UnsupportedOperationException();
            }

            @Override
            public boolean await(long time, TimeUnit unit) {
                throw new UnsupportedOperationException();
            }

            @Override
            public long awaitNanos(long nanos) {
                throw new UnsupportedOperationException();
            }

            @Override
            public boolean awaitUntil(Date deadline) {
                throw new UnsupportedOperationException();
            }
        }
    }
}
