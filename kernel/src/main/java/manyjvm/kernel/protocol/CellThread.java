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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.logging.Level;
import manyjvm.kernel.api.Notebook;
import manyjvm.kernel.display.Rendering;
import manyjvm.kernel.session.Session;
import manyjvm.kernel.session.Session.Outcome;
import manyjvm.kernel.spi.Cell;
import manyjvm.kernel.spi.KernelExtension;

/**
 * Runs {@code execute_request}s, one after the other, on the thread {@code cell}, which alone runs users' code and holds
 * the execution count ("Execute" in the protocol). Interrupts come from the control thread.
 *
 * <p>A cell ends in this order: its code, the extensions' {@code settle}, all its output, the reply, {@code idle}; some
 * front ends stop listening at idle.
 */
final class CellThread {
    /** What the thread works with. */
    record Parts(
            Session session,
            CellOutputs outputs,
            IoPub ioPub,
            InputRequests input,
            Rendering rendering,
            History history,
            List<KernelExtension> extensions) {}

    private final Parts parts;
    private final AtomicLong serials;
    private final Replies replies;
    private final BlockingQueue<JupyterMessage> requests = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "cell");

    /** Confined to the thread. */
    private int executionCount;

    // Guarded by this object's lock.
    private boolean running;
    private boolean stopping;

    /** The shell channel, seen from here. */
    interface Replies {
        void reply(JupyterMessage request, String type, JsonObject content);

        /** Runs the action once all requests that have reached this process by now are in the queue. */
        void afterArrivals(Runnable action);
    }

    /** @param serials numbers everything that may print */
    CellThread(Parts parts, AtomicLong serials, Replies replies) {
        this.parts = parts;
        this.serials = serials;
        this.replies = replies;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void submit(JupyterMessage executeRequest) {
        requests.add(executeRequest);
    }

    /** Stops the running cell, if there is one: extensions first, since a cell may wait for their workers. */
    synchronized void interrupt() {
        if (!running) {
            return;
        }
        for (KernelExtension extension : parts.extensions()) {
            guarded("interrupted()", extension, extension::interrupted);
        }
        parts.session().interrupt();
        // A value's toString() runs after the session is done with the cell.
        thread.interrupt();
    }

    /** Interrupts what runs, aborts what waits, and takes nothing more. Does not wait. */
    void stop() {
        synchronized (this) {
            stopping = true;
            interrupt();
            thread.interrupt();
        }
    }

    private void run() {
        while (true) {
            try {
                JupyterMessage request = requests.take();
                synchronized (this) {
                    if (stopping) {
                        return;
                    }
                }
                answer(request);
            } catch (InterruptedException e) {
                synchronized (this) {
                    if (stopping) {
                        return;
                    }
                }
                // A late interrupt for a cell that has just ended: the next cell must not suffer from it.
            } catch (Throwable failure) {
                KernelLog.LOGGER.log(Level.SEVERE, "A cell could not be answered; please report this", failure);
            }
        }
    }

    private void answer(JupyterMessage request) {
        JsonObject parent = request.header();
        parts.ioPub().status(parent, PublishStatus.BUSY, true);
        boolean silent = request.flag("silent", false);
        boolean stored = !silent && request.flag("store_history", true);
        // As in IPython: a cell that is not stored shows the next number without using it up.
        int count = stored ? ++executionCount : executionCount + 1;
        Cell cell = new Cell(serials.incrementAndGet(), count);
        parts.outputs().enter(cell, parent);
        JsonObject reply = new JsonObject();
        boolean failed = true;
        try {
            Executed executed = execute(request, cell, silent, stored);
            failed = executed.failed();
            reply = executed.reply();
        } catch (Throwable failure) {
            reply = failure(cell, failed(failure));
        } finally {
            finish(request, reply, failed && request.flag("stop_on_error", true));
        }
    }

    private record Executed(JsonObject reply, boolean failed) {}

    private Executed execute(JupyterMessage request, Cell cell, boolean silent, boolean stored) {
        String code = request.text("code", "");
        if (!silent) {
            parts.outputs().becomeLatest(cell);
            parts.outputs().publish(cell, new PublishExecuteInput(code, cell.count()));
        }
        Optional<DisplayData> result = Optional.empty();
        JsonObject reply = new JsonObject();
        Outcome outcome;
        begin(cell, request);
        try {
            outcome = runCode(code, cell, value -> showFurtherValue(cell, silent, value));
            if (outcome instanceof Outcome.Done done) {
                result = done.value()
                        .filter(value -> !(value instanceof Notebook.Display))
                        .map(parts.rendering()::render);
                reply.addProperty("status", "ok");
                reply.addProperty("execution_count", cell.count());
                reply.add("user_expressions", evaluate(request.object("user_expressions")));
                reply.add("payload", new JsonArray());
            }
        } finally {
            end(cell);
        }
        if (stored) {
            parts.history().add(cell.count(), code, result.map(Rendering::text).orElse(null));
        }
        if (!(outcome instanceof Outcome.Done)) {
            return new Executed(failure(cell, outcome), true);
        }
        if (!silent) {
            result.ifPresent(data -> parts.outputs().publish(cell, new PublishExecuteResult(cell.count(), data)));
        }
        return new Executed(reply, false);
    }

    private Outcome runCode(String code, Cell cell, Consumer<Object> values) {
        try {
            return parts.session().run(code, cell.count(), values);
        } catch (Throwable failure) {
            return failed(failure);
        }
    }

    private void begin(Cell cell, JupyterMessage request) {
        synchronized (this) {
            running = true;
        }
        parts.input().begin(cell, request);
    }

    /** After this no interrupt meant for the cell can hit what follows. */
    private void end(Cell cell) {
        parts.input().end();
        synchronized (this) {
            running = false;
            // Read and cleared under the lock that interrupts are sent under.
            Thread.interrupted();
        }
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
                    .publish(cell, new PublishDisplayData(parts.rendering().render(value)));
        }
    }

    private JsonObject evaluate(JsonObject expressions) {
        JsonObject values = new JsonObject();
        for (Map.Entry<String, JsonElement> entry : expressions.entrySet()) {
            Outcome outcome;
            try {
                outcome = parts.session().evaluate(entry.getValue().getAsString());
            } catch (Throwable failure) {
                outcome = failed(failure);
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
        DisplayData data = done.value().map(parts.rendering()::render).orElseGet(() -> new DisplayData("null"));
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
            return new PublishError(failed.name(), failed.message(), failed.traceback());
        }
        if (outcome instanceof Outcome.Interrupted interrupted) {
            return new PublishError("Interrupted", "the cell was interrupted", interrupted.traceback());
        }
        throw new IllegalStateException("No error: " + outcome);
    }

    /** For what a session should have caught. */
    private static Outcome.Failed failed(Throwable failure) {
        KernelLog.LOGGER.log(Level.SEVERE, "The session let an exception out; please report this", failure);
        StringWriter stack = new StringWriter();
        failure.printStackTrace(new PrintWriter(stack, true));
        String message = failure.getMessage() == null ? "" : failure.getMessage();
        return new Outcome.Failed(
                failure.getClass().getName(),
                message,
                stack.toString().strip().lines().toList());
    }

    private void finish(JupyterMessage request, JsonObject reply, boolean abortQueued) {
        // Taken before the reply goes out: what a front end sends when it knows of the error must run.
        List<JupyterMessage> aborted = abortQueued ? takeQueued() : List.of();
        replies.reply(request, MessageType.EXECUTE_REPLY.getName(), reply);
        parts.outputs().leave();
        parts.ioPub().status(request.header(), PublishStatus.IDLE, true);
        aborted.forEach(this::abort);
    }

    /** {@code stop_on_error}: what was sent before the front end could know of the error. */
    private List<JupyterMessage> takeQueued() {
        CountDownLatch arrived = new CountDownLatch(1);
        replies.afterArrivals(arrived::countDown);
        try {
            // The shell thread never blocks; the bound is for a machine that stands still.
            if (!arrived.await(2, TimeUnit.SECONDS)) {
                KernelLog.LOGGER.warning("The shell thread did not answer within 2 s");
            }
        } catch (InterruptedException e) {
            // Only stop() interrupts here; the flag tells run() so.
            Thread.currentThread().interrupt();
        }
        List<JupyterMessage> queued = new ArrayList<>();
        requests.drainTo(queued);
        return queued;
    }

    private void abort(JupyterMessage request) {
        parts.ioPub().status(request.header(), PublishStatus.BUSY, true);
        JsonObject reply = new JsonObject();
        reply.addProperty("status", "aborted");
        reply.addProperty("execution_count", executionCount);
        replies.reply(request, MessageType.EXECUTE_REPLY.getName(), reply);
        parts.ioPub().status(request.header(), PublishStatus.IDLE, true);
    }

    private static void guarded(String call, KernelExtension extension, Runnable action) {
        try {
            action.run();
        } catch (Throwable failure) {
            KernelLog.LOGGER.log(
                    Level.SEVERE,
                    call + " of " + extension.getClass().getName() + " failed; please report this",
                    failure);
        }
    }
}
