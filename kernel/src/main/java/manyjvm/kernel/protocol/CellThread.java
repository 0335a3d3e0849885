package manyjvm.kernel.protocol;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.publish.PublishDisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishError;
import io.github.spencerpark.jupyter.messages.publish.PublishExecuteInput;
import io.github.spencerpark.jupyter.messages.publish.PublishExecuteResult;
import io.github.spencerpark.jupyter.messages.publish.PublishStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import manyjvm.kernel.api.Notebook;
import manyjvm.kernel.display.Rendering;
import manyjvm.kernel.session.Session;
import manyjvm.kernel.session.Session.Outcome;
import manyjvm.kernel.session.text.TracebackColours;
import manyjvm.kernel.spi.Cell;
import manyjvm.kernel.spi.KernelExtension;
import org.jspecify.annotations.Nullable;

/**
 * Answers the {@code execute_request}s of one shell, one after the other, on a thread of its own ("Execute" in the protocol).
 * Users' code runs on a thread of the session's; it cannot interrupt this one. Stops come from the control thread.
 *
 * <p>A cell ends in this order: its code, the extensions' {@code settle}, all its output, the reply, {@code idle}; some
 * front ends stop listening at idle.
 */
final class CellThread {
    /**
     * What the threads of all shells work with.
     *
     * @param serials numbers everything that may print
     * @param executionCount of all shells together
     */
    record Parts(
            CellOutputRouter outputs,
            IoPub ioPub,
            InputRequests input,
            Rendering rendering,
            History history,
            List<KernelExtension> extensions,
            AtomicLong serials,
            AtomicInteger executionCount,
            Replies replies) {}

    /** Begins a cell in the session, as {@link Session#begin} does. */
    interface Begin {
        Session.Run begin(int executionCount, Runnable join);
    }

    /** The name of an error that is none of the user's. */
    private static final String KERNEL_FAILED = "KernelFailure";

    private final Parts parts;
    private final Begin session;
    private final BooleanSupplier takesStrays;
    private final Thread thread;

    // Guarded by this object's lock.
    private final Deque<Execution> waiting = new ArrayDeque<>();
    private @Nullable Execution current;
    private boolean stopping;
    private @Nullable Runnable retired;

    /** A request on its way. Guarded by the lock of its {@code CellThread}. */
    private static final class Execution {
        final JupyterMessage request;
        boolean stopped;
        /** Set while the session works for it: not yet while it gets ready, no more while its output is gathered. */
        Optional<InSession> inSession = Optional.empty();

        Execution(JupyterMessage request) {
            this.request = request;
        }
    }

    private record InSession(Cell cell, Session.Run run) {}

    /** The shell channel, seen from here. */
    interface Replies {
        void reply(JupyterMessage request, String type, JsonObject content, JsonObject metadata);

        /** Runs the action once all requests that have reached this process by now are in the queue. */
        void afterArrivals(Runnable action);
    }

