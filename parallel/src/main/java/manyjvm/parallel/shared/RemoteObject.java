package manyjvm.parallel.shared;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.WaitInterruptedException;
import manyjvm.parallel.base.Shared;
import org.jspecify.annotations.Nullable;

/**
 * A shared object as this JVM reaches it, at its host. Safe for use by any thread: its state is the set of tickets that wait,
 * and whether it was closed; closing withdraws those waits.
 *
 * <p>A wait that is given up (interrupt, timeout) is never simply dropped: its request is withdrawn and its answer still
 * awaited, which takes one round trip, because the host may have answered a moment before (see {@link SharedOperation}).
 */
public final class RemoteObject {
    private static final byte[] NOTHING = {};

    private final SharedClient client;
    private final Shared.Handle handle;
    private final Set<Long> waiting = ConcurrentHashMap.newKeySet();
    private final ReentrantLock sending = new ReentrantLock(); // of what a close withdraws
    private volatile boolean closed; // set while sending is held

    public RemoteObject(SharedClient client, Shared.Handle handle) {
        this.client = client;
        this.handle = handle;
    }

    /** Of an object that is being made in this JVM, and is to {@link #adopt} itself at the end of its constructor. */
    public static RemoteObject create(SharedClient client, SharedKind kind, String detail) {
        return new RemoteObject(client, kind.handle(client.newId(), detail));
    }

    /** Takes in the object that was made. */
    public void adopt(Shared object) {
        client.linker().adopt(object);
    }

    public SharedClient client() {
        return client;
    }

    public Shared.Handle handle() {
        return handle;
    }

    /** To be given by the object's own {@link Shared#handle()}: its handle may be about to travel inside an element. */
    public Shared.Handle handleOf(Shared object) {
        client.linker().noteTraveller(object);
        return handle;
    }

    public void tell(SharedOperation operation, long number) {
        tell(operation, number, NOTHING);
    }

    public void tell(SharedOperation operation, long number, byte[] body) {
        client.tell(new SharedRequest(handle, operation, number, body));
        client.linker().sent();
    }

    /** For what is answered at once. Deaf to interrupts, which stay pending. */
    public SharedAnswer ask(SharedOperation operation, long number, byte[] body) {
        CompletableFuture<SharedAnswer> answer = call(operation, number, body);
        if (answer.isDone()) {
            return checked(uninterruptibly(answer));
        }
        noteWait(operation, false, Waits::nobody);
        try {
            return checked(uninterruptibly(answer));
        } finally {
            client.linker().waits().over();
        }
    }

    public SharedAnswer ask(SharedOperation operation, long number) {
        return ask(operation, number, NOTHING);
    }

    public SharedAnswer ask(SharedOperation operation) {
        return ask(operation, 0, NOTHING);
    }

    /**
     * For what may wait. The answer is {@link SharedAnswer#WITHDRAWN} when the deadline came first. When an interrupt
     * crosses an answer that gives something, the answer is returned and the interrupt stays pending.
     */
    public SharedAnswer await(SharedOperation operation, byte[] body, Deadline deadline) throws InterruptedException {
        return await(operation, client.linker().newTicket(), body, deadline);
    }

    /** As above, for what ends by the doing of some that are known. */
    public SharedAnswer await(SharedOperation operation, Deadline deadline, Supplier<List<Waits.Holder>> holders)
            throws InterruptedException {
        return await(operation, client.linker().newTicket(), NOTHING, deadline, holders);
    }

    public SharedAnswer await(SharedOperation operation, Deadline deadline) throws InterruptedException {
        return await(operation, NOTHING, deadline);
    }

    /** As {@link #await(SharedOperation, byte[], Deadline)}, with a ticket the caller took before. */
    public SharedAnswer await(SharedOperation operation, long ticket, byte[] body, Deadline deadline)
            throws InterruptedException {
        return await(operation, ticket, body, deadline, Waits::nobody);
    }

    private SharedAnswer await(
            SharedOperation operation,
            long ticket,
            byte[] body,
            Deadline deadline,
            Supplier<List<Waits.Holder>> holders)
            throws InterruptedException {
        if (Thread.interrupted()) {
            throw interrupted();
        }
        try {
            SharedAnswer answer = awaitTracked(operation, ticket, body, deadline, holders);
            if (answer.status() == SharedAnswer.WITHDRAWN) {
                checkOpen();
            }
            return answer;
        } finally {
            waiting.remove(ticket);
        }
    }

