package manyjvm.parallel;

import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.Deadline;
import manyjvm.parallel.shared.RemoteObject;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedKind;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.spi.ParallelRuntime;

/**
 * A point where a number of threads, in any JVMs, wait for each other, again and again: Python's {@code
 * multiprocessing.Barrier}. When one that waits times out, is interrupted or dies with its JVM, the barrier is broken: all who
 * wait or come later get {@link BrokenBarrierException}, until {@link #reset}.
 *
 * <pre>{@code
 * var start = new Barrier(2);
 * var other = new Process(() -> start.await(Duration.ofSeconds(60))).start();
 * start.await(Duration.ofSeconds(60));
 * System.out.println("both are here");               // both are here
 * other.join();
 * }</pre>
 *
 * <p>Python's {@code action} is written after the wait: {@code if (barrier.await() == 0) { ... }}, and another {@code await()}
 * where the others must wait for it.
 */
public final class Barrier implements Shared {
    private final RemoteObject remote;
    private final int parties;

    /**
     * For so many parties: any threads of any JVMs.
     *
     * @throws IllegalArgumentException when less than 1
     */
    public Barrier(int parties) {
        if (parties < 1) {
            throw new IllegalArgumentException("A Barrier cannot wait for " + parties + " parties: give at least 1.");
        }
        this.parties = parties;
        this.remote =
                RemoteObject.create(ParallelRuntime.current().shared(), SharedKind.BARRIER, Integer.toString(parties));
        remote.adopt(this);
    }

    /** Links a barrier that exists. */
    Barrier(SharedClient client, Handle handle) {
        remote = new RemoteObject(client, handle);
        parties = Integer.parseInt(handle.detail());
    }

    /**
     * Waits for the other parties.
     *
     * @return the order of arrival, from 0 for the first
     * @throws BrokenBarrierException when the barrier is, or gets, broken
     * @throws WaitInterruptedException when interrupted while waiting, which breaks the barrier
     */
    public int await() throws BrokenBarrierException {
        return index(remote.awaitUnchecked(SharedOperation.ARRIVE, Deadline.never()));
    }

    /** As {@link #await()}, at most so long. @throws TimeoutException when the others did not come, which breaks the barrier */
    public int await(Duration timeout) throws BrokenBarrierException, TimeoutException {
        SharedAnswer answer = remote.awaitUnchecked(SharedOperation.ARRIVE, Deadline.in(timeout));
        if (answer.status() == SharedAnswer.WITHDRAWN) {
            throw new TimeoutException("The other parties did not arrive at " + this + " within "
                    + Checks.words(timeout) + ", so it is broken. reset() makes it usable again.");
        }
        return index(answer);
    }

    /** Makes the barrier as new; who waits gets {@link BrokenBarrierException}. */
    public void reset() {
        remote.ask(SharedOperation.RESET);
    }

    /** Breaks the barrier. */
    public void abort() {
        remote.ask(SharedOperation.BREAK);
    }

    /** Whether those who come now get a {@link BrokenBarrierException}, until {@link #reset}. Python's {@code broken}. */
    public boolean isBroken() {
        return remote.ask(SharedOperation.WAITING).status() == SharedAnswer.ENDED;
    }

    /** How many wait at this moment: Python's {@code n_waiting}. */
    public int numberWaiting() {
        return (int) remote.ask(SharedOperation.WAITING).number();
    }

    /** How many wait for each other. */
    public int parties() {
        return parties;
    }

    @Override
    public Handle handle() {
        return remote.handleOf(this);
    }

    @Override
    public String toString() {
        return remote.handle().name() + (parties == 1 ? " (1 party)" : " (" + parties + " parties)");
    }

    private int index(SharedAnswer answer) throws BrokenBarrierException {
        if (answer.status() == SharedAnswer.ENDED) {
            throw new BrokenBarrierException(
                    this + " is broken: " + answer.reason() + ". reset() makes it usable again.");
        }
        return (int) answer.number();
    }
}
