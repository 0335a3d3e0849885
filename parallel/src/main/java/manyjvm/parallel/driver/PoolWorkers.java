package manyjvm.parallel.driver;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.insight.Recording;
import manyjvm.parallel.insight.Run;
import manyjvm.parallel.insight.Shipment;
import manyjvm.parallel.insight.Vitals;
import manyjvm.parallel.machine.ResidentSet;
import manyjvm.parallel.shared.Waits;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.spi.JvmSettings;
import manyjvm.parallel.spi.PoolSettings;
import manyjvm.parallel.wire.Code;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.connect.OwnerLoop;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a pool: tells its {@link Scheduler} what happens, and carries out what that commands. Confined to the driver's
 * thread, once made.
 */
final class PoolWorkers implements Command.Receiver, WorkerOwner {
    private final PoolWork pool;
    private final Driver driver;
    private final boolean hidden;
    private final OutputTarget textPlace;
    private final Scheduler scheduler;
    private final Recorder recorder;
    private final Map<WorkerLife, Worker> workers = new HashMap<>();
    private final ProgressLines progress;
    private final PoolSights sights;

    /** Until the end, since they keep the shared objects they refer to. */
    private final Map<Hook, Code> hooks = new EnumMap<>(Hook.class);

    private long written; // the sink's mark after the last text of its submissions, and of workers that have ended
    private volatile long itemsDone; // written by the driver's thread
    private volatile long itemsFailed;
    private boolean carryingOut;
    private OwnerLoop.@Nullable Timer alarm; // null for none
    private long alarmAt;

    /** On the caller's thread: the hooks are snapshotted here. */
    PoolWorkers(PoolWork pool, Driver driver, Object place, boolean hidden) {
        this.pool = pool;
        this.driver = driver;
        this.hidden = hidden;
        PoolSettings settings = pool.settings();
        recorder = new Recorder(settings, Runtime.getRuntime().availableProcessors(), System.nanoTime());
        textPlace = OutputTarget.ofWorkers(place, settings.output(), driver.sink());
        progress = new ProgressLines(
                driver.sink(),
                driver::showsProgress,
                () -> sights().looks(),
                System::nanoTime,
                (delay, action) -> driver.loop().after(delay, action)::cancel);
        settings.initializer().ifPresent(action -> hook(Hook.INITIALIZER, action));
        settings.exitHook().ifPresent(action -> hook(Hook.EXIT_HOOK, action));
        scheduler = new Scheduler(new PoolRules(
                settings.name(),
                settings.workers(),
                Set.copyOf(hooks.keySet()),
                settings.maxTasksPerWorker(),
                settings.maxMemoryPerWorker(),
                settings.idleTimeout(),
                life -> ResidentSet.of(of(life).pid()).orElse(0),
                driver.environment()::whyNoneStarts));
        sights = new PoolSights(driver.loop(), scheduler, settings.workers(), this::worker);
    }

    private void hook(Hook hook, Object action) {
        hooks.put(hook, driver.code(action, pool.backend(), pool.settings().jvm(), textPlace.place()));
    }

    /** Tells the scheduler of an event, and does what it wants. */
    void tell(Consumer<Scheduler> event) {
        tell(System.nanoTime(), event);
    }

