package manyjvm.parallel.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.driver.LostItem.Begun;
import manyjvm.parallel.driver.LostItem.DeadWorker;
import manyjvm.parallel.driver.WorkerLife.State;
import manyjvm.parallel.insight.Vitals;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.Hold;
import manyjvm.parallel.shared.Waits;
import manyjvm.parallel.spi.Exit;
import manyjvm.parallel.spi.WorkerHandle;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.WireException;
import manyjvm.parallel.wire.connect.Link;
import manyjvm.parallel.wire.connect.OwnerLoop;
import manyjvm.parallel.wire.connect.WorkerJournal;
import org.jspecify.annotations.Nullable;

/**
 * One worker as the driver sees it, from launch to end. Confined to the driver's thread.
 *
 * <p>A death is complete when both have been seen: the end of the connection, behind which nothing more can come, and the
 * exit with its status. Then the worker's {@link WorkerJournal} is read on from where the connection broke off.
 */
final class Worker implements Link.Handler, Message.ToDriver.Receiver {
    /** A worker that was told to leave has nothing left to do but its JVM's shutdown. */
    private static final Duration LEAVING = Duration.ofSeconds(10);

    final int jvmId;
    final String name;
    final Path journal;
    private final Driver driver;
    private final WorkerOwner owner;
    private final WorkerText text;
    private final WorkerLife life;
    private final WorkerLook look;

    private @Nullable WorkerPort port; // null until it comes in
    private @Nullable Link link; // null in this JVM, and until it comes in
    private @Nullable WorkerHandle handle; // null in this JVM, and until it is launched
    private long pid;
    private final SentCode code;
    private final SharedRequests shared;
    private final Questions<byte[]> threads;
    final Questions<Vitals> vitals; // its time and memory
    private final Acknowledgements acknowledgements;
    private boolean linkEnded;
    private Optional<Exit> exit = Optional.empty();
    private Optional<String> killedFor = Optional.empty();
    private boolean killWanted;
    private boolean leaving;
    private OwnerLoop.@Nullable Timer deadline; // of its start, later of its end

    Worker(Driver driver, Launcher.Order order, int jvmId, Path journal) {
        this.driver = driver;
        this.jvmId = jvmId;
        this.journal = journal;
        owner = order.owner();
        life = order.life();
        name = order.name();
        text = new WorkerText(driver, name, order.prefix(), order.textPlace());
        threads = new Questions<>(name, Message.AskThreads::new, life::isGone, () -> port);
        vitals = new Questions<>(name, Message.AskVitals::new, life::isGone, () -> port);
        look = new WorkerLook(journal, text, () -> life.isGone() ? null : port, vitals::ask);
        acknowledgements = new Acknowledgements(driver);
        code = new SentCode(
                driver,
                jvmId,
                message -> port().send(message),
                (submission, kind, name, bytes) -> owner.shipped(this, submission, kind, name, bytes));
        shared = new SharedRequests(driver, jvmId, name, message -> port().send(message));
    }

    WorkerLife life() {
        return life;
    }

    long pid() {
        return pid;
    }

    // ------------------------------------------------------------ start

    void expectStartWithin(Duration limit) {
        deadline = driver.loop().after(limit, () -> {
            if (life.state() == State.STARTING) {
                kill("did not start within " + limit.toSeconds() + " s");
            }
        });
    }

    /** It runs in this JVM and is ready at once. */
    void local(WorkerPort port) {
        this.port = port;
        life.cameIn(System.nanoTime());
        linkEnded = true;
        owner.ready(this);
    }

    /** The way to it, once it has come in. */
    private WorkerPort port() {
        return Objects.requireNonNull(port, "a worker that has come in");
    }

    void launched(WorkerHandle handle) {
        this.handle = handle;
        pid(handle.pid());
        owner.launched(this);
        handle.onExit().thenAccept(status -> driver.loop().post(() -> {
            exit = Optional.of(status);
            life.doom();
            if (link == null) {
                linkEnded = true; // it never came in
            }
            endIfGone();
        }));
        if (killWanted) {
            handle.kill();
        }
        if (leaving) {
            handle.letGo();
        }
    }

    void notLaunched(ParallelException reason) {
        life.gone();
        forget();
        owner.notLaunched(life, reason);
    }

    Link.Handler arrived(Link link, long pid) {
        this.link = link;
        pid(pid);
        deadlineOff();
        port = WorkerPort.to(link);
        driver.cameIn();
        threads.sendAll(port()::send);
        vitals.sendAll(port()::send);
        if (life.state() == State.STARTING) {
            life.cameIn(System.nanoTime());
            // Not before the link is this worker's: the handler is set when this returns.
            driver.loop().post(() -> {
                if (life.state() == State.READY) {
                    owner.ready(this);
                }
            });
        }
        return this;
    }

    private void pid(long pid) {
        this.pid = pid;
        text.pid(pid);
    }

