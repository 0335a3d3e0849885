package manyjvm.magics.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.IntFunction;
import manyjvm.parallel.Action;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.Process;
import manyjvm.parallel.Queue;
import manyjvm.parallel.Task;
import org.jspecify.annotations.Nullable;

/** The options of {@code %process}, and what is done with it at the end: {@code run}, {@code finish} or {@code start}. */
public final class ProcessSetUp {
    private final Processes processes;
    private final @Nullable String nameOrNull;
    private Optional<Duration> timeout = Optional.empty();
    private Optional<String> heap = Optional.empty();
    private Optional<String> options = Optional.empty();
    private Optional<Path> javaHome = Optional.empty();

    ProcessSetUp(Processes processes, @Nullable String nameOrNull) {
        this.processes = processes;
        this.nameOrNull = nameOrNull;
    }

    /** {@code --heap}: the size of its heap, such as {@code 512m}. */
    public ProcessSetUp heap(String size) {
        heap = Optional.of(size);
        return this;
    }

    /** @param options words as on a command line */
    public ProcessSetUp jvm(String options) {
        this.options = Optional.of(options);
        return this;
    }

    /** {@code --jdk}: the folder of the JDK that it runs on. */
    public ProcessSetUp jdk(String home) {
        javaHome = Optional.of(Path.of(home));
        return this;
    }

    /** A process that is not done after this time is killed. */
    public ProcessSetUp timeout(Duration timeout) {
        this.timeout = Optional.of(timeout);
        return this;
    }

    /** Starts it and does not wait. */
    public Process start(Action target) {
        return started(nameOrNull, target);
    }

    /**
     * {@code -n COPIES --async}: as {@link #start(Action)}, with one target for each copy by its number from 0 on.
     */
    public List<Process> start(int copies, IntFunction<Action> targets) {
        List<Process> started = new ArrayList<>();
        for (int rank = 0; rank < copies; rank++) {
            started.add(started(nameOf(rank), targets.apply(rank)));
        }
        return started;
    }

    /**
     * Starts it and waits for its end.
     *
     * @throws ParallelException when its exit code is not 0, or it took longer than its timeout
     */
    public Process finish(Action target) {
        Process process = start(target);
        ended(List.of(process));
        return process;
    }

    /**
     * As {@link #finish(Action)}, for copies that run at the same time: the failures of all are told together.
     */
    public List<Process> finish(int copies, IntFunction<Action> targets) {
        List<Process> started = start(copies, targets);
        ended(started);
        return started;
    }

    /** As {@link #finish}, for a cell that does not show the process. */
    public void run(Action target) {
        finish(target);
    }

    /** As {@link #finish(int, IntFunction)}, for a cell that does not show the processes. */
    public void run(int copies, IntFunction<Action> targets) {
        finish(copies, targets);
    }

    /**
     * Makes a target that calls a body and sends its value. Magics write it into the cell, since what travels to a process must
     * be of the cell's own making.
     */
    @FunctionalInterface
    public interface Sender<R> {
        Action of(Task<R> body, Queue<List<R>> values);
    }

    /** Starts it and does not wait; the result has the body's value once it has ended. */
    public <R> ProcessResult<R> startResult(Sender<R> sender, Task<R> body) {
        return result(nameOrNull, sender, body);
    }

    /** As {@link #startResult(Sender, Task)}, for copies. */
    public <R> List<ProcessResult<R>> startResult(int copies, Sender<R> sender, IntFunction<Task<R>> bodies) {
        List<ProcessResult<R>> started = new ArrayList<>();
        for (int rank = 0; rank < copies; rank++) {
            started.add(result(nameOf(rank), sender, bodies.apply(rank)));
        }
        return started;
    }

    /**
     * Starts it, waits for its end and gives its value.
     *
     * @throws ParallelException when its exit code is not 0, or it took longer than its timeout
     */
    public <R> R result(Sender<R> sender, Task<R> body) {
        ProcessResult<R> result = startResult(sender, body);
        ended(List.of(result.process()));
        return result.join();
    }

    /** As {@link #result(Sender, Task)}, for copies that run at the same time: their values by number. */
    public <R> List<R> result(int copies, Sender<R> sender, IntFunction<Task<R>> bodies) {
        List<ProcessResult<R>> results = startResult(copies, sender, bodies);
        ended(results.stream().map(ProcessResult::process).toList());
        List<R> values = new ArrayList<>(); // not of a stream: a value may be null
        results.forEach(result -> values.add(result.join()));
        return values;
    }

    private <R> ProcessResult<R> result(@Nullable String name, Sender<R> sender, Task<R> body) {
        Queue<List<R>> values = new Queue<>();
        return new ProcessResult<>(started(name, sender.of(body, values)), values, processes);
    }

    private @Nullable String nameOf(int rank) {
        return nameOrNull == null ? null : nameOrNull + "-" + rank;
    }

    private Process started(@Nullable String name, Action target) {
        Process.Builder builder = Process.builder().target(target);
        if (name != null) {
            builder.name(name);
        }
        heap.ifPresent(builder::maxHeap);
        options.ifPresent(words -> builder.jvmOptions(CommandLine.words(words)));
        javaHome.ifPresent(builder::javaHome);
        Process process = builder.start();
        timeout.ifPresent(limit -> processes.killAfter(process, limit));
        return process;
    }

    /** Waits for all. When the wait is interrupted, or one fails, the others' ends are still waited for or brought about. */
    private void ended(List<Process> started) {
        boolean complete = false;
        try {
            started.forEach(Processes::await);
            complete = true;
        } finally {
            if (!complete) {
                started.forEach(Process::kill);
            }
        }
        List<String> failures = started.stream()
                .map(processes::failure)
                .flatMap(Optional::stream)
                .toList();
        if (!failures.isEmpty()) {
            throw new ParallelException(String.join("\n", failures));
        }
    }

    /** What an interrupted wait throws: the interrupt flag is set again. */
    static CancellationException interrupted(String what) {
        Thread.currentThread().interrupt();
        return new CancellationException("the wait for " + what + " was interrupted");
    }
}
