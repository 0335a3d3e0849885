package manyjvm.kernel.protocol;

import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.publish.PublishStatus;
import io.github.spencerpark.jupyter.messages.publish.PublishStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import manyjvm.kernel.spi.CellOutput.Stream;
import org.zeromq.ZMQ;

/**
 * The IOPub channel. The thread {@code iopub} owns the PUB socket; everyone else appends to one ordered queue, guarded
 * by the lock of this object, and returns at once.
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

    private final ZMQ.Socket socket;
    private final JupyterCodec codec;
    private final String session;
    private final Thread thread = new Thread(this::run, "iopub");

    // Guarded by this object's lock.
    private final Deque<Item> queue = new ArrayDeque<>();
    private final Set<PendingText> gathering = new LinkedHashSet<>();
    private long flushAt;
    private long unsentCharacters;
    private boolean sending;
    private boolean closed;

    /** Confined to the thread: the request whose cell is running. */
    private JsonObject busyCell;

    private sealed interface Item {}

    private record Text(JsonObject parentHeader, Stream stream, String text) implements Item {}

    private record Other(JupyterMessage message) implements Item {}

    /** @param cell whether the request runs user code in the cell thread */
    private record Status(JsonObject parentHeader, PublishStatus status, boolean cell) implements Item {}

    private record Reached(CountDownLatch latch) implements Item {}

    /** @param socket bound; this object closes it */
    IoPub(ZMQ.Socket socket, JupyterCodec codec, String session) {
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
            notifyAll();
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
            }
        }
        if (thread.getState() == Thread.State.NEW) {
            socket.close();
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
        notifyAll();
    }

    private void flush(PendingText cell, boolean everything, long now) {
        if (!gathering.contains(cell)) {
            return;
        }
        cell.flush(everything, now, (stream, text) -> queue.add(new Text(cell.parentHeader(), stream, text)));
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
        try {
            for (List<Item> items = take(); !items.isEmpty(); items = take()) {
                items.forEach(this::sendGuarded);
            }
        } catch (Throwable fatal) {
            KernelLog.LOGGER.log(Level.SEVERE, "The thread iopub failed; please report this", fatal);
        } finally {
            socket.close();
        }
    }

    /** The next items in order; none when this has been closed and all is sent. */
    private synchronized List<Item> take() {
        sending = false;
        while (true) {
            long now = System.nanoTime();
            if (!gathering.isEmpty() && now - flushAt >= 0) {
                flushAll(false, now);
            }
            if (!queue.isEmpty()) {
                List<Item> items = List.copyOf(queue);
                queue.clear();
                sending = true;
                return items;
            }
            if (closed) {
                return List.of();
            }
            try {
                if (gathering.isEmpty()) {
                    wait();
                } else {
                    wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(flushAt - now)));
                }
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread. Interrupted, it could not send: the flag is gone.
                continue;
            }
        }
    }

    private void sendGuarded(Item item) {
        try {
            send(item);
        } catch (RuntimeException | StackOverflowError failure) {
            KernelLog.LOGGER.log(Level.SEVERE, "A message could not be sent; please report this", failure);
        }
    }

    private void send(Item item) {
        if (item instanceof Text text) {
            sendText(text);
        } else if (item instanceof Other other) {
            sendMessage(other.message());
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
     * Questions are answered while a cell runs, each between a busy and an idle of its own. Front ends show one light for
     * the kernel, which the idle would put out, so the running cell's busy is said again.
     */
    private void sendStatus(Status status) {
        sendMessage(statusMessage(status.parentHeader(), status.status()));
        boolean idle = status.status() == PublishStatus.IDLE;
        if (status.cell()) {
            busyCell = idle ? null : status.parentHeader();
        } else if (idle && busyCell != null) {
            sendMessage(statusMessage(busyCell, PublishStatus.BUSY));
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
