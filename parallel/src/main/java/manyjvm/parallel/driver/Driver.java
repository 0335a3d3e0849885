package manyjvm.parallel.driver;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.ProcessInfo;
import manyjvm.parallel.code.CodePacker;
import manyjvm.parallel.code.JvmChanges;
import manyjvm.parallel.machine.AvailableMemory;
import manyjvm.parallel.machine.PrivateFolder;
import manyjvm.parallel.shared.EncodedValue;
import manyjvm.parallel.shared.Hold;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.host.SharedObjectHosts;
import manyjvm.parallel.spi.Backend;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.ClassSource;
import manyjvm.parallel.spi.Explanation;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.spi.JvmSettings;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink;
import manyjvm.parallel.spi.ParallelRuntime;
import manyjvm.parallel.spi.PoolSettings;
import manyjvm.parallel.spi.ProcessControl;
import manyjvm.parallel.spi.ProcessSettings;
import manyjvm.parallel.spi.WorkerPool;
import manyjvm.parallel.wire.Code;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.RemoteFailure;
import manyjvm.parallel.wire.Values;
import manyjvm.parallel.wire.connect.OwnerLoop;
import manyjvm.parallel.wire.connect.WorkerAcceptor;
import org.jspecify.annotations.Nullable;

/**
 * The side that starts workers and gives them tasks; one in a program. A notebook kernel opens its own with {@link #builder},
 * a plain program gets one when it first needs it.
 *
 * <p>Its public methods may be called from any thread. All state of pools, workers and jobs belongs to the thread {@code
 * parallel-driver}, an {@link OwnerLoop}, which runs no user code; the methods marked so are confined to it.
 */
public final class Driver extends ParallelRuntime implements AutoCloseable {
    /** How long somebody who was asked gently is waited for. */
    static final Duration GRACE = Duration.ofSeconds(1);

    private static final Duration END_DEADLINE = Duration.ofSeconds(5);

    private static final boolean PROGRESS_OFF = "off".equalsIgnoreCase(System.getenv("MANYJVM_PROGRESS"));

    private static final System.Logger LOG = System.getLogger("manyjvm.parallel");

    private final ClassSource source;
    private final OutputSink sink;
    private final OutputMode defaultOutput;
    private final Duration processesDeadline;
    private final ProcessInfo self;
    private final PrivateFolder folder;
    private final OwnerLoop loop;
    private final WorkerAcceptor acceptor;
    private final SharedObjectHosts hosts;
    private final SharedClient shared;
    private final CodePacker packer;
    private final ClassServer classes;
    private final List<Path> workerClassPath;
    private final ArchiveMaker archiveMaker;
    private final StandbyTimer standbyTimer;
    private final EnvironmentOptions environment = EnvironmentOptions.ofThisJvm();
    private final ProcessBackend processBackend;
    private final Backends backends;
    private final Launcher launcher;
    private final ThreadDumps threadDumps;
    private final CallbackThreads callbacks = new CallbackThreads();
    private final SubmissionWarnings warnings = new SubmissionWarnings(environment, this::complain);
    private final AtomicLong submissionNumbers = new AtomicLong();
    private final AtomicLong chunkNumbers = new AtomicLong();
    private final JvmIds jvmIds;
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
    private final AtomicBoolean closing = new AtomicBoolean();

    // the driver's thread
    private final Set<PoolWork> pools = new LinkedHashSet<>();
    private final Set<ProcessWork> processes = new LinkedHashSet<>();
    private final OutputTargets outputs = new OutputTargets();

    Driver(DriverBuilder builder) {
        JvmChanges.begin();
        workerClassPath = WorkerClassPath.find();
        source = builder.source == null ? new ClassPathSource(workerClassPath) : builder.source;
        sink = new GuardedSink(builder.sink);
        defaultOutput = builder.output;
        processesDeadline = builder.processesDeadline;
        int depth = builder.nested.map(ParallelRuntime.Nested::depth).orElse(0);
        self = builder.nested
                .map(ParallelRuntime.Nested::self)
                .orElseGet(() ->
                        new ProcessInfo("MainProcess", ProcessHandle.current().pid()));
        folder = PrivateFolder.create();
        loop = new OwnerLoop("parallel-driver", this::fault);
        acceptor = new WorkerAcceptor(loop, folder.path(), stranger -> LOG.log(System.Logger.Level.WARNING, stranger));
        if (builder.nested.isPresent()) {
            shared = builder.nested.get().shared();
            hosts = new RelayedHosts(shared.jvmId(), builder.nested.get().relay());
            jvmIds = new JvmIds.Given(builder.nested.get().relay());
            packer = CodePacker.create(source, shared.linker());
        } else {
            hosts = SharedObjectHosts.create(folder.path());
            jvmIds = new JvmIds.Counted();
            DriverShared own = new DriverShared(hosts, folder.path(), linker -> CodePacker.create(source, linker));
            shared = own;
            packer = own.packer();
        }
        classes = new ClassServer(loop, packer::classFile, this::fault);
        Optional<WorkerArchive> archive = WorkerArchive.of(workerClassPath);
        // Made with another collector than most start with, an archive would help nobody.
        boolean archiveWanted = depth == 0 && !environment.mayChooseCollector();
        archiveMaker = new ArchiveMaker(this, archive.filter(any -> archiveWanted));
        StandbyJvms standbys = new StandbyJvms(builder.standbys);
        processBackend = new ProcessBackend(archive, standbys, environment);
        standbyTimer = new StandbyTimer(
                loop, standbys, () -> processBackend.standBy(workerClassPath, Launcher.WORKER_MAIN), outputs::isEmpty);
        backends = new Backends(processBackend);
        launcher = new Launcher(this, acceptor, jvmIds, folder.path(), workerClassPath, builder.workerApi, depth);
        threadDumps = new ThreadDumps(this, launcher, source);
        loop.start();
        loop.post(acceptor::open);
        Thread sweeper = new Thread(
                () -> {
                    JvmChanges.now(); // costs some milliseconds for the first time, which is no submission's then
                    archive.ifPresent(WorkerArchive::use);
                    PrivateFolder.sweep();
                },
                "sweep");
        sweeper.setDaemon(true);
        sweeper.start();
    }

