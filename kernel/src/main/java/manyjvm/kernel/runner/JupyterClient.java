package manyjvm.kernel.runner;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import manyjvm.kernel.protocol.ConnectionFile;
import manyjvm.kernel.protocol.JupyterCodec;
import manyjvm.kernel.protocol.JupyterMessage;
import manyjvm.kernel.protocol.SocketLoop;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * A front end in a few calls: starts a kernel process, speaks the real protocol with it over ZeroMQ, and ends it.
 *
 * <pre>{@code
 * try (JupyterClient client = JupyterClient.start(KernelCommand.ofThisJvm())) {
 *     Execution execution = client.execute("1 + 1", Duration.ofSeconds(10));
 *     execution.result();  // Optional["2"]
 * }
 * }</pre>
 *
 * The thread {@code client} owns the sockets. Every method may be called from any thread, and each wait ends with the
 * answer, the timeout, the interrupt of the caller, or the death of the kernel ({@link KernelDiedException}).
 */
public final class JupyterClient implements AutoCloseable {
    private static final int ATTEMPTS = 3;

    /** The exit code by which a kernel says that one of its ports is taken. */
    public static final int EXIT_ADDRESS_IN_USE = 3;

    /** The sockets of the protocol; {@link #IOPUB} only receives. */
    public enum Channel {
        SHELL,
        CONTROL,
        STDIN,
        IOPUB
    }

    /** @param channel where it came by */
    public record Received(Channel channel, JupyterMessage message) {}

