package manyjvm.parallel.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.TaskFailedException;
import manyjvm.parallel.WorkerDiedException;
import manyjvm.parallel.code.Bundle;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.Hold;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedRelay;
import manyjvm.parallel.shared.Waits;
import manyjvm.parallel.spi.Exit;
import manyjvm.parallel.spi.OutputSink.Stream;
import manyjvm.parallel.spi.Shared;
import manyjvm.parallel.spi.WorkerHandle;
import manyjvm.parallel.wire.Code;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.Values;
import manyjvm.parallel.wire.WireException;
import manyjvm.parallel.wire.connect.Link;
import manyjvm.parallel.wire.connect.OwnerLoop;
import manyjvm.parallel.wire.connect.WorkerJournal;

/**
 * One worker as the driver sees it, from launch to burial. Confined to the driver's thread.
 *
 * <p>A death is complete when both have been seen: the end of the connection, behind which nothing more can come, and the
 * exit with its status. Then the worker's {@link WorkerJournal} is read on from where the connection broke off.
 */
final class Worker implements Link.Handler, Message.Receiver {
    private static final long ACKNOWLEDGE_EVERY = 128 * 1024;
    private static final int LONGEST_ARGUMENT = 80;
    private static final int DEEPEST_CAUSE = 4;
    private static final int MOST_NEVER_BEGUN = 3;

    /** Beyond the task timeout, for loading the function: short ones would not let a fresh JVM begin. */
    private static final Duration BEGINNING = Duration.ofSeconds(2);

    /** For a worker to begin a hook, for which its pool waits: a frozen one never does. */
    private static final Duration BEGINNING_OF_A_HOOK = Duration.ofSeconds(10);

    /** A worker that was told to leave has nothing left to do but its JVM's shutdown. */
    private static final Duration LEAVING = Duration.ofSeconds(10);

    enum State {
        STARTING,
        READY,
        LEAVING,
        GONE
    }

    /** Whoever a worker works for. */
    interface Owner {
        /** Its process runs. */
        void launched(Worker worker);

        /** It has said hello. */
        void ready(Worker worker);

        /** All items of the chunk have their outcome. */
        void done(Worker worker, Chunk chunk);

        /** So many more items have an outcome. */
        void count(long items, long failures);

        /** The chunk's items from {@code next} on were not run by this worker. */
        void returned(Worker worker, Chunk chunk);

        /** It is gone, after all its chunks have been dealt with. */
        void died(Worker worker, Death death, boolean wasReady);

        /** The worker of this number could not even be launched. */
        void notLaunched(int number, ParallelException reason);
    }

    final int jvmId;
    final String name;
    final int number;
    final Path journal;
    private final Driver driver;
    private final Owner owner;
    private final OutputRouter output;
    private final JobWork ambient;

    private State state = State.STARTING;
    private WorkerPort port;
    private Link link;
    private WorkerHandle handle;
    private long pid;
    private final Map<Long, Chunk> inFlight = new LinkedHashMap<>();
    private final SentContents sent = new SentContents(SentContents.KEPT_BYTES);
    private final Map<JobWork, Set<String>> jobs = new HashMap<>(); // with the hashes of what they use of that
    private final Map<JobWork, Set<String>> endedInFlight = new HashMap<>(); // likewise, while a chunk of them is here
    private final Map<Long, Runnable> sharedCalls = new HashMap<>();
    private final Set<Integer> blocks = new HashSet<>(); // the first numbers of those given to its own driver
    private final Set<Integer> spokenFor = new HashSet<>();
    private final Map<Long, CompletableFuture<byte[]>> asked = new LinkedHashMap<>(); // for its threads
    private JobWork latest;
    private boolean heldBack; // until text that was there before is shown
    private long acknowledgedStream;
    private long acknowledgedAttachments;
    private boolean linkEnded;
    private Optional<Exit> exit = Optional.empty();
    private Optional<String> killedFor = Optional.empty();
    private boolean killWanted;
    private boolean leaving;
    private OwnerLoop.Timer watch;
    private long watchedChunk;
    private long requests;
    private OwnerLoop.Timer deadline; // of its start, later of its end

    /** When it last finished a chunk. */
    long lastDone;