    private void tell(long now, Consumer<Scheduler> event) {
        try {
            event.accept(scheduler.at(now));
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
                    command.what().accept(this);
                } catch (RuntimeException | Error fault) { // which costs no other
                    driver.fault(fault);
                    command.otherwise().accept(fault);
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
            tell(Scheduler::timePassed);
        });
    }

    // ------------------------------------------------------------ what is asked

    /** Items with an outcome. Any thread. */
    long itemsDone() {
        return itemsDone;
    }

    /** Those of them that failed. Any thread. */
    long itemsFailed() {
        return itemsFailed;
    }

    ProgressLines progress() {
        return progress;
    }

    /** The sink's mark after the last text of the pool. */
    long written() {
        return written;
    }

    Optional<Worker> worker(int number) {
        return scheduler.slot(number).worker().map(workers::get);
    }

    /**
     * Who is at a chunk like this, and does not only hold it for later. Any thread: they are looked for on the driver's, and the
     * caller waits for it, not for ever.
     */
    List<Waits.Holder> taskThreads(Predicate<Chunk> which) {
        CompletableFuture<List<Waits.Holder>> found = new CompletableFuture<>();
        driver.loop()
                .post(() -> found.complete(workers.values().stream()
                        .filter(worker -> worker.life().head().filter(which).isPresent())
                        .map(Worker::taskThread)
                        .toList()));
        return found.completeOnTimeout(List.of(), Driver.GRACE.toNanos(), TimeUnit.NANOSECONDS)
                .join();
    }

    /** What happened; to be asked for on another thread, since it may run users' code. */
    Supplier<Recording> recording() {
        return recorder.recording(System.nanoTime());
    }

    /** Asks all that are there for their time and memory; by the number of the worker. */
    Map<Integer, CompletableFuture<Vitals>> askVitals() {
        Map<Integer, CompletableFuture<Vitals>> answers = new HashMap<>();
        workers.forEach((life, worker) -> {
            if (life.hasComeIn()) {
                worker.vitals.ask(answers.computeIfAbsent(life.number(), number -> new CompletableFuture<>()));
            }
        });
        return answers;
    }

    PoolSights sights() {
        return sights;
    }

    // ------------------------------------------------------------ what submitters say

    void submitted(Submission submission) {
        driver.enter(submission.output());
        long now = System.nanoTime();
        recorder.submitted(submission, now);
        progress.submitted(submission, now);
        tell(now, at -> at.submitted(submission));
    }

    // ------------------------------------------------------------ what workers say

    @Override
    public void launched(Worker worker) {
        recorder.pid(worker.life(), worker.pid());
    }

    @Override
    public void ready(Worker worker) {
        recorder.pid(worker.life(), worker.pid());
        long now = System.nanoTime();
        recorder.cameIn(worker.life(), now);
        tell(now, at -> at.ready(worker.life()));
    }

    @Override
    public void told(Worker worker, Chunk chunk, Message.ChunkItems message) {
        recorder.told(chunk, message, driver.reading(), System.nanoTime());
    }

    @Override
    public void shipped(Worker worker, Submission submission, Shipment.Kind kind, String name, long bytes) {
        recorder.shipped(worker.life(), submission, kind, name, bytes);
    }

    @Override
    public void outcomes(
            Worker worker, Chunk chunk, int from, int count, int failures, Supplier<JobListener.Batch> batch) {
        recorder.outcomes(chunk, count, failures);
        if (!chunk.isHook()) {
            itemsDone += count;
            itemsFailed += failures;
            progress.outcomes(chunk.submission, count, failures);
        }
        if (count > 0 && scheduler.isRunning(chunk.submission)) {
            chunk.submission.listener().arrived(batch.get());
        }
        tell(at -> at.outcomes(chunk, from + count, failures));
    }

    @Override
    public void itemStarted(Worker worker, Chunk chunk, int item) {
        tell(at -> at.itemStarted(worker.life(), chunk, item));
    }

    @Override
    public void done(Worker worker, Chunk chunk) {
        long now = System.nanoTime();
        recorder.answered(chunk, Run.End.DONE, now);
        tell(now, at -> at.done(worker.life(), chunk));
    }

    @Override
    public void returned(Worker worker, Chunk chunk) {
        long now = System.nanoTime();
        recorder.answered(chunk, Run.End.STOPPED, now);
        tell(now, at -> at.returned(worker.life(), chunk));
    }

    @Override
    public void refused(Worker worker, Chunk chunk, ParallelException reason) {
        long now = System.nanoTime();
        recorder.answered(chunk, Run.End.REFUSED, now);
        tell(now, at -> at.refused(worker.life(), chunk, reason));
    }

    @Override
    public void died(Worker worker, List<Chunk> left, LostItem.DeadWorker dead, LostItem.Begun begun) {
        written = Math.max(written, worker.written());
        workers.remove(worker.life());
        boolean wanted = worker.life().isDismissed();
        long now = System.nanoTime();
        recorder.gone(
                worker.life(),
                wanted && dead.death().exitCode() == 0 ? "ended" : dead.death().reason(),
                !wanted,
                chunk -> begun.startedOf(chunk) > 0,
                now);
        tell(now, at -> at.died(worker.life(), left, dead, begun));
    }

    @Override
    public void notLaunched(WorkerLife life, ParallelException reason) {
        workers.remove(life);
        recorder.gone(life, "could not be started", true, chunk -> false, System.nanoTime());
        tell(at -> at.notLaunched(life, reason));
    }

    // ------------------------------------------------------------ commands

    private Worker of(WorkerLife life) {
        return Objects.requireNonNull(workers.get(life), "a worker that is not gone");
    }

    @Override
    public void launch(WorkerLife life) {
        recorder.launched(life, System.nanoTime());
        driver.launcher()
                .launch(
                        new Launcher.Order(
                                this,
                                life,
                                pool.settings().name() + " worker " + life.number(),
                                "[" + life.number() + "] ",
                                pool.backend(),
                                pinned(life.number()),
                                textPlace,
                                false,
                                hidden),
                        worker -> workers.put(life, worker));
    }

    /** A worker's own processor, when there are several to choose from. */
    private JvmSettings pinned(int number) {
        JvmSettings jvm = pool.settings().jvm();
        List<Integer> cpus = jvm.cpus();
        return cpus.size() < 2
                ? jvm
                : new JvmSettings(
                        jvm.maxHeap(), jvm.options(), jvm.javaHome(), List.of(cpus.get((number - 1) % cpus.size())));
    }

    @Override
    public void run(WorkerLife life, Chunk chunk) {
        if (life.holds(chunk)) { // else it has died since
            recorder.sent(life, chunk, chunk.since);
            of(life).run(chunk);
        }
    }

    @Override
    public void runHook(WorkerLife life, Hook hook) {
        Code code = Objects.requireNonNull(hooks.get(hook), "a hook that the pool has");
        Submission submission = new HookRun(driver, code, hook, textPlace, failure -> {
                    if (failure.isEmpty()) {
                        tell(at -> at.hookDone(life, hook));
                    } else {
                        HookRun.Failure how = failure.get();
                        tell(at -> at.hookFailed(life, hook, how.thrown(), how.told()));
                    }
                })
                .submission();
        Chunk chunk = Chunk.withoutItem(driver.nextChunk(), submission, OptionalInt.of(life.number()));
        tell(at -> {
            at.submitted(submission);
            at.added(submission, List.of(chunk), true);
        });
    }

    @Override
    public void reclaim(WorkerLife life, Chunk chunk) {
        if (life.holds(chunk)) {
            of(life).reclaim(chunk);
        }
    }

    @Override
    public void interrupt(WorkerLife life, Chunk chunk) {
        if (life.holds(chunk)) {
            of(life).interrupt(chunk);
        }
    }

    @Override
    public void leave(WorkerLife life) {
        if (!life.isGone()) {
            of(life).leave();
        }
    }

    @Override
    public void kill(WorkerLife life, Optional<String> reason) {
        if (!life.isGone()) {
            of(life).kill(reason);
        }
    }

    @Override
    public void lose(LostItem lost) {
        Chunk chunk = lost.chunk();
        if (!chunk.isHook()) {
            itemsDone++;
            itemsFailed++;
            recorder.lost(chunk.submission);
            progress.outcomes(chunk.submission, 1, 1);
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
            long now = System.nanoTime();
            recorder.ended(submission, now);
            submission.output().close();
            driver.left(submission.output());
            workers.values().forEach(worker -> worker.submissionEnded(submission));
            progress.ended(submission, reason, now);
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
    public void complain(String text) {
        driver.complainNow(textPlace.place(), text + "\n");
    }

    @Override
    public void breakDown(RuntimeException reason) {
        pool.breakDown(reason);
    }

    @Override
    public void end() {
        hooks.clear();
        progress.close();
        if (alarm != null) {
            alarm.cancel();
        }
        pool.ended();
    }
}
