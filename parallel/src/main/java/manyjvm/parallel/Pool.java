package manyjvm.parallel;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import manyjvm.parallel.insight.Insights;
import manyjvm.parallel.insight.Recording;
import manyjvm.parallel.insight.Timeline;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.ParallelRuntime;
import manyjvm.parallel.spi.PoolSettings;
import manyjvm.parallel.spi.WorkerPool;
import org.jspecify.annotations.Nullable;

/**
 * Workers that are JVMs of their own, and the calls that run on them. Python's {@code multiprocessing.Pool}, and an
 * {@link ExecutorService}.
 *
 * <pre>{@code
 * try (var pool = new Pool(2)) {
 *     List<Integer> squares = pool.map(x -> x * x, range(10));
 *     System.out.println(squares);                   // [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]
 * }
 * try (var threads = Pool.threads(4)) {              // the same calls, without other JVMs
 *     System.out.println(threads.apply(() -> ProcessHandle.current().pid()) == ProcessHandle.current().pid());    // true
 * }
 * }</pre>
 *
 * <p>Workers start in the background, in some tenths of a second. {@link #close} waits for the work that was submitted, as
 * {@code ExecutorService} does (Python's {@code with} terminates). Safe for use by any thread.
 */
public final class Pool extends Calls implements ExecutorService, AutoCloseable {
    private final ExecutorTasks tasks = new ExecutorTasks(submitter());

    /** One worker for each processor: Python's {@code Pool()}. */
    public Pool() {
        this(new Builder().settings());
    }

    /**
     * So many worker JVMs: Python's {@code Pool(processes)}. For anything else, see {@link #builder}.
     *
     * @throws IllegalArgumentException when less than 1
     */
    public Pool(int workers) {
        this(new Builder().workers(workers).settings());
    }

    private Pool(PoolSettings settings) {
        super(Submitter.to(new PoolState(ParallelRuntime.current(), settings)));
        state().runtime().started(Pool.class, this, Pool::isShutdown, 0);
    }

    private PoolState state() {
        return submitter().state();
    }

    private WorkerPool workers() {
        return state().workerPool();
    }

    /**
     * Workers that are threads of this JVM: nothing is copied, and nothing is isolated. Python's {@code ThreadPool}.
     *
     * @throws IllegalArgumentException when less than 1
     */
    public static Pool threads(int workers) {
        return builder().backend("threads").workers(workers).build();
    }

    /**
     * As {@link #threads}, with virtual threads.
     *
     * @throws ParallelException on a JDK before 21, which has none
     */
    public static Pool virtual(int workers) {
        return builder().backend("virtual").workers(workers).build();
    }

    /** Settings of a new pool, which starts with {@link Builder#build}. */
    public static Builder builder() {
        return new Builder();
    }

    // ---------------------------------------------------------------- life

    /** {@code Pool-1}, or what the builder was given. */
    public String name() {
        return workers().settings().name();
    }

    /** How many workers it keeps, whether they run now or not. */
    public int size() {
        return state().workers();
    }

    /**
     * Its workers and counts at this moment. Costs a turn of the driver's thread, and a message to each process and back, for
     * which it waits a third of a second at most: of one that is frozen, or has no time, it says what is known and since when.
     * The items that workers are at are shown by their {@code toString}, on the calling thread.
     */
    public PoolStatus status() {
        return workers().status();
    }

    /**
     * What its workers did for the last cell that gave them work, in figures; in a plain program since the last pause of a minute.
     * Cost: a turn of the driver's thread, and up to a second where a worker does not answer.
     *
     * @throws ParallelException when the driver has closed, or is too busy to answer
     */
    public Insights insights() {
        return recording().last().insights();
    }

    /** The same as a picture: which worker did what when. */
    public Timeline timeline() {
        return recording().last().timeline();
    }

    /** All that is remembered of what its workers did, also after its end: the last sixteen cells that gave them work. */
    public Recording recording() {
        return workers().recording();
    }

    /**
     * What the threads of one worker do now, as {@link Process#stack}.
     *
     * @param worker its number, from 1, as in the prefix of its lines
     * @throws IllegalArgumentException when the pool has no such worker
     * @throws ParallelException when it does not run, or is frozen and gives no answer within some seconds
     */
    public ThreadDump stack(int worker) {
        return workers().threads(worker);
    }

    /** Changes how the text of submissions from now on is shown. */
    public void output(OutputMode mode) {
        workers().output(mode);
    }

    /** Cancels everything that was submitted; the pool stays usable. */
    public void interrupt() {
        workers().interrupt();
    }

    /** Cancels everything that was submitted and replaces the workers by fresh ones. */
    public void restart() {
        workers().restart();
    }