    /** Its owner has another one take its place, whatever it does. */
    boolean replaced;

    long idleSince = System.nanoTime();
    int chunksTaken;

    Worker(
            Driver driver,
            Owner owner,
            int jvmId,
            String name,
            int number,
            String prefix,
            JobWork ambient,
            Path journal) {
        this.driver = driver;
        this.owner = owner;
        this.jvmId = jvmId;
        this.name = name;
        this.number = number;
        this.ambient = ambient;
        this.latest = ambient;
        this.journal = journal;
        this.output = new OutputRouter(driver.sink(), name, prefix);
    }

    State state() {
        return state;
    }

    long pid() {
        return pid;
    }

    /** It is being killed, or a part of its death has been seen: whatever it is given now only comes back. */
    boolean isDoomed() {
        return killWanted || exit.isPresent() || link != null && linkEnded;
    }

    boolean isIdle() {
        return state == State.READY && inFlight.isEmpty();
    }

    /** Whether all that it does, if anything, is its initializer or exit hook. */
    boolean holdsNoTask() {
        return inFlight.values().stream().allMatch(Chunk::isHook);
    }

    int load() {
        return inFlight.size();
    }

    Iterable<Chunk> chunks() {
        return inFlight.values();
    }

    // ------------------------------------------------------------ start

    void expectStartWithin(Duration limit) {
        deadline = driver.loop().after(limit, () -> {
            if (state == State.STARTING) {
                kill("did not start within " + limit.toSeconds() + " s");
            }
        });
    }

    /** It runs in this JVM and is ready at once. */
    void local(WorkerPort port) {
        this.port = port;
        state = State.READY;
        linkEnded = true;
        owner.ready(this);
    }

    void launched(WorkerHandle handle) {
        this.handle = handle;
        pid(handle.pid());
        owner.launched(this);
        handle.onExit().thenAccept(status -> driver.loop().post(() -> {
            exit = Optional.of(status);
            if (link == null) {
                linkEnded = true; // it never came in
            }
            buryIfGone();
        }));
        if (killWanted) {
            handle.kill();
        }
        if (leaving) {
            handle.letGo();
        }
    }

    void notLaunched(ParallelException reason) {
        state = State.GONE;
        forget();
        owner.notLaunched(number, reason);
    }

    Link.Handler arrived(Link link, long pid) {
        this.link = link;
        pid(pid);
        deadlineOff();
        port = new WorkerPort() {
            @Override
            public void send(Message message) {
                link.send(message);
            }

            @Override
            public void close() {
                link.close();
            }
        };
        driver.cameIn();
        asked.keySet().forEach(request -> port.send(new Message.AskThreads(request)));
        if (state == State.STARTING) {
            state = State.READY;
            // Not before the link is this worker's: the handler is set when this returns.
            driver.loop().post(() -> {
                if (state == State.READY) {
                    owner.ready(this);
                }
            });
        }
        return this;
    }

    private void pid(long pid) {
        this.pid = pid;
        output.pid(pid);
    }

    /** Whether that is what it is doing, and not what it will do after something else. */
    boolean runs(JobWork job) {
        return running().filter(running -> running == job).isPresent();
    }

    /** What it is doing. */
    Optional<JobWork> running() {
        return inFlight.values().stream().findFirst().map(head -> head.job);
    }

    /**
     * Who runs the tasks of some workers.
     *
     * @param post the driver's, where the workers are looked for; the caller waits for it, not for ever
     */
    static List<Waits.Holder> taskThreads(Consumer<Runnable> post, Supplier<java.util.stream.Stream<Worker>> workers) {
        CompletableFuture<List<Waits.Holder>> found = new CompletableFuture<>();
        post.accept(() -> found.complete(workers.get().map(Worker::taskThread).toList()));
        return found.completeOnTimeout(List.of(), Driver.GRACE.toNanos(), TimeUnit.NANOSECONDS)
                .join();
    }

    private Waits.Holder taskThread() {
        return port instanceof ThreadWorker local
                ? new Waits.Holder(driver.shared().jvmId(), local.threadNumber())
                : new Waits.Holder(jvmId, 0);
    }