    /** What runs its tasks. */
    Waits.Holder taskThread() {
        return port instanceof ThreadWorker local
                ? new Waits.Holder(driver.shared().jvmId(), local.threadNumber())
                : new Waits.Holder(jvmId, 0);
    }

    /** Whether this is the number of one of its own workers. */
    boolean speaksFor(int other) {
        return shared.areOf(other);
    }

    /** Asks what its threads do; a worker that is starting is asked when it has come in. */
    void askThreads(CompletableFuture<byte[]> table) {
        threads.ask(table);
    }

    WorkerLook look() {
        return look;
    }

    // ------------------------------------------------------------ work

    /** Sends a chunk that it has been given. */
    void run(Chunk chunk) {
        text.worksFor(chunk.submission.output());
        code.send(chunk);
    }

    void interrupt(Chunk chunk) {
        port().send(new Message.InterruptChunk(chunk.id));
    }

    void reclaim(Chunk chunk) {
        port().send(new Message.ReclaimChunk(chunk.id));
    }

    void submissionEnded(Submission submission) {
        if (!life.isGone() && code.ended(submission)) {
            text.submissionEnded(submission.output());
            releaseIfLeft(submission);
        }
    }

    private void releaseIfLeft(Submission submission) {
        if (!life.holdsSome(submission)) {
            code.released(submission);
        }
    }

    /** It is to end in good order, and has nothing to do. */
    void leave() {
        port().send(new Message.Leave());
        if (handle == null && link == null) {
            port().close(); // a thread: it ends by itself
            finish(new Death("ended", 0, "", List.of()), Begun.NOTHING);
        } else {
            deadline = driver.loop().after(LEAVING, () -> kill("did not end within " + LEAVING.toSeconds() + " s"));
        }
    }

    void terminate() {
        if (handle != null && !life.isGone()) {
            handle.terminate();
        }
    }

    /** @param reason what is told of its death, instead of the signal */
    void kill(String reason) {
        kill(Optional.of(reason));
    }

    void kill(Optional<String> reason) {
        killedFor = killedFor.or(() -> reason);
        kill();
    }

    void kill() {
        if (life.isGone()) {
            return;
        }
        killWanted = true;
        life.doom();
        if (handle != null) {
            handle.kill();
        } else if (link == null && port != null) {
            abandonThread();
        }
    }

    /** A thread cannot be killed: it is interrupted, left alone, and nothing it still says is heard. */
    private void abandonThread() {
        life.chunks().forEach(this::interrupt);
        Begun begun = life.head()
                .map(running -> new Begun(running.id, running.next + 1, WorkerJournal.Phase.RUNNING))
                .orElse(Begun.NOTHING);
        port().close();
        finish(new Death(killedFor.orElse("killed"), -9, "", List.of(), killedFor.isPresent()), begun);
    }

    // ------------------------------------------------------------ messages

    @Override
    public void received(Link from, Message message) {
        if (!(message instanceof Message.ToDriver told)) {
            throw new WireException("a driver was sent " + message.getClass().getSimpleName());
        }
        told.deliverTo(this);
        acknowledgements.dealtWith(from);
    }

    /** From a worker in this JVM. */
    void receivedHere(Message.ToDriver message) {
        if (!life.isGone()) {
            message.deliverTo(this);
        }
    }

    @Override
    public void ended(Link ended, String reason) {
        linkEnded = true;
        life.doom();
        if (ended.isBrokenOff()) {
            kill(reason); // and that is why, whatever it makes of it itself
        }
        if (exit.isEmpty() && life.state() != State.LEAVING && handle != null) {
            // Either it is dying and its exit follows, or the connection broke: then it must go too.
            driver.loop().after(Driver.GRACE, () -> {
                if (exit.isEmpty()) {
                    kill(reason);
                }
            });
        }
        endIfGone();
    }

    @Override
    public void onChunkItems(Message.ChunkItems message) {
        Chunk chunk = life.chunk(message.chunk())
                .orElseThrow(() -> new WireException("outcomes of a chunk that this worker does not have"));
        owner.told(this, chunk, message);
        deliver(chunk, message.from(), message.count(), message.failed(), message.shared(), message.outcomes());
        if (message.last()) {
            owner.done(this, chunk);
            releaseIfLeft(chunk.submission);
        }
    }

    private void deliver(Chunk chunk, int from, int count, int failed, boolean shared, Payload outcomes) {
        long first = chunk.first + from;
        text.tasksEnded(chunk.submission.output(), first, first + count);
        owner.outcomes(this, chunk, from, count, failed, () -> {
            Hold hold = shared ? driver.hold(outcomes) : Hold.NONE; // before the worker tells that it has let go
            return Batches.of(first, count, outcomes, hold, driver.reading());
        });
    }

    @Override
    public void onChunkReturned(Message.ChunkReturned message) {
        life.chunk(message.chunk()).ifPresent(chunk -> {
            chunk.submission.pipes().cameBack(chunk);
            owner.returned(this, chunk);
            releaseIfLeft(chunk.submission);
        });
    }