    /**
     * @param session where the cells run
     * @param name of the thread
     * @param takesStrays whether output of threads that belong to no cell goes to a cell that begins now
     */
    CellThread(Parts parts, Begin session, String name, BooleanSupplier takesStrays) {
        this.parts = parts;
        this.session = session;
        this.takesStrays = takesStrays;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void submit(JupyterMessage executeRequest) {
        synchronized (this) {
            if (retired == null) {
                waiting.add(new Execution(executeRequest));
                notifyAll();
                return;
            }
        }
        abort(executeRequest);
    }

    /** Whether a cell is being answered. */
    synchronized boolean isBusy() {
        return current != null;
    }

    /** Stops the cell whose code is not done; else those that wait. */
    synchronized void stopArrived() {
        if (!stopCurrent()) {
            waiting.forEach(execution -> execution.stopped = true);
        }
    }

    /** @return whether there was a cell to stop */
    synchronized boolean stopCurrent() {
        if (current == null) {
            return false;
        }
        current.stopped = true;
        current.inSession.ifPresent(this::stopSession);
        return true;
    }

    /** Extensions before the cell's own code, since it may wait for their workers. */
    private void stopSession(InSession running) {
        running.run().interrupt(() -> {
            for (KernelExtension extension : parts.extensions()) {
                guarded("interrupted()", extension, () -> parts.outputs().as(running.cell(), extension::interrupted));
            }
        });
    }

    /** Interrupts what runs, and takes nothing more; what waits gets no answer. Does not wait. */
    synchronized void stop() {
        stopping = true;
        stopCurrent();
        notifyAll();
    }

    /**
     * Interrupts what runs, aborts what waits, and takes nothing more. Does not wait.
     *
     * @param done is called on the thread, at its end
     */
    synchronized void retire(Runnable done) {
        retired = done;
        stop();
    }

    private void run() {
        for (Execution next = take(); next != null; next = take()) {
            try {
                answer(next);
            } catch (Throwable failure) {
                KernelLog.fault("A cell could not be answered", failure);
            }
        }
        Runnable done;
        List<Execution> left;
        synchronized (this) {
            done = retired;
            left = List.copyOf(waiting);
            waiting.clear();
        }
        if (done != null) {
            left.forEach(execution -> abort(execution.request));
            done.run();
        }
    }

    /** The next request, which is the current one from now on; null when there will be none. */
    private synchronized @Nullable Execution take() {
        current = null;
        while (!stopping) {
            current = waiting.poll();
            if (current != null) {
                return current;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                // Users' code never sees this thread: whoever interrupts it interrupts all threads, and means none.
                continue;
            }
        }
        return null;
    }

    private void answer(Execution execution) {
        JupyterMessage request = execution.request;
        JsonObject parent = request.header();
        String started = JupyterMessage.now();
        parts.ioPub().status(parent, PublishStatus.BUSY, true);
        boolean silent = request.flag("silent", false);
        boolean stored = !silent && request.flag("store_history", true);
        // As in IPython: a cell that is not stored shows the next number without using it up.
        int count = stored
                ? parts.executionCount().incrementAndGet()
                : parts.executionCount().get() + 1;
        Cell cell = new Cell(parts.serials().incrementAndGet(), count);
        parts.outputs().enter(cell, parent);
        JsonObject reply = new JsonObject();
        boolean failed = true;
        try {
            Executed executed = execute(execution, cell, silent, stored);
            failed = executed.failed();
            reply = executed.reply();
        } catch (Throwable failure) {
            reply = failure(cell, failed(failure));
        } finally {
            finish(request, reply, started, failed && request.flag("stop_on_error", true));
        }
    }

    private record Executed(JsonObject reply, boolean failed) {}

    private Executed execute(Execution execution, Cell cell, boolean silent, boolean stored) {
        JupyterMessage request = execution.request;
        String code = request.text("code", "");
        if (stored) {
            parts.history().add(cell.count(), code);
        }
        if (!silent) {
            if (takesStrays.getAsBoolean()) {
                parts.outputs().becomeLatest(cell);
            }
            parts.outputs().publish(cell, new PublishExecuteInput(code, cell.count()));
        }
        Optional<DisplayData> result = Optional.empty();
        JsonObject reply = new JsonObject();
        Outcome outcome;
        Session.Run run = session.begin(cell.count(), () -> parts.outputs().join(cell));
        begin(execution, new InSession(cell, run));
        try {
            outcome = guarded(() -> run.run(code, value -> showFurtherValue(cell, silent, value)));
            if (outcome instanceof Outcome.Done done) {
                outcome = shown(run, done);
            }
            if (outcome instanceof Outcome.Done done) {
                result = done.value().map(DisplayData.class::cast);
                reply.addProperty("status", "ok");
                reply.addProperty("execution_count", cell.count());
                reply.add("user_expressions", evaluate(run, request.object("user_expressions")));
                reply.add("payload", payload(run.nextInput()));
            }
        } finally {
            end(execution, new InSession(cell, run));
            settle(cell);
        }
        if (stored) {
            result.ifPresent(data -> parts.history().addOutput(cell.count(), Rendering.text(data)));
        }
        if (!(outcome instanceof Outcome.Done)) {
            return new Executed(failure(cell, outcome), true);
        }
        if (!silent) {
            result.ifPresent(data -> parts.outputs().publish(cell, new PublishExecuteResult(cell.count(), data)));
        }
        return new Executed(reply, false);
    }

    /** "Payloads" of the protocol, of which front ends have kept this one. */
    private static JsonArray payload(Optional<String> nextInput) {
        JsonArray payload = new JsonArray();
        nextInput.ifPresent(text -> {
            JsonObject setNextInput = new JsonObject();
            setNextInput.addProperty("source", "set_next_input");
            setNextInput.addProperty("text", text);
            setNextInput.addProperty("replace", true);
            payload.add(setNextInput);
        });
        return payload;
    }

    /** Turns the value of the outcome into a {@link DisplayData}. */
    private Outcome shown(Session.Run run, Outcome.Done done) {
        Optional<Object> value = done.value().filter(one -> !(one instanceof Notebook.Display));
        return value.isEmpty() ? new Outcome.Done(value) : rendered(run, value.get());
    }

    private Outcome rendered(Session.Run run, Object value) {
        return guarded(() -> run.show(() -> parts.rendering().render(value)));
    }

    private static Outcome guarded(Supplier<Outcome> part) {
        try {
            return part.get();
        } catch (Throwable failure) {
            return failed(failure);
        }
    }

    private void begin(Execution execution, InSession running) {
        parts.input().begin(running.cell(), execution.request);
        synchronized (this) {
            execution.inSession = Optional.of(running);
            if (execution.stopped) {
                // It was stopped on its way here.
                stopSession(running);
            }
        }
    }

    /** After this no stop of the cell can hit what follows; what still comes is meant for the next. */
    private void end(Execution execution, InSession running) {
        parts.input().end(running.cell());
        synchronized (this) {
            execution.inSession = Optional.empty();
            current = null;
            running.run().close();
        }
    }

    private void settle(Cell cell) {
        for (KernelExtension extension : parts.extensions()) {
            guarded("settle()", extension, () -> extension.settle(cell));
        }
        System.out.flush();
        System.err.flush();
        parts.outputs().drain(cell);
    }

    private void showFurtherValue(Cell cell, boolean silent, Object value) {
        if (!silent && !(value instanceof Notebook.Display)) {
            parts.outputs()
                    .publish(
                            cell,
                            new PublishDisplayData(
                                    value instanceof Session.Inspection asked
                                            ? Rendering.displayData(asked.data())
                                            : parts.rendering().render(value)));
        }
    }

    private JsonObject evaluate(Session.Run run, JsonObject expressions) {
        JsonObject values = new JsonObject();
        for (Map.Entry<String, JsonElement> entry : expressions.entrySet()) {
            Outcome outcome = guarded(() -> run.evaluate(entry.getValue().getAsString()));
            if (outcome instanceof Outcome.Done done && done.value().isPresent()) {
                outcome = rendered(run, done.value().get());
            }
            values.add(entry.getKey(), expressionValue(outcome));
        }
        return values;
    }

    private JsonObject expressionValue(Outcome outcome) {
        if (!(outcome instanceof Outcome.Done done)) {
            JsonObject error = JupyterMessage.json(error(outcome));
            error.addProperty("status", "error");
            return error;
        }
        DisplayData data = done.value().map(DisplayData.class::cast).orElseGet(() -> new DisplayData("null"));
        JsonObject value = JupyterMessage.json(new PublishDisplayData(data));
        value.addProperty("status", "ok");
        return value;
    }

    /** Shows the error in the cell, and makes the reply that tells of it. */
    private JsonObject failure(Cell cell, Outcome outcome) {
        PublishError error = error(outcome);
        parts.outputs().publish(cell, error);
        JsonObject reply = JupyterMessage.json(error);
        reply.addProperty("status", "error");
        reply.addProperty("execution_count", cell.count());
        reply.add("user_expressions", new JsonObject());
        reply.add("payload", new JsonArray());
        return reply;
    }

    private static PublishError error(Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed) {
            return new PublishError(
                    failed.name(), failed.message(), TracebackColours.of(failed.name(), failed.traceback()));
        }
        if (outcome instanceof Outcome.Interrupted interrupted) {
            return new PublishError(
                    "Interrupted",
                    "the cell was interrupted",
                    TracebackColours.of("Interrupted", interrupted.traceback()));
        }
        throw new IllegalStateException("No error: " + outcome);
    }

