package manyjvm.kernel.protocol;

import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.zeromq.ZMQ;

/**
 * A thread that owns sockets: it alone reads and writes them. It sleeps in one poll over all of them and a {@link
 * WakeUp}; there is no timeout and no nap, so a message costs microseconds. Handlers run on it and must not block.
 *
 * <p>Others reach it by {@link #send} and {@link #post}. A thread that is interrupted must never touch a socket of
 * JeroMQ's: its {@code send} fails for good or loses the interrupt.
 */
public final class SocketLoop implements AutoCloseable {
    private static final Logger LOG = KernelLog.LOGGER;

    private static final byte[] NO_BYTES = {};

    /** A foreign frame header that announces gigabytes would end JeroMQ's I/O thread; no message of Jupyter is so big. */
    static final long LARGEST_FRAME = 64L << 20;

    private static final Duration PAUSE_WITHOUT_MEMORY = Duration.ofMillis(50);

    private final String name;
    private final JupyterCodec codec;
    private final ZMQ.Context context;
    private final WakeUp wakeUp = new WakeUp();
    private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final List<Channel> channels = new ArrayList<>();
    private final Thread thread;
    private Pipe.SourceChannel watched = wakeUp.source(); // of the thread: what the poller knows
    private boolean running = true;

    private record Channel(ZMQ.Socket socket, Consumer<JupyterMessage> handler) {}

    /** @param name of the thread, and in log lines */
    public SocketLoop(String name, ZMQ.Context context, JupyterCodec codec) {
        this.name = name;
        this.codec = codec;
        this.context = context;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Hands a socket over; only before {@link #start}. The loop closes it. */
    public void own(ZMQ.Socket socket, Consumer<JupyterMessage> handler) {
        channels.add(new Channel(socket, handler));
    }

    public void start() {
        thread.start();
    }

    /** Sends from any thread, in the order of the calls. Dropped when the loop has been closed. */
    public void send(ZMQ.Socket socket, JupyterMessage message) {
        List<byte[]> frames = codec.encode(message);
        post(() -> sendFrames(socket, frames));
    }

    /** Sends it with a signature that fits no key. */
    public void sendForged(ZMQ.Socket socket, JupyterMessage message) {
        List<byte[]> frames = new ArrayList<>(codec.encode(message));
        frames.set(message.identities().size() + 1, "0".repeat(64).getBytes(StandardCharsets.US_ASCII));
        post(() -> sendFrames(socket, frames));
    }

    /** Runs this on the loop's thread, after all messages that have arrived by then were handled. */
    public void post(Runnable action) {
        posted.add(action);
        wakeUp.signal();
    }

    /** Sends what is queued, closes the sockets, ends the thread. Sends of before this call go out (linger: 1 s). */
    @Override
    public void close() {
        post(() -> running = false);
        if (!thread.isAlive() && thread.getState() == Thread.State.NEW) {
            channels.forEach(channel -> channel.socket().close());
            return;
        }
        Threads.joinUninterruptibly(thread);
    }

    private void run() {
        try (ZMQ.Poller poller = context.poller(channels.size() + 1)) {
            for (Channel channel : channels) {
                poller.register(channel.socket(), ZMQ.Poller.POLLIN);
            }
            poller.register(watched, ZMQ.Poller.POLLIN);
            while (running) {
                try {
                    turn(poller);
                } catch (OutOfMemoryError full) {
                    // A moment later there may be some again, and nobody answers when this thread has ended.
                    LockSupport.parkNanos(PAUSE_WITHOUT_MEMORY.toNanos());
                }
            }
        } catch (Throwable fatal) {
            KernelLog.fault("The thread " + name + " failed", fatal);
        } finally {
            channels.forEach(channel -> channel.socket().close());
            wakeUp.close();
        }
    }

    private void turn(ZMQ.Poller poller) {
        if (watched != wakeUp.source()) {
            poller.unregister(watched);
            poller.register(wakeUp.source(), ZMQ.Poller.POLLIN);
            watched = wakeUp.source();
        }
        poller.poll(posted.isEmpty() ? -1 : 0); // a turn without memory may have left some
        // Nobody has a reason to interrupt this thread; a user who interrupts whole thread groups would make
        // every later poll return at once.
        Thread.interrupted();
        channels.forEach(this::receiveAll);
        wakeUp.acknowledge(); // and what is signalled from now on wakes the next poll
        runPosted();
    }

    private void runPosted() {
        for (Runnable action = posted.poll(); action != null; action = posted.poll()) {
            guarded(action);
        }
    }

    private void receiveAll(Channel channel) {
        for (List<byte[]> frames = receive(channel.socket()); !frames.isEmpty(); frames = receive(channel.socket())) {
            JupyterMessage message;
            try {
                message = codec.decode(frames);
            } catch (JupyterCodec.RejectedMessageException rejected) {
                LOG.log(Level.WARNING, "Dropped a message on {0}: {1}", new Object[] {name, rejected.getMessage()});
                continue;
            } catch (RuntimeException | Error failure) { // out of memory, for one: the next ones are smaller
                KernelLog.fault("Dropped a message on " + name, failure);
                continue;
            }
            LOG.log(Level.FINE, "{0} received {1} {2}", new Object[] {name, message.type(), message.id()});
            guarded(() -> channel.handler().accept(message));
        }
    }

    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (Throwable failure) {
            // The thread serves all requests to come: one that fails, even by an Error, must not end it.
            KernelLog.fault("A handler on " + name + " failed", failure);
        }
    }

    /** The frames of the next message, or none. */
    private static List<byte[]> receive(ZMQ.Socket socket) {
        List<byte[]> frames = new ArrayList<>();
        byte[] first = socket.recv(ZMQ.DONTWAIT);
        if (first == null) {
            return frames;
        }
        frames.add(first);
        while (socket.hasReceiveMore()) {
            frames.add(socket.recv(0));
        }
        return frames;
    }

    /** All frames; where one cannot be sent, an end at least: the next message would become the rest of this one. */
    static void sendFrames(ZMQ.Socket socket, List<byte[]> frames) {
        int next = 0;
        try {
            for (; next < frames.size(); next++) {
                socket.send(frames.get(next), next < frames.size() - 1 ? ZMQ.SNDMORE : 0);
            }
        } catch (RuntimeException | Error failure) {
            if (next > 0) {
                socket.send(NO_BYTES, 0);
            }
            throw failure;
        }
    }

    /** What every socket of ours is set to: drop nothing, wait a second for the last messages when closed. */
    public static ZMQ.Socket configured(ZMQ.Socket socket) {
        socket.setSndHWM(0);
        socket.setRcvHWM(0);
        socket.setLinger(1000);
        socket.setMaxMsgSize(LARGEST_FRAME);
        return socket;
    }
}
