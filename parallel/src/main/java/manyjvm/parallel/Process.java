package manyjvm.parallel;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import manyjvm.parallel.shared.Waits;
import manyjvm.parallel.spi.ParallelRuntime;
import manyjvm.parallel.spi.ProcessControl;
import manyjvm.parallel.spi.ProcessSettings;
import org.jspecify.annotations.Nullable;

/**
 * A fresh JVM that runs one target. Python's {@code multiprocessing.Process}.
 *
 * <pre>{@code
 * var array = Array.of(1, 2, 3);
 * var p = new Process(() -> array.set(0, 42));
 * p.start();
 * p.join();
 * System.out.println(array + ", exit code " + p.exitCode());    // [42, 2, 3], exit code 0
 * }</pre>
 *
 * <p>The target and the variables it uses are snapshotted at {@link #start}. An exception that nothing catches is printed to
 * the standard error of the place that started it and makes the exit code 1. The JVM ends when the target and the non-daemon
 * threads it started have ended. Safe for use by any thread.
 */
public final class Process implements AutoCloseable {
    /** How many processes that have ended a JVM remembers. */
    private static final int REMEMBERED = 50;

    /** Guarded by this; gone once started, since ended processes are remembered for a while. */
    private @Nullable Object target;

    private final ParallelRuntime runtime;
    private final ProcessSettings settings;
    private volatile @Nullable ProcessControl control; // once started

    /**
     * A process that is still to be started: Python's {@code Process(target)}, with the arguments in the lambda. For a name and
     * other settings, see {@link #builder}.
     *
     * @param target may throw: what nothing catches makes the exit code 1
     */
    public Process(Action target) {
        this(target, new Builder(target));
    }

    /** As {@link #Process(Action)}, for a target in a variable. */
    public Process(Runnable target) {
        this(target, new Builder(target));
    }

    private Process(@Nullable Object target, Builder builder) {
        if (target == null) {
            throw new NullPointerException("the target is null");
        }
        this.target = target;
        this.runtime = ParallelRuntime.current();
        this.settings = new ProcessSettings(
                builder.name(runtime, "Process"), builder.daemon, builder.jvm(), builder.output(runtime));
    }

    /** Settings of a new process, which needs a {@link Builder#target target}. */
    public static Builder builder() {
        return new Builder(null);
    }

    /**
     * Starts the JVM and returns this.
     *
     * @throws NotShippableException when the target cannot travel; nothing has run then
     * @throws IllegalStateException when it was started before
     */
    public synchronized Process start() {
        if (control != null) {
            throw new IllegalStateException(name() + " was started before: a process runs once, make a new one");
        }
        control = runtime.start(settings, Objects.requireNonNull(target, "of a process that was not started"));
        target = null;
        runtime.started(Process.class, this, process -> !process.isAlive(), REMEMBERED);
        return this;
    }

    /** Waits for its end. @throws IllegalStateException when it was not started */
    public void join() throws InterruptedException {
        ProcessControl running = waiting(false);
        try {
            running.onExit().get();
        } catch (ExecutionException failure) {
            throw ended(failure);
        } finally {
            runtime.waits().over();
        }
    }

    /**
     * Waits for its end, or until the time is up.
     *
     * @return whether it has ended
     */
    public boolean join(Duration timeout) throws InterruptedException {
        long nanos = Checks.nanos(timeout);
        ProcessControl running = waiting(true);
        try {
            running.onExit().get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException failure) {
            throw ended(failure);
        } finally {
            runtime.waits().over();
        }
    }

    private ProcessControl waiting(boolean bounded) {
        ProcessControl running = started();
        runtime.waits()
                .begin(
                        () -> "the end of " + name(),
                        Optional.empty(),
                        bounded,
                        () -> List.of(new Waits.Holder(running.jvmId(), 0)));
        return running;
    }

    /** Whether it was started and has not ended. */
    public boolean isAlive() {
        ProcessControl present = control;
        return present != null && !present.onExit().isDone();
    }

    /** Asks the JVM to end (SIGTERM): shutdown hooks run, {@code finally} blocks do not. The exit code is -15. */
    public void terminate() {
        started().terminate();
    }

