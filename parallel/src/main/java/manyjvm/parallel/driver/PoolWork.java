package manyjvm.parallel.driver;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.PoolClosedException;
import manyjvm.parallel.PoolStatus;
import manyjvm.parallel.ThreadDump;
import manyjvm.parallel.insight.Recording;
import manyjvm.parallel.insight.Vitals;
import manyjvm.parallel.shared.Waits;
import manyjvm.parallel.spi.Backend;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.Job;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.spi.PoolSettings;
import manyjvm.parallel.spi.WorkerPool;
import manyjvm.parallel.wire.Code;
import org.jspecify.annotations.Nullable;

/**
 * One pool, as those see it who submit to it: what they want is posted to its {@link PoolWorkers}. Safe for use by any thread,
 * but for what is told of its end.
 */
final class PoolWork implements WorkerPool {
    private static final Supplier<Recording> NO_ANSWER = () -> {
        throw new ParallelException("no answer within " + Driver.GRACE.toSeconds()
                + " s of what the workers did: the driver is too busy, ask again");
    };

    /** Who waits longer waits for ever. */
    private static final Duration A_YEAR = Duration.ofDays(365);

    private final Driver driver;
    private final Backend backend;
    private final PoolWorkers workers;
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private final Object admission = new Object(); // between submissions and a close, see postIfOpen
    private volatile PoolSettings settings;
    private volatile OutputMode output;
    private volatile boolean closed; // set while admission is held
    private volatile @Nullable RuntimeException broken; // null unless nothing can run here any more

