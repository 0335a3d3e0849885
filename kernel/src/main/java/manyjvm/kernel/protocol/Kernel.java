package manyjvm.kernel.protocol;

import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.kernel.comm.CommManager;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.messages.publish.PublishStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.logging.Level;
import manyjvm.kernel.api.Notebook;
import manyjvm.kernel.display.Rendering;
import manyjvm.kernel.session.Session;
import manyjvm.kernel.session.SessionHost;
import manyjvm.kernel.spi.Cell;
import manyjvm.kernel.spi.CellOutput;
import manyjvm.kernel.spi.IoReason;
import manyjvm.kernel.spi.KernelExtension;
import manyjvm.kernel.spi.KernelServices;
import manyjvm.kernel.spi.Magic;
import manyjvm.kernel.spi.SessionClasses;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * A Jupyter kernel: the channels, and who answers what.
 *
 * <pre>
 *   front end                          this process
 *   ---------                          ------------
 *   shell     &lt;--&gt;  thread shell      execute -&gt; thread execution of its shell;  comm_* -&gt; thread comm of its shell;
 *                                     complete, inspect, is_complete, history -&gt; thread questions;  the rest is answered at once
 *   control   &lt;--&gt;  thread control    interrupt, shutdown, *_subshell: at once, also while a cell runs;  usage -&gt; thread usage
 *   stdin     &lt;--&gt;  thread stdin      questions of the running cell
 *   iopub     &lt;---  thread iopub      all output, in order
 *   heartbeat &lt;--&gt;  thread heartbeat
 * </pre>
 *
 * Each socket has the one thread that the picture shows; all others hand messages to it. Users' code
 * runs on the session's threads {@code cell}, one a shell ({@link Subshells}), and on {@code comm}. Questions do not wait for a running cell; each has a busy and an idle of its own.
 *
 * <p>All sockets are bound by the constructor, so that nothing a front end sends early is lost, and none is read before
 * {@link #start}, when everything that answers exists.
 */
public final class Kernel implements AutoCloseable {
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final String session = UUID.randomUUID().toString();
    private final AtomicLong serials = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch shutdown = new CountDownLatch(1);

    private final ZMQ.Context context = ZMQ.context(1);
    private final List<ZMQ.Socket> sockets = new ArrayList<>(); // those that the constructor has opened
    private final SocketLoop shellLoop;
    private final SocketLoop controlLoop;
    private final SocketLoop stdinLoop;
    private final Answers.Channel shell;
    private final Answers.Channel control;
    private final ZMQ.Socket stdinSocket;
    private final Heartbeat heartbeat;
    private final IoPub ioPub;
    private final Answers answers;

    private final CellOutputRouter outputs;
    private final InputRequests input;
    private final CellStreams streams;
    private final Comms comms;
    private final KernelRegistry registry = new KernelRegistry();
    private final Rendering rendering = new Rendering();
    private final History history;
    private final ExecutorService questions = Threads.single("questions");
    private final ExecutorService usageThread = Threads.single("usage");
    private final Session javaSession;
    private final List<KernelExtension> extensions;
    private final CodeQuestions codeQuestions;
    private final Subshells shells;

    /** A kernel that cannot start; the message says why, on one line. */
    public static class StartException extends Exception {
        private static final long serialVersionUID = 1L;

        StartException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** One of its addresses is taken, or none of this machine's. */
    public static final class AddressException extends StartException {
        private static final long serialVersionUID = 1L;

        AddressException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * Binds the sockets, takes over {@code System.out}, {@code System.err} and {@code System.in}, opens the session and
     * starts the extensions. Closes the history with all else.
     *
     * @throws StartException when a port is taken, a file cannot be written or an extension fails; everything is closed again
     *     then
     */
    public static Kernel open(
            ConnectionFile connection,
            Function<SessionHost, Session> session,
            List<KernelExtension> extensions,
            History history)
            throws StartException {
        Kernel kernel;
        try {
            kernel = new Kernel(connection, session, extensions, history);
        } catch (ZMQException unbound) {
            throw new AddressException(
                    "The kernel cannot listen on "
                            + connection.address(connection.properties().getShellPort())
                            + " and the other ports of its connection file: " + unbound.getMessage()
                            + ". Another program may use one of them; start the kernel again.",
                    unbound);
        } catch (IllegalArgumentException | IllegalStateException told) {
            throw told; // by the connection file, in words for people; KernelProgram prints them
        } catch (RuntimeException | Error failure) {
            throw new StartException("The kernel cannot start: " + IoReason.ofAny(failure), failure);
        }
        for (KernelExtension extension : extensions) {
            try {
                extension.start(kernel.new Services());
            } catch (Throwable failure) {
                kernel.close();
                throw new StartException(
                        "The extension " + extension.getClass().getName() + " did not start: "
                                + IoReason.ofAny(failure),
                        failure);
            }
        }
        return kernel;
    }

    private Kernel(
            ConnectionFile connection,
            Function<SessionHost, Session> openSession,
            List<KernelExtension> extensions,
            History history) {
        this.history = history;
        this.extensions = List.copyOf(extensions);
        JupyterCodec codec = connection.codec();
        var ports = connection.properties();
        try {
            ZMQ.Socket shellSocket = bound(SocketType.ROUTER, connection.address(ports.getShellPort()));
            ZMQ.Socket controlSocket = bound(SocketType.ROUTER, connection.address(ports.getControlPort()));
            stdinSocket = bound(SocketType.ROUTER, connection.address(ports.getStdinPort()));
            heartbeat = new Heartbeat(bound(SocketType.ROUTER, connection.address(ports.getHbPort())));
            ioPub = new IoPub(
                    context, bound(SocketType.XPUB, connection.address(ports.getIopubPort())), codec, session);
            answers = new Answers(ioPub, session);
            outputs = new CellOutputRouter(ioPub, session, rendering);
            shellLoop = new SocketLoop("shell", context, codec);
            controlLoop = new SocketLoop("control", context, codec);
            stdinLoop = new SocketLoop("stdin", context, codec);
            shell = new Answers.Channel(shellLoop, shellSocket);
            control = new Answers.Channel(controlLoop, controlSocket);
            input = new InputRequests(outputs, session, message -> stdinLoop.send(stdinSocket, message));
            comms = new Comms(context, ioPub, session, this::parentOfCaller);
            streams = new CellStreams(outputs, input.stream());
            Notebook.connect(new CellFrontEnd(outputs, rendering, input));
            javaSession = openSession.apply(registry);
            codeQuestions = new CodeQuestions(javaSession);
            shells = new Subshells(
                    new CellThread.Parts(
                            outputs,
                            ioPub,
                            input,
                            rendering,
                            history,
                            this.extensions,
                            serials,
                            new AtomicInteger(),
                            new ShellReplies()),
                    javaSession);
            shellLoop.own(shellSocket, dispatch(shellTable()));
            controlLoop.own(controlSocket, dispatch(controlTable()));
            stdinLoop.own(stdinSocket, input::onMessage);
        } catch (RuntimeException | Error failure) {
            giveUp();
            throw failure;
        }
    }

    /** Undoes what the constructor has done so far. A context waits for all its sockets to be closed, without end. */
    private void giveUp() {
        sockets.forEach(ZMQ.Socket::close);
        if (comms != null) {
            comms.close();
        }
        if (streams != null) {
            streams.close();
        }
        Notebook.connect(null);
        context.close();
    }

    private ZMQ.Socket bound(SocketType type, String address) {
        ZMQ.Socket socket = context.socket(type);
        sockets.add(socket);
        SocketLoop.configured(socket);
        if (type == SocketType.ROUTER) {
            // A front end that reconnects comes back under its old identity.
            socket.setRouterHandover(true);
        } else {
            // Each subscriber is welcomed, not the first of a topic alone.
            socket.setXpubVerbose(true);
        }
        socket.bind(address);
        return socket;
    }

    /** Begins to answer. */
    public void start() {
        javaSession.warmUp();
        ioPub.start();
        ioPub.status(new JsonObject(), PublishStatus.STARTING, false);
        heartbeat.start();
        shells.start();
        stdinLoop.start();
        controlLoop.start();
        shellLoop.start();
    }

    /** Waits until a front end asks for the end. */
    public void awaitShutdown() throws InterruptedException {
        shutdown.await();
    }

    /** Interrupts the running cell, as an {@code interrupt_request} does. */
    public void interrupt() {
        shells.interrupt(() -> {});
    }

    /** Ends {@link #awaitShutdown}. */
    public void requestShutdown() {
        shutdown.countDown();
    }

    // ---- the dispatch tables ----

    /** Answers one request; reached on the thread that the table names. */
    private interface Handler {
        void handle(JupyterMessage request);
    }

    private Map<String, Handler> shellTable() {
        return Map.ofEntries(
                Map.entry("execute_request", ofShell(one -> one.cells()::submit)),
                Map.entry("kernel_info_request", shellReply("kernel_info_reply", request -> KernelInfo.content())),
                Map.entry("history_request", on(questions, shellReply("history_reply", history::answer))),
                Map.entry("comm_info_request", shellReply("comm_info_reply", comms::info)),
                Map.entry("complete_request", on(questions, shellReply("complete_reply", codeQuestions::complete))),
                Map.entry("inspect_request", on(questions, shellReply("inspect_reply", codeQuestions::inspect))),
                Map.entry(
                        "is_complete_request",
                        on(questions, shellReply("is_complete_reply", codeQuestions::isComplete))),
                Map.entry("comm_open", ofShell(one -> on(one.comms(), withoutReply(comms::onOpen)))),
                Map.entry("comm_msg", ofShell(one -> on(one.comms(), withoutReply(comms::onMessage)))),
                Map.entry("comm_close", ofShell(one -> on(one.comms(), withoutReply(comms::onClose)))),
                Map.entry("shutdown_request", request -> shutdown(shell, request)));
    }

    private Map<String, Handler> controlTable() {
        return Map.of(
                "interrupt_request", this::interrupt,
                "kernel_info_request", controlReply("kernel_info_reply", request -> KernelInfo.content()),
                "shutdown_request", request -> shutdown(control, request),
                "create_subshell_request", controlReply("create_subshell_reply", request -> shells.create(request)),
                "delete_subshell_request", controlReply("delete_subshell_reply", request -> shells.delete(request)),
                "list_subshell_request", controlReply("list_subshell_reply", request -> shells.list(request)),
                "usage_request", on(usageThread, controlReply("usage_reply", new ProcessUsage()::answer)),
                "debug_request", controlReply("debug_reply", DebugRefusal::content));
    }

    private Consumer<JupyterMessage> dispatch(Map<String, Handler> table) {
        return request -> table.getOrDefault(request.type(), this::unknown).handle(request);
    }

    /** Chooses by the shell that the request is for, which there may not be. */
    private Handler ofShell(Function<Subshells.One, Handler> choice) {
        return request -> shells.of(request)
                .map(choice)
                .orElseGet(() -> this::withoutShell)
                .handle(request);
    }

    private void withoutShell(JupyterMessage request) {
        if (request.type().endsWith("_request")) {
            answers.answer(shell, request, request.type().replace("_request", "_reply"), shells::refusal);
        } else {
            on(
                            questions,
                            withoutReply(comm -> System.err.println(
                                    shells.refusal(comm).get("evalue").getAsString())))
                    .handle(request);
        }
    }

    private Handler shellReply(String type, Function<JupyterMessage, JsonObject> answer) {
        return request ->
                answers.answer(shell, request, type, shells.of(request).isPresent() ? answer : shells::refusal);
    }

    private Handler controlReply(String type, Function<JupyterMessage, JsonObject> answer) {
        return request -> answers.answer(control, request, type, answer);
    }

    private Handler withoutReply(Consumer<JupyterMessage> action) {
        return request -> {
            ioPub.status(request.header(), PublishStatus.BUSY, false);
            Cell destination = new Cell(serials.incrementAndGet(), 0);
            outputs.enter(destination, request.header());
            try {
                action.accept(request);
            } catch (Throwable failure) {
                outputs.write(
                        destination, CellOutput.Stream.STDERR, "kernel", "A comm handler failed: " + failure + "\n");
                KernelLog.LOGGER.log(Level.WARNING, "A comm handler failed", failure);
            } finally {
                outputs.drain(destination);
                outputs.leave();
                ioPub.status(request.header(), PublishStatus.IDLE, false);
            }
        };
    }

    private Handler on(ExecutorService thread, Handler handler) {
        return request -> {
            try {
                thread.execute(() -> handler.handle(request));
            } catch (RejectedExecutionException closing) {
                // The kernel is about to exit; the front end asked for that and waits for no answer.
                KernelLog.LOGGER.log(Level.FINE, "Dropped a {0} at the end", request.type());
            }
        };
    }

    private void unknown(JupyterMessage request) {
        ioPub.status(request.header(), PublishStatus.BUSY, false);
        KernelLog.LOGGER.log(Level.WARNING, "There is no answer to messages of type {0}", request.type());
        ioPub.status(request.header(), PublishStatus.IDLE, false);
    }

    // ---- the answers ----

    /** The reply comes when it is decided what is stopped: what a front end sends after it is not. */
    private void interrupt(JupyterMessage request) {
        Handler reply = controlReply("interrupt_reply", stopped -> new JsonObject());
        shells.interrupt(() -> reply.handle(request));
    }

    /** Replies on the channel and, for all other front ends, on IOPub; then the kernel ends. */
    private void shutdown(Answers.Channel channel, JupyterMessage request) {
        answers.answer(channel, request, "shutdown_reply", asked -> {
            JsonObject content = new JsonObject();
            content.addProperty("restart", asked.flag("restart", false));
            JsonObject broadcast = content.deepCopy();
            broadcast.addProperty("status", "ok");
            ioPub.publishLast(JupyterMessage.publication("shutdown_reply", broadcast, asked.header(), session));
            return content;
        });
        requestShutdown();
    }

    // ---- what others see ----

    private final class Services implements KernelServices {
        @Override
        public SessionClasses classes() {
            return javaSession.classes();
        }

        @Override
        public CellOutput output() {
            return outputs;
        }

        @Override
        public CommManager comms() {
            return comms;
        }

        @Override
        public Renderer renderer() {
            return rendering.registry();
        }

        @Override
        public void addMagic(Magic magic) {
            registry.addMagic(magic);
        }

        @Override
        public void addImports(List<String> declarations) {
            registry.addImports(declarations);
        }

        @Override
        public void addApi(Class<?> anchor, List<String> packages) {
            registry.addApi(anchor, packages);
        }

        @Override
        public void addClassTransform(ClassTransform transform) {
            registry.addClassTransform(transform);
        }
    }

    private final class ShellReplies implements CellThread.Replies {
        @Override
        public void reply(JupyterMessage request, String type, JsonObject content, JsonObject metadata) {
            answers.reply(shell, request, type, content, metadata);
        }

        @Override
        public void afterArrivals(Runnable action) {
            shellLoop.post(action);
        }
    }

    private JsonObject parentOfCaller() {
        return outputs.current().map(outputs::parentHeader).orElseGet(JsonObject::new);
    }

    // ---- the end ----

    /**
     * Interrupts the running cell, closes extensions and session, sends what is queued. Bounded: users' code and
     * extensions get five seconds together. May be called twice; the second call does nothing.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        requestShutdown();
        shells.stop();
        questions.shutdownNow();
        usageThread.shutdownNow();
        closeBounded();
        streams.close();
        Notebook.connect(null);
        shellLoop.close();
        controlLoop.close();
        stdinLoop.close();
        heartbeat.close();
        ioPub.close();
        comms.close();
        context.close();
    }

    private void closeBounded() {
        Thread closer = new Thread(
                () -> {
                    extensions.forEach(Kernel::closeGuarded);
                    closeGuarded(javaSession);
                    closeGuarded(history);
                },
                "closer");
        closer.setDaemon(true);
        closer.start();
        try {
            closer.join(CLOSING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (closer.isAlive()) {
            KernelLog.LOGGER.warning("Extensions or session took more than " + CLOSING.toSeconds() + " s to close");
        }
    }

    private static void closeGuarded(AutoCloseable part) {
        try {
            part.close();
        } catch (Throwable failure) {
            KernelLog.LOGGER.log(Level.WARNING, part.getClass().getName() + " did not close well", failure);
        }
    }
}