    /** For a driver of one's own; a plain program is given one. */
    public static DriverBuilder builder() {
        return new DriverBuilder();
    }

    // ------------------------------------------------------------ ParallelRuntime: any thread

    @Override
    public SharedClient shared() {
        return shared;
    }

    @Override
    public WorkerPool open(PoolSettings settings) {
        return open(settings, false);
    }

    /** @param hidden whether its workers are no children that a user is told of */
    WorkerPool open(PoolSettings settings, boolean hidden) {
        refuseIfClosed();
        Backend backend = backends.fit(settings);
        if (backend.capabilities().ownJvm() && backend.capabilities().sharedMemory()) { // then they are on this machine
            AvailableMemory.refuseTooMany(
                    settings.name(), settings.workers(), launcher.children().size());
        }
        Object place = sink.place();
        PoolWork pool = new PoolWork(this, settings, backend, place, hidden);
        warnings.ofHeap("each worker of " + settings.name(), settings.jvm(), place);
        boolean posted = loop.post(() -> {
            pools.add(pool);
            pool.start();
        });
        if (!posted) {
            throw isClosed();
        }
        return pool;
    }

    @Override
    public ProcessControl start(ProcessSettings settings, Object target) {
        refuseIfClosed();
        AvailableMemory.refuseOneMore(settings.name(), launcher.children().size());
        Object place = sink.place();
        warnings.ofHeap(settings.name(), settings.jvm(), place);
        ProcessWork process = new ProcessWork(this, settings, place, target);
        process.start();
        return process;
    }

    private void refuseIfClosed() {
        if (closing.get()) {
            throw isClosed();
        }
    }

    ParallelException isClosed() {
        return new ParallelException("the driver is closed: no workers can be started any more");
    }

    @Override
    public Executor callbacks() {
        return callbacks;
    }

    @Override
    public void complain(Object place, String text) {
        loop.post(() -> complainNow(place, text));
    }

    /** On the driver's thread. */
    void complainNow(Object place, String text) {
        sink.write(place, new OutputOrigin(self.name(), self.pid(), 0, -1), OutputSink.Stream.STDERR, text);
    }

    @Override
    public Object place() {
        return sink.place();
    }

    @Override
    public OutputMode defaultOutput() {
        return defaultOutput;
    }

    @Override
    public ProcessInfo currentProcess() {
        return self;
    }

    @Override
    public List<ProcessInfo> activeChildren() {
        return launcher.children().stream()
                .sorted(Comparator.comparingLong(ProcessInfo::pid))
                .toList();
    }

    /** Cancels everything that was submitted from this place. Returns at once. */
    public void interruptPlace(Object place) {
        loop.post(() -> {
            List.copyOf(pools).forEach(pool -> pool.cancel(place));
            for (ProcessWork process : processes) {
                if (process.place().equals(place)) {
                    process.interruptHard();
                }
            }
        });
    }

    /**
     * A good moment for JVMs that stand by to be started, if some are missing: nobody waits for anything here. Returns at
     * once; see {@link DriverBuilder#standbys}.
     */
    public void idle() {
        loop.post(standbyTimer::begin);
    }

    /**
     * Returns when the text of all work that has finished is with the sink.
     *
     * @return whether that was within the time given
     */
    public boolean settle(Object place, Duration timeout) {
        CompletableFuture<@Nullable Void> reached = new CompletableFuture<>();
        // The sink is called on the loop's thread before a result is made known: what comes after is complete.
        if (!loop.post(() -> reached.complete(null))) {
            return true;
        }
        try {
            reached.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return false;
        } catch (TimeoutException | ExecutionException late) {
            return false;
        }
    }

