package manyjvm.parallel.driver;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.PoolClosedException;
import manyjvm.parallel.PoolStatus;
import manyjvm.parallel.ThreadDump;
import manyjvm.parallel.shared.Waits;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.Job;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.spi.PoolSettings;
import manyjvm.parallel.spi.WorkerPool;
import manyjvm.parallel.wire.Code;

/**
 * One pool: deals chunks out to its workers, and replaces those that die. Confined to the driver's thread, but for the
 * methods of {@link WorkerPool}, which post.
 *
 * <p>How many chunks a worker holds: one, as long as nothing is known of how long they take, or when they take long; more
 * when they are short, so that the next one is there when one ends. When other workers fall idle, what a worker holds and has
 * not started is taken back.
 */
final class PoolWork implements WorkerPool, JobWork.Dealer, Worker.Owner {
    /** Who waits longer waits for ever. */
    private static final Duration A_YEAR = Duration.ofDays(365);

    private static final int MOST_FAILED_STARTS = 3;
    private static final int MOST_KILLED_STARTS = 20; // by a signal from outside, which tells little about the settings
    private static final long SHORT = 2_000_000; // nanoseconds: chunks that are worth holding two of
    private static final long TINY = 200_000; // and several of
    private static final int HELD_WHEN_TINY = 12;
    private static final Duration HOSTAGE = Duration.ofMillis(5);
    private static final long MEASURE_EVERY = 100_000_000; // nanoseconds

    private final Driver driver;
    private volatile PoolSettings settings;
    private final JobWork ambient;
    private final List<Slot> slots = new ArrayList<>();
    private final Deque<Chunk> queue = new ArrayDeque<>();
    private final Set<JobWork> jobs = new LinkedHashSet<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private Optional<Code> initializer; // both hooks until the end, since they keep the shared objects they refer to
    private Optional<Code> exitHook;
    private volatile OutputMode output;
    private final Object admission = new Object(); // between submissions and a close, see postIfOpen
    private volatile boolean closed; // set while admission is held
    private volatile RuntimeException broken;
    private boolean terminated;
    private long written; // the sink's mark after the last text of its jobs, and of workers that have ended
    private int failedStarts;
    private int diedUnused;
    private long meanNanos = Long.MAX_VALUE;
    private volatile long done; // written by the driver's thread
    private volatile long failed;
    private boolean hostageTimer;
    private boolean idleWatched;
    private int exitHooks; // that run, or whose failure has not been told yet

    /** A worker's place in the pool. */
    private static final class Slot {
        private final int number;
        private final Deque<Chunk> pinned = new ArrayDeque<>();
        private Worker worker;
        private boolean initialised;
        private boolean leaving;
        private int chunks;
        private long measured; // when its memory was, by System.nanoTime; 0 for never

        Slot(int number) {
            this.number = number;
        }

        boolean isReady() {
            return worker != null
                    && initialised
                    && !leaving
                    && worker.state() == Worker.State.READY
                    && !worker.isDoomed();
        }
    }

    /** On the caller's thread: the hooks are snapshotted here. */
    PoolWork(Driver driver, PoolSettings settings, Object place) {
        this.driver = driver;
        this.settings = settings;
        this.output = settings.output();
        this.ambient = driver.ambient(this, place, output);
        this.initializer =
                settings.initializer().map(action -> driver.code(action, settings.backend(), settings.jvm(), place));
        this.exitHook =
                settings.exitHook().map(action -> driver.code(action, settings.backend(), settings.jvm(), place));
        for (int number = 1; number <= settings.workers(); number++) {
            slots.add(new Slot(number));
        }
    }

    void start() {
        slots.forEach(this::launch);
    }

    private void launch(Slot slot) {
        slot.initialised = false;
        slot.leaving = false;
        slot.chunks = 0;
        slot.measured = 0;
        driver.launch(
                new Driver.Post(
                        this,
                        settings.name() + " worker " + slot.number,
                        slot.number,
                        "[" + slot.number + "] ",
                        settings.backend(),
                        pinnedTo(slot),
                        ambient,
                        false),
                worker -> slot.worker = worker);
    }

