package manyjvm.parallel.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.PoolClosedException;
import manyjvm.parallel.PoolStatus;
import manyjvm.parallel.ThreadDump;
import manyjvm.parallel.shared.Waits;
import manyjvm.parallel.spi.Backend;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.Job;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.spi.JvmSettings;
import manyjvm.parallel.spi.PoolSettings;
import manyjvm.parallel.spi.WorkerPool;
import manyjvm.parallel.wire.Code;
import manyjvm.parallel.wire.connect.OwnerLoop;

/**
 * One pool: tells its {@link Scheduler} what happens, and carries out what that commands. Confined to the driver's thread, but
 * for the methods of {@link WorkerPool}, which post.
 */
final class PoolWork implements WorkerPool, Command.Receiver, Worker.Owner {
    /** Who waits longer waits for ever. */
    private static final Duration A_YEAR = Duration.ofDays(365);

    private final Driver driver;
    private volatile PoolSettings settings;
    private final Backend backend;
    private final OutputTarget ambient;
    private final Scheduler scheduler;
    private final Map<WorkerLife, Worker> workers = new HashMap<>();
    private final Map<Scheduler.Hook, Code> hooks =
            new EnumMap<>(Scheduler.Hook.class); // until the end, since they keep
    // the shared objects they refer to
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile OutputMode output;
    private final Object admission = new Object(); // between submissions and a close, see postIfOpen
    private volatile boolean closed; // set while admission is held
    private volatile RuntimeException broken;
    private long written; // the sink's mark after the last text of its submissions, and of workers that have ended
    private volatile long done; // written by the driver's thread
    private volatile long failed;
    private boolean carryingOut;
    private OwnerLoop.Timer alarm; // null for none
    private long alarmAt;

    /** On the caller's thread: the hooks are snapshotted here. */
    PoolWork(Driver driver, PoolSettings settings, Backend backend, Object place) {
        this.driver = driver;
        this.backend = backend;
        this.settings = settings;
        this.output = settings.output();
        this.ambient = OutputTarget.ofWorkers(place, output, driver.sink());
        settings.initializer().ifPresent(action -> hook(Scheduler.Hook.INITIALIZER, action, place));
        settings.exitHook().ifPresent(action -> hook(Scheduler.Hook.EXIT_HOOK, action, place));
        this.scheduler = new Scheduler(new Scheduler.Rules(
                settings.name(),
                settings.workers(),
                Set.copyOf(hooks.keySet()),
                settings.maxTasksPerWorker(),
                settings.maxMemoryPerWorker(),
                settings.idleTimeout(),
                life -> ResidentSet.of(workers.get(life).pid()).orElse(0),
                driver::whyNoneStarts));
    }

    private void hook(Scheduler.Hook hook, Object action, Object place) {
        hooks.put(hook, driver.code(action, backend, settings.jvm(), place));
    }

    void start() {
        tell(scheduler::start);
    }

    /** Tells the scheduler of an event, and does what it wants. */
    private void tell(Runnable event) {
        scheduler.at(System.nanoTime());
        try {
            event.run();
        } finally { // what it had decided before a fault is done
            carryOut();
        }
    }

    /** What comes of a command may be told meanwhile, and is carried out after those that are there. */
    private void carryOut() {
        if (carryingOut) {
            return;
        }
        carryingOut = true;
        try {
            for (Command command = scheduler.next(); command != null; command = scheduler.next()) {
                try {
                    command.tell(this);
                } catch (RuntimeException | Error fault) { // which costs no other
                    driver.fault(fault);
                }
            }
        } finally {
            carryingOut = false;
        }
        setAlarm(scheduler.nextAlarm());
    }

    /** An alarm that comes too early does no harm: so one that is no longer wanted is not called off. */
    private void setAlarm(long at) {
        if (at == Long.MAX_VALUE || alarm != null && alarmAt - at <= 0) {
            return;
        }
        if (alarm != null) {
            alarm.cancel();
        }
        alarmAt = at;
        alarm = driver.loop().after(Duration.ofNanos(Math.max(0, at - System.nanoTime())), () -> {
            alarm = null;
            tell(scheduler::timePassed);
        });
    }

