package manyjvm.parallel;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.Deadline;
import manyjvm.parallel.shared.RemoteObject;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedKind;
import manyjvm.parallel.shared.memory.MappedFile;
import manyjvm.parallel.shared.memory.MappedLock;
import manyjvm.parallel.spi.ParallelRuntime;
import org.jspecify.annotations.Nullable;

/**
 * A lock between JVMs: Python's {@code multiprocessing.Lock}. It may be used in any lambda or process target.
 *
 * <pre>{@code
 * var lock = new Lock();
 * try (var pool = new Pool(2)) {
 *     pool.each(x -> lock.withLock(() -> System.out.println("one at a time: " + x)), range(4));
 * }
 * try (var held = lock.hold()) {
 *     System.out.println(lock.isLocked());           // true
 * }
 * System.out.println(lock.acquire(Duration.ofSeconds(1)));    // true
 * lock.release();
 * }</pre>
 *
 * <p>As Python's, it is not reentrant (a thread that locks it twice waits for itself; see {@link RLock}) and may be unlocked
 * by any thread of any JVM. Unlike the JDK's locks, {@link #lock} ends on an interrupt, so that a cell can always be
 * stopped. A lock whose holder's JVM died is released; the next holder is told on its standard error and by
 * {@link #holderDied}.
 *
 * <p>Cost: some 0.1 microseconds while nobody else wants it; a message each way for who has to wait long. Newcomers may
 * overtake those who wait.
 */
public sealed class Lock implements java.util.concurrent.locks.Lock, Shared permits RLock {
    private final RemoteObject remote;
    private final MappedLock word;

    /** A lock that nobody holds. */
    public Lock() {
        this(SharedKind.LOCK, false);
    }

    Lock(SharedKind kind, boolean reentrant) {
        SharedClient client = ParallelRuntime.current().shared();
        remote = RemoteObject.create(client, kind, "");
        word = new MappedLock(
                remote, MappedFile.create(client.folder(), remote.handle().id(), 0), reentrant);
        remote.adopt(this);
    }

    /** Links a lock that exists. */
    Lock(SharedClient client, Handle handle) {
        this(client, handle, MappedFile.open(client.folder(), handle.id()), false);
    }

    Lock(SharedClient client, Handle handle, MappedFile file, boolean reentrant) {
        remote = new RemoteObject(client, handle);
        word = new MappedLock(remote, file, reentrant);
    }

    /** Waits for the lock. @throws WaitInterruptedException when interrupted while waiting; the lock is not held then */
    @Override
    public void lock() {
        try {
            word.acquire(Deadline.never());
        } catch (InterruptedException interrupt) {
            throw remote.unchecked(interrupt);
        }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before locking");
        }
        word.acquire(Deadline.never());
    }

    @Override
    public boolean tryLock() {
        return word.tryAcquire();
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before locking");
        }
        return word.acquire(Deadline.in(Duration.ofNanos(unit.toNanos(time))));
    }

    /** @throws IllegalMonitorStateException when it is not locked; for an {@link RLock} also when another thread holds it */
    @Override
    public void unlock() {
        word.release();
    }

    /** {@link #lock}, by Python's name. */
    public void acquire() {
        lock();
    }

    /**
     * Waits at most so long; Python's {@code acquire(timeout=..)}.
     *
     * @return whether the lock is now held
     * @throws WaitInterruptedException when interrupted while waiting
     */
    public boolean acquire(Duration timeout) {
        try {
            return word.acquire(Deadline.in(timeout));
        } catch (InterruptedException interrupt) {
            throw remote.unchecked(interrupt);
        }
    }

    /** {@link #unlock}, by Python's name. */
    public void release() {
        unlock();
    }

    /** Locks until closed, for try-with-resources; Python's {@code with lock:}. */
    public Held hold() {
        lock();
        return this::unlock;
    }

    /** Runs the body while holding the lock; what it throws, checked exceptions too, is thrown as it is. */
    public void withLock(Action body) {
        lock();
        try {
            body.run();
        } finally {
            unlock();
        }
    }

    /** Runs the body while holding the lock and returns its result; what it throws is thrown as it is. */
    public <R extends @Nullable Object> R withLock(Task<R> body) {
        lock();
        try {
            return body.call();
        } catch (Exception failure) {
            throw Thrower.asUnchecked(failure);
        } finally {
            unlock();
        }
    }

    /** Whether anybody, in any JVM, holds the lock now. */
    public boolean isLocked() {
        return word.isHeld();
    }

    /** Whether the calling thread holds the lock. */
    public boolean isHeldByCurrentThread() {
        return word.isHeldByCurrentThread();
    }

    /** For its holder: whether the lock came free by the death of the JVM that held it, so that what it guards is suspect. */
    public boolean holderDied() {
        return word.isInherited();
    }

    /** A condition of this lock: {@code new Condition(lock)}. */
    @Override
    public Condition newCondition() {
        return new Condition(this);
    }

    /** The lock itself, for those who wait on its conditions. */
    final MappedLock word() {
        return word;
    }

    @Override
    public Handle handle() {
        return remote.handleOf(this);
    }

    @Override
    public String toString() {
        return remote.handle().name() + (isLocked() ? " (locked)" : " (free)");
    }

    /** A lock that is held until this is closed. */
    @FunctionalInterface
    public interface Held extends AutoCloseable {
        @Override
        void close();
    }
}