    /** A worker's own processor, when there are several to choose from. */
    private manyjvm.parallel.spi.JvmSettings pinnedTo(Slot slot) {
        List<Integer> cpus = settings.jvm().cpus();
        if (cpus.size() < 2) {
            return settings.jvm();
        }
        return new manyjvm.parallel.spi.JvmSettings(
                settings.jvm().maxHeap(),
                settings.jvm().options(),
                settings.jvm().javaHome(),
                List.of(cpus.get((slot.number - 1) % cpus.size())));
    }

    // ------------------------------------------------------------ WorkerPool: any thread

    @Override
    public PoolSettings settings() {
        return settings;
    }

    @Override
    public Job open(Object function, CallKind kind, JobSettings job, JobListener listener) {
        refuseIfClosed();
        JobWork work =
                driver.newJob(this, function, kind, job, listener, output, settings.jvm(), Optional.of(settings));
        try {
            postIfOpen(() -> enter(work));
            return work;
        } catch (RuntimeException refused) {
            post(work::refused);
            throw refused;
        }
    }

    private void enter(JobWork work) {
        if (broken != null) {
            work.end(Optional.of(broken));
        } else if (terminated) {
            work.end(Optional.of(driverClosed()));
        } else {
            jobs.add(work);
            driver.enter(work);
        }
    }

    private PoolClosedException driverClosed() {
        return new PoolClosedException("the driver of " + settings.name() + " was closed");
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
            throw driverClosed();
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
        closeAndPost(this::endIfDone);
    }

    @Override
    public void terminate() {
        closeAndPost(() -> {
            terminated = true;
            cancelAll(settings.name() + " was terminated");
            for (Slot slot : slots) {
                if (slot.worker != null) {
                    slot.worker.kill();
                }
            }
            endIfDone();
        });
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
                () -> Worker.taskThreads(this::post, this::workersThatMustFinish));
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

    private java.util.stream.Stream<Worker> workersThatMustFinish() {
        return slots.stream()
                .flatMap(slot -> Optional.ofNullable(slot.worker).stream())
                .filter(worker ->
                        worker.running().filter(job -> !job.mayEndEarly()).isPresent());
    }

    @Override
    public void interrupt() {
        post(() -> cancelAll(settings.name() + " was interrupted"));
    }

    @Override
    public void restart() {
        postIfOpen(() -> {
            if (broken != null || terminated) {
                return; // meanwhile
            }
            cancelAll(settings.name() + " was restarted");
            for (Slot slot : slots) {
                if (slot.worker == null) {
                    launch(slot);
                } else {
                    slot.worker.replaced = true;
                    slot.worker.kill("the pool was restarted"); // its death launches the next
                }
            }
        });
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
        if (number < 1 || number > slots.size()) {
            throw new IllegalArgumentException(settings.name() + " has no worker " + number + ": its workers are "
                    + (slots.size() == 1 ? "1 only" : "1 to " + slots.size()));
        }
        String name = settings.name() + " worker " + number;
        long pid = status().workers().stream()
                .filter(worker -> worker.number() == number)
                .mapToLong(PoolStatus.Worker::pid)
                .findFirst()
                .orElse(0);
        return driver.threads(name, pid, table -> {
            Worker worker = slots.get(number - 1).worker;
            if (worker == null) {
                table.completeExceptionally(new ParallelException(
                        name + " does not run now: it starts with the next task, or its pool has ended"));
            } else {
                worker.askThreads(table);
            }
        });
    }

    private PoolStatus statusNow() {
        List<PoolStatus.Worker> workers = new ArrayList<>();
        long running = 0;
        for (Slot slot : slots) {
            Worker worker = slot.worker;
            String state = worker == null
                    ? "stopped"
                    : !slot.initialised && worker.isIdle() || worker.state() == Worker.State.STARTING
                            ? "starting"
                            : worker.isIdle() ? "idle" : "busy";
            workers.add(new PoolStatus.Worker(slot.number, worker == null ? 0 : worker.pid(), state, slot.chunks));
            running += worker == null ? 0 : items(worker.chunks());
        }
        long queued = items(queue);
        for (Slot slot : slots) {
            queued += items(slot.pinned);
        }
        String state = broken != null ? "broken: " + broken.getMessage() : closed ? "closed" : "running";
        return new PoolStatus(
                settings.name(), settings.backend(), state, output, workers, queued, running, done, failed);
    }