    /** Ends all workers and takes everything away that it made. Bounded; may be called again, from anywhere. */
    @Override
    public void close() {
        if (closing.getAndSet(true)) {
            Uninterrupted.await(closed, END_DEADLINE.plus(processesDeadline));
            return;
        }
        awaitProcesses();
        CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();
        loop.post(() -> killAll(gone));
        Uninterrupted.await(gone, END_DEADLINE);
        CompletableFuture<@Nullable Void> released = new CompletableFuture<>();
        loop.post(() -> {
            List.copyOf(pools).forEach(PoolWork::abandon);
            processes.forEach(ProcessWork::abandon);
            acceptor.close();
            hosts.close();
            released.complete(null);
        });
        Uninterrupted.await(released, END_DEADLINE);
        sink.close(); // while the loop tells those whose results wait for their text
        loop.stop();
        callbacks.close();
        classes.close();
        backends.close();
        folder.close();
        closed.complete(null);
    }

    private void awaitProcesses() {
        CompletableFuture<List<CompletableFuture<Integer>>> living = new CompletableFuture<>();
        loop.post(() -> living.complete(processes.stream()
                .filter(process -> !process.isDaemon())
                .map(ProcessWork::onExit)
                .toList()));
        if (Uninterrupted.await(living, GRACE)) {
            CompletableFuture<?>[] exits = living.join().toArray(CompletableFuture<?>[]::new);
            Uninterrupted.await(CompletableFuture.allOf(exits), processesDeadline);
        }
    }

    // ------------------------------------------------------------ submissions: the submitting thread

    /** The function, snapshotted; its submitter is warned of what it may not expect. */
    Code codeOfSubmission(Object function, Backend backend, JvmSettings jvm, Object place) {
        Code code = code(function, backend, jvm, place);
        if (code instanceof Code.Shipped shipped) {
            warnings.ofCode(shipped, place);
        }
        return code;
    }

    @Override
    public Explanation explain(Object function) {
        return SubmissionWarnings.explained(packer, function);
    }

    /** A new one: the pipes of its function are under way with it from now on. */
    Submission submission(
            Code code,
            CallKind kind,
            JobSettings settings,
            boolean hook,
            Object place,
            OutputMode mode,
            JobListener listener) {
        long id = submissionNumbers.incrementAndGet();
        OutputTarget output = OutputTarget.ofSubmission(id, place, mode, sink);
        PipesUnderWay pipes = new PipesUnderWay(hosts, id, code, settings.retries());
        return new Submission(id, code, kind, settings, hook, output, pipes, listener);
    }

    CodePacker packer() {
        return packer;
    }

    Backend processBackend() {
        return processBackend;
    }

    Code code(Object function, Backend backend, JvmSettings jvm, Object place) {
        return backend.capabilities().ownJvm()
                ? new Code.Shipped(packer.pack(function), JvmChanges.now().without(jvm.options()))
                : new Code.Local(function, place);
    }

    long nextChunk() {
        return chunkNumbers.incrementAndGet();
    }

    // ------------------------------------------------------------ the driver's thread

    OwnerLoop loop() {
        return loop;
    }

    OutputSink sink() {
        return sink;
    }

    /** The first number of a block for a driver in one of its workers. */
    CompletableFuture<Integer> nextJvmIds() {
        return jvmIds.nextBlock();
    }

    SharedObjectHosts hosts() {
        return hosts;
    }

    Batches.Reading reading() {
        return new Batches.Reading(encoded -> packer.decode(EncodedValue.value(encoded)), source::locate);
    }

    EnvironmentOptions environment() {
        return environment;
    }

    /** An exception that came without its object. Decodes nothing. */
    Throwable standIn(byte[] failure) {
        return RemoteFailure.standIn(failure, source::locate);
    }

    /** Holds the shared objects that outcomes refer to. */
    Hold hold(Payload outcomes) {
        return outcomes instanceof Payload.Bytes encoded
                ? shared.linker().hold(Values.handles(encoded.bytes()))
                : Hold.NONE;
    }

    /** A submission whose text goes there begins. */
    void enter(OutputTarget output) {
        outputs.begun(output);
    }

    /** It stays known for what its threads still print. */
    void left(OutputTarget output) {
        outputs.ended(output);
        standbyTimer.begin();
    }

    /** Where the text of a submission goes, unless it has ended long ago. */
    Optional<OutputTarget> output(long submission) {
        return outputs.of(submission);
    }

    /** Answers workers that ask for classes. */
    ClassServer classes() {
        return classes;
    }

    void fault(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        complainNow(sink.place(), "the driver failed; this is a fault of manyjvm, please report it: " + text);
    }

    /** A worker has come in. */
    void cameIn() {
        archiveMaker.cameIn();
    }

    /** Whether it is shown how far submissions are where nobody has said whether to. */
    boolean showsProgress() {
        return !PROGRESS_OFF && sink.showsProgress();
    }

    /** From any thread. */
    boolean isClosing() {
        return closing.get();
    }

    Launcher launcher() {
        return launcher;
    }

    ThreadDumps threadDumps() {
        return threadDumps;
    }

    private void killAll(CompletableFuture<@Nullable Void> gone) {
        launcher.close(gone);
        List.copyOf(pools).forEach(PoolWork::terminate); // which posts
        loop.post(launcher::killAll);
    }

    void poolEnded(PoolWork pool) {
        pools.remove(pool);
    }

    void processStarts(ProcessWork process) {
        processes.add(process);
    }

    void processEnded(ProcessWork process) {
        processes.remove(process);
    }
}
