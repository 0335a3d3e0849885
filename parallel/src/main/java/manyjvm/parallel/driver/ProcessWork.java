package manyjvm.parallel.driver;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.ThreadDump;
import manyjvm.parallel.driver.LostItem.Begun;
import manyjvm.parallel.driver.LostItem.DeadWorker;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.spi.ProcessControl;
import manyjvm.parallel.spi.ProcessSettings;
import manyjvm.parallel.wire.Code;

/**
 * One {@code Process}: a worker with a single task, after which it ends. Confined to the driver's thread, but for control. It
 * has no use for a {@link Scheduler}: nothing is queued, dealt, retried or replaced, so each of a pool's rules would need an
 * exception for it.
 */
final class ProcessWork implements ProcessControl, WorkerOwner, JobListener {
    private final Driver driver;
    private final ProcessSettings settings;
    private final Object place;
    private final CompletableFuture<Long> pid = new CompletableFuture<>();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final WorkerLife life = new WorkerLife(0);
    private final Chunk target;
    private Optional<Worker> worker =
            Optional.empty(); // the driver's thread, once it is launched; known to others by the pid
    private boolean given;
    private boolean ended; // the target, or the hope that it ever begins
    private boolean interruptEarly;
    private long complained; // the sink's mark after the last complaint

    /** On the caller's thread: the target is snapshotted here. */
    ProcessWork(Driver driver, ProcessSettings settings, Object place, Object target) {
        this.driver = driver;
        this.settings = settings;
        this.place = place;
        Code code = driver.codeOfSubmission(target, driver.processBackend(), settings.jvm(), place);
        JobSettings once = new JobSettings(settings.name(), Optional.empty(), 0, false, false);
        Submission submission = driver.submission(code, CallKind.RUNNABLE, once, false, place, settings.output(), this);
        this.target = Chunk.withoutItem(driver.nextChunk(), submission, OptionalInt.empty());
    }

    /**
     * On the caller's thread. The driver knows of nothing that it would have to end before that is known not to be interrupted.
     *
     * @throws CancellationException when the caller is interrupted meanwhile; nothing is left of it then
     */
    void start() {
        try {
            refuseIfInterrupted();
            if (!driver.loop().post(this::launch)) {
                throw driver.isClosed();
            }
        } catch (RuntimeException | Error refused) {
            target.submission.pipes().end();
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
        driver.enter(output());
        driver.launcher()
                .launch(
                        new Launcher.Order(
                                this,
                                life,
                                settings.name(),
                                "",
                                driver.processBackend(),
                                settings.jvm(),
                                output(),
                                true,
                                false),
                        launched -> worker = Optional.of(launched));
    }

    private void post(Runnable command) {
        driver.loop().post(command);
    }

    private OutputTarget output() {
        return target.submission.output();
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
        } catch (CompletionException failure) {
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
            throw new ParallelException("interrupted while waiting for the process id of " + settings.name());
        } catch (ExecutionException failure) {
            throw new ParallelException(
                    settings.name() + " was not started: " + failure.getCause(), failure.getCause());
        }
    }

    /** Known by then: the launch is awaited by who starts it. */
    @Override
    public int jvmId() {
        return worker.orElseThrow().jvmId;
    }

    @Override
    public CompletableFuture<Integer> onExit() {
        return exit;
    }

    @Override
    public void terminate() {
        post(() -> worker.ifPresent(Worker::terminate));
    }

    @Override
    public void kill() {
        post(this::killNow);
    }

    @Override
    public void interrupt() {
        post(this::interruptTarget);
    }

    /** One that has not begun is interrupted when it does: its JVM may still be starting. */
    private void interruptTarget() {
        interruptEarly = !given;
        worker.ifPresent(present -> life.chunks().forEach(present::interrupt));
    }

    private void killNow() {
        worker.ifPresent(Worker::kill);
    }

    @Override
    public ThreadDump threads() {
        return driver.threadDumps()
                .of(settings.name(), pid(), table -> worker.orElseThrow().askThreads(table));
    }

    /** The user has interrupted the place that started it: like an interrupt, and after the grace a kill. */
    void interruptHard() {
        interruptTarget();
        driver.loop().after(Driver.GRACE, this::killNow);
    }

    // ------------------------------------------------------------ the driver's thread

    @Override
    public void launched(Worker worker) {
        pid.complete(worker.pid());
    }

    @Override
    public void ready(Worker worker) {
        given = true;
        life.given(target, System.nanoTime());
        worker.run(target);
        if (interruptEarly) {
            worker.interrupt(target);
        }
    }

    @Override
    public void outcomes(Worker worker, Chunk chunk, int from, int count, int failures, Supplier<Batch> batch) {
        chunk.movedTo(from + count);
        if (!ended) {
            output().tasksEnded(from, from + count); // what it printed comes before what is said of its end
            arrived(batch.get());
        }
    }

    @Override
    public void itemStarted(Worker worker, Chunk chunk, int item) {
        // it may take its time
    }

    @Override
    public void done(Worker worker, Chunk chunk) {
        life.answered(chunk, System.nanoTime());
        end(Optional.empty()); // its exit follows
    }

    @Override
    public void returned(Worker worker, Chunk chunk) {
        life.answered(chunk, System.nanoTime()); // its exit follows
    }

    @Override
    public void refused(Worker worker, Chunk chunk, ParallelException reason) {
        life.answered(chunk, System.nanoTime());
        end(Optional.of(reason)); // its exit follows
    }

    /** Nobody sees its outcome, but its exit. The worker goes on printing for it: its threads may. */
    private void end(Optional<Throwable> reason) {
        if (!ended) {
            ended = true;
            output().tasksEnded(0, 1);
            output().close();
            driver.left(output());
            target.submission.pipes().end();
            ended(reason);
        }
    }

    @Override
    public void died(Worker worker, List<Chunk> left, DeadWorker dead, Begun begun) {
        Death death = dead.death();
        end(Optional.empty());
        if (death.byDriver()) {
            // Nobody asked for it, and its exit code is that of any kill.
            complain(dead.called() + " was killed: " + death.reason() + ".\n");
        } else if (!life.hasComeIn() && death.exitCode() >= 0) { // below: by a signal, which somebody has sent
            complain(settings.name() + " did not start " + death.told() + ". "
                    + driver.environment().whyNoneStarts() + "\n");
        }
        driver.processEnded(this);
        long written = Math.max(complained, Math.max(output().written(), worker.written()));
        driver.sink().whenShown(written, () -> exit.complete(death.exitCode()));
    }

    @Override
    public void notLaunched(WorkerLife life, ParallelException reason) {
        end(Optional.empty());
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
