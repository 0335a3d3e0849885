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
 * A flag between JVMs that can be waited for: Python's {@code multiprocessing.Event}, with {@code await} for its {@code wait}
 * (which every Java object has already, with another meaning). Starts unset. Each call from a worker is one round trip.
 *
 * <pre>{@code
 * var started = new Event();
 * var process = new Process(() -> started.set()).start();
 * System.out.println(started.await(Duration.ofSeconds(60)));    // true
 * process.join();
 * }</pre>
 */
public final class Event implements Shared {
    private final RemoteObject remote;

    /** An unset flag. */
    public Event() {
        remote = RemoteObject.create(ParallelRuntime.current().shared(), SharedKind.EVENT, "");
        remote.adopt(this);
    }

    /** Links an event that exists. */
    Event(SharedClient client, Handle handle) {
        remote = new RemoteObject(client, handle);
    }

    /** Sets the flag and lets go of all who wait. */
    public void set() {
        remote.ask(SharedOperation.SET);
    }

    /** Unsets the flag: who waits from now on waits until it is set again. */
    public void clear() {
        remote.ask(SharedOperation.CLEAR);
    }

    /** Whether the flag is set at this moment: Python's {@code is_set()}. */
    public boolean isSet() {
        return remote.ask(SharedOperation.IS_SET).number() == 1;
    }

    /** Waits until the flag is set. @throws WaitInterruptedException when interrupted while waiting */
    public void await() {
        remote.awaitUnchecked(SharedOperation.AWAIT_SET, Deadline.never());
    }

    /** As {@link #await()}, at most so long. @return whether the flag was set */
    public boolean await(Duration timeout) {
        return remote.awaitUnchecked(SharedOperation.AWAIT_SET, Deadline.in(timeout))
                .isDone();
    }

    @Override
    public Handle handle() {
        return remote.handleOf(this);
    }

    @Override
    public String toString() {
        return remote.handle().name();
    }
}
