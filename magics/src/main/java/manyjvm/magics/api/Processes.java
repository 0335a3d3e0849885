package manyjvm.magics.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.Pool;
import manyjvm.parallel.PoolStatus;
import manyjvm.parallel.Process;
import manyjvm.parallel.spi.Exit;
import manyjvm.parallel.spi.ParallelRuntime;

/** The processes of the session, and which of them magics have killed for taking too long. Guarded by itself. */
final class Processes {
    private static final int NAMED_IN_ERRORS = 8;

    /** Of a JVM that ended because its memory did, as all that are started here do. */
    private static final int OUT_OF_MEMORY = 3;

    private final Map<Process, Duration> overdue = new WeakHashMap<>();

    private static List<Process> all() {
        return ParallelRuntime.ifAny()
                .map(runtime -> runtime.started(Process.class))
                .orElse(List.of());
    }

    /** The latest of this name. */
    Process named(String name) {
        Process found = null;
        for (Process process : all()) {
            if (process.name().equals(name)) {
                found = process;
            }
        }
        if (found == null) {
            List<String> names = all().stream().map(Process::name).distinct().toList();
            String latest = String.join(", ", names.subList(Math.max(0, names.size() - NAMED_IN_ERRORS), names.size()));
            throw new ParallelException("there is no process named '" + name + "'"
                    + (names.isEmpty()
                            ? ": none was started"
                            : " (the latest: " + latest + "); %process list shows them"));
        }
        return found;
    }

    Set<String> names() {
        return all().stream().map(Process::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The limit runs on a timer of the JDK's; a process that ends in time is left alone. The future is a copy, since orTimeout completes it. */
    void killAfter(Process process, Duration limit) {
        process.onExit()
                .thenApply(ended -> ended)
                .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((ended, late) -> {
                    if (late != null && process.isAlive()) {
                        synchronized (this) {
                            overdue.put(process, limit);
                        }
                        process.kill();
                    }
                });
    }

    /** Why an ended process counts as failed; empty for exit code 0. */
    synchronized Optional<String> failure(Process process) {
        String who = process.name() + " (pid " + process.pid() + ")";
        Duration limit = overdue.get(process);
        int code = process.exitCode();
        if (limit != null) {
            return Optional.of(who + " took longer than its --timeout of " + words(limit) + " and was killed");
        }
        return switch (code) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(who + " ended with exit code 1: System.exit(1), or the exception printed above");
            case OUT_OF_MEMORY ->
                Optional.of(who + " ended with exit code 3: out of memory (--heap 1g gives it more) or System.exit(3)");
            case -9 ->
                Optional.of(who + " was ended by signal 9 (SIGKILL). If nobody killed it, the system ran out of memory:"
                        + " use fewer processes or a smaller heap.");
            default ->
                Optional.of(who + (code < 0 ? " was ended by " + Exit.signal(-code) : " ended with exit code " + code));
        };
    }

    /** The processes that live, and the last that have ended; then the workers of pools. */
    Table table(List<Pool> pools) {
        List<List<String>> rows = new ArrayList<>();
        for (Process process : all()) {
            boolean alive = process.isAlive();
            String state = alive ? "runs" : failure(process).isEmpty() ? "done" : "failed";
            rows.add(List.of(
                    process.name(),
                    String.valueOf(process.pid()),
                    state,
                    alive ? "" : String.valueOf(process.exitCode()),
                    alive ? "" : howItEnded(process)));
        }
        for (Pool pool : pools) {
            for (PoolStatus.Worker worker : pool.status().workers()) {
                if (worker.pid() != 0) {
                    rows.add(List.of(
                            pool.name() + "/" + worker.number(), String.valueOf(worker.pid()), worker.state(), "", ""));
                }
            }
        }
        return new Table(List.of("process", "pid", "state", "exit code", ""), rows, "no processes");
    }

    private synchronized String howItEnded(Process process) {
        if (overdue.containsKey(process)) {
            return "killed at its timeout";
        }
        int code = process.exitCode();
        return switch (code) {
            case 0 -> "";
            case 1 -> "uncaught exception or System.exit(1)";
            case OUT_OF_MEMORY -> "out of memory or System.exit(3)";
            default ->
                code < 0 ? Exit.signalName(-code).orElseGet(() -> Exit.signal(-code)) : "System.exit(" + code + ")";
        };
    }

    static void await(Process process) {
        try {
            process.join();
        } catch (InterruptedException interrupt) {
            throw ProcessSetUp.interrupted(process.name());
        }
    }

    static boolean await(Process process, Duration timeout) {
        try {
            return process.join(timeout);
        } catch (InterruptedException interrupt) {
            throw ProcessSetUp.interrupted(process.name());
        }
    }

    /** {@code 1.5 s}. */
    static String words(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() / 1000.0 + " s";
    }
}