    private SharedAnswer awaitTracked(
            SharedOperation operation,
            long ticket,
            byte[] body,
            Deadline deadline,
            Supplier<List<Waits.Holder>> holders)
            throws InterruptedException {
        CompletableFuture<SharedAnswer> answer = callWaiting(operation, ticket, body);
        if (answer.isDone()) {
            return checked(uninterruptibly(answer));
        }
        noteWait(operation, deadline.isBounded(), holders);
        try {
            return awaitNoted(ticket, answer, deadline);
        } finally {
            client.linker().waits().over();
        }
    }

    private void noteWait(SharedOperation operation, boolean bounded, Supplier<List<Waits.Holder>> holders) {
        client.linker().waits().begin(operation::waitsFor, Optional.of(handle), bounded, holders);
    }

    private SharedAnswer awaitNoted(long ticket, CompletableFuture<SharedAnswer> answer, Deadline deadline)
            throws InterruptedException {
        boolean interrupted = false;
        try {
            return settleOrTimeOut(answer, deadline);
        } catch (TimeoutException over) {
            // The deadline has come: withdrawn below.
        } catch (InterruptedException interrupt) {
            interrupted = true;
        }
        SharedAnswer last = withdraw(ticket, answer);
        if (interrupted && last.status() == SharedAnswer.WITHDRAWN) {
            throw interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return last;
    }

    /** As {@link #await}, for methods that declare no InterruptedException: the interrupt stays pending. */
    public SharedAnswer awaitUnchecked(SharedOperation operation, byte[] body, Deadline deadline) {
        try {
            return await(operation, body, deadline);
        } catch (InterruptedException interrupt) {
            throw unchecked(interrupt);
        }
    }

    public SharedAnswer awaitUnchecked(SharedOperation operation, Deadline deadline) {
        return awaitUnchecked(operation, NOTHING, deadline);
    }

    /** Restores the interrupt and makes it an unchecked exception. */
    public WaitInterruptedException unchecked(InterruptedException interrupt) {
        Thread.currentThread().interrupt();
        return new WaitInterruptedException(handle.name(), interrupt);
    }

    private CompletableFuture<SharedAnswer> call(SharedOperation operation, long number, byte[] body) {
        CompletableFuture<SharedAnswer> answer = client.call(new SharedRequest(handle, operation, number, body));
        client.linker().sent();
        return answer;
    }

    /**
     * Sends a request that may wait, until the ticket is taken out of {@link #waiting}. Either it was sent before a
     * close, which withdraws it, or it is not sent at all: a host that has heard of the close hears of no use after it.
     *
     * @throws ParallelException when closed
     */
    private CompletableFuture<SharedAnswer> callWaiting(SharedOperation operation, long ticket, byte[] body) {
        sending.lock();
        try {
            CompletableFuture<SharedAnswer> answer = callOpen(operation, ticket, body);
            waiting.add(ticket);
            return answer;
        } finally {
            sending.unlock();
        }
    }

    /**
     * Sends a request, before a close or not at all, without waiting for its answer, which {@link #settle} takes later.
     *
     * @throws ParallelException when closed
     */
    public CompletableFuture<SharedAnswer> callOpen(SharedOperation operation, long number, byte[] body) {
        sending.lock();
        try {
            checkOpen();
            return call(operation, number, body);
        } finally {
            sending.unlock();
        }
    }

    /** The answer of {@link #callOpen}; an interrupt leaves the request standing. */
    public SharedAnswer settle(SharedOperation operation, CompletableFuture<SharedAnswer> answer)
            throws InterruptedException {
        if (answer.isDone()) {
            return checked(uninterruptibly(answer)); // as nearly every message of a pipe
        }
        noteWait(operation, false, Waits::nobody);
        try {
            return checked(answer.get());
        } catch (ExecutionException failure) {
            throw asParallelException(failure);
        } finally {
            client.linker().waits().over();
        }
    }

    /** A waiting request under way, one of several that a thread waits for at the same time. */
    public record Pending(
            RemoteObject remote, SharedOperation operation, long ticket, CompletableFuture<SharedAnswer> answer) {}

    /** Starts a wait that {@link #finish} must end. */
    public Pending start(SharedOperation operation) {
        long ticket = client.linker().newTicket();
        return new Pending(this, operation, ticket, callWaiting(operation, ticket, NOTHING));
    }

    /** Waits until one is answered, or the deadline. There is at least one. */
    public static void awaitAny(Collection<Pending> pending, Deadline deadline) throws InterruptedException {
        CompletableFuture<Object> any =
                CompletableFuture.anyOf(pending.stream().map(Pending::answer).toArray(CompletableFuture<?>[]::new));
        if (any.isDone()) {
            return;
        }
        Pending first = pending.iterator().next();
        Waits waits = first.remote().client().linker().waits();
        waits.begin(() -> words(pending), Optional.of(first.remote().handle()), deadline.isBounded(), Waits::nobody);
        try {
            if (deadline.isBounded()) {
                any.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
            } else {
                any.get();
            }
        } catch (TimeoutException over) {
            // finish() withdraws them.
        } catch (ExecutionException failure) {
            // finish() meets the same failure and throws it.
        } finally {
            waits.over();
        }
    }

    /** Before the first of them. */
    private static String words(Collection<Pending> pending) {
        String words = pending.iterator().next().operation().waitsFor();
        return pending.size() == 1 ? words : words + "one of " + pending.size() + ", the first of them ";
    }

    /** Ends a wait, withdrawing it when it has no answer yet, and gives its answer. */
    public SharedAnswer finish(Pending pending) {
        try {
            if (!pending.answer().isDone()) {
                return withdraw(pending.ticket(), pending.answer());
            }
            SharedAnswer answer = checked(uninterruptibly(pending.answer()));
            if (answer.status() == SharedAnswer.WITHDRAWN) {
                checkOpen();
            }
            return answer;
        } finally {
            waiting.remove(pending.ticket());
        }
    }

    private SharedAnswer withdraw(long ticket, CompletableFuture<SharedAnswer> answer) {
        tell(SharedOperation.WITHDRAW, ticket);
        return checked(uninterruptibly(answer));
    }

    private static SharedAnswer settleOrTimeOut(CompletableFuture<SharedAnswer> answer, Deadline deadline)
            throws InterruptedException, TimeoutException {
        try {
            return checked(
                    deadline.isBounded() ? answer.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS) : answer.get());
        } catch (ExecutionException failure) {
            throw asParallelException(failure);
        }
    }