    /** Ends the JVM at once (SIGKILL). The exit code is -9. */
    public void kill() {
        started().kill();
    }

    /** Interrupts the target's thread; a target that ignores it runs on. */
    public void interrupt() {
        started().interrupt();
    }

    /**
     * What its threads do now, what they wait for and who has it, with the deadlock when there is one, also by way of other
     * processes; for a process that seems to hang. The process answers itself, also while its target is stuck. Cost: a
     * millisecond, the first time a tenth of a second, and a pause of its threads as for a small garbage collection; the same
     * for each process that it waits for, and two seconds for one that is frozen.
     *
     * @throws ParallelException when it has ended, or is frozen and gives no answer within some seconds
     */
    public ThreadDump stack() {
        return started().threads();
    }

    /** {@code Process-1}, or what the builder was given. */
    public String name() {
        return settings.name();
    }

    /** Whether it ends with its driver, see {@link Builder#daemon}. */
    public boolean daemon() {
        return settings.daemon();
    }

    /** The operating system's number of it. @throws IllegalStateException when it was not started */
    public long pid() {
        return started().pid();
    }

    /**
     * How it ended: 0, 1 for an uncaught exception, n for {@code System.exit(n)}, -n for signal n.
     *
     * @throws IllegalStateException while it runs
     */
    public int exitCode() {
        if (!started().onExit().isDone()) {
            throw new IllegalStateException(name() + " is still running: join() it first");
        }
        return started().onExit().join();
    }

    /** Completes, on a callback thread, when it has ended and everything it printed has been handed over. */
    public CompletableFuture<Process> onExit() {
        return started().onExit().thenApplyAsync(code -> this, runtime.callbacks());
    }

    /** Waits for its end; interrupted while waiting, it kills it. A process that was never started is left alone. */
    @Override
    public void close() {
        if (control == null) {
            return;
        }
        try {
            join();
        } catch (InterruptedException interrupt) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        ProcessControl present = control;
        if (present == null) {
            return name() + " (not started)";
        }
        return present.onExit().isDone()
                ? name() + " (exit code " + exitCode() + ")"
                : name() + " (pid " + present.pid() + ")";
    }

    private ProcessControl started() {
        ProcessControl present = control;
        if (present == null) {
            throw new IllegalStateException(name() + " has not been started: call start() first");
        }
        return present;
    }

    private static RuntimeException ended(ExecutionException failure) {
        return failure.getCause() instanceof ParallelException known
                ? known
                : new ParallelException("the process could not be followed: " + failure.getCause(), failure.getCause());
    }

    /**
     * Settings of a new process.
     *
     * <pre>{@code
     * var sleeper = Process.builder()
     *         .name("sleeper")
     *         .daemon(true)
     *         .maxHeap("64m")
     *         .target(() -> Thread.sleep(600_000))
     *         .start();
     * System.out.println(sleeper.join(Duration.ofMillis(10)));    // false
     * sleeper.kill();
     * System.out.println(sleeper.onExit().join());                // sleeper (exit code -9)
     * }</pre>
     */
    public static final class Builder extends JvmBuilder<Builder> {
        private @Nullable Object target;
        private boolean daemon;

        private Builder(@Nullable Object target) {
            this.target = target;
        }

        @Override
        Builder self() {
            return this;
        }

        /** What the process runs. */
        public Builder target(Action target) {
            this.target = target;
            return this;
        }

        /** As {@link #target(Action)}, for a target in a variable. */
        public Builder target(Runnable target) {
            this.target = target;
            return this;
        }

        /**
         * Whether it is killed at once when the program that started it ends; without this a plain program gives it up to 10 s
         * to end first. (Python waits without end: {@link #join} it where that is wanted.) In a notebook all end with the kernel.
         */
        public Builder daemon(boolean daemon) {
            this.daemon = daemon;
            return this;
        }

        /**
         * The process, still to be started.
         *
         * @throws NullPointerException without a target
         */
        public Process build() {
            return new Process(target, this);
        }

        /** {@link #build} and {@link Process#start}. */
        public Process start() {
            return build().start();
        }
    }
}
