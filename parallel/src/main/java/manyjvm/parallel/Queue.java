package manyjvm.parallel;

import java.time.Duration;
import java.util.AbstractQueue;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.Deadline;
import manyjvm.parallel.shared.ElementIterator;
import manyjvm.parallel.shared.Elements;
import manyjvm.parallel.shared.RemoteObject;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedKind;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.spi.ParallelRuntime;
import org.jspecify.annotations.Nullable;

/**
 * A first-in-first-out queue between JVMs: Python's {@code multiprocessing.Queue} and {@code JoinableQueue}. It may be used
 * in any lambda or process target.
 *
 * <pre>{@code
 * var queue = new Queue<List<Object>>();
 * var process = new Process(() -> queue.put(Arrays.asList(42, null, "hello")));
 * process.start();
 * System.out.println(queue.get());                   // [42, null, hello]
 * System.out.println(queue.poll(10, TimeUnit.MILLISECONDS));    // null
 * process.join();
 * }</pre>
 *
 * <p>Elements are <b>copied</b>, everywhere in the same way: {@code put} takes a snapshot in the caller's thread (and there
 * refuses what cannot travel, with {@link NotShippableException}), and each taker gets objects of its own, also within one
 * JVM. An element cannot be null, but may contain null. The elements of one thread stay in order. What was put before a
 * process ended is not lost, and an element on its way to a taker that was interrupted, timed out or killed goes back to the
 * head of the queue.
 *
 * <p>A capacity holds exactly, over all JVMs. The methods of {@link BlockingQueue} do what they do there; iterating shows
 * the elements of one moment.
 *
 * <p>Cost: without a capacity, {@code put} is one way and does not wait for an answer. Everything else from a worker is one
 * round trip to the driver, in which the elements lie; {@link #drainTo(Collection, int)} takes many in one.
 *
 * @param <E> the type of the elements
 */
