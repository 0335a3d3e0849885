package manyjvm.parallel.code.graph;

import java.io.Serializable;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;

/** Stands for a library on the class path. */
final class LibraryFixtures {
    private LibraryFixtures() {}

    static class Mapper implements Serializable {
        private static final long serialVersionUID = 1L;

        final Cache cache = new Cache();
        int reads;

        int read() {
            cache.lock.lock();
            try {
                return ++reads;
            } finally {
                cache.lock.unlock();
            }
        }
    }

    static class Cache implements Serializable {
        private static final long serialVersionUID = 1L;

        final ReentrantLock lock = new ReentrantLock(true);
        final Condition notFull = lock.newCondition();
        final ReentrantReadWriteLock both = new ReentrantReadWriteLock();
        final Lock reading = both.readLock();
        final StampedLock stamped = new StampedLock();
        final Semaphore permits = new Semaphore(3);
        final LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>(List.of("a"));
        final List<Lock> striped = List.of(new ReentrantLock(), new Mutex());
    }

    /** Of an author who thought of serialization. */
    static final class Mutex extends AbstractQueuedSynchronizer implements Lock {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean tryAcquire(int arg) {
            return compareAndSetState(0, 1);
        }

        @Override
        protected boolean tryRelease(int arg) {
            setState(0);
            return true;
        }

        @Override
        public void lock() {
            acquire(1);
        }

        @Override
        public void lockInterruptibly() throws InterruptedException {
            acquireInterruptibly(1);
        }

        @Override
        public boolean tryLock() {
            return tryAcquire(1);
        }

        @Override
        public boolean tryLock(long time, java.util.concurrent.TimeUnit unit) throws InterruptedException {
            return tryAcquireNanos(1, unit.toNanos(time));
        }

        @Override
        public void unlock() {
            release(1);
        }

        @Override
        public Condition newCondition() {
            return new ConditionObject();
        }
    }

    /** Holds whatever it is given. */
    static class Holder implements Serializable {
        private static final long serialVersionUID = 1L;

        final transient Object unused = null;
        final Object held;
        final Object second;

        Holder(Object held, Object second) {
            this.held = held;
            this.second = second;
        }
    }

    /** Of an author who said nothing about serialization. */
    static final class Connections {
        final ReentrantLock lock = new ReentrantLock();
    }

    static final class Latched implements Serializable {
        private static final long serialVersionUID = 1L;

        final transient Object unused = null;
        final Object latch = new CountDownLatch(1);
    }
}