    private static long items(Iterable<Chunk> chunks) {
        long items = 0;
        for (Chunk chunk : chunks) {
            items += chunk.job.isEnded() ? 0 : chunk.end - chunk.next;
        }
        return items;
    }

    // ------------------------------------------------------------ jobs

    @Override
    public boolean post(Runnable command) {
        return driver.loop().post(command);
    }

    @Override
    public boolean textComesFirst() {
        return true;
    }

    @Override
    public long nextChunk() {
        return driver.nextChunk();
    }

    @Override
    public void add(Chunk chunk) {
        if (chunk.pinned > 0) {
            slots.get(chunk.pinned - 1).pinned.add(chunk);
        } else {
            queue.add(chunk);
        }
        schedule();
    }

    @Override
    public void ended(JobWork job) {
        jobs.remove(job);
        driver.left(job);
        for (Worker holder : List.copyOf(job.holders)) {
            holder.jobEnded(job);
        }
        job.holders.clear();
        written = Math.max(written, job.written());
        if (closed) {
            post(this::endIfDone);
        }
    }

    @Override
    public void drop(JobWork job) {
        boolean waited = queue.removeIf(chunk -> chunk.job == job);
        boolean runs = false;
        for (Slot slot : slots) {
            waited |= slot.pinned.removeIf(chunk -> chunk.job == job);
            if (slot.worker != null) {
                runs |= driver.interrupt(slot.worker, job);
            }
        }
        if (waited && !runs) {
            slots.forEach(this::hurry);
        }
    }

    /** A job was called off that got no worker: perhaps because one that is to leave does not, and keeps its place. */
    private void hurry(Slot slot) {
        Worker worker = slot.worker;
        if (worker != null && slot.leaving && worker.holdsNoTask()) {
            driver.loop().after(Driver.GRACE, () -> {
                if (slot.worker == worker) {
                    worker.kill("did not leave within " + Driver.GRACE.toSeconds()
                            + " s after the work that waited for its place was called off");
                }
            });
        }
    }

    void cancelAll(String reason) {
        for (JobWork job : List.copyOf(jobs)) {
            job.end(Optional.of(new CancellationException(reason)));
        }
    }

    void cancel(Object place) {
        for (JobWork job : List.copyOf(jobs)) {
            if (job.place().equals(place)) {
                job.cancel();
            }
        }
    }

    private void endIfDone() {
        if (!closed || ended.isDone()) {
            return;
        }
        if (!jobs.isEmpty()) {
            return; // each is finished, or called off, by whoever submits it
        }
        boolean gone = true;
        for (Slot slot : slots) {
            if (slot.worker != null) {
                gone = false;
                retire(slot);
            }
        }
        if (gone && exitHooks == 0) {
            driver.poolEnded(this);
            end();
        }
    }

    private void end() {
        initializer = Optional.empty();
        exitHook = Optional.empty();
        settings = settings.withoutHooks();
        driver.sink().whenShown(written, () -> ended.complete(null));
    }

    /** The driver closes: nobody waits any more. */
    void abandon() {
        synchronized (admission) {
            closed = true;
        }
        terminated = true;
        cancelAll("the driver of " + settings.name() + " was closed");
        end();
    }

    // ------------------------------------------------------------ dealing

    private void schedule() {
        for (Slot slot : slots) {
            while (!slot.pinned.isEmpty() && slot.isReady() && slot.worker.isIdle()) {
                give(slot, slot.pinned.poll());
            }
        }
        while (!queue.isEmpty()) {
            Slot slot = leastLoaded();
            if (slot == null) {
                break;
            }
            Chunk chunk = queue.poll();
            if (!chunk.job.isEnded()) {
                give(slot, chunk);
            }
        }
        if (queue.isEmpty()) {
            freeHostages();
        }
        startStopped();
    }

    private Slot leastLoaded() {
        int most = meanNanos <= TINY ? HELD_WHEN_TINY : meanNanos <= SHORT ? 2 : 1;
        Slot best = null;
        for (Slot slot : slots) {
            if (slot.isReady()
                    && slot.worker.load() < most
                    && (slot.worker.load() == 0 || mayHoldMore(slot))
                    && (best == null || slot.worker.load() < best.worker.load())) {
                best = slot;
            }
        }
        return best;
    }

