package manyjvm.kernel.protocol;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import manyjvm.kernel.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * The shells of a kernel: the main one, which it is born with, and the subshells that front ends make ("Kernel subshells" in the
 * protocol; Jupyter's enhancement proposal 91). Within a shell cells run one after the other, cells of different shells beside each
 * other, each on threads of its shell's own. All count on together, as the Python kernel's do: {@code In[7]} is one cell, in a trace
 * too. A Stop is the kernel's, not a shell's: it ends what runs in any of them.
 *
 * <p>Created, deleted and listed on the control thread; requests find their shell on the shell thread.
 */
final class Subshells {
    private final CellThread.Parts parts;
    private final Session session;
    private final One main;

    /** Guarded by itself. */
    private final Map<String, One> subshells = new LinkedHashMap<>();

    /** @param comms the thread for what front ends send to comms by this shell */
    record One(CellThread cells, ExecutorService comms, Session.@Nullable Subshell ofSession) {}

    Subshells(CellThread.Parts parts, Session session) {
        this.parts = parts;
        this.session = session;
        this.main =
                new One(new CellThread(parts, session::begin, "execution", () -> true), Threads.single("comm"), null);
    }

    /** Begins to answer. */
    void start() {
        main.cells().start();
    }

    /** The shell that a request is for; empty when there is none of that id. */
    Optional<One> of(JupyterMessage request) {
        Optional<String> id = request.subshell();
        if (id.isEmpty()) {
            return Optional.of(main);
        }
        synchronized (subshells) {
            return Optional.ofNullable(subshells.get(id.get()));
        }
    }

    /** Why a request for a shell that is not there gets no other answer. */
    JsonObject refusal(JupyterMessage request) {
        String id = request.subshell().orElseThrow();
        JsonObject content = unknown(id);
        if (request.type().equals("execute_request")) {
            content.addProperty("execution_count", parts.executionCount().get());
        }
        return content;
    }

    private static JsonObject unknown(String id) {
        return Answers.error(
                "UnknownSubshell",
                "this kernel has no subshell " + id
                        + ": list_subshell_request tells those it has, and a restart ends them all");
    }

    /** Answers a {@code create_subshell_request}. */
    JsonObject create(JupyterMessage request) {
        String id = UUID.randomUUID().toString();
        Session.Subshell ofSession = session.openSubshell();
        // What belongs to no cell, a thread of the common pool, works for the main shell's while that has one.
        CellThread cells = new CellThread(parts, ofSession::begin, "execution-subshell", () -> !main.cells()
                .isBusy());
        synchronized (subshells) {
            subshells.put(id, new One(cells, Threads.single("comm-subshell"), ofSession));
        }
        cells.start();
        JsonObject content = new JsonObject();
        content.addProperty("subshell_id", id);
        return content;
    }

    /**
     * Answers a {@code delete_subshell_request}: what runs there is interrupted, what waits is aborted, each with a reply of its
     * own, and its threads end when that is done. Does not wait for it.
     */
    JsonObject delete(JupyterMessage request) {
        String id = request.text("subshell_id", "");
        One deleted;
        synchronized (subshells) {
            deleted = subshells.remove(id);
        }
        if (deleted == null) {
            return unknown(id);
        }
        deleted.cells().retire(() -> end(deleted));
        return new JsonObject();
    }

    private static void end(One shell) {
        shell.comms().shutdown();
        if (shell.ofSession() != null) {
            shell.ofSession().close();
        }
    }

    /** Answers a {@code list_subshell_request}. */
    JsonObject list(JupyterMessage request) {
        JsonArray ids = new JsonArray();
        synchronized (subshells) {
            subshells.keySet().forEach(ids::add);
        }
        JsonObject content = new JsonObject();
        content.add("subshell_id", ids);
        return content;
    }

    private List<One> all() {
        synchronized (subshells) {
            return Stream.concat(Stream.of(main), subshells.values().stream()).toList();
        }
    }

    /**
     * Stops the cells whose code is not done, of all shells. When there is none, stops the cells that have reached this process by
     * now: a user may stop a cell before the kernel has taken it up, and the two requests come by different sockets. A cell that
     * arrives later is another one, which nobody has stopped. Returns at once.
     *
     * @param done is called when that is decided
     */
    void interrupt(Runnable done) {
        boolean stopped = false;
        for (One shell : all()) {
            stopped |= shell.cells().stopCurrent();
        }
        if (stopped) {
            done.run();
            return;
        }
        parts.replies().afterArrivals(() -> {
            all().forEach(shell -> shell.cells().stopArrived());
            done.run();
        });
    }

    /** Interrupts what runs, and takes nothing more. Does not wait. */
    void stop() {
        for (One shell : all()) {
            shell.cells().stop();
            shell.comms().shutdownNow();
        }
    }
}