    /**
     * On the caller's thread: the hooks are snapshotted here.
     *
     * @param hidden whether its workers are no children that a user is told of
     */
    PoolWork(Driver driver, PoolSettings settings, Backend backend, Object place, boolean hidden) {
        this.driver = driver;
        this.backend = backend;
        this.settings = settings;
        this.output = settings.output();
        this.workers = new PoolWorkers(this, driver, place, hidden);
    }

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
        return enter(job(function, kind, wanted, listener), Optional.empty());
    }

    @Override
    public Job submit(
            Object function,
            CallKind kind,
            JobSettings wanted,
            Iterator<? extends List<?>> chunks,
            JobListener listener) {
        return enter(job(function, kind, wanted, listener), Optional.of(chunks));
    }

    private JobWork job(Object function, CallKind kind, JobSettings wanted, JobListener listener) {
        refuseIfClosed();
        Object place = driver.sink().place();
        Code code = driver.codeOfSubmission(function, backend, settings.jvm(), place);
        JobSettings job = new JobSettings(
                wanted.description(),
                wanted.taskTimeout().or(settings::taskTimeout),
                wanted.retries() >= 0 ? wanted.retries() : settings.retries(),
                wanted.failFast(),
                wanted.everyWorker(),
                wanted.progress().or(settings::progress),
                wanted.items());
        return new JobWork(workers, driver, code, kind, job, place, output, listener);
    }

    /**
     * In one command, since each may have to wake the driver's thread.
     *
     * @param chunks all that it will have; empty when they are still to come
     */
    private Job enter(JobWork work, Optional<Iterator<? extends List<?>>> chunks) {
        Submission submission = work.submission();
        try {
            List<Chunk> first = chunks.isPresent() ? work.someOf(chunks.get()) : List.of();
            boolean last = chunks.isPresent() && !chunks.get().hasNext();
            postIfOpen(() -> {
                workers.submitted(submission);
                if (last || !first.isEmpty()) {
                    work.added(first, last);
                }
            });
            return work;
        } catch (RuntimeException | Error refused) {
            driver.loop().post(work::refused);
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
            driver.loop().post(command);
        }
    }

    private void refuseIfClosed() {
        @Nullable RuntimeException reason = broken;
        if (reason != null) {
            throw new ParallelException(reason.getMessage(), reason);
        }
        if (closed) {
            throw new PoolClosedException(settings.name() + " is closed: make a new Pool");
        }
    }

    @Override
    public void close() {
        closeAndPost(() -> workers.tell(Scheduler::close));
    }

    @Override
    public void terminate() {
        closeAndPost(() -> workers.tell(Scheduler::terminate));
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
                () -> workers.taskThreads(chunk -> !chunk.submission.mayEndEarly()));
        try {
            ended.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(
                    "the end of a pool cannot fail" + "; this is a fault of manyjvm, please report it", impossible);
        } finally {
            waits.over();
        }
    }

    @Override
    public void interrupt() {
        driver.loop().post(() -> workers.tell(Scheduler::interrupt));
    }

    @Override
    public void restart() {
        postIfOpen(() -> workers.tell(Scheduler::restart));
    }

    @Override
    public void output(OutputMode mode) {
        output = mode;
    }

    @Override
    public PoolStatus status() {
        CompletableFuture<PoolSights.PoolSight> answer = new CompletableFuture<>();
        String unknown = ""; // where the driver has closed, there are no workers
        if (driver.loop().post(() -> workers.sights().tell(answer))) {
            try {
                PoolSights.PoolSight sight = answer.get(Driver.GRACE.toMillis(), TimeUnit.MILLISECONDS);
                List<PoolStatus.Worker> told = sight.workers().stream()
                        .map(worker -> worker.told(driver.packer()::decode))
                        .toList();
                return status("", told, sight.queued(), sight.running());
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                unknown = " (interrupted while waiting for an answer)";
            } catch (ExecutionException | TimeoutException late) {
                unknown = " (no answer within " + Driver.GRACE.toSeconds() + " s)";
            }
        }
        return status(unknown, List.of(), 0, 0);
    }

    /** @param unknown why workers and counts are not known; empty where they are */
    private PoolStatus status(String unknown, List<PoolStatus.Worker> states, long queued, long running) {
        @Nullable RuntimeException reason = broken;
        return new PoolStatus(
                settings.name(),
                settings.backend(),
                (reason != null ? "broken: " + reason.getMessage() : closed ? "closed" : "running") + unknown,
                output,
                states,
                queued,
                running,
                workers.itemsDone(),
                workers.itemsFailed());
    }

    /** On the caller's thread, which decodes arguments; waits a moment for the workers' answers. */
    @Override
    public Recording recording() {
        CompletableFuture<Map<Integer, CompletableFuture<Vitals>>> asked = new CompletableFuture<>();
        CompletableFuture<Supplier<Recording>> answer = new CompletableFuture<>();
        boolean posted = driver.loop().post(() -> {
            asked.complete(workers.askVitals());
            answer.complete(workers.recording());
        });
        if (!posted) {
            throw Scheduler.driverClosed(settings.name());
        }
        Recording recording = answer.completeOnTimeout(NO_ANSWER, Driver.GRACE.toNanos(), TimeUnit.NANOSECONDS)
                .join()
                .get();
        long deadline = System.nanoTime() + Driver.GRACE.toNanos();
        Map<Integer, Vitals> vitals = new HashMap<>();
        asked.join().forEach((worker, told) -> vitals.put(worker, await(told, deadline - System.nanoTime())));
        return recording.with(vitals);
    }

    /** What a worker says of itself; nothing where it is frozen, or has ended meanwhile. */
    private static Vitals await(CompletableFuture<Vitals> told, long nanos) {
        return told.exceptionally(ended -> Vitals.NONE)
                .completeOnTimeout(Vitals.NONE, Math.max(1, nanos), TimeUnit.NANOSECONDS)
                .join();
    }

    @Override
    public ThreadDump threads(int number) {
        if (number < 1 || number > settings.workers()) {
            throw new IllegalArgumentException(settings.name() + " has no worker " + number + ": its "
                    + (settings.workers() == 1 ? "only worker is 1" : "workers are 1 to " + settings.workers()));
        }
        String name = settings.name() + " worker " + number;
        long pid = status().workers().stream()
                .filter(worker -> worker.number() == number)
                .mapToLong(PoolStatus.Worker::pid)
                .findFirst()
                .orElse(0);
        return driver.threadDumps().of(name, pid, table -> workers.worker(number)
                .ifPresentOrElse(
                        worker -> worker.askThreads(table),
                        () -> table.completeExceptionally(new ParallelException(
                                name + " does not run now: it starts with the next task, or its pool has ended"))));
    }

    // ------------------------------------------------------------ the driver's thread

    void start() {
        workers.tell(Scheduler::start);
    }

    /** Cancels what was submitted from there. */
    void cancel(Object place) {
        workers.tell(scheduler ->
                scheduler.cancel(submission -> submission.output().place().equals(place)));
    }

    /** The driver closes: nobody waits any more. */
    void abandon() {
        synchronized (admission) {
            closed = true;
        }
        workers.tell(Scheduler::abandon);
    }

    /** Nothing can run here any more, for this reason. */
    void breakDown(RuntimeException reason) {
        broken = reason;
        synchronized (admission) {
            closed = true;
        }
    }

    /** All its workers have ended. */
    void ended() {
        driver.poolEnded(this);
        settings = settings.withoutHooks();
        driver.sink().whenShown(workers.written(), () -> ended.complete(null));
    }
}
