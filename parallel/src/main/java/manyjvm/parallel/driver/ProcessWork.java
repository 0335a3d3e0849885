package manyjvm.parallel.driver;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.ThreadDump;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.spi.ProcessControl;
import manyjvm.parallel.spi.ProcessSettings;

/** One {@code Process}: a worker with a single task, after which it ends. Confined to the driver's thread, but for control. */
final class ProcessWork implements ProcessControl, JobWork.Dealer, Worker.Owner, JobListener {
    private final Driver driver;
    private final ProcessSettings settings;
    private final Object place;
    private final CompletableFuture<Long> pid = new CompletableFuture<>();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private JobWork job;
    private Worker worker;
    private Chunk waiting;
    private boolean ready;
    private boolean interruptEarly;
    private long complained; // the sink's mark after the last complaint

    ProcessWork(Driver driver, ProcessSettings settings, Object place) {
        this.driver = driver;
        this.settings = settings;
        this.place = place;
    }

    /**
     * On the caller's thread: the target is snapshotted here. Until that is done, and the caller has not been interrupted, the
     * driver knows of nothing that it would have to end.
     *
     * @throws CancellationException when the caller is interrupted meanwhile; nothing is left of it then
     */
    void start(Object target) {
        job = driver.newJob(
                this,
                target,
                CallKind.RUNNABLE,
                JobSettings.of(settings.name()),
                this,
                settings.output(),
                settings.jvm(),
                Optional.empty());
        try {
            refuseIfInterrupted();
            job.add(java.util.Collections.singletonList(null));
            job.finish();
            if (!driver.loop().post(this::launch)) {
                throw driver.isClosed();
            }
        } catch (RuntimeException | Error refused) {
            post(job::refused);
            throw refused;
        }
        awaitLaunch();
        try {
            refuseIfInterrupted();
        } catch (CancellationException interrupted) {
            kill();
            throw interrupted;
        }
    }

    private void refuseIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException(settings.name() + " was not started: its caller was interrupted");
        }
    }

    private void launch() {
        driver.processStarts(this);
        driver.enter(job);
        driver.launch(
                new Driver.Post(this, settings.name(), 0, "", "processes", settings.jvm(), job, true),
                launched -> worker = launched);
    }

    boolean isDaemon() {
        return settings.daemon();
    }

    String name() {
        return settings.name();
    }

    Object place() {
        return place;
    }

    /** Waits for the launch, which takes some milliseconds and always answers. */
    private void awaitLaunch() {
        try {
            pid.join();
        } catch (java.util.concurrent.CompletionException failure) {
            throw failure.getCause() instanceof ParallelException known
                    ? new ParallelException(known.getMessage(), known)
                    : new ParallelException(
                            settings.name() + " could not be started: " + failure.getCause(), failure.getCause());
        }
    }

    // ------------------------------------------------------------ control: any thread

    @Override
    public long pid() {
        try {
            return pid.get();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new ParallelException("interrupted while waiting for the number of " + settings.name());
        } catch (ExecutionException failure) {
            throw new ParallelException(
                    settings.name() + " was not started: " + failure.getCause(), failure.getCause());
        }
    }

    /** Known by then: the launch is awaited by who starts it. */
    @Override
    public int jvmId() {
        return worker.jvmId;
    }

    @Override
    public CompletableFuture<Integer> onExit() {
        return exit;
    }

    @Override
    public void terminate() {
        post(() -> worker.terminate());
    }

    @Override
    public void kill() {
        post(() -> worker.kill());
    }

    @Override
    public void interrupt() {
        post(this::interruptTarget);
    }

    /** One that has not begun is interrupted when it does: its JVM may still be starting. */
    private void interruptTarget() {
        interruptEarly = !ready || waiting != null;
        for (Chunk chunk : worker.chunks()) {
            worker.interrupt(chunk);
        }
    }

    @Override
    public ThreadDump threads() {
        return driver.threads(settings.name(), pid(), table -> worker.askThreads(table));
    }

    /** The user has interrupted the place that started it: like an interrupt, and after the grace a kill. */
    void interruptHard() {
        interruptTarget();
        driver.loop().after(Driver.GRACE, () -> worker.kill());
    }

    // ------------------------------------------------------------ the driver's thread

    @Override
    public void launched(Worker worker) {
        pid.complete(worker.pid());
    }

    @Override
    public void count(long items, long failures) {
        // one target
    }

    @Override
    public boolean post(Runnable command) {
        return driver.loop().post(command);
    }

    /** Nobody sees its outcome, but its exit. */
    @Override
    public boolean textComesFirst() {
        return false;
    }

    @Override
    public long nextChunk() {
        return driver.nextChunk();
    }

    @Override
    public void add(Chunk chunk) {
        waiting = chunk;
        runIfReady();
    }

    @Override
    public void ready(Worker worker) {
        ready = true;
        runIfReady();
    }

    private void runIfReady() {
        if (ready && waiting != null) {
            Chunk target = waiting;
            waiting = null;
            worker.run(target);
            if (interruptEarly) {
                worker.interrupt(target);
            }
        }
    }

    @Override
    public void ended(JobWork ended) {
        driver.left(ended);
        // The worker keeps the job: threads of the target may go on printing for it.
    }

    @Override
    public void drop(JobWork dropped) {
        waiting = null;
    }

    @Override
    public void done(Worker worker, Chunk chunk) {
        // its exit follows
    }

    @Override
    public void returned(Worker worker, Chunk chunk) {
        // its exit follows
    }

    @Override
    public void died(Worker worker, Death death, boolean wasReady) {
        if (!job.isEnded()) {
            job.end(Optional.empty());
        }
        if (!wasReady && death.exitCode() > 0) {
            complain(settings.name() + " did not start: " + death.reason() + " " + String.join("\n", death.lastLines())
                    + "\n");
        }
        driver.processEnded(this);
        long written = Math.max(complained, Math.max(job.written(), worker.written()));
        driver.sink().whenShown(written, () -> exit.complete(death.exitCode()));
    }

    @Override
    public void notLaunched(int number, ParallelException reason) {
        job.end(Optional.empty());
        driver.processEnded(this);
        pid.completeExceptionally(reason);
        exit.completeExceptionally(reason);
    }

    /** The driver closes. */
    void abandon() {
        pid.completeExceptionally(new ParallelException("the driver was closed"));
        exit.complete(-9);
    }

    // ------------------------------------------------------------ the target's outcome

    @Override
    public void arrived(JobListener.Batch batch) {
        Batches.told(batch).ifPresent(this::show);
    }

    @Override
    public void ended(Optional<Throwable> reason) {
        reason.ifPresent(this::show);
    }

    private void show(Throwable failure) {
        if (failure instanceof manyjvm.parallel.WorkerDiedException) {
            return; // the exit code tells
        }
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        complain("Exception in process " + settings.name() + ": " + text);
    }

    /** At once: its exit is told only when this is shown. */
    private void complain(String text) {
        driver.complainNow(place, text);
        complained = driver.sink().taken();
    }
}
