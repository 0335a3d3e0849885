package manyjvm.parallel;

import java.io.EOFException;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReentrantLock;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.Deadline;
import manyjvm.parallel.shared.RemoteObject;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedOperation;
import org.jspecify.annotations.Nullable;

/**
 * One end of a {@link Pipe}: Python's {@code multiprocessing.connection.Connection}. It may be used in any lambda or process
 * target, but by one receiver at a time: two that receive at the same end share its messages between them.
 *
 * <pre>{@code
 * var pipe = Pipe.duplex();
 * var echo = new Process(() -> {
 *     try {
 *         while (true) {
 *             pipe.second().send("got " + pipe.second().recv());
 *         }
 *     } catch (EOFException end) {
 *         System.out.println("the other side has closed");
 *     }
 * }).start();
 * pipe.first().send(List.of(1, 2));
 * System.out.println(Connection.waitAny(List.of(pipe.first())).size());    // 1
 * System.out.println(pipe.first().recv());           // got [1, 2]
 * pipe.first().close();
 * echo.join();
 * }</pre>
 *
 * <p>Messages are copied when sent, may be null, and arrive in the order of one sender. Sending does not wait for the
 * receiver until some 2 MiB are unread.
 *
 * <p><b>The end of the other side.</b> An end lives as long as a JVM uses it: one it was sent to, until that JVM ends or
 * closes it; or the one that made the pipe, as long as the end was sent to nobody. (So the maker need not close the ends it
 * gave away, as in Python.) When nobody uses the other end any more, {@link #recv} gives what was sent before and then throws
 * {@link EOFException}, and {@link #send} throws {@link ParallelException}, at the latest one message later.
 *
 * <p>Cost: from a worker, one round trip to the driver for a receive, none for a send.
 */
public final class Connection implements AutoCloseable, Shared {
    static final String FIRST = "first";
    static final String SECOND = "second";
    static final String DUPLEX = "duplex";
    static final String ONE_WAY = "one-way";

    /** So many messages, and so many bytes, may be on their way without an answer. */
    private static final int MOST_UNSETTLED = 1024;

    private static final long MOST_UNSETTLED_BYTES = 1 << 20;

    private final RemoteObject remote;
    private final boolean sends;
    private final boolean receives;

    /** Keeps senders in turn, and guards what is unsettled; only {@link #close} reads the deque without it. */
    private final ReentrantLock sending = new ReentrantLock();

    private final Deque<Sent> unsettled = new ConcurrentLinkedDeque<>();
    private long unsettledBytes;

    private record Sent(long ticket, CompletableFuture<SharedAnswer> answer, int bytes) {}

    /** The pipe this end was taken from, if any: while this JVM has the end, it also has the pipe. */
    @SuppressWarnings("unused")
    private volatile @Nullable Pipe pipe;

    /** Links an end of a pipe. */
    Connection(SharedClient client, Handle handle) {
        remote = new RemoteObject(client, handle);
        boolean duplex = handle.detail().endsWith(DUPLEX);
        boolean first = handle.detail().startsWith(FIRST);
        sends = duplex || !first;
        receives = duplex || first;
    }

    /**
     * Sends an object, null included.
     *
     * @throws NotShippableException when it cannot travel to another JVM
     * @throws ParallelException when the other side has ended: this message or one before was not delivered
     * @throws UnsupportedOperationException at the receiving end of a one-way pipe
     */
    public void send(@Nullable Object message) {
        checkSends();
        sendEncoded(remote.encode(message));
    }

    /** Sends bytes, for {@link #recvBytes} at the other side. As {@link #send}. */
    public void sendBytes(byte[] message) {
        send(message);
    }

    /**
     * Waits for an object.
     *
     * @throws EOFException when the other side has ended and everything it sent was received
     * @throws WaitInterruptedException when interrupted while waiting; no message is lost
     * @throws UnsupportedOperationException at the sending end of a one-way pipe
     */
    public @Nullable Object recv() throws EOFException {
        checkReceives();
        SharedAnswer answer = remote.awaitUnchecked(SharedOperation.RECEIVE, Deadline.never());
        if (answer.status() == SharedAnswer.ENDED) {
            throw new EOFException("The other side of " + ended(answer) + ".");
        }
        return remote.decode(answer);
    }

    /** {@link #recv} of a known type. @throws ClassCastException when the message is of another; it is lost then */
    @SuppressWarnings("unchecked") // the wrapper of int is what int.class, a Class<Integer>, stands for
    public <T> @Nullable T recv(Class<T> type) throws EOFException {
        Class<?> wrapper = MethodType.methodType(type).wrap().returnType();
        Object message = recv();
        if (message == null || wrapper.isInstance(message)) {
            return (T) message;
        }
        throw lost("recv(" + type.getSimpleName() + ".class)", message);
    }

    /**
     * Waits for a message that was sent with {@link #sendBytes}.
     *
     * @throws ClassCastException when it was sent with {@link #send}, and is no {@code byte[]}; it is lost then
     */
    public byte[] recvBytes() throws EOFException {
        Object message = recv();
        if (message instanceof byte[] bytes) {
            return bytes;
        }
        throw lost("recvBytes()", message);
    }