    // ------------------------------------------------------------ WorkerPool: any thread

    @Override
    public PoolSettings settings() {
        return settings;
    }

    @Override
    public Backend backend() {
        return backend;
    }

    @Override
    public Job open(Object function, CallKind kind, JobSettings wanted, JobListener listener) {
        refuseIfClosed();
        Object place = driver.sink().place();
        Code code = driver.codeOfSubmission(function, backend, settings.jvm(), place);
        JobSettings job = new JobSettings(
                wanted.description(),
                wanted.taskTimeout().or(settings::taskTimeout),
                wanted.retries() >= 0 ? wanted.retries() : settings.retries(),
                wanted.failFast(),
                wanted.everyWorker());
        OutputTarget target = OutputTarget.ofSubmission(driver.nextSubmission(), place, output, driver.sink());
        JobWork work = new JobWork(this, driver, code, kind, job, target, listener);
        Submission submission = work.submission();
        try {
            postIfOpen(() -> {
                driver.enter(target);
                tell(() -> scheduler.submitted(submission));
            });
            return work;
        } catch (RuntimeException refused) {
            post(work::refused);
            throw refused;
        }
    }

    /**
     * Posts what only an open pool does. It runs before whatever a later close does, and is refused after an earlier one: else
     * workers would be started that nobody ends, for a caller to whom nobody answers.
     */
    private void postIfOpen(Runnable command) {
        boolean posted;
        synchronized (admission) {
            refuseIfClosed();
            posted = driver.loop().post(command);
        }
        if (!posted) {
            throw Scheduler.driverClosed(settings.name());
        }
    }

    private void closeAndPost(Runnable command) {
        synchronized (admission) {
            closed = true;
            post(command);
        }
    }

    private void refuseIfClosed() {
        RuntimeException reason = broken;
        if (reason != null) {
            throw new ParallelException(reason.getMessage(), reason);
        }
        if (closed) {
            throw new PoolClosedException(settings.name() + " is closed: make a new Pool");
        }
    }

    @Override
    public void close() {
        closeAndPost(() -> tell(scheduler::close));
    }

