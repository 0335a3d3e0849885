package manyjvm.kernel.protocol;

import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.publish.PublishStatus;
import io.github.spencerpark.jupyter.messages.publish.PublishStream;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import manyjvm.kernel.spi.CellOutput.Stream;
import org.zeromq.ZMQ;

/**
 * The IOPub channel. The thread {@code iopub} owns the XPUB socket; everyone else appends to one ordered queue, guarded
 * by the lock of this object, and returns at once. The thread sleeps in a poll, since subscriptions come by the socket too:
 * each is welcomed ("Welcome message" in the protocol), and who waits for that misses nothing that comes after it.
 *
 * <p>Text is collected for {@link #GATHER} per cell before it becomes a message: a notebook server drops output beyond
 * 1000 messages/s. Order is kept because text is moved into the queue, under the same lock, before any other message of
 * its cell enters it; the thread sends from the queue only.
 */
final class IoPub implements AutoCloseable {
    static final Duration GATHER = Duration.ofMillis(50);

    /** Characters in one stream message. */
    static final int LARGEST_TEXT = 128 * 1024;

    /** Text that has not been sent yet, in characters, at which {@link #awaitRoom} begins to hold writers back. */
    static final long ROOM = 8L << 20;

    private static final int ATTEMPTS = 40;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(50);

    private final ZMQ.Context context;
    private final ZMQ.Socket socket;
    private final JupyterCodec codec;
    private final String session;
    private final Thread thread = new Thread(this::run, "iopub");
    private final WakeUp wakeUp = new WakeUp();

    // Guarded by this object's lock.
    private List<Item> queue = new ArrayList<>();
    private final Set<PendingText> gathering = new LinkedHashSet<>();
    private long flushAt;
    private long unsentCharacters;
    private boolean sending;
    private boolean closed;

    // Confined to the thread.
    /** The requests whose cells are running, one a shell, in the order in which they began. */
    private final Set<JsonObject> busyCells = new LinkedHashSet<>();

    private Pipe.SourceChannel watched = wakeUp.source();

    private sealed interface Item {}

    private record Text(JsonObject parentHeader, Stream stream, String text) implements Item {}

    private record Other(JupyterMessage message) implements Item {}

    /** Made where it is sent: whoever publishes it has no time. */
    private record Later(JsonObject parentHeader, Supplier<JupyterMessage> message, LongConsumer took)
            implements Item {}

    /** @param cell whether the request runs user code in the cell thread */
    private record Status(JsonObject parentHeader, PublishStatus status, boolean cell) implements Item {}

    private record Reached(CountDownLatch latch) implements Item {}