    private ClassCastException lost(String call, @Nullable Object message) {
        return new ClassCastException(call + " at " + this + " received "
                + (message == null
                        ? "null"
                        : "an object of type " + message.getClass().getTypeName())
                + ", and that message is lost. Use recv() when the other side may send objects of several types.");
    }

    /** Whether {@link #recv} would not wait now: there is a message, or the end. */
    public boolean poll() {
        return poll(Duration.ZERO);
    }

    /** Waits at most so long until {@link #recv} would not wait. @return whether it would not */
    public boolean poll(Duration timeout) {
        checkReceives();
        return remote.awaitUnchecked(SharedOperation.POLL, Deadline.in(timeout)).status() != SharedAnswer.WITHDRAWN;
    }

    /**
     * Waits until at least one connection has a message or the end: Python's {@code multiprocessing.connection.wait}.
     *
     * @return those that have, in the given order; empty when the time was over first
     */
    public static List<Connection> waitAny(Collection<Connection> connections, Duration timeout) {
        return waitAny(connections, Deadline.in(timeout));
    }

    /** As {@link #waitAny(Collection, Duration)}, without an end of its own. */
    public static List<Connection> waitAny(Collection<Connection> connections) {
        return waitAny(connections, Deadline.never());
    }

    private static List<Connection> waitAny(Collection<Connection> connections, Deadline deadline) {
        if (connections.isEmpty()) {
            throw new IllegalArgumentException("waitAny() needs at least one Connection to wait for.");
        }
        connections.forEach(Connection::checkReceives);
        Map<Connection, RemoteObject.Pending> polls = new LinkedHashMap<>();
        List<Connection> ready = new ArrayList<>();
        try {
            for (Connection connection : connections) {
                polls.computeIfAbsent(connection, each -> each.remote.start(SharedOperation.POLL));
            }
            RemoteObject.awaitAny(polls.values(), deadline);
        } catch (InterruptedException interrupt) {
            throw connections.iterator().next().remote.unchecked(interrupt);
        } finally {
            polls.forEach((connection, poll) -> {
                if (connection.remote.finish(poll).status() != SharedAnswer.WITHDRAWN) {
                    ready.add(connection);
                }
            });
        }
        return ready;
    }

    /**
     * Ends the use of this end in this JVM: its threads that wait here end with a {@link ParallelException}. What was sent
     * before is delivered. The other side sees the end when no other JVM uses this one. May be called twice.
     */
    @Override
    public void close() {
        if (!remote.isClosed()) {
            remote.close();
            unsettled.forEach(sent -> remote.tell(SharedOperation.WITHDRAW, sent.ticket()));
            remote.tell(SharedOperation.CLOSE, 0);
        }
    }

    /** Whether {@link #close} was called in this JVM. */
    public boolean isClosed() {
        return remote.isClosed();
    }

    void keep(Pipe whole) {
        pipe = whole;
    }

    @Override
    public Handle handle() {
        return remote.handleOf(this);
    }

    @Override
    public String toString() {
        return remote.handle().name() + " (" + remote.handle().detail() + ")" + (isClosed() ? ", closed" : "");
    }

    private void sendEncoded(byte[] body) {
        try {
            sending.lockInterruptibly();
            try {
                settle(true);
                checkSends();
                long ticket = remote.client().linker().newTicket();
                unsettled.add(new Sent(ticket, remote.callOpen(SharedOperation.SEND, ticket, body), body.length));
                if (isClosed()) {
                    remote.tell(SharedOperation.WITHDRAW, ticket); // close() may have looked before it was there
                }
                unsettledBytes += body.length;
                settle(false);
            } finally {
                sending.unlock();
            }
        } catch (InterruptedException interrupt) {
            throw remote.unchecked(interrupt);
        }
    }

    /** Takes the answers that have come; waits for more while too much is on its way, if asked to. */
    private void settle(boolean waiting) throws InterruptedException {
        for (Sent oldest; (oldest = unsettled.peek()) != null; ) {
            boolean tooMuch = unsettled.size() >= MOST_UNSETTLED || unsettledBytes >= MOST_UNSETTLED_BYTES;
            if (!oldest.answer().isDone() && !(waiting && tooMuch)) {
                return;
            }
            SharedAnswer answer = remote.settle(SharedOperation.SEND, oldest.answer());
            unsettled.remove();
            unsettledBytes -= oldest.bytes();
            if (answer.status() == SharedAnswer.ENDED) {
                throw new ParallelException("Cannot send: the other side of " + ended(answer)
                        + ". This message or one sent just before was not delivered.");
            }
        }
    }

    private String ended(SharedAnswer answer) {
        return this + " has ended" + (answer.reason().isEmpty() ? "" : ": " + answer.reason());
    }

    private void checkSends() {
        remote.checkOpen();
        if (!sends) {
            throw new UnsupportedOperationException(this + " only receives: the second end of a one-way pipe sends.");
        }
    }

    private void checkReceives() {
        remote.checkOpen();
        if (!receives) {
            throw new UnsupportedOperationException(this + " only sends: the first end of a one-way pipe receives.");
        }
    }
}