    /** Ends the waits of this JVM's threads and refuses further use here. May be called twice. */
    public void close() {
        sending.lock();
        try {
            closed = true;
        } finally {
            sending.unlock();
        }
        for (long ticket : waiting) {
            tell(SharedOperation.WITHDRAW, ticket);
        }
    }

    public boolean isClosed() {
        return closed;
    }

    /** @throws ParallelException when closed */
    public void checkOpen() {
        if (closed) {
            throw new ParallelException(handle.name() + " was closed in this JVM: it cannot be used here any more.");
        }
    }

    /**
     * Encodes an element at once, in the caller's thread, as an {@link EncodedValue}. Shared objects inside it are kept until this
     * thread has sent a request, and by the host from then on.
     *
     * @throws manyjvm.parallel.NotShippableException when it cannot travel
     */
    public byte[] encode(@Nullable Object element) {
        SharedLinker linker = client.linker();
        List<Shared> before = linker.startNotingTravellers();
        List<Shared> travellers;
        byte[] bytes;
        try {
            bytes = client.encode(element);
        } finally {
            travellers = linker.stopNotingTravellers(before);
        }
        return travellers.isEmpty()
                ? bytes
                : EncodedValue.seal(
                        bytes, travellers.stream().map(Shared::handle).toList());
    }

    /**
     * Decodes what was encoded so, a part of an answer; the caller keeps the answer reachable meanwhile.
     *
     * @param <T> what went in, and so comes out; not checked
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // whether null may have gone in, T says
    public <T extends @Nullable Object> T decode(byte[] encoded) {
        return (T) client.decode(EncodedValue.value(encoded));
    }

    /** Decodes the body of an answer, which is not used again then. As above. */
    public <T extends @Nullable Object> T decode(SharedAnswer answer) {
        try {
            return decode(answer.body());
        } finally {
            answer.hold().close();
        }
    }

    private static SharedAnswer uninterruptibly(CompletableFuture<SharedAnswer> answer) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get();
                } catch (InterruptedException interrupt) {
                    interrupted = true;
                } catch (ExecutionException failure) {
                    throw asParallelException(failure);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static SharedAnswer checked(SharedAnswer answer) {
        if (answer.isRefusal()) {
            throw new ParallelException(answer.reason());
        }
        return answer;
    }

    /** A new exception, so that the stack trace is that of the caller who waits, not of the thread that noticed. */
    private static ParallelException asParallelException(ExecutionException failure) {
        Throwable cause = Objects.requireNonNull(failure.getCause(), "what a future ended with");
        return new ParallelException(cause.getMessage(), cause);
    }

    private InterruptedException interrupted() {
        return new InterruptedException("interrupted while using " + handle.name());
    }
}