    @Override
    public void terminate() {
        closeAndPost(() -> tell(scheduler::terminate));
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public boolean isTerminated() {
        return ended.isDone();
    }

    @Override
    public boolean await(Duration timeout) throws InterruptedException {
        Waits waits = driver.shared().linker().waits();
        waits.begin(
                () -> "the end of " + settings.name(),
                Optional.empty(),
                timeout.compareTo(A_YEAR) < 0,
                () -> Worker.taskThreads(this::post, () -> workersAt(chunk -> !chunk.submission.mayEndEarly())));
        try {
            ended.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("the end of a pool cannot fail: please report", impossible);
        } finally {
            waits.over();
        }
    }

    /** Those that are at a chunk like this, and not only hold it for later. */
    Stream<Worker> workersAt(Predicate<Chunk> which) {
        return workers.values().stream()
                .filter(worker -> worker.life().head().filter(which).isPresent());
    }

    @Override
    public void interrupt() {
        post(() -> tell(scheduler::interrupt));
    }

    @Override
    public void restart() {
        postIfOpen(() -> tell(scheduler::restart));
    }

    @Override
    public void output(OutputMode mode) {
        output = mode;
    }

    @Override
    public PoolStatus status() {
        CompletableFuture<PoolStatus> answer = new CompletableFuture<>();
        if (driver.loop().post(() -> answer.complete(statusNow()))) {
            try {
                return answer.get(Driver.GRACE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException closing) {
                // the driver is closing, or very busy: what is known without it
            }
        }
        return new PoolStatus(
                settings.name(),
                settings.backend(),
                closed ? "closed" : "running",
                output,
                List.of(),
                0,
                0,
                done,
                failed);
    }

    @Override
    public ThreadDump threads(int number) {
        if (number < 1 || number > settings.workers()) {
            throw new IllegalArgumentException(settings.name() + " has no worker " + number + ": its workers are "
                    + (settings.workers() == 1 ? "1 only" : "1 to " + settings.workers()));
        }
        String name = settings.name() + " worker " + number;
        long pid = status().workers().stream()
                .filter(worker -> worker.number() == number)
                .mapToLong(PoolStatus.Worker::pid)
                .findFirst()
                .orElse(0);
        return driver.threadDumps().of(name, pid, table -> {
            scheduler
                    .life(number)
                    .map(workers::get)
                    .ifPresentOrElse(
                            worker -> worker.askThreads(table),
                            () -> table.completeExceptionally(new ParallelException(
                                    name + " does not run now: it starts with the next task, or its pool has ended")));
        });
    }

    private PoolStatus statusNow() {
        List<PoolStatus.Worker> states = new ArrayList<>();
        for (int number = 1; number <= settings.workers(); number++) {
            long pid = scheduler.life(number).map(workers::get).map(Worker::pid).orElse(0L);
            states.add(new PoolStatus.Worker(number, pid, scheduler.stateOf(number), scheduler.chunksOf(number)));
        }
        String state = broken != null ? "broken: " + broken.getMessage() : closed ? "closed" : "running";
        return new PoolStatus(
                settings.name(),
                settings.backend(),
                state,
                output,
                states,
                scheduler.queued(),
                scheduler.running(),
                done,
                failed);
    }

    // ------------------------------------------------------------ submissions

    boolean post(Runnable command) {
        return driver.loop().post(command);
    }

    long nextChunk() {
        return driver.nextChunk();
    }

    void added(Chunk chunk) {
        tell(() -> scheduler.added(chunk));
    }

    void complete(Submission submission) {
        tell(() -> scheduler.complete(submission));
    }

    void cancel(Submission submission) {
        tell(() -> scheduler.cancel(submission));
    }

    /** Cancels what was submitted from there. */
    void cancel(Object place) {
        tell(() -> scheduler.cancel(submission -> submission.output().place().equals(place)));
    }

    /** The driver closes: nobody waits any more. */
    void abandon() {
        synchronized (admission) {
            closed = true;
        }
        tell(scheduler::abandon);
    }

    // ------------------------------------------------------------ what workers say

    @Override
    public void launched(Worker worker) {
        // ready follows
    }

    @Override
    public void ready(Worker worker) {
        tell(() -> scheduler.ready(worker.life()));
    }

    @Override
    public void outcomes(
            Worker worker, Chunk chunk, int from, int count, int failures, Supplier<JobListener.Batch> batch) {
        if (!chunk.isHook()) {
            done += count;
            failed += failures;
        }
        if (count > 0 && scheduler.isRunning(chunk.submission)) {
            chunk.submission.listener().arrived(batch.get());
        }
        tell(() -> scheduler.outcomes(chunk, from + count, failures));
    }

    @Override
    public void itemStarted(Worker worker, Chunk chunk, int item) {
        tell(() -> scheduler.itemStarted(worker.life(), chunk, item));
    }

    @Override
    public void done(Worker worker, Chunk chunk) {
        tell(() -> scheduler.done(worker.life(), chunk));
    }

    @Override
    public void returned(Worker worker, Chunk chunk) {
        tell(() -> scheduler.returned(worker.life(), chunk));
    }

    @Override
    public void refused(Worker worker, Chunk chunk, ParallelException reason) {
        tell(() -> scheduler.refused(worker.life(), chunk, reason));
    }

    @Override
    public void died(Worker worker, List<Chunk> left, LostItem.DeadWorker dead, LostItem.Begun begun) {
        written = Math.max(written, worker.written());
        workers.remove(worker.life());
        tell(() -> scheduler.died(worker.life(), left, dead, begun));
    }

    @Override
    public void notLaunched(WorkerLife life, ParallelException reason) {
        workers.remove(life);
        tell(() -> scheduler.notLaunched(life, reason));
    }

    // ------------------------------------------------------------ commands

    @Override
    public void launch(WorkerLife life) {
        driver.launcher()
                .launch(
                        new Launcher.Order(
                                this,
                                life,
                                settings.name() + " worker " + life.number(),
                                "[" + life.number() + "] ",
                                backend,
                                pinned(life.number()),
                                ambient,
                                false),
                        worker -> workers.put(life, worker));
    }

    /** A worker's own processor, when there are several to choose from. */
    private JvmSettings pinned(int number) {
        JvmSettings jvm = settings.jvm();
        List<Integer> cpus = jvm.cpus();
        return cpus.size() < 2
                ? jvm
                : new JvmSettings(
                        jvm.maxHeap(), jvm.options(), jvm.javaHome(), List.of(cpus.get((number - 1) % cpus.size())));
    }

    @Override
    public void run(WorkerLife life, Chunk chunk) {
        if (life.holds(chunk)) { // else it has died since
            workers.get(life).run(chunk);
        }
    }

    @Override
    public void runHook(WorkerLife life, Scheduler.Hook hook) {
        HookRun run = new HookRun(
                driver,
                hook.description(),
                failure -> tell(() -> {
                    if (failure.isEmpty()) {
                        scheduler.hookDone(life, hook);
                    } else {
                        hookFailed(life, hook, failure.get());
                    }
                }));
        Submission submission = run.submission(hooks.get(hook), ambient);
        tell(() -> {
            scheduler.submitted(submission);
            scheduler.added(Chunk.withoutItem(nextChunk(), submission, OptionalInt.of(life.number())));
        });
    }

    private void hookFailed(WorkerLife life, Scheduler.Hook hook, HookRun.Failure failure) {
        if (hook == Scheduler.Hook.EXIT_HOOK && !(failure.thrown() instanceof CancellationException)) {
            driver.complainNow(
                    ambient.place(),
                    "the exit hook of " + settings.name() + " worker " + life.number() + " failed: " + failure.told()
                            + "\n");
        }
        scheduler.hookFailed(life, hook, failure.thrown(), failure.told());
    }

    @Override
    public void reclaim(WorkerLife life, Chunk chunk) {
        if (life.holds(chunk)) {
            workers.get(life).reclaim(chunk);
        }
    }

    @Override
    public void interrupt(WorkerLife life, Chunk chunk) {
        if (life.holds(chunk)) {
            workers.get(life).interrupt(chunk);
        }
    }

    @Override
    public void leave(WorkerLife life) {
        if (!life.isGone()) {
            workers.get(life).leave();
        }
    }

    @Override
    public void kill(WorkerLife life, Optional<String> reason) {
        if (!life.isGone()) {
            workers.get(life).kill(reason);
        }
    }

    @Override
    public void lose(LostItem lost) {
        Chunk chunk = lost.chunk();
        if (!chunk.isHook()) {
            done++;
            failed++;
        }
        chunk.submission.listener().arrived(Batches.failed(lost.index(), lost.failure(driver.reading())));
    }

    @Override
    public void settle(Chunk chunk) {
        chunk.submission.pipes().delivered(chunk);
    }

    @Override
    public void finish(Submission submission, Optional<Throwable> reason) {
        try {
            submission.output().close();
            driver.left(submission.output());
            workers.values().forEach(worker -> worker.submissionEnded(submission));
            if (!submission.hook()) {
                written = Math.max(written, submission.output().written());
            }
        } finally { // whatever goes wrong here, somebody waits
            submission.listener().ended(reason);
        }
    }

    @Override
    public void giveUp(Submission submission, LostItem lost) {
        finish(submission, Optional.of(lost.failure(driver.reading()).get()));
    }

    @Override
    public void breakDown(RuntimeException reason) {
        broken = reason;
        synchronized (admission) {
            closed = true;
        }
    }

    @Override
    public void end() {
        driver.poolEnded(this);
        hooks.clear();
        settings = settings.withoutHooks();
        if (alarm != null) {
            alarm.cancel();
        }
        driver.sink().whenShown(written, () -> ended.complete(null));
    }
}