    private boolean mayHoldMore(Slot slot) {
        return settings.maxTasksPerWorker() == 0 || slot.chunks < settings.maxTasksPerWorker();
    }

    private void give(Slot slot, Chunk chunk) {
        slot.chunks++;
        slot.worker.run(chunk);
        if (settings.maxTasksPerWorker() > 0 && slot.chunks >= settings.maxTasksPerWorker()) {
            slot.leaving = true;
        }
    }

    /** Takes back what a busy worker holds while another one has nothing to do. */
    private void freeHostages() {
        boolean someIdle = slots.stream().anyMatch(slot -> slot.isReady() && slot.worker.isIdle());
        if (!someIdle || hostageTimer) {
            return;
        }
        boolean again = false;
        long now = System.nanoTime();
        for (Slot slot : slots) {
            if (slot.worker == null || slot.worker.load() < 2) {
                continue;
            }
            Chunk running = slot.worker.chunks().iterator().next();
            again = true;
            if (now - Math.max(running.since, slot.worker.lastDone) >= HOSTAGE.toNanos()) {
                reclaimUnstarted(slot.worker);
            }
        }
        if (again) {
            hostageTimer = true;
            driver.loop().after(HOSTAGE, () -> {
                hostageTimer = false;
                schedule();
            });
        }
    }

    /** Takes back what it holds, but for the first, which it is at. */
    private static void reclaimUnstarted(Worker worker) {
        boolean first = true;
        for (Chunk chunk : worker.chunks()) {
            if (!first && !chunk.reclaiming && chunk.pinned == 0) {
                worker.reclaim(chunk);
            }
            first = false;
        }
    }

    private void startStopped() {
        for (Slot slot : slots) {
            if (slot.worker == null && (!queue.isEmpty() || !slot.pinned.isEmpty()) && broken == null && !terminated) {
                launch(slot);
            }
        }
    }

    private Slot slotOf(Worker worker) {
        return slots.get(worker.number - 1);
    }

    // ------------------------------------------------------------ workers

    @Override
    public void launched(Worker worker) {
        // ready follows
    }

    @Override
    public void ready(Worker worker) {
        Slot slot = slotOf(worker);
        if (initializer.isEmpty()) {
            initialised(slot);
            return;
        }
        driver.runHook(worker, ambient, initializer.get(), "the initializer", failure -> {
            if (failure.isPresent()) {
                if (failure.get().thrown() instanceof CancellationException || worker.replaced) {
                    return; // not the initializer's fault: the next worker runs it again
                }
                breakDown(new ParallelException(
                        "the initializer of " + settings.name() + " failed: "
                                + failure.get().told(),
                        failure.get().thrown()));
            } else if (slot.worker == worker) { // else it has died meanwhile, and the next one runs it again
                initialised(slot);
            }
        });
    }

    private void initialised(Slot slot) {
        slot.initialised = true;
        failedStarts = 0;
        if (closed) {
            endIfDone();
        }
        schedule();
        watchIdle();
    }

    @Override
    public void done(Worker worker, Chunk chunk) {
        long now = System.nanoTime();
        long took = now - chunk.since;
        for (Chunk next : worker.chunks()) {
            next.since = now;
            break;
        }
        if (chunk.isHook()) {
            return;
        }
        diedUnused = 0;
        meanNanos = meanNanos == Long.MAX_VALUE ? took : (meanNanos * 7 + took) / 8;
        Slot slot = slotOf(worker);
        if (!slot.leaving && isTooLarge(slot, now)) {
            slot.leaving = true;
            reclaimUnstarted(worker);
        }
        if (slot.leaving && worker.isIdle()) {
            retire(slot);
        }
        schedule();
        if (worker.isIdle()) {
            watchIdle();
        }
    }

    private boolean isTooLarge(Slot slot, long now) {
        long most = settings.maxMemoryPerWorker();
        if (most == 0 || slot.measured != 0 && now - slot.measured < MEASURE_EVERY) {
            return false;
        }
        slot.measured = now;
        return ResidentSet.of(slot.worker.pid()).orElse(0) > most;
    }