    /** Whether this is the number of one of its own workers. */
    boolean speaksFor(int other) {
        return blocks.stream().anyMatch(first -> other >= first && other - first < SharedRelay.BLOCK);
    }

    /** Asks what its threads do; a worker that is starting is asked when it has come in. */
    void askThreads(CompletableFuture<byte[]> table) {
        if (state == State.GONE) {
            table.completeExceptionally(new ParallelException(name + " has ended"));
            return;
        }
        long request = ++requests;
        asked.put(request, table);
        if (port != null) {
            port.send(new Message.AskThreads(request));
        }
    }

    // ------------------------------------------------------------ work

    void run(Chunk chunk) {
        JobWork job = chunk.job;
        Set<String> used = jobs.get(job);
        if (used == null) {
            used = new HashSet<>();
            jobs.put(job, used);
            job.holders.add(this);
            introduce(job, used, chunk.isHook());
        }
        for (Bundle.ClassReference reference : chunk.classes) {
            give(job, used, reference);
        }
        sendShared(chunk.shared);
        job.delivered(chunk);
        chunk.since = System.nanoTime();
        chunk.reclaiming = false;
        chunksTaken++;
        latest = job;
        inFlight.put(chunk.id, chunk);
        watchHead();
        port.send(new Message.RunChunk(job.id(), chunk.id, chunk.first, chunk.next, chunk.end, chunk.items));
    }

    private void introduce(JobWork job, Set<String> used, boolean hook) {
        if (job.code() instanceof Code.Shipped shipped) {
            Bundle bundle = shipped.bundle();
            for (Bundle.ClassReference reference : bundle.classes()) {
                give(job, used, reference);
            }
            for (Bundle.BlobReference blob : bundle.blobs()) {
                if (used.add(blob.hash()) && sent.use(blob.hash(), blob.bytes())) {
                    port.send(new Message.GiveBlob(
                            blob.hash(), blob.bytes(), job.packer().blob(bundle, blob)));
                }
            }
            sendShared(bundle.shared());
        }
        port.send(new Message.StartJob(
                job.id(), job.kind(), job.code(), hook || job.timeout().isPresent()));
    }

    private void sendShared(List<Shared> shared) {
        if (!shared.isEmpty()) {
            driver.hosts().sent(jvmId, shared.stream().map(Shared::handle).toList());
        }
    }

    private void give(JobWork job, Set<String> used, Bundle.ClassReference reference) {
        if (!used.add(reference.hash())) {
            return;
        }
        byte[] classFile = job.packer().classFile(reference);
        if (sent.use(reference.hash(), classFile.length)) {
            port.send(new Message.GiveClass(reference.binaryName(), reference.hash(), classFile));
        }
    }

    void interrupt(Chunk chunk) {
        port.send(new Message.InterruptChunk(chunk.id));
    }

    void reclaim(Chunk chunk) {
        chunk.reclaiming = true;
        port.send(new Message.ReclaimChunk(chunk.id));
    }

    void jobEnded(JobWork job) {
        Set<String> used = jobs.remove(job);
        if (used != null && state != State.GONE) {
            port.send(new Message.EndJob(job.id()));
            output.jobEnded(job);
            endedInFlight.put(job, used);
            releaseIfLeft(job);
        }
    }

    /** What an ended job used may go once the worker has answered for all its chunks: until then it may be loading it. */
    private void releaseIfLeft(JobWork job) {
        if (!endedInFlight.containsKey(job) || inFlight.values().stream().anyMatch(chunk -> chunk.job == job)) {
            return;
        }
        List<String> dropped = sent.release(endedInFlight.remove(job));
        if (!dropped.isEmpty()) {
            port.send(new Message.DropContents(dropped));
        }
    }

    void leave() {
        if (state == State.READY) {
            state = State.LEAVING;
            port.send(new Message.Leave());
            if (handle == null && link == null) {
                state = State.GONE; // a thread: it ends by itself
                port.close();
                finish(new Death("ended", 0, "", List.of()), true);
            } else {
                deadline = driver.loop().after(LEAVING, () -> kill("did not end within " + LEAVING.toSeconds() + " s"));
            }
        } else if (state == State.STARTING) {
            kill("not needed any more");
        }
    }

