package manyjvm.parallel;

import java.time.Duration;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.Deadline;
import manyjvm.parallel.shared.RemoteObject;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedKind;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.spi.ParallelRuntime;

/**
 * A number of permits between JVMs: Python's {@code multiprocessing.Semaphore}. Any thread may release, so permits belong to
 * nobody, and those of a JVM that died are not given back (a {@link Lock} is). Who waited first is served first.
 *
 * <pre>{@code
 * var connections = new Semaphore(2);                // at most two at a time, whatever the number of workers
 * try (var pool = new Pool(3)) {
 *     pool.each(x -> connections.withPermit(() -> System.out.println("connected for " + x)), range(6));
 * }
 * System.out.println(connections.availablePermits());    // 2
 * }</pre>
 *
 * <p>Cost: one round trip to the driver for each call from a worker.
 */
public sealed class Semaphore implements Shared permits BoundedSemaphore {
    private final RemoteObject remote;

    /** With one permit, as in Python. */
    public Semaphore() {
        this(1);
    }

    /** With so many permits. @throws IllegalArgumentException when negative */
    public Semaphore(int permits) {
        this(SharedKind.SEMAPHORE, permits);
    }

    Semaphore(SharedKind kind, int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("A Semaphore cannot start with " + permits + " permits.");
        }
        remote = RemoteObject.create(ParallelRuntime.current().shared(), kind, Integer.toString(permits));
        remote.adopt(this);
    }

    /** Links a semaphore that exists. */
    Semaphore(SharedClient client, Handle handle) {
        remote = new RemoteObject(client, handle);
    }

    /** Waits for a permit. @throws WaitInterruptedException when interrupted; no permit was taken then */
    public void acquire() {
        remote.awaitUnchecked(SharedOperation.ACQUIRE, Deadline.never());
    }

    /** As {@link #acquire()}, at most so long. @return whether a permit was taken */
    public boolean acquire(Duration timeout) {
        return remote.awaitUnchecked(SharedOperation.ACQUIRE, Deadline.in(timeout))
                .isDone();
    }

    /** Takes a permit if one is free: Python's {@code acquire(block=False)}. */
    public boolean tryAcquire() {
        return remote.ask(SharedOperation.TRY_ACQUIRE).isDone();
    }

    /** Gives one permit back. */
    public void release() {
        release(1);
    }

    /**
     * Gives permits back.
     *
     * @throws IllegalArgumentException when less than 1
     * @throws IllegalStateException when a {@link BoundedSemaphore} would have more than it started with; it is unchanged then
     */
    public void release(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("release(" + count + ") gives nothing back: give at least 1.");
        }
        if (!remote.ask(SharedOperation.RELEASE, count).isDone()) {
            throw new IllegalStateException(this + " was released more often than acquired.");
        }
    }

    /** The permits that are free at this moment: Python's {@code get_value()}. */
    public int availablePermits() {
        return (int)
                Math.min(Integer.MAX_VALUE, remote.ask(SharedOperation.PERMITS).number());
    }

    /** Runs the body while holding a permit; what it throws is thrown as it is. */
    public void withPermit(Action body) {
        acquire();
        try {
            body.run();
        } finally {
            release();
        }
    }

    @Override
    public Handle handle() {
        return remote.handleOf(this);
    }

    @Override
    public String toString() {
        return remote.handle().name() + " (of " + remote.handle().detail() + ")";
    }
}