    /**
     * Takes no more work, waits for the work that is there and for its callbacks, and ends the workers. What an {@code imap}
     * has not read of its input is dropped: after the results on their way its reader gets a {@link PoolClosedException}.
     * May be called again, from anywhere; in a callback of the pool it waits for no callbacks. Interrupted while waiting, it
     * terminates.
     */
    @Override
    public void close() {
        workers().close();
        state().sealStreams();
        try {
            workers().await(Checks.FOR_EVER);
            state().awaitCallbacks(Checks.FOR_EVER);
        } catch (InterruptedException interrupt) {
            terminate();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the workers now; what was submitted and has no result yet is cancelled. */
    public void terminate() {
        workers().terminate();
    }

    /**
     * Waits until the workers of a closed or terminated pool have ended and all callbacks have run.
     *
     * @throws IllegalStateException when the pool still takes work, as Python's does
     */
    public void join() throws InterruptedException {
        join(Checks.FOR_EVER);
    }

    /** As {@link #join()}, at most so long. @return whether the workers have ended and all callbacks have run */
    public boolean join(Duration timeout) throws InterruptedException {
        if (!isShutdown()) {
            throw new IllegalStateException(name() + " is still running: shutdown(), close() or terminate() it first");
        }
        return awaitTermination(Checks.nanos(timeout), TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        return workers().await(Duration.ofNanos(unit.toNanos(timeout)))
                && state().awaitCallbacks(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }

    /**
     * Takes no more work and returns at once; the workers end after the work that is there, and after every {@code imap} has
     * been read to its end. Python's {@code close()}.
     */
    @Override
    public void shutdown() {
        workers().close();
    }

    /**
     * As {@link #terminate}.
     *
     * @return an empty list: submitted tasks have been encoded for their journey and their futures are cancelled
     */
    @Override
    public List<Runnable> shutdownNow() {
        terminate();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return workers().isClosed();
    }

    @Override
    public boolean isTerminated() {
        return workers().isTerminated();
    }

    @Override
    public String toString() {
        return name() + " (" + workers().backend().count(size()) + (isShutdown() ? ", closed)" : ")");
    }

    // ---------------------------------------------------------------- ExecutorService

    /** As {@link #applyAsync(Task)}, with the task's own exception as the cause, as an {@code ExecutorService} has it. */
    public <R extends @Nullable Object> AsyncResult<R> submit(Task<R> task) {
        return tasks.submit(CallKind.CALLABLE, task);
    }

    /** As {@link #submit(Task)}; the result is null once the action has run. */
    public AsyncResult<Void> submit(Action action) {
        return tasks.submit(CallKind.RUNNABLE, action);
    }

    @Override
    public <T extends @Nullable Object> AsyncResult<T> submit(Callable<T> task) {
        return tasks.submit(CallKind.CALLABLE, task);
    }

    @Override
    public AsyncResult<?> submit(Runnable action) {
        tasks.refuseLocal(action);
        return tasks.submit(CallKind.RUNNABLE, action);
    }

    @Override
    public <T extends @Nullable Object> Future<T> submit(Runnable action, T result) {
        tasks.refuseLocal(action);
        return tasks.<Void>submit(CallKind.RUNNABLE, action).thenApply(nothing -> result);
    }

    /** As {@link #execute(Runnable)}. */
    public void execute(Action action) {
        tasks.execute(action);
    }

    /**
     * Runs the action on a worker. What it throws is shown on the submitting place's standard error.
     *
     * @throws ParallelException for the wrappers of the JDK's own futures, which work inside one JVM only
     */
    @Override
    public void execute(Runnable action) {
        tasks.refuseLocal(action);
        tasks.execute(action);
    }

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
            throws InterruptedException {
        return invokeAll(tasks, Checks.FOR_EVER.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(
            Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit) throws InterruptedException {
        return TaskGroup.all(this, tasks, timeout, unit);
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> tasks)
            throws InterruptedException, ExecutionException {
        try {
            return invokeAny(tasks, Checks.FOR_EVER.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException never) {
            throw new IllegalStateException("a hundred years have passed", never);
        }
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(
            Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return TaskGroup.any(this, tasks, timeout, unit);
    }

    // ---------------------------------------------------------------- builder

    /**
     * Settings of a new pool.
     *
     * <pre>{@code
     * try (var pool = Pool.builder()
     *         .workers(2)
     *         .name("crunch")
     *         .maxHeap("256m")
     *         .jvmOptions("-Dmode=fast")
     *         .initializer(() -> System.setProperty("ready", "yes"))
     *         .maxTasksPerWorker(100)
     *         .taskTimeout(Duration.ofSeconds(60))
     *         .retries(1)
     *         .build()) {
     *     System.out.println(pool.map(x -> x + System.getProperty("mode"), List.of("a ", "b ")));    // [a fast, b fast]
     *     System.out.println(pool.status().name());      // crunch
     * }
     * }</pre>
     */
    public static final class Builder extends JvmBuilder<Builder> {
        private int workers = Parallel.cpuCount();
        private String backend = "processes";
        private Optional<Object> initializer = Optional.empty();
        private Optional<Object> exitHook = Optional.empty();
        private int maxTasksPerWorker;
        private long maxMemoryPerWorker;
        private Optional<Duration> taskTimeout = Optional.empty();
        private int retries;
        private Optional<Duration> idleTimeout = Optional.empty();
        private Optional<Boolean> progress = Optional.empty();

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * How many workers the pool keeps; without it one for each processor.
         *
         * @throws IllegalArgumentException when less than 1
         */
        public Builder workers(int workers) {
            this.workers = Checks.workers(workers);
            return this;
        }

        /** {@code processes} (the default), {@code threads}, {@code virtual}, or another backend on the class path. */
        public Builder backend(String backend) {
            this.backend = backend;
            return this;
        }

        /**
         * What each worker runs first; when it fails, the pool ends with its error. Python's {@code initializer}, whose
         * {@code initargs} are the variables that a lambda uses.
         */
        public Builder initializer(Action initializer) {
            this.initializer = Optional.of(initializer);
            return this;
        }

        /** As {@link #initializer(Action)}, for an action in a variable. */
        public Builder initializer(Runnable initializer) {
            this.initializer = Optional.of(initializer);
            return this;
        }

        /**
         * What each worker runs before it ends in good order; not when it is killed. After it the JVM's own shutdown hooks
         * have some 10 s.
         */
        public Builder exitHook(Action exitHook) {
            this.exitHook = Optional.of(exitHook);
            return this;
        }

        /** As {@link #exitHook(Action)}, for an action in a variable. */
        public Builder exitHook(Runnable exitHook) {
            this.exitHook = Optional.of(exitHook);
            return this;
        }

        /** After so many tasks (chunks of a map) a worker is replaced by a fresh one. Python's maxtasksperchild. */
        public Builder maxTasksPerWorker(int tasks) {
            this.maxTasksPerWorker = Checks.notNegative(tasks);
            return this;
        }

        /**
         * After a task (a chunk of a map) a worker that takes up more memory than this is replaced by a fresh one, in good
         * order: nothing is lost. A guard against libraries that leak, as Celery's {@code max-memory-per-child}; what a
         * single task needs is limited by {@link #maxHeap}.
         *
         * <p>Measured is the resident set, without shared {@link Value}s and {@link Array}s: the whole JVM, some 60 MB when
         * idle, and the heap with garbage not collected yet. So stay well above {@code maxHeap}, or above what a task needs,
         * lest each task gets a worker of its own. Cost: a look into {@code /proc} after a chunk, at most ten a second and
         * worker; and a worker's start for each replacement.
         *
         * @param size such as {@code 1g}
         * @throws ParallelException from {@link #build} on systems without {@code /proc}, and for workers that are threads
         */
        public Builder maxMemoryPerWorker(String size) {
            this.maxMemoryPerWorker = Checks.bytes(size);
            return this;
        }

        /**
         * An item that takes longer has its worker killed and fails. A worker that does not even begin an item within this
         * and 2 s more, for loading the function, is killed as well.
         */
        public Builder taskTimeout(Duration timeout) {
            this.taskTimeout = Optional.of(Checks.positive(timeout));
            return this;
        }

        /** How often an item is run again whose worker died. Without it an item is started at most once. */
        public Builder retries(int retries) {
            this.retries = Checks.notNegative(retries);
            return this;
        }

        /** Workers that had nothing to do for so long end; the next submission starts new ones. */
        public Builder idleTimeout(Duration timeout) {
            this.idleTimeout = Optional.of(Checks.positive(timeout));
            return this;
        }

        /**
         * Whether submissions that last over a second show how far they are, in one line: a bar, items done, rate, time left,
         * failures, and what each worker does. It is drawn in place, at most ten times a second, and ends saying how the work
         * ended. Submissions of one item that overlap have a line together; one alone has none unless it is asked for here.
         *
         * <p>Without this a notebook's cell shows it, and so does a program whose standard error is a terminal (on Linux),
         * unless the environment has {@code MANYJVM_PROGRESS=off}; with {@code true}, a program without a terminal prints the last line.
         * {@link Calls#progress} says otherwise for one call.
         */
        public Builder progress(boolean shown) {
            this.progress = Optional.of(shown);
            return this;
        }

        /**
         * The pool, whose workers start in the background.
         *
         * @throws IllegalArgumentException when workers that are threads are given settings of a JVM
         * @throws ParallelException for a backend that there is not, or not on this JDK
         */
        public Pool build() {
            return new Pool(settings());
        }

        private PoolSettings settings() {
            ParallelRuntime runtime = ParallelRuntime.current();
            return new PoolSettings(
                    name(runtime, "Pool"),
                    workers,
                    backend,
                    jvm(),
                    initializer,
                    exitHook,
                    maxTasksPerWorker,
                    maxMemoryPerWorker,
                    taskTimeout,
                    retries,
                    idleTimeout,
                    output(runtime),
                    progress);
        }
    }
}