    void terminate() {
        if (handle != null && state != State.GONE) {
            handle.terminate();
        }
    }

    /** @param reason what is told of its death, instead of the signal */
    void kill(String reason) {
        if (killedFor.isEmpty()) {
            killedFor = Optional.of(reason);
        }
        kill();
    }

    void kill() {
        if (state == State.GONE) {
            return;
        }
        killWanted = true;
        if (handle != null) {
            handle.kill();
        } else if (link == null && port != null) {
            abandonThread();
        }
    }

    /** A thread cannot be killed: it is interrupted, left alone, and nothing it still says is heard. */
    private void abandonThread() {
        inFlight.values().forEach(this::interrupt);
        inFlight.values().stream().findFirst().ifPresent(running -> running.lostUpTo = running.next + 1);
        state = State.GONE;
        port.close();
        finish(new Death(killedFor.orElse("killed"), -9, "", List.of()), true);
    }

    // ------------------------------------------------------------ messages

    @Override
    public void received(Link from, Message message) {
        message.deliverTo(this);
        acknowledge(from);
    }

    /**
     * Says what has been dealt with, whose room the worker may use again. Where nobody reads the text of workers, those that
     * print are kept waiting by this, as a pipe would, rather than that text is lost, or heaped up here.
     */
    private void acknowledge(Link from) {
        if (heldBack) {
            return;
        }
        long stream = from.streamBytes();
        long attachments = from.attachmentBytes();
        if (stream - acknowledgedStream >= ACKNOWLEDGE_EVERY || attachments > acknowledgedAttachments) {
            acknowledgedStream = stream;
            acknowledgedAttachments = attachments;
            from.send(new Message.Received(stream, attachments));
        }
    }

    /** From a worker in this JVM. */
    void receivedHere(Message message) {
        if (state != State.GONE) {
            message.deliverTo(this);
        }
    }

    @Override
    public void ended(Link ended, String reason) {
        linkEnded = true;
        if (ended.isBrokenOff()) {
            kill(reason); // and that is why, whatever it makes of it itself
        }
        if (exit.isEmpty() && state != State.LEAVING && handle != null) {
            // Either it is dying and its exit follows, or the connection broke: then it must go too.
            driver.loop().after(Driver.GRACE, () -> {
                if (exit.isEmpty()) {
                    kill(reason);
                }
            });
        }
        buryIfGone();
    }

    @Override
    public void onChunkItems(Message.ChunkItems message) {
        Chunk chunk = inFlight.get(message.chunk());
        if (chunk == null) {
            throw new WireException("outcomes of a chunk that this worker does not have");
        }
        deliver(chunk, message.from(), message.count(), message.failed(), message.shared(), message.outcomes());
        if (message.last()) {
            finish(chunk);
        }
    }

    private void deliver(Chunk chunk, int from, int count, int failed, boolean shared, Payload outcomes) {
        JobWork job = chunk.job;
        output.tasksEnded(job, chunk.first + from, chunk.first + from + count);
        chunk.next = from + count;
        count(chunk, count, failed);
        if (count > 0 && !job.isEnded()) {
            job.progressed();
            Hold hold = shared ? driver.hold(outcomes) : Hold.NONE; // before the worker tells that it has let go
            job.arrived(Batches.of(chunk.first + from, count, outcomes, hold, driver.reading(job)));
            if (failed > 0 && job.failFast()) {
                job.failedFast();
            }
        }
    }

    /** Hooks are nobody's tasks. */
    private void count(Chunk chunk, long items, long failures) {
        if (!chunk.isHook()) {
            owner.count(items, failures);
        }
    }

    /** Everything that this worker had to say of a chunk has been said. */
    private Chunk answered(long id) {
        Chunk chunk = inFlight.remove(id);
        if (chunk != null) {
            watchHead();
            releaseIfLeft(chunk.job);
        }
        return chunk;
    }

    private void finish(Chunk chunk) {
        answered(chunk.id);
        lastDone = System.nanoTime();
        idleSince = lastDone;
        if (!chunk.job.isEnded()) {
            chunk.job.chunkDone();
        }
        owner.done(this, chunk);
    }