    /** The kernel's process has ended while an answer was awaited. */
    public static final class KernelDiedException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        KernelDiedException(String message) {
            super(message);
        }
    }

    private final KernelProcess process;
    private final ZMQ.Context context = ZMQ.context(1);
    private final SocketLoop loop;
    private final Map<Channel, ZMQ.Socket> sockets = new EnumMap<>(Channel.class);
    private final String session = UUID.randomUUID().toString();
    private final Map<String, Conversation> conversations = new ConcurrentHashMap<>();
    private final BlockingQueue<Received> unclaimed = new LinkedBlockingQueue<>();
    private volatile boolean dead;

    /** Starts a kernel in the present folder; what the process itself prints goes to {@code System.err}. */
    public static JupyterClient start(KernelCommand command) throws IOException, InterruptedException {
        return start(command, Path.of("").toAbsolutePath(), Map.of(), System.err, Duration.ofSeconds(60));
    }

    /**
     * Starts a kernel and waits until it answers on all channels.
     *
     * @param directory where the kernel, and so its cells, work
     * @param environment added to that of this process
     * @param log gets what the kernel's process prints itself
     * @throws IOException when it does not start within the time; the message holds its last words
     */
    public static JupyterClient start(
            KernelCommand command, Path directory, Map<String, String> environment, PrintStream log, Duration timeout)
            throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            JupyterClient client = new JupyterClient(KernelProcess.start(command, directory, environment, log));
            try {
                client.awaitReady(timeout);
                return client;
            } catch (KernelDiedException died) {
                boolean portTaken = client.process.exitCode() == EXIT_ADDRESS_IN_USE;
                client.close();
                if (!portTaken || attempt == ATTEMPTS) {
                    throw new IOException("The kernel did not start: " + died.getMessage(), died);
                }
            } catch (TimeoutException late) {
                String words = client.process.lastWords();
                client.close();
                throw new IOException(
                        "The kernel gave no answer within " + timeout.toSeconds() + " s."
                                + (words.isEmpty() ? "" : " Its last output: " + words),
                        late);
            } catch (InterruptedException | RuntimeException failure) {
                client.close();
                throw failure;
            }
        }
    }

    private JupyterClient(KernelProcess process) {
        this.process = process;
        ConnectionFile connection = process.connection();
        JupyterCodec codec = connection.codec();
        loop = new SocketLoop("client", context, codec);
        var ports = connection.properties();
        // One identity on all: the kernel addresses its questions on stdin to who sent the request on shell.
        byte[] identity = session.getBytes(StandardCharsets.US_ASCII);
        connect(Channel.SHELL, SocketType.DEALER, identity, connection.address(ports.getShellPort()));
        connect(Channel.CONTROL, SocketType.DEALER, identity, connection.address(ports.getControlPort()));
        connect(Channel.STDIN, SocketType.DEALER, identity, connection.address(ports.getStdinPort()));
        connect(Channel.IOPUB, SocketType.SUB, identity, connection.address(ports.getIopubPort()));
        loop.start();
        // On the loop, so that what had arrived by then is delivered before.
        process.onExit().thenRun(() -> loop.post(this::onDeath));
    }

    private void connect(Channel channel, SocketType type, byte[] identity, String address) {
        ZMQ.Socket socket = SocketLoop.configured(context.socket(type));
        socket.setReconnectIVL(20);
        if (type == SocketType.SUB) {
            socket.subscribe(new byte[0]);
        } else {
            socket.setIdentity(identity);
            // What the kernel does not take before it ends is of no use to anybody.
            socket.setLinger(0);
        }
        socket.connect(address);
        sockets.put(channel, socket);
        loop.own(socket, message -> deliver(new Received(channel, message)));
    }

    private void deliver(Received received) {
        Conversation conversation = conversations.get(received.message().parentId());
        if (conversation == null) {
            unclaimed.add(received);
        } else {
            conversation.inbox.add(received);
        }
    }

    private void onDeath() {
        dead = true;
        conversations.values().forEach(conversation -> conversation.inbox.add(Conversation.DEATH));
        unclaimed.add(Conversation.DEATH);
    }

    /** Asks until the answer comes by shell and its idle by IOPub: a subscription takes a moment to arrive there. */
    private void awaitReady(Duration timeout) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            try (Conversation conversation = open(Channel.SHELL, "kernel_info_request", new JsonObject())) {
                Duration left = Duration.ofNanos(end - System.nanoTime());
                conversation.await(left, Duration.ofMillis(100), message -> {});
                return;
            } catch (TimeoutException late) {
                if (System.nanoTime() - end >= 0) {
                    throw late;
                }
            }
        }
    }

    /** The kernel's process. */
    public ProcessHandle kernel() {
        return process.handle();
    }

    private ZMQ.Socket socket(Channel channel) {
        return Objects.requireNonNull(sockets.get(channel), "all channels are connected by the constructor");
    }

    /** Sends a message that need not be a valid request, and returns its id. */
    public String send(Channel channel, String type, JsonObject content) {
        JupyterMessage message = JupyterMessage.request(type, content, session, "manyjvm");
        loop.send(socket(channel), message);
        return message.id();
    }

    /** Sends what somebody would send who does not know the key; for tests of that. */
    public void sendForged(Channel channel, String type, ExecuteRequest request) {
        JupyterMessage message = JupyterMessage.request(type, request.content(), session, "manyjvm");
        loop.sendForged(socket(channel), message);
    }

    /** Sends a request whose answers are kept apart, until the conversation is closed. */
    public Conversation open(Channel channel, String type, JsonObject content) {
        return open(channel, JupyterMessage.request(type, content, session, "manyjvm"));
    }

    /** Sends such a request to a subshell of the kernel, by its id. */
    public Conversation open(String subshell, String type, JsonObject content) {
        JupyterMessage message = JupyterMessage.request(type, content, session, "manyjvm");
        message.header().addProperty("subshell_id", subshell);
        return open(Channel.SHELL, message);
    }

    private Conversation open(Channel channel, JupyterMessage message) {
        Conversation conversation = new Conversation(message.id());
        conversations.put(message.id(), conversation);
        if (dead) {
            conversation.inbox.add(Conversation.DEATH);
        }
        loop.send(socket(channel), message);
        return conversation;
    }

    /** Sends a request and waits for its reply. */
    public JupyterMessage request(Channel channel, String type, JsonObject content, Duration timeout)
            throws InterruptedException, TimeoutException {
        try (Conversation conversation = open(channel, type, content)) {
            return conversation.await(timeout, timeout, message -> {});
        }
    }

    /** The next message that belongs to no open conversation, or empty after the timeout. */
    public Optional<Received> nextUnclaimed(Duration timeout) throws InterruptedException {
        return Optional.ofNullable(unclaimed.poll(timeout.toNanos(), TimeUnit.NANOSECONDS))
                .map(this::alive);
    }

    /** Begins to run a cell. */
    public Conversation begin(ExecuteRequest request) {
        return open(Channel.SHELL, "execute_request", request.content());
    }

    /** Runs a cell and waits for its reply and its idle. */
    public Execution execute(String code, Duration timeout) throws InterruptedException, TimeoutException {
        return execute(new ExecuteRequest(code), timeout, message -> {});
    }

    /** @param onMessage is called with each message of the cell, as it comes, on the calling thread */
    public Execution execute(ExecuteRequest request, Duration timeout, Consumer<Received> onMessage)
            throws InterruptedException, TimeoutException {
        try (Conversation conversation = begin(request)) {
            return conversation.execution(timeout, onMessage);
        }
    }

    /** Makes a subshell, whose cells run beside others, and gives its id. */
    public String createSubshell(Duration timeout) throws InterruptedException, TimeoutException {
        return request(Channel.CONTROL, "create_subshell_request", new JsonObject(), timeout)
                .text("subshell_id", "");
    }

    /** Interrupts the running cells. */
    public void interrupt(Duration timeout) throws InterruptedException, TimeoutException {
        request(Channel.CONTROL, "interrupt_request", new JsonObject(), timeout);
    }

    /** Answers an {@code input_request}. */
    public void answer(String line) {
        JsonObject content = new JsonObject();
        content.addProperty("value", line);
        send(Channel.STDIN, "input_reply", content);
    }

    /**
     * Asks the kernel to end and waits for its process.
     *
     * @return its exit code
     */
    public int shutdown(Duration timeout) throws InterruptedException, TimeoutException {
        JsonObject content = new JsonObject();
        content.addProperty("restart", false);
        send(Channel.CONTROL, "shutdown_request", content);
        if (!process.awaitExit(timeout)) {
            throw new TimeoutException("The kernel did not end within " + timeout.toSeconds() + " s");
        }
        return process.exitCode();
    }

    /** Ends the kernel, politely for five seconds, then by force, with all processes that it has started. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            if (process.isAlive()) {
                shutdown(Duration.ofSeconds(5));
            }
        } catch (TimeoutException late) {
            // What does not end by itself is killed below.
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            loop.close();
            context.close();
            process.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Received alive(Received received) {
        if (received == Conversation.DEATH) {
            throw new KernelDiedException(deathReport());
        }
        return received;
    }

    private String deathReport() {
        String words = process.lastWords();
        return "The kernel's process ended with exit code " + process.exitCode()
                + (words.isEmpty() ? " and printed nothing." : ". Its last output: " + words);
    }

    /** A request and all that comes for it. Confined to one thread at a time. */
    public final class Conversation implements AutoCloseable {
        private static final Received DEATH =
                new Received(Channel.CONTROL, JupyterMessage.request("death", new JsonObject(), "", ""));

        private final String id;
        private final BlockingQueue<Received> inbox = new LinkedBlockingQueue<>();

        /** What has come of the end, by whatever method it was taken; for the one thread that waits. */
        private @Nullable JupyterMessage reply;

        private boolean idle;

        private Conversation(String id) {
            this.id = id;
        }

        /** The request's {@code msg_id}. */
        public String id() {
            return id;
        }

        /** The next message, from whatever channel. */
        public Received next(Duration timeout) throws InterruptedException, TimeoutException {
            Received received = inbox.poll(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
            if (received == null) {
                throw new TimeoutException("The kernel sent nothing for " + timeout.toMillis() + " ms");
            }
            note(alive(received));
            return received;
        }

        /** What has come so far. Waits for nothing, not even for the kernel to be alive. */
        public List<Received> arrived() {
            List<Received> arrived = new ArrayList<>();
            inbox.drainTo(arrived);
            arrived.remove(DEATH);
            arrived.forEach(this::note);
            return arrived;
        }

        private void note(Received received) {
            JupyterMessage message = received.message();
            if (received.channel() != Channel.IOPUB && message.type().endsWith("_reply")) {
                reply = message;
            }
            idle |= message.type().equals("status")
                    && message.text("execution_state", "").equals("idle");
        }

        /**
         * Everything until both the execute reply and the idle have come, less what {@link #next} and {@link #arrived} have
         * given. After a {@link TimeoutException} this may be called again, and goes on from there.
         */
        public Execution execution(Duration timeout, Consumer<Received> onMessage)
                throws InterruptedException, TimeoutException {
            List<JupyterMessage> outputs = new ArrayList<>();
            JupyterMessage reply = await(timeout, timeout, received -> {
                if (received.channel() == Channel.IOPUB
                        && !received.message().type().equals("status")) {
                    outputs.add(received.message());
                }
                onMessage.accept(received);
            });
            return new Execution(reply, List.copyOf(outputs));
        }

        /** @param idleTimeout how long to wait for the idle once the reply is there */
        private JupyterMessage await(Duration timeout, Duration idleTimeout, Consumer<Received> onMessage)
                throws InterruptedException, TimeoutException {
            long end = System.nanoTime() + timeout.toNanos();
            while (reply == null || !idle) {
                Duration left = Duration.ofNanos(end - System.nanoTime());
                boolean onlyIdle = reply != null && idleTimeout.compareTo(left) < 0;
                onMessage.accept(next(onlyIdle ? idleTimeout : left));
            }
            return Objects.requireNonNull(reply);
        }

        /** What comes later is unclaimed. */
        @Override
        public void close() {
            conversations.remove(id);
        }
    }
}