    /** For what a session should have caught. */
    private static Outcome.Failed failed(Throwable failure) {
        KernelLog.fault("The session let an exception out", failure);
        String message = message(failure);
        StringWriter stack = new StringWriter();
        failure.printStackTrace(new PrintWriter(stack, true));
        return new Outcome.Failed(
                KERNEL_FAILED,
                message,
                Stream.concat(
                                Stream.of(KERNEL_FAILED + ": " + message),
                                stack.toString().strip().lines())
                        .toList());
    }

    private static String message(Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            return "the kernel ran out of memory on this cell: show less at once, or give it more (-Xmx in kernel.json)";
        }
        if (failure instanceof UncheckedIOException && failure.getMessage() != null) {
            return "the kernel cannot run this cell: " + failure.getMessage(); // a full disk is no fault of ours
        }
        return "the kernel failed on this cell (" + failure
                + "); this is a fault of manyjvm, please report it with the cell";
    }

    private void finish(JupyterMessage request, JsonObject reply, String started, boolean abortQueued) {
        // Taken before the reply goes out: what a front end sends when it knows of the error must run.
        List<JupyterMessage> aborted = abortQueued ? takeQueued() : List.of();
        try {
            reply(request, reply, started);
        } finally {
            parts.outputs().leave();
            parts.ioPub().status(request.header(), PublishStatus.IDLE, true);
            aborted.forEach(this::abort);
        }
    }

    /** @param started when the cell was taken up; front ends reckon its time from it to the date of the reply, as for Python */
    private void reply(JupyterMessage request, JsonObject reply, String started) {
        JsonObject metadata = new JsonObject();
        metadata.addProperty("started", started);
        metadata.addProperty("status", JupyterMessage.text(reply, "status", "error"));
        parts.replies().reply(request, MessageType.EXECUTE_REPLY.getName(), reply, metadata);
    }

    /** {@code stop_on_error}: what was sent before the front end could know of the error. */
    private List<JupyterMessage> takeQueued() {
        CountDownLatch arrived = new CountDownLatch(1);
        parts.replies().afterArrivals(arrived::countDown);
        try {
            // The shell thread never blocks; the bound is for a machine that stands still.
            if (!arrived.await(2, TimeUnit.SECONDS)) {
                KernelLog.LOGGER.warning("The shell thread did not answer within 2 s");
            }
        } catch (InterruptedException e) {
            // As in take(): nobody has a reason to.
            KernelLog.LOGGER.fine("The thread execution was interrupted");
        }
        synchronized (this) {
            List<JupyterMessage> queued =
                    waiting.stream().map(execution -> execution.request).toList();
            waiting.clear();
            return queued;
        }
    }

    private void abort(JupyterMessage request) {
        parts.ioPub().status(request.header(), PublishStatus.BUSY, true);
        JsonObject reply = new JsonObject();
        reply.addProperty("status", "aborted");
        reply.addProperty("execution_count", parts.executionCount().get());
        reply(request, reply, JupyterMessage.now());
        parts.ioPub().status(request.header(), PublishStatus.IDLE, true);
    }

    private static void guarded(String call, KernelExtension extension, Runnable action) {
        try {
            action.run();
        } catch (Throwable failure) {
            KernelLog.fault(call + " of " + extension.getClass().getName() + " failed", failure);
        }
    }
}