    /** @param socket bound; this object closes it */
    IoPub(ZMQ.Context context, ZMQ.Socket socket, JupyterCodec codec, String session) {
        this.context = context;
        this.socket = socket;
        this.codec = codec;
        this.session = session;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Appends text of one source to a cell's output. Never blocks. */
    synchronized void write(PendingText cell, Stream stream, Object source, String text) {
        if (text.isEmpty() || closed) {
            return;
        }
        long now = System.nanoTime();
        if (gathering.isEmpty()) {
            flushAt = now + GATHER.toNanos();
            wakeUp.signal();
        }
        gathering.add(cell);
        cell.append(stream, source, text, now);
        unsentCharacters += text.length();
    }

    /** Publishes a message after the text that its cell has written so far. Never blocks. */
    synchronized void publish(PendingText cell, JupyterMessage message) {
        flush(cell, false, System.nanoTime());
        enqueue(new Other(message));
    }

    /**
     * The same for a message that this object's thread is to make.
     *
     * @param took is told there how many nanoseconds making and sending it have taken
     */
    synchronized void publish(PendingText cell, Supplier<JupyterMessage> message, LongConsumer took) {
        flush(cell, false, System.nanoTime());
        enqueue(new Later(cell.parentHeader(), message, took));
    }

    /** Publishes a message that belongs to no cell. Never blocks. */
    synchronized void publish(JupyterMessage message) {
        enqueue(new Other(message));
    }

    /** Publishes a message after all text that any cell has written so far. Never blocks. */
    synchronized void publishLast(JupyterMessage message) {
        flushAll(true, System.nanoTime());
        enqueue(new Other(message));
    }

    /** @param cell whether the request runs user code in the cell thread */
    synchronized void status(JsonObject parentHeader, PublishStatus status, boolean cell) {
        enqueue(new Status(parentHeader, status, cell));
    }

    /** Hands all text of a cell, unfinished lines too, to the socket, and returns when that is done. */
    void drain(PendingText cell) {
        CountDownLatch latch = new CountDownLatch(1);
        synchronized (this) {
            if (closed) {
                return;
            }
            flush(cell, true, System.nanoTime());
            if (queue.isEmpty() && !sending) {
                return;
            }
            enqueue(new Reached(latch));
        }
        boolean interrupted = false;
        try {
            // The thread never blocks, so this takes microseconds; the bound is for a machine that stands still.
            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (true) {
                try {
                    if (!latch.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                        KernelLog.LOGGER.warning("Output of a cell was not sent within 10 s");
                    }
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Waits until less than {@link #ROOM} characters are unsent, at most a second: a loop that prints without end shall
     * not fill the memory. An interrupt ends the wait and stays set.
     */
    synchronized void awaitRoom() {
        long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        while (unsentCharacters >= ROOM && !closed && !Thread.currentThread().isInterrupted()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Sends everything, then closes the socket. */
    @Override
    public void close() {
        synchronized (this) {
            if (!closed) {
                flushAll(true, System.nanoTime());
                closed = true;
                notifyAll();
                wakeUp.signal();
            }
        }
        if (thread.getState() == Thread.State.NEW) {
            socket.close();
            wakeUp.close();
            return;
        }
        Threads.joinUninterruptibly(thread);
    }

    private void enqueue(Item item) {
        if (closed) {
            if (item instanceof Reached reached) {
                reached.latch().countDown();
            }
            return;
        }
        queue.add(item);
        wakeUp.signal();
    }

    private void flush(PendingText cell, boolean everything, long now) {
        if (!gathering.contains(cell)) {
            return;
        }
        try {
            cell.flush(everything, now, (stream, text) -> queue.add(new Text(cell.parentHeader(), stream, text)));
        } catch (RuntimeException | Error failure) {
            // Text that cannot be put in order would fail each time, and keep back that of all other cells.
            cell.clear();
            queue.add(new Text(cell.parentHeader(), Stream.STDERR, notShown(failure)));
        }
        if (cell.isEmpty()) {
            gathering.remove(cell);
        }
    }

    private void flushAll(boolean everything, long now) {
        for (PendingText cell : List.copyOf(gathering)) {
            flush(cell, everything, now);
        }
        flushAt = now + GATHER.toNanos();
    }

    private void run() {
        try (ZMQ.Poller poller = context.poller(2)) {
            poller.register(socket, ZMQ.Poller.POLLIN);
            poller.register(watched, ZMQ.Poller.POLLIN);
            for (List<Item> items = takeGuarded(poller); !items.isEmpty(); items = takeGuarded(poller)) {
                for (int i = 0; i < items.size(); i++) { // makes no object: it must not fail half way
                    sendGuarded(items.get(i));
                }
            }
        } catch (Throwable fatal) {
            KernelLog.fault("The thread iopub failed", fatal);
        } finally {
            synchronized (this) {
                closed = true; // nobody shall wait for a thread that is gone
                for (Item item : queue) {
                    if (item instanceof Reached reached) {
                        reached.latch().countDown();
                    }
                }
                queue.clear();
                notifyAll();
            }
            socket.close();
            wakeUp.close();
        }
    }

    /** Where there is no memory for it, it is tried again a moment later: all cells wait for this thread. */
    private List<Item> takeGuarded(ZMQ.Poller poller) {
        while (true) {
            try {
                return take(poller);
            } catch (OutOfMemoryError full) {
                LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
            }
        }
    }

    /** The next items in order; none when this has been closed and all is sent. */
    private List<Item> take(ZMQ.Poller poller) {
        while (true) {
            long patience;
            synchronized (this) {
                sending = false;
                long now = System.nanoTime();
                if (!gathering.isEmpty() && now - flushAt >= 0) {
                    flushAll(false, now);
                }
                if (!queue.isEmpty()) {
                    List<Item> items = queue;
                    queue = new ArrayList<>();
                    sending = true;
                    return items;
                }
                if (gathering.isEmpty() && unsentCharacters > 0) {
                    // Traces are told in fewer characters than were written: the rest would be missing here for ever.
                    unsentCharacters = 0;
                    notifyAll();
                }
                if (closed) {
                    return List.of();
                }
                patience = gathering.isEmpty() ? -1 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(flushAt - now));
            }
            await(poller, patience);
        }
    }

    /** Sleeps until there is something to do; whoever adds something signals after it. */
    private void await(ZMQ.Poller poller, long milliseconds) {
        if (watched != wakeUp.source()) {
            poller.unregister(watched);
            poller.register(wakeUp.source(), ZMQ.Poller.POLLIN);
            watched = wakeUp.source();
        }
        poller.poll(milliseconds);
        // Nobody has a reason to interrupt this thread. Interrupted, it could not send, and each poll would return at
        // once.
        Thread.interrupted();
        wakeUp.acknowledge();
        for (byte[] event = socket.recv(ZMQ.DONTWAIT); event != null; event = socket.recv(ZMQ.DONTWAIT)) {
            welcome(event);
        }
    }

    /** @param event of an XPUB socket: 1 and a topic for a subscription, 0 for its end */
    private void welcome(byte[] event) {
        if (event.length == 0 || event[0] != 1) {
            return;
        }
        byte[] topic = Arrays.copyOfRange(event, 1, event.length);
        try {
            JsonObject content = new JsonObject();
            content.addProperty(
                    "subscription",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(topic))
                            .toString());
            sendMessage(JupyterMessage.welcome(topic, content, session));
        } catch (CharacterCodingException notText) {
            KernelLog.LOGGER.log(Level.FINE, "A subscription is no UTF-8: it is not welcomed, as the protocol says");
        }
    }

    /**
     * What keeps one message from being sent, its size above all, must not cost those behind it: without an idle a front end
     * waits for ever. What is lost is told where it would have been shown.
     */
    private void sendGuarded(Item item) {
        try {
            send(item);
        } catch (RuntimeException | Error failure) {
            sendInstead(item, failure);
        }
    }

    /** Tries for a while: what a cell has filled the memory with goes when it has ended. */
    private void sendInstead(Item item, Throwable failure) {
        boolean sent = false;
        for (int attempt = 1; !sent && attempt <= ATTEMPTS; attempt++) {
            try {
                send(instead(item, failure));
                sent = true;
            } catch (RuntimeException | Error again) {
                LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
            }
        }
        KernelLog.severe(sent ? "A message could not be sent" : "A message could not be sent, nor told of", failure);
    }

    /** A status and a mark are small, and are sent again; in the place of output it is told that it is missing. */
    private static Item instead(Item item, Throwable failure) {
        if (item instanceof Text text) {
            return new Text(text.parentHeader(), Stream.STDERR, notShown(failure));
        }
        if (item instanceof Other other) {
            return new Text(other.message().parentHeader(), Stream.STDERR, notShown(failure));
        }
        if (item instanceof Later later) {
            return new Text(later.parentHeader(), Stream.STDERR, notShown(failure));
        }
        return item;
    }

    private static String notShown(Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            return "This output could not be shown: the kernel ran out of memory. Show less at once.\n";
        }
        if (failure instanceof StackOverflowError) {
            return "This output could not be shown: it is nested too deeply.\n";
        }
        return "This output could not be shown (" + failure + "); this is a fault of manyjvm, please report it.\n";
    }

    private void send(Item item) {
        if (item instanceof Text text) {
            sendText(text);
        } else if (item instanceof Other other) {
            sendMessage(other.message());
        } else if (item instanceof Later later) {
            long begun = System.nanoTime();
            sendMessage(later.message().get());
            later.took().accept(System.nanoTime() - begun);
        } else if (item instanceof Status status) {
            sendStatus(status);
        } else if (item instanceof Reached reached) {
            reached.latch().countDown();
        }
    }

    private void sendText(Text text) {
        try {
            int start = 0;
            while (start < text.text().length()) {
                int end = Math.min(text.text().length(), start + LARGEST_TEXT);
                if (end < text.text().length()
                        && Character.isHighSurrogate(text.text().charAt(end - 1))) {
                    end--;
                }
                var type = text.stream() == Stream.STDOUT ? PublishStream.StreamType.OUT : PublishStream.StreamType.ERR;
                JsonObject content =
                        JupyterMessage.json(new PublishStream(type, text.text().substring(start, end)));
                sendMessage(JupyterMessage.publication(
                        MessageType.PUBLISH_STREAM.getName(), content, text.parentHeader(), session));
                start = end;
            }
        } finally {
            sent(text.text().length());
        }
    }

    private synchronized void sent(int characters) {
        unsentCharacters = Math.max(0, unsentCharacters - characters);
        notifyAll();
    }

    /**
     * Questions are answered while a cell runs, each between a busy and an idle of its own, and so are the cells of other
     * shells. Front ends show one light for the kernel, which the idle would put out, so a running cell's busy is said again.
     */
    private void sendStatus(Status status) {
        sendMessage(statusMessage(status.parentHeader(), status.status()));
        boolean idle = status.status() == PublishStatus.IDLE;
        if (status.cell() && !idle) {
            busyCells.add(status.parentHeader());
        }
        if (idle) {
            busyCells.remove(status.parentHeader());
            if (!busyCells.isEmpty()) {
                sendMessage(statusMessage(busyCells.iterator().next(), PublishStatus.BUSY));
            }
        }
    }

    private JupyterMessage statusMessage(JsonObject parentHeader, PublishStatus status) {
        return JupyterMessage.publication(
                MessageType.PUBLISH_STATUS.getName(), JupyterMessage.json(status), parentHeader, session);
    }

    private void sendMessage(JupyterMessage message) {
        SocketLoop.sendFrames(socket, codec.encode(message));
    }
}