public sealed class Queue<E> extends AbstractQueue<E> implements BlockingQueue<E>, Shared
        permits SimpleQueue, JoinableQueue {
    static final String NO_LIMIT = "";
    private static final String NO_END = "a wait without an end has ended";

    private final RemoteObject remote;

    /** {@link Integer#MAX_VALUE} when there is no limit. */
    private final int capacity;

    /** A queue without limit. */
    public Queue() {
        this(SharedKind.QUEUE, NO_LIMIT);
    }

    /**
     * A queue of limited capacity, as Python's {@code Queue(maxsize)}.
     *
     * @throws IllegalArgumentException when the capacity is less than 1
     */
    public Queue(int capacity) {
        this(SharedKind.QUEUE, capacity);
    }

    Queue(SharedKind kind, int capacity) {
        this(kind, Integer.toString(capacity));
    }

    Queue(SharedKind kind, String detail) {
        capacity = capacity(detail);
        if (capacity < 1) {
            throw new IllegalArgumentException("A Queue cannot have a capacity of " + capacity
                    + ": give at least 1, or none (new Queue<>()) for a queue without limit.");
        }
        remote = RemoteObject.create(ParallelRuntime.current().shared(), kind, detail);
        remote.adopt(this);
    }

    /** Links a queue that exists. */
    Queue(SharedClient client, Handle handle) {
        capacity = capacity(handle.detail());
        remote = new RemoteObject(client, handle);
    }

    private static int capacity(String detail) {
        return detail.equals(NO_LIMIT) ? Integer.MAX_VALUE : Integer.parseInt(detail);
    }

    // ---- Python's names

    /**
     * Adds an element, waiting for room.
     *
     * @throws NullPointerException for null: agree on a sentinel, a value that means "no more"
     * @throws NotShippableException when the element cannot travel to another JVM
     * @throws WaitInterruptedException when interrupted while waiting for room; the element was not added then
     */
    @Override
    public void put(E element) {
        putUnchecked(encode(element), Deadline.never());
    }

    /**
     * Adds an element, waiting for room at most so long.
     *
     * @throws TimeoutException when there was no room; the element was not added. Python's {@code queue.Full}
     */
    public void put(E element, Duration timeout) throws TimeoutException {
        if (!putUnchecked(encode(element), Deadline.in(timeout))) {
            throw new TimeoutException(this + " stayed full for " + Checks.words(timeout) + ".");
        }
    }

    /** Adds an element. @throws IllegalStateException when the queue is full; Python's {@code queue.Full} */
    public void putNoWait(E element) {
        if (!offer(element)) {
            throw new IllegalStateException(this + " is full.");
        }
    }

    /** Takes the head, waiting for one. @throws WaitInterruptedException when interrupted; nothing was taken then */
    public E get() {
        return Objects.requireNonNull(takeUnchecked(Deadline.never()), NO_END);
    }

    /**
     * Takes the head, waiting at most so long.
     *
     * @throws TimeoutException when there was none; Python's {@code queue.Empty}
     */
    public E get(Duration timeout) throws TimeoutException {
        E element = takeUnchecked(Deadline.in(timeout));
        if (element == null) {
            throw new TimeoutException(this + " stayed empty for " + Checks.words(timeout) + ".");
        }
        return element;
    }

    /** Takes the head. @throws NoSuchElementException when the queue is empty; Python's {@code queue.Empty} */
    public E getNoWait() {
        E element = poll();
        if (element == null) {
            throw new NoSuchElementException(this + " is empty.");
        }
        return element;
    }

    /** Whether a {@code put} would wait, at this moment. */
    public boolean isFull() {
        return !isUnlimited() && size() >= capacity;
    }

    /** Says that an element that was taken has been dealt with. @throws IllegalStateException when said too often */
    public void taskDone() {
        remote.checkOpen();
        if (!remote.ask(SharedOperation.TASK_DONE).isDone()) {
            throw new IllegalStateException(
                    "taskDone() was called more often than elements were put into " + this + ".");
        }
    }

    /** Waits until {@link #taskDone} has been called for every element put. */
    public void join() {
        remote.awaitUnchecked(SharedOperation.JOIN, Deadline.never());
    }

    /** As {@link #join()}, at most so long. @return whether all elements have been dealt with */
    public boolean join(Duration timeout) {
        return remote.awaitUnchecked(SharedOperation.JOIN, Deadline.in(timeout)).isDone();
    }

    /**
     * Ends the use of the queue in this JVM, as in Python: its threads that wait end with a {@link ParallelException}, and so
     * does any later use here. Other JVMs and the elements are not affected. May be called twice.
     */
    public void close() {
        remote.close();
    }

    // ---- the JDK's names

    @Override
    public boolean offer(E element) {
        byte[] body = encode(element);
        if (isUnlimited()) {
            remote.tell(SharedOperation.PUT, 0, body);
            return true;
        }
        return remote.ask(SharedOperation.PUT, 0, body).isDone();
    }

    @Override
    public boolean offer(E element, long timeout, TimeUnit unit) throws InterruptedException {
        return put(encode(element), Deadline.in(Duration.ofNanos(unit.toNanos(timeout))));
    }

    @Override
    public E take() throws InterruptedException {
        return Objects.requireNonNull(takeWaiting(Deadline.never()), NO_END);
    }

    @Override
    public @Nullable E poll(long timeout, TimeUnit unit) throws InterruptedException {
        return takeWaiting(Deadline.in(Duration.ofNanos(unit.toNanos(timeout))));
    }

    @Override
    public @Nullable E poll() {
        remote.checkOpen();
        long ticket = remote.client().linker().newTicket();
        return received(remote.ask(SharedOperation.GET, ticket), ticket);
    }

    @Override
    public @Nullable E peek() {
        remote.checkOpen();
        SharedAnswer answer = remote.ask(SharedOperation.PEEK);
        return answer.isDone() ? remote.decode(answer) : null;
    }

    @Override
    public int size() {
        remote.checkOpen();
        return (int)
                Math.min(Integer.MAX_VALUE, remote.ask(SharedOperation.SIZE).number());
    }

    @Override
    public int remainingCapacity() {
        return isUnlimited() ? Integer.MAX_VALUE : Math.max(0, capacity - size());
    }

    @Override
    public int drainTo(Collection<? super E> target) {
        return drainTo(target, Integer.MAX_VALUE);
    }

    /** Takes at most so many elements that are there now, many in one round trip. */
    @Override
    public int drainTo(Collection<? super E> target, int most) {
        remote.checkOpen();
        if (target == this) {
            throw new IllegalArgumentException("A Queue cannot be drained into itself.");
        }
        int drained = 0;
        while (drained < most) {
            SharedAnswer answer = remote.ask(SharedOperation.DRAIN, most - drained);
            List<Elements.Element> elements = Elements.of(answer.body());
            if (elements.isEmpty()) {
                break;
            }
            try {
                for (Elements.Element element : elements) {
                    target.add(remote.decode(element.body()));
                }
            } finally {
                answer.hold().close();
            }
            drained += elements.size();
        }
        return drained;
    }

    @Override
    public void clear() {
        remote.checkOpen();
        SharedAnswer thrownAway;
        do {
            thrownAway = remote.ask(SharedOperation.DRAIN, Integer.MAX_VALUE);
            thrownAway.hold().close();
        } while (thrownAway.body().length > 0);
    }

    @Override
    public boolean remove(Object element) {
        for (Iterator<E> iterator = iterator(); iterator.hasNext(); ) {
            if (iterator.next().equals(element)) {
                iterator.remove();
                return true;
            }
        }
        return false;
    }

    /** The elements of this moment, copied; {@code remove} does nothing to an element that somebody took since. */
    @Override
    public Iterator<E> iterator() {
        remote.checkOpen();
        return new ElementIterator<>(remote);
    }

    @Override
    public Handle handle() {
        return remote.handleOf(this);
    }

    /** Name and capacity; the elements are not asked for. */
    @Override
    public String toString() {
        return remote.handle().name()
                + (remote.isClosed() ? " (closed)" : isUnlimited() ? "" : " (capacity " + capacity + ")");
    }

    private boolean isUnlimited() {
        return capacity == Integer.MAX_VALUE;
    }

    private byte[] encode(E element) {
        remote.checkOpen();
        Objects.requireNonNull(
                element,
                "A Queue cannot hold null, which means \"nothing there\" to its readers: put a sentinel instead, a value that"
                        + " you and the reader agree on.");
        return remote.encode(element);
    }

    /** @return whether there was room before the deadline */
    private boolean put(byte[] body, Deadline deadline) throws InterruptedException {
        if (isUnlimited()) {
            remote.tell(SharedOperation.PUT, 0, body);
            return true;
        }
        return remote.await(SharedOperation.PUT_WAITING, body, deadline).isDone();
    }

    private boolean putUnchecked(byte[] body, Deadline deadline) {
        try {
            return put(body, deadline);
        } catch (InterruptedException interrupt) {
            throw remote.unchecked(interrupt);
        }
    }

    private @Nullable E takeUnchecked(Deadline deadline) {
        try {
            return takeWaiting(deadline);
        } catch (InterruptedException interrupt) {
            throw remote.unchecked(interrupt);
        }
    }

    private @Nullable E takeWaiting(Deadline deadline) throws InterruptedException {
        long ticket = remote.client().linker().newTicket();
        return received(remote.await(SharedOperation.GET_WAITING, ticket, new byte[0], deadline), ticket);
    }

    /** Confirms the receipt first: an element that fails to be decoded here would fail anywhere. */
    private @Nullable E received(SharedAnswer answer, long ticket) {
        if (!answer.isDone()) {
            return null;
        }
        if (remote.client().jvmId() != SharedClient.DRIVER) {
            remote.tell(SharedOperation.TAKEN, ticket);
        }
        return remote.decode(answer);
    }
}
