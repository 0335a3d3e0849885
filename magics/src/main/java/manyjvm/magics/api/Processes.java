package manyjvm.magics.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.Process;
import manyjvm.parallel.ProcessInfo;

/** The processes that magics started, by name, the latest under a name that was used again. Guarded by itself. */
final class Processes {
    private static final int REMEMBERED = 100;

    private final Map<String, Process> byName = new LinkedHashMap<>();
    private final Map<Process, Duration> overdue = new LinkedHashMap<>();

    synchronized void add(Process process) {
        byName.remove(process.name());
        byName.put(process.name(), process);
        if (byName.size() > REMEMBERED) {
            forgetAnEndedOne();
        }
    }

    private void forgetAnEndedOne() {
        byName.values().stream()
                .filter(process -> !process.isAlive())
                .findFirst()
                .ifPresent(process -> {
                    byName.remove(process.name());
                    overdue.remove(process);
                });
    }

    synchronized Process named(String name) {
        Process process = byName.get(name);
        if (process == null) {
            String known = byName.isEmpty() ? "there is none" : "there are: " + String.join(", ", byName.keySet());
            throw new ParallelException("%process has started none named '" + name + "' (" + known + ")");
        }
        return process;
    }

    synchronized Set<String> names() {
        return new TreeSet<>(byName.keySet());
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
            return Optional.of(who + " was not done after " + words(limit) + " and was killed");
        }
        return switch (code) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(who + " ended with exit code 1: an uncaught exception or System.exit(1)");
            case -9 -> Optional.of(who + " was ended by signal 9 (SIGKILL)");
            default ->
                Optional.of(who + (code < 0 ? " was ended by signal " + -code : " ended with exit code " + code));
        };
    }

    /** @param alive all worker processes; those that are not in here are shown too, after the magics' own */
    synchronized Table table(List<ProcessInfo> alive) {
        List<List<String>> rows = new ArrayList<>();
        for (Process process : byName.values()) {
            String state = process.isAlive() ? "runs" : failure(process).isEmpty() ? "done" : "failed";
            String code = process.isAlive() ? "" : String.valueOf(process.exitCode());
            rows.add(List.of(process.name(), String.valueOf(process.pid()), state, code));
        }
        for (ProcessInfo info : alive) {
            boolean shown = byName.values().stream().anyMatch(process -> process.pid() == info.pid());
            if (!shown) {
                rows.add(List.of(info.name(), String.valueOf(info.pid()), "runs", ""));
            }
        }
        return new Table(List.of("process", "pid", "state", "exit code"), rows, "no processes");
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