    @Override
    public void onChunkReturned(Message.ChunkReturned message) {
        Chunk chunk = answered(message.chunk());
        if (chunk != null) {
            idleSince = System.nanoTime();
            chunk.job.cameBack(chunk);
            owner.returned(this, chunk);
        }
    }

    @Override
    public void onJobRefused(Message.JobRefused message) {
        Chunk chunk = answered(message.chunk());
        if (chunk == null) {
            return;
        }
        JobWork job = chunk.job;
        if (!job.isEnded()) {
            Throwable failure = driver.standIn(message.failure());
            job.end(Optional.of(new TaskFailedException(
                    called(pid) + " could not load the function of " + job.description() + ": " + chain(failure),
                    failure,
                    (int) chunk.first + chunk.next,
                    null,
                    null)));
        }
        owner.done(this, chunk);
    }

    /** An exception and its causes, in one line: what counts is often the last. */
    private static String chain(Throwable failure) {
        StringBuilder text = new StringBuilder(told(failure));
        Throwable cause = failure.getCause();
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++, cause = cause.getCause()) {
            if (text.indexOf(told(cause)) < 0) {
                text.append(", caused by ").append(told(cause));
            }
        }
        return text.toString();
    }

    /** A stand-in tells the name of what it stands for. */
    private static String told(Throwable failure) {
        return failure instanceof ParallelException ? failure.getMessage() : failure.toString();
    }

    @Override
    public void onItemStarted(Message.ItemStarted message) {
        Chunk chunk = inFlight.get(message.chunk());
        if (chunk != null && chunk.job.timeout().isPresent()) {
            Duration limit = chunk.job.timeout().get();
            watch(
                    chunk,
                    limit,
                    "ran item " + (chunk.first + message.item()) + " longer than " + limit.toMillis()
                            + " ms, the task timeout, and was killed");
        } else if (chunk != null && chunk.isHook()) {
            stopWatch();
            watchedChunk = chunk.id; // it has begun, and may take its time
        }
    }

    /**
     * The chunk at the head of the line is its worker's turn: it has to begin. A worker that was stopped while it had
     * nothing to do says nothing more, and loading a function may take for ever.
     */
    private void watchHead() {
        Chunk head = inFlight.isEmpty() ? null : inFlight.values().iterator().next();
        if (head != null && head.id == watchedChunk) {
            return;
        }
        stopWatch();
        if (head != null && head.isHook()) {
            String reason =
                    "did not begin " + head.job.description() + " within " + BEGINNING_OF_A_HOOK.toSeconds() + " s";
            watch(head, BEGINNING_OF_A_HOOK, reason);
        } else if (head != null && head.job.timeout().isPresent()) {
            Duration limit = head.job.timeout().get();
            watch(
                    head,
                    limit.plus(BEGINNING),
                    "did not begin item " + (head.first + head.next) + " within " + limit.toMillis()
                            + " ms, the task timeout, and " + BEGINNING.toMillis()
                            + " ms more for loading the function, and was killed");
        }
    }

    private void watch(Chunk chunk, Duration limit, String reason) {
        stopWatch();
        watchedChunk = chunk.id;
        watch = driver.loop().after(limit, () -> kill(reason));
    }

    private void stopWatch() {
        watchedChunk = 0;
        if (watch != null) {
            watch.cancel();
            watch = null;
        }
    }

    @Override
    public void onOutput(Message.Output message) {
        JobWork job = message.job() == 0 ? latest : driver.job(message.job()).orElse(latest);
        output.text(job, message.task(), message.error() ? Stream.STDERR : Stream.STDOUT, message.text());
        if (!heldBack && link != null && driver.sink().isBehind()) {
            heldBack = true;
            driver.sink().whenShown(driver.sink().taken(), () -> driver.loop().post(() -> {
                heldBack = false;
                acknowledge(link);
            }));
        }
    }

    /** The sink's mark after the last text that came from here. */
    long written() {
        return output.written();
    }

    @Override
    public void onShown(Message.Shown message) {
        JobWork job = message.job() == 0 ? latest : driver.job(message.job()).orElse(latest);
        output.shown(job, message.task(), message.content());
    }

    /** Text from the process's own standard output or error: of native code, or of the JVM itself. */
    void realText(boolean error, byte[] text) {
        output.text(latest, -1, error ? Stream.STDERR : Stream.STDOUT, text);
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
        CompletableFuture<byte[]> table = asked.remove(message.request());
        if (table != null) {
            table.complete(message.table());
        }
    }

    @Override
    public void onNeedClass(Message.NeedClass message) {
        driver.classes().ask(message.name(), classFile -> {
            if (state != State.GONE) {
                port.send(new Message.ClassAnswer(message.request(), classFile));
            }
        });
    }

    @Override
    public void onSharedCall(Message.SharedCall message) {
        long request = message.request();
        boolean[] answered = new boolean[1];
        Runnable withdraw = driver.hosts().handle(speaker(message.jvmId()), message.content(), answer -> {
            if (driver.loop().isOwner()) {
                answered[0] = true;
                answer(request, answer);
            } else {
                driver.loop().post(() -> answer(request, answer));
            }
        });
        if (!answered[0]) {
            sharedCalls.put(request, withdraw);
        }
    }

    private void answer(long request, SharedAnswer answer) {
        sharedCalls.remove(request);
        if (state != State.GONE) {
            port.send(new Message.SharedReply(request, answer));
        }
    }

    @Override
    public void onSharedTell(Message.SharedTell message) {
        driver.hosts().tell(speaker(message.jvmId()), message.content());
    }

    /** In whose name it asks: its own, or that of a worker which it has started. */
    private int speaker(int asking) {
        if (asking != jvmId) {
            refuseUnlessItsOwn(asking);
            spokenFor.add(asking);
        }
        return asking;
    }

    private void refuseUnlessItsOwn(int other) {
        if (!speaksFor(other)) {
            throw new WireException(name + " spoke for JVM " + other + ", which is none of its workers");
        }
    }

    @Override
    public void onSharedGone(Message.SharedGone message) {
        refuseUnlessItsOwn(message.jvmId());
        spokenFor.remove(message.jvmId());
        driver.hosts().jvmGone(message.jvmId(), message.departure());
    }

    @Override
    public void onNeedJvmIds(Message.NeedJvmIds message) {
        driver.nextJvmIds().thenAccept(first -> driver.loop().post(() -> {
            blocks.add(first);
            if (state != State.GONE) {
                port.send(new Message.JvmIds(message.request(), first));
            }
        }));
    }

    @Override
    public void onSharedWithdraw(Message.SharedWithdraw message) {
        Runnable withdraw = sharedCalls.remove(message.request());
        if (withdraw != null) {
            withdraw.run();
        }
    }

    @Override
    public void unexpected(Message message) {
        throw new WireException("a driver was sent " + message.getClass().getSimpleName());
    }

    // ------------------------------------------------------------ death

    private void buryIfGone() {
        if (!linkEnded && exit.isPresent() && link != null) {
            // Whoever inherited the worker's socket may hold it open; a moment later what was sent has been read.
            driver.loop().after(Driver.GRACE, () -> {
                linkEnded = true;
                buryIfGone();
            });
            return;
        }
        if (!linkEnded || exit.isEmpty() || state == State.GONE) {
            return;
        }
        boolean wasReady = state != State.STARTING;
        WorkerJournal.Announcement announcement = WorkerJournal.Announcement.NONE;
        Death[] death = new Death[1];
        try {
            WorkerJournal.Snapshot snapshot = WorkerJournal.read(journal);
            announcement = killedWhileItEnded() ? WorkerJournal.Announcement.NONE : snapshot.announcement();
            death[0] = Death.of(exit.get(), announcement, killedFor);
            if (link != null) {
                link.readOn(snapshot.streamFrom(link.streamBytes()));
                settle(snapshot);
            }
        } catch (IOException | RuntimeException | OutOfMemoryError unreadable) {
            // Without the journal the items in flight count as lost: they may have run. Whatever is wrong with it
            // (native
            // code may have written into it, or somebody cut it off), the worker is buried: else its jobs never end.
            driver.fault(unreadable);
            inFlight.values().forEach(chunk -> chunk.lostUpTo = chunk.end);
            death[0] = Death.of(exit.get(), announcement, killedFor);
        }
        state = State.GONE;
        finish(death[0], wasReady);
    }

    /** It had announced its exit, and then the kill came first. */
    private boolean killedWhileItEnded() {
        return killWanted && exit.get().status() == Death.STATUS_OF_SIGKILL;
    }

    /** Takes the outcomes that the worker had no time to send. */
    private void settle(WorkerJournal.Snapshot snapshot) {
        Chunk chunk = inFlight.get(snapshot.chunk());
        if (chunk == null) {
            return;
        }
        byte[] log = snapshot.log();
        Values.Reader entries = new Values.Reader(log);
        int already = chunk.next - snapshot.logBase();
        int count = 0;
        int failed = 0;
        while (entries.next()) {
            failed += count >= already && entries.isFailure() ? 1 : 0;
            count++;
        }
        if (count > already && already >= 0) {
            Payload rest = new Payload.Bytes(Values.from(log, already));
            deliver(chunk, chunk.next, count - already, failed, true, rest);
        }
        chunk.lostUpTo = snapshot.started();
        chunk.phase = snapshot.phase();
    }

    private void finish(Death death, boolean wasReady) {
        stopWatch();
        asked.values().forEach(table -> table.completeExceptionally(new ParallelException(name + " has ended")));
        asked.clear();
        inFlight.values().forEach(chunk -> chunk.job.cameBack(chunk)); // else their pipes would have ended with it
        driver.hosts().jvmGone(jvmId, new Departure(called(pid), death.exitCode() != 0));
        Departure ofItsWorkers = new Departure("a worker of " + called(pid), true);
        spokenFor.forEach(worker -> driver.hosts().jvmGone(worker, ofItsWorkers)); // they end with their parent
        spokenFor.clear();
        // After the deaths, of which those left behind are told; a wait that was withdrawn would have been given up. A
        // copy:
        // a withdrawal that is answered is taken out of the map.
        List.copyOf(sharedCalls.values()).forEach(Runnable::run);
        sharedCalls.clear();
        jobs.keySet().forEach(output::jobEnded); // the text of a line that it had begun comes before the failure
        List<Chunk> chunks = new ArrayList<>(inFlight.values());
        inFlight.clear();
        for (int i = chunks.size() - 1; i >= 0; i--) { // each goes to the front of the line
            bury(chunks.get(i), i == 0, death);
        }
        output.jobEnded(ambient);
        jobs.keySet().forEach(job -> job.holders.remove(this));
        jobs.clear();
        forget();
        owner.died(this, death, wasReady);
    }

    /** @param head whether it was the chunk's turn: the others behind it have nothing to do with the death */
    private void bury(Chunk chunk, boolean head, Death death) {
        if (chunk.job.isEnded()) {
            return;
        }
        int lost = Math.min(chunk.end, chunk.lostUpTo);
        WorkerJournal.Phase phase = chunk.phase;
        chunk.lostUpTo = 0;
        chunk.phase = WorkerJournal.Phase.RUNNING;
        if (lost > chunk.next) {
            boolean retried = chunk.lost < chunk.job.retries();
            if (phase == WorkerJournal.Phase.LOADING && !retried && chunk.job.hasKilledWhileLoading()) {
                chunk.job.end(Optional.of(
                        died(chunk, chunk.next, Optional.of(phase), death).get()));
                return;
            }
            if (retried) {
                chunk.lost++;
            } else {
                for (; chunk.next < lost; chunk.next++) {
                    chunk.lost = 0;
                    count(chunk, 1, 1);
                    // The phase is that of the last one; those before it are lost only where the journal is unreadable.
                    WorkerJournal.Phase last = chunk.next + 1 == lost ? phase : WorkerJournal.Phase.RUNNING;
                    fail(chunk, chunk.next, Optional.of(last), death);
                }
            }
        } else if (head && chunk.next < chunk.end && !chunk.isHook()) {
            buryBeforeItsTurn(chunk, death);
        }
        if (chunk.next >= chunk.end) {
            chunk.job.delivered(chunk);
            chunk.job.chunkDone();
        } else if (!chunk.job.isEnded()) {
            owner.returned(this, chunk);
        }
    }

    /**
     * Its worker died without having begun it. That is an accident, and the chunk runs elsewhere; or what is sent kills
     * whoever it is sent to, since it does not fit into a worker's heap, and then worker after worker would die of it.
     * Whoever asked for retries has said how many that may be.
     */
    private void buryBeforeItsTurn(Chunk chunk, Death death) {
        if (chunk.neverBegun < chunk.job.retries()) {
            chunk.neverBegun++;
        } else if (chunk.job.hasKilledBeforeBeginning()) {
            chunk.job.end(
                    Optional.of(died(chunk, chunk.next, Optional.empty(), death).get()));
        } else if (++chunk.neverBegun >= MOST_NEVER_BEGUN) {
            for (; chunk.next < chunk.end; chunk.next++) {
                count(chunk, 1, 1);
                fail(chunk, chunk.next, Optional.empty(), death);
            }
        }
    }

    private void fail(Chunk chunk, int item, Optional<WorkerJournal.Phase> phase, Death death) {
        JobWork job = chunk.job;
        if (job.isEnded()) {
            return;
        }
        job.arrived(Batches.failed(chunk.first + item, died(chunk, item, phase, death)));
        if (job.failFast()) {
            job.failedFast();
        }
    }

    /**
     * The failure of an item, made by whoever asks for it.
     *
     * @param phase what was done for it; empty when its worker died before
     */
    private Supplier<WorkerDiedException> died(
            Chunk chunk, int item, Optional<WorkerJournal.Phase> phase, Death death) {
        JobWork job = chunk.job;
        long index = chunk.first + item;
        Payload items = chunk.items;
        long diedPid = pid;
        boolean hook = chunk.isHook();
        return () -> {
            // An argument that its worker could not read might do the same to this JVM.
            boolean readable = phase.filter(
                            known -> known == WorkerJournal.Phase.RUNNING || known == WorkerJournal.Phase.WRITING)
                    .isPresent();
            String argument = readable ? argument(items, item, driver.reading(job)) : "";
            StringBuilder message = new StringBuilder(called(diedPid))
                    .append(" died (")
                    .append(death.reason())
                    .append(") ")
                    .append(phase.map(known -> "while it " + doing(known, hook, job, index))
                            .orElse("before it began " + item(hook, job, index)))
                    .append(argument.isEmpty() ? "." : ", argument " + argument + ".");
            if (!death.hint().isEmpty()) {
                message.append(' ').append(death.hint());
            }
            if (!death.lastLines().isEmpty()) {
                message.append(" Its last words: ").append(String.join(" | ", death.lastLines()));
            }
            return new WorkerDiedException(
                    message.toString(),
                    name,
                    diedPid,
                    death.reason(),
                    death.exitCode(),
                    (int) index,
                    death.lastLines());
        };
    }

    private static String doing(WorkerJournal.Phase phase, boolean hook, JobWork job, long index) {
        String what = item(hook, job, index);
        return switch (phase) {
            case RUNNING -> "ran " + what;
            case LOADING -> "loaded " + (hook ? what : "the function of " + job.description() + " for item " + index);
            case READING -> "read " + what;
            case WRITING -> "wrote the result of " + what;
        };
    }

    private static String item(boolean hook, JobWork job, long index) {
        return hook ? job.description() : "item " + index + " of " + job.description();
    }

    private String called(long itsPid) {
        return name + (itsPid == 0 ? "" : " (pid " + itsPid + ")");
    }

    /** The item in short, as {@code toString} gives it; read by whoever asks for the failure. */
    private static String argument(Payload items, int item, Batches.Reading reading) {
        try {
            Object value;
            if (items instanceof Payload.Local local) {
                value = local.objects()[item];
            } else {
                Values.Reader reader = new Values.Reader(((Payload.Bytes) items).bytes());
                reader.skip(item + 1);
                value = reader.isEncoded() ? reading.decoder().apply(reader.bytes()) : reader.value();
            }
            String text = value == null ? "" : value.toString();
            return text.length() <= LONGEST_ARGUMENT ? text : text.substring(0, LONGEST_ARGUMENT) + "...";
        } catch (RuntimeException | Error broken) {
            return "(its toString() threw " + broken.getClass().getName() + ")";
        }
    }

    private void deadlineOff() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }

    private void forget() {
        deadlineOff();
        driver.forget(this);
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
