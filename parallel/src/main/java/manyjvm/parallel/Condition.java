package manyjvm.parallel;

import java.time.Duration;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.Deadline;
import manyjvm.parallel.shared.RemoteObject;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedKind;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.spi.ParallelRuntime;

/**
 * Lets threads of several JVMs wait, under a {@link Lock}, until another says that something has changed: Python's {@code
 * multiprocessing.Condition}. Python's {@code wait}, {@code notify} and {@code wait_for} are {@code await}, {@code signal}
 * and {@link #awaitUntil(BooleanSupplier)} here, the names of the JDK's own interface.
 *
 * <p>Every method but {@link #lock} wants the lock held by the calling thread, else {@link IllegalMonitorStateException}.
 * Waiting leaves the lock, whatever its depth, and has it again afterwards, however the wait ended. There are no spurious
 * wake-ups, but others may have taken the lock in between: wait in a loop, or with {@link #awaitUntil(BooleanSupplier)}.
 *
 * <pre>{@code
 * var condition = new Condition();
 * var stock = Value.of(0);
 * var taker = new Process(() -> condition.lock().withLock(() -> {
 *     condition.awaitUntil(() -> stock.get() > 0);
 *     stock.set(stock.get() - 1);
 * })).start();
 * condition.lock().withLock(() -> {
 *     stock.set(1);
 *     condition.signalAll();
 * });
 * taker.join();
 * System.out.println(stock);                         // 0
 * }</pre>
 */
public final class Condition implements java.util.concurrent.locks.Condition, Shared {
    private final RemoteObject remote;
    private final Lock lock;

    /** With a new {@link RLock}, as in Python. */
    public Condition() {
        this(new RLock());
    }

    /** Of a lock that exists, which several conditions may have. */
    public Condition(Lock lock) {
        this.lock = lock;
        this.remote = RemoteObject.create(
                ParallelRuntime.current().shared(),
                SharedKind.CONDITION,
                lock.handle().name());
        remote.adopt(this);
    }

    /** Links a condition that exists, and its lock. */
    Condition(SharedClient client, Handle handle) {
        lock = (Lock) client.linker().link(SharedKind.lockOf(handle));
        remote = new RemoteObject(client, handle);
    }

    /** The lock that this condition belongs to. */
    public Lock lock() {
        return lock;
    }

    @Override
    public void await() throws InterruptedException {
        await(Deadline.never());
    }

    /** Waits at most so long. @return whether a signal came */
    public boolean await(Duration timeout) throws InterruptedException {
        return await(Deadline.in(timeout));
    }

    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        return await(Duration.ofNanos(unit.toNanos(time)));
    }

    @Override
    public long awaitNanos(long nanos) throws InterruptedException {
        long start = System.nanoTime();
        boolean signalled = await(Duration.ofNanos(nanos));
        long left = nanos - (System.nanoTime() - start);
        return signalled ? Math.max(1, left) : Math.min(0, left);
    }

    @Override
    public boolean awaitUntil(Date deadline) throws InterruptedException {
        return await(Duration.ofMillis(deadline.getTime() - System.currentTimeMillis()));
    }

    @Override
    public void awaitUninterruptibly() {
        requireHeld();
        long ticket = enrol();
        int depth = lock.word().releaseAll();
        try {
            remote.ask(SharedOperation.AWAIT_SIGNAL, ticket);
        } finally {
            lock.word().reacquire(depth);
        }
    }

    /** Waits for signals until it is true, which is asked while the lock is held. Python's {@code wait_for}. */
    public void awaitUntil(BooleanSupplier isTrue) throws InterruptedException {
        requireHeld();
        while (!isTrue.getAsBoolean()) {
            await();
        }
    }

    /** As {@link #awaitUntil(BooleanSupplier)}, at most so long. @return what it was at the end */
    public boolean awaitUntil(BooleanSupplier isTrue, Duration timeout) throws InterruptedException {
        requireHeld();
        Deadline deadline = Deadline.in(timeout);
        while (!isTrue.getAsBoolean()) {
            if (!await(deadline)) {
                return isTrue.getAsBoolean();
            }
        }
        return true;
    }

    @Override
    public void signal() {
        signal(1);
    }

    /** Signals at most so many of those who wait, the longest waiting first: Python's {@code notify(n)}. */
    public void signal(int most) {
        requireHeld();
        remote.ask(SharedOperation.SIGNAL, most);
    }

    @Override
    public void signalAll() {
        requireHeld();
        remote.ask(SharedOperation.SIGNAL, Long.MAX_VALUE);
    }

    @Override
    public Handle handle() {
        lock.handle(); // it travels with this
        return remote.handleOf(this);
    }

    @Override
    public String toString() {
        return remote.handle().name() + " of " + lock;
    }

    private boolean await(Deadline deadline) throws InterruptedException {
        requireHeld();
        long ticket = enrol();
        boolean over = false;
        int depth = lock.word().releaseAll();
        try {
            SharedAnswer answer = remote.await(SharedOperation.AWAIT_SIGNAL, ticket, new byte[0], deadline);
            over = true;
            return answer.isDone();
        } finally {
            if (!over) {
                remote.tell(SharedOperation.WITHDRAW, ticket); // interrupted before it waited: still enrolled
            }
            lock.word().reacquire(depth);
        }
    }

    /** Before the lock is left, so that no signal is missed. */
    private long enrol() {
        long ticket = remote.client().linker().newTicket();
        remote.ask(SharedOperation.ENROL, ticket);
        return ticket;
    }

    private void requireHeld() {
        if (!lock.isHeldByCurrentThread()) {
            throw new IllegalMonitorStateException(this + " needs this thread to hold its lock: lock it first.");
        }
    }
}