    @Override
    public void onJobRefused(Message.JobRefused message) {
        life.chunk(message.chunk()).ifPresent(chunk -> {
            Throwable failure = driver.standIn(message.failure());
            owner.refused(this, chunk, RefusedFunction.told(DeadWorker.called(name, pid), chunk, failure));
            releaseIfLeft(chunk.submission);
        });
    }

    @Override
    public void onItemStarted(Message.ItemStarted message) {
        life.chunk(message.chunk()).ifPresent(chunk -> owner.itemStarted(this, chunk, message.item()));
    }

    @Override
    public void onOutput(Message.Output message) {
        text.printed(message);
        if (link != null) {
            acknowledgements.printed(link);
        }
    }

    /** The sink's mark after the last text that came from here. */
    long written() {
        return text.written();
    }

    @Override
    public void onShown(Message.Shown message) {
        text.shown(message);
    }

    /** Text from the process's own standard output or error: of native code, or of the JVM itself. */
    void realText(boolean error, byte[] bytes) {
        text.real(error, bytes);
    }

    @Override
    public void onLeaving(Message.Leaving message) {
        leaving = true;
        if (handle != null) {
            handle.letGo();
        }
    }

    @Override
    public void onThreads(Message.Threads message) {
        threads.answered(message.request(), message.table());
    }

    @Override
    public void onTellVitals(Message.TellVitals message) {
        vitals.answered(message.request(), message.vitals());
    }

    @Override
    public void onNeedClass(Message.NeedClass message) {
        driver.classes()
                .ask(message.name(), classFile -> port().send(new Message.ClassAnswer(message.request(), classFile)));
    }

    @Override
    public void onSharedCall(Message.SharedCall message) {
        shared.call(message);
    }

    @Override
    public void onSharedTell(Message.SharedTell message) {
        shared.tell(message);
    }

    @Override
    public void onSharedGone(Message.SharedGone message) {
        shared.gone(message);
    }

    @Override
    public void onNeedJvmIds(Message.NeedJvmIds message) {
        shared.numbers(message);
    }

    // ------------------------------------------------------------ death

    private void endIfGone() {
        if (!linkEnded && exit.isPresent() && link != null) {
            // Whoever inherited the worker's socket may hold it open; a moment later what was sent has been read.
            driver.loop().after(Driver.GRACE, () -> {
                linkEnded = true;
                endIfGone();
            });
            return;
        }
        if (!linkEnded || exit.isEmpty() || life.isGone()) {
            return;
        }
        Exit end = exit.get();
        Begun begun = Begun.NOTHING;
        WorkerJournal.Announcement announcement = WorkerJournal.Announcement.NONE;
        try {
            WorkerJournal.Snapshot snapshot = WorkerJournal.read(journal);
            if (!killWanted
                    || end.status()
                            != Death.STATUS_OF_SIGKILL) { // else it had announced its exit, and the kill came first
                announcement = snapshot.announcement();
            }
            if (link != null) {
                link.readOn(snapshot.streamFrom(link.streamBytes()));
                begun = settle(snapshot);
            }
        } catch (IOException | RuntimeException | OutOfMemoryError unreadable) {
            // Without the journal the items in flight count as lost: they may have run. Whatever is wrong with it
            // (native
            // code may have written into it, or somebody cut it off), the worker has ended: else its jobs never do.
            driver.fault(unreadable);
            begun = Begun.UNKNOWN;
        }
        finish(Death.of(end, announcement, killedFor), begun);
    }

    /** Takes the outcomes that the worker had no time to send. */
    private Begun settle(WorkerJournal.Snapshot snapshot) {
        Optional<Chunk> present = life.chunk(snapshot.chunk());
        if (present.isEmpty()) {
            return Begun.NOTHING;
        }
        Chunk chunk = present.get();
        JournalRest.of(chunk, snapshot)
                .ifPresent(rest -> deliver(chunk, chunk.next, rest.count(), rest.failed(), true, rest.outcomes()));
        return new Begun(chunk.id, snapshot.started(), snapshot.phase());
    }

    private void finish(Death death, Begun begun) {
        List<Chunk> left = life.gone();
        DeadWorker dead = new DeadWorker(name, pid, death);
        left.forEach(chunk -> chunk.submission.pipes().cameBack(chunk)); // else their pipes would have ended with it
        shared.end(
                new Departure(dead.called(), death.exitCode() != 0),
                new Departure("a worker of " + dead.called(), true));
        // The text of a line that it had begun comes before the failure.
        text.workerEnded(code.workerEnded());
        forget();
        owner.died(this, left, dead, begun);
    }

    private void deadlineOff() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }

    private void forget() {
        deadlineOff();
        threads.workerEnded();
        vitals.workerEnded();
        look.close();
        driver.launcher().forget(this);
        if (link != null) {
            link.close();
        }
        try {
            Files.deleteIfExists(journal);
        } catch (IOException later) {
            // deleted with its folder
        }
    }
}