    @Override
    public void returned(Worker worker, Chunk chunk) {
        if (chunk.isHook()) {
            chunk.job.end(Optional.of(
                    new CancellationException(worker.name + " ended before " + chunk.job.description() + " began")));
            return; // its worker's death follows
        }
        if (!chunk.job.isEnded()) {
            if (chunk.pinned > 0) {
                slotOf(worker).pinned.addFirst(chunk);
            } else {
                queue.addFirst(chunk);
            }
        }
        Slot slot = slotOf(worker);
        if (slot.leaving && worker.isIdle()) {
            retire(slot);
        }
        schedule();
    }

    /** Lets a worker go in good order, after the exit hook; another one takes its place unless the pool is closed. */
    private void retire(Slot slot) {
        Worker worker = slot.worker;
        slot.leaving = true;
        if (worker.state() == Worker.State.STARTING) {
            worker.kill("not needed any more");
        } else if (worker.isIdle()) {
            if (exitHook.isPresent() && slot.initialised) {
                slot.initialised = false;
                exitHooks++;
                driver.runHook(worker, ambient, exitHook.get(), "the exit hook", failure -> {
                    exitHooks--;
                    failure.filter(known -> !(known.thrown() instanceof CancellationException))
                            .ifPresent(known -> driver.complainNow(
                                    ambient.place(),
                                    "the exit hook of " + worker.name + " failed: " + known.told() + "\n"));
                    worker.leave();
                    endIfDone();
                });
            } else {
                worker.leave();
            }
        }
    }

    @Override
    public void died(Worker worker, Death death, boolean wasReady) {
        written = Math.max(written, worker.written());
        Slot slot = slotOf(worker);
        if (slot.worker != worker) {
            return;
        }
        boolean expected = slot.leaving || worker.replaced;
        boolean begun = wasReady && slot.initialised;
        slot.worker = null;
        if (closed && jobs.isEmpty()) {
            endIfDone();
            return;
        }
        int mostFailedStarts = death.isBySignal() ? MOST_KILLED_STARTS : MOST_FAILED_STARTS;
        if (!begun && !expected && ++failedStarts >= mostFailedStarts) {
            breakDown(new ParallelException("the workers of " + settings.name() + " do not start: " + death.reason()
                    + (death.lastLines().isEmpty() ? "" : ", " + String.join(" | ", death.lastLines()))
                    + ". " + driver.whyNoneStarts()));
            return;
        }
        boolean idleStop = expected && settings.idleTimeout().isPresent() && jobs.isEmpty();
        // What has ended so many that had done nothing yet ends the next one too: it starts when there is work.
        boolean unused = begun && !expected && slot.chunks == 0 && ++diedUnused >= MOST_FAILED_STARTS;
        if (broken == null && !terminated && !idleStop && !unused) {
            launch(slot);
        }
        schedule();
    }

    @Override
    public void notLaunched(int number, ParallelException reason) {
        slots.get(number - 1).worker = null;
        breakDown(reason);
    }

    /** Nothing can run here any more. */
    private void breakDown(RuntimeException reason) {
        if (broken != null) {
            endIfDone(); // this may have been the last worker
            return;
        }
        broken = reason;
        closeAndPost(this::endIfDone);
        for (JobWork job : List.copyOf(jobs)) {
            job.end(Optional.of(reason));
        }
        for (Slot slot : slots) {
            if (slot.worker != null) {
                slot.worker.kill();
            }
        }
    }

    @Override
    public void count(long items, long failures) {
        done += items;
        failed += failures;
    }

    // ------------------------------------------------------------ idle workers

    private void watchIdle() {
        if (settings.idleTimeout().isEmpty() || idleWatched) {
            return;
        }
        idleWatched = true;
        driver.loop().after(settings.idleTimeout().get(), () -> {
            idleWatched = false;
            stopIdle();
        });
    }

    private void stopIdle() {
        long limit = settings.idleTimeout().orElseThrow().toNanos();
        boolean watch = false;
        for (Slot slot : slots) {
            if (slot.isReady() && slot.worker.isIdle() && jobs.isEmpty()) {
                if (System.nanoTime() - slot.worker.idleSince >= limit) {
                    retire(slot);
                } else {
                    watch = true;
                }
            }
        }
        if (watch) {
            watchIdle();
        }
    }
}
