package manyjvm.parallel.driver;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.ProcessInfo;
import manyjvm.parallel.code.Bundle;
import manyjvm.parallel.code.CodePacker;
import manyjvm.parallel.code.Copied;
import manyjvm.parallel.code.JvmChanges;
import manyjvm.parallel.shared.EncodedValue;
import manyjvm.parallel.shared.Hold;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.host.SharedObjectHosts;
import manyjvm.parallel.spi.Backend;
import manyjvm.parallel.spi.Capabilities;
import manyjvm.parallel.spi.ClassSource;
import manyjvm.parallel.spi.JvmSettings;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink;
import manyjvm.parallel.spi.ParallelRuntime;
import manyjvm.parallel.spi.PoolSettings;
import manyjvm.parallel.spi.ProcessControl;
import manyjvm.parallel.spi.ProcessSettings;
import manyjvm.parallel.spi.WorkerApi;
import manyjvm.parallel.spi.WorkerPool;
import manyjvm.parallel.wire.Code;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.RemoteFailure;
import manyjvm.parallel.wire.Values;
import manyjvm.parallel.wire.connect.OwnerLoop;
import manyjvm.parallel.wire.connect.WorkerAcceptor;

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

    /** How long the driver is idle before it starts JVMs that stand by. */
    private static final Duration STANDBY_DELAY = Duration.ofMillis(700);

    /** How long an idle driver keeps them. */
    private static final Duration STANDBY_LIFE = Duration.ofMinutes(10);

    /** Up to so many workers a processor are started without a look at the memory. */
    private static final int USUAL_PER_PROCESSOR = 8;

    /** Processes that were started one by one, and may not have grown to their size yet. */
    private static final int MARGIN = 16;

    private static final Duration END_DEADLINE = Duration.ofSeconds(5);
    private static final int REMEMBERED_OUTPUTS = 1000;
    private static final int CALLBACK_THREADS = 8;
    private static final int MOST_CALLBACK_THREADS = 1024;

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
    private final StandbyJvms standbys;
    private final EnvironmentOptions environment = EnvironmentOptions.ofThisJvm();
    private final ProcessBackend processBackend;
    private Optional<OwnerLoop.Timer> standbyStart = Optional.empty(); // the driver's thread
    private Optional<OwnerLoop.Timer> standbyEnd = Optional.empty(); // the driver's thread
    private final Backends backends;
    private final Launcher launcher;
    private final ThreadDumps threadDumps;
    private final ForkJoinPool callbacks;
    private final AtomicLong submissionNumbers = new AtomicLong();
    private final AtomicLong chunkNumbers = new AtomicLong();
    private final JvmIds jvmIds;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final java.util.concurrent.atomic.AtomicBoolean closing = new java.util.concurrent.atomic.AtomicBoolean();

    // the driver's thread
    private final Set<PoolWork> pools = new LinkedHashSet<>();
    private final Set<ProcessWork> processes = new LinkedHashSet<>();
    private final Map<Long, OutputTarget> outputs = new HashMap<>(); // of submissions that have not ended
    private final Map<Long, OutputTarget> endedOutputs = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        /** Threads may print for a submission that has ended: its place is remembered for a while. */
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, OutputTarget> eldest) {
            return size() > REMEMBERED_OUTPUTS;
        }
    };

    private Driver(Builder builder) {
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
            DriverShared own = new DriverShared(hosts, folder.path());
            shared = own;
            packer = CodePacker.create(source, own.linker());
            own.packer(packer);
        }
        classes = new ClassServer(loop, packer::classFile, this::fault);
        AtomicInteger callbackThreads = new AtomicInteger();
        callbacks = new ForkJoinPool(
                CALLBACK_THREADS,
                pool -> {
                    ForkJoinWorkerThread thread = new CallbackThread(pool);
                    thread.setName("parallel-callback-" + callbackThreads.incrementAndGet());
                    return thread;
                },
                null,
                true,
                CALLBACK_THREADS,
                MOST_CALLBACK_THREADS,
                1,
                null,
                5,
                TimeUnit.SECONDS);
        Optional<WorkerArchive> archive = WorkerArchive.of(workerClassPath);
        // Made with another collector than most start with, an archive would help nobody.
        boolean archiveWanted = depth == 0 && !environment.mayChooseCollector();
        archiveMaker = new ArchiveMaker(this, archive.filter(any -> archiveWanted));
        standbys = new StandbyJvms(builder.standbys);
        processBackend = new ProcessBackend(archive, standbys, environment);
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

    private static final class CallbackThread extends ForkJoinWorkerThread {
        CallbackThread(ForkJoinPool pool) {
            super(pool);
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** How a driver is opened. */
    public static final class Builder {
        private ClassSource source;
        private OutputSink sink = new TerminalSink();
        private OutputMode output = OutputMode.LIVE;
        private Duration processesDeadline = Duration.ofSeconds(10);
        private Optional<ParallelRuntime.Nested> nested = Optional.empty();
        private Optional<WorkerApi> workerApi = Optional.empty();
        private int standbys;

        private Builder() {}

        /** Where the code of submitted functions comes from; without it, from the class path. */
        public Builder classSource(ClassSource source) {
            this.source = source;
            return this;
        }

        /** Where workers' text goes; without it, to this JVM's standard output and error. */
        public Builder outputSink(OutputSink sink) {
            this.sink = sink;
            return this;
        }

        /** What code in workers may name besides this library; without it, nothing. */
        public Builder workerApi(WorkerApi api) {
            this.workerApi = Optional.of(api);
            return this;
        }

        /** The output mode of pools and processes that ask for none. */
        public Builder defaultOutput(OutputMode output) {
            this.output = output;
            return this;
        }

        /** How long a closing driver waits for processes that are no daemons. */
        public Builder processesDeadline(Duration deadline) {
            this.processesDeadline = deadline;
            return this;
        }

        /**
         * How many JVMs stand by for workers without settings of their own, so that these start in some milliseconds.
         * They are started one by one when nothing has run for a moment since {@link Driver#idle} was called or work ended,
         * and dismissed when nothing has run for long.
         */
        public Builder standbys(int count) {
            this.standbys = count;
            return this;
        }

        Builder nested(ParallelRuntime.Nested nested) {
            this.nested = Optional.of(nested);
            this.source = nested.classes();
            this.sink = nested.sink();
            this.workerApi = nested.api();
            return this;
        }

        /** Opens it. Cheap: no worker is started. {@link ParallelRuntime#install} makes it the JVM's own. */
        public Driver open() {
            return new Driver(this);
        }
    }

    // ------------------------------------------------------------ ParallelRuntime: any thread

    @Override
    public SharedClient shared() {
        return shared;
    }

    @Override
    public WorkerPool open(PoolSettings settings) {
        refuseIfClosed();
        Backend backend = backends.named(settings.backend());
        refuseWhatItLacks(settings, backend.capabilities());
        if (backend.capabilities().ownJvm() && backend.capabilities().sharedMemory()) { // then they are on this machine
            refuseTooMany("the " + settings.workers() + " workers of " + settings.name(), settings.workers());
        }
        Object place = sink.place();
        PoolWork pool = new PoolWork(this, settings, backend, place);
        warnOfHeap("each worker of " + settings.name(), settings.jvm(), place);
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
        refuseTooMany(settings.name(), MARGIN);
        Object place = sink.place();
        ProcessWork process = new ProcessWork(this, settings, place);
        warnOfHeap(settings.name(), settings.jvm(), place);
        process.start(target);
        return process;
    }

    /** Before the system has to kill somebody: 100,000 JVMs bring down any machine, the user's other programs first. */
    private void refuseTooMany(String what, int more) {
        if (launcher.children().size() + more
                <= Math.max(MARGIN, USUAL_PER_PROCESSOR * Runtime.getRuntime().availableProcessors())) {
            return;
        }
        long available = AvailableMemory.bytes().orElse(Long.MAX_VALUE);
        long room = available / AvailableMemory.OF_A_JVM;
        if (more > room) {
            throw new ParallelException("Cannot start " + what + ": each process needs at least "
                    + (AvailableMemory.OF_A_JVM >> 20) + " MB, and there is memory for about " + room + " ("
                    + (available >> 20)
                    + " MB available). More JVMs than processors seldom help; this machine has "
                    + Runtime.getRuntime().availableProcessors() + ".");
        }
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
        return this::callBack;
    }

    /** Also when the driver has closed: a result that becomes known then has somebody who waits for it. */
    private void callBack(Runnable command) {
        try {
            callbacks.execute(command);
        } catch (RejectedExecutionException closed) {
            Thread thread = new Thread(command, "parallel-callback");
            thread.setDaemon(true);
            thread.start();
        }
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
                .sorted(java.util.Comparator.comparingLong(ProcessInfo::pid))
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
     * once; see {@link Builder#standbys}.
     */
    public void idle() {
        loop.post(this::standBySoon);
    }

    /**
     * Returns when the text of all work that has finished is with the sink.
     *
     * @return whether that was within the time given
     */
    public boolean settle(Object place, Duration timeout) {
        CompletableFuture<Void> reached = new CompletableFuture<>();
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
            awaitQuietly(closed, END_DEADLINE.plus(processesDeadline));
            return;
        }
        awaitProcesses();
        CompletableFuture<Void> gone = new CompletableFuture<>();
        loop.post(() -> killAll(gone));
        awaitQuietly(gone, END_DEADLINE);
        CompletableFuture<Void> released = new CompletableFuture<>();
        loop.post(() -> {
            List.copyOf(pools).forEach(PoolWork::abandon);
            processes.forEach(ProcessWork::abandon);
            acceptor.close();
            hosts.close();
            released.complete(null);
        });
        awaitQuietly(released, END_DEADLINE);
        sink.close(); // while the loop tells those whose results wait for their text
        loop.stop();
        callbacks.shutdown();
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
        if (awaitQuietly(living, GRACE)) {
            CompletableFuture<?>[] exits = living.join().toArray(CompletableFuture<?>[]::new);
            awaitQuietly(CompletableFuture.allOf(exits), processesDeadline);
        }
    }

    /** Waits, whether interrupted or not: a driver that closes leaves nothing behind. */
    private static boolean awaitQuietly(CompletableFuture<?> event, Duration timeout) {
        boolean interrupted = Thread.interrupted();
        try {
            event.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException again) {
            interrupted = true;
            return false;
        } catch (ExecutionException | TimeoutException late) {
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ------------------------------------------------------------ submissions: the submitting thread

    /** The function, snapshotted; its submitter is warned of what it may not expect. */
    Code codeOfSubmission(Object function, Backend backend, JvmSettings jvm, Object place) {
        Code code = code(function, backend, jvm, place);
        if (code instanceof Code.Shipped shipped) {
            warnOfCopies(shipped.bundle(), place);
            warnOfStaying(shipped.jvm(), place);
        }
        return code;
    }

    long nextSubmission() {
        return submissionNumbers.incrementAndGet();
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

    private void warnOfHeap(String who, JvmSettings jvm, Object place) {
        Optional<String> warning = jvm.maxHeap().flatMap(size -> environment.overruled(who, size));
        if (warning.isPresent() && warned.add(EnvironmentOptions.STRONGEST)) {
            complain(place, warning.get() + "\n");
        }
    }

    private void warnOfCopies(Bundle bundle, Object place) {
        for (String variable : bundle.written()) {
            if (warned.add(variable)) {
                complain(
                        place,
                        "warning: " + variable + " is assigned by code that runs in workers: each worker has its own"
                                + " copy of it, and yours does not change. Use Value, Array or a Queue to share it.\n");
            }
        }
        for (Copied each : bundle.copied()) {
            if (warned.add(each.key())) {
                complain(place, "warning: " + each.warning() + "\n");
            }
        }
    }

    private void warnOfStaying(JvmChanges changes, Object place) {
        for (String each : changes.staying()) {
            if (warned.add(each)) {
                complain(
                        place,
                        "warning: " + each
                                + " was changed in this JVM, and does not travel: workers have their own. Set"
                                + " it in the function, or as an option of the pool: jvmOptions(..).\n");
            }
        }
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

    /** What may be wrong with workers that do not start. */
    String whyNoneStarts() {
        List<String> variables = environment.variables();
        return "Check the heap size, the JVM options and the JDK that the pool was given"
                + (variables.isEmpty()
                        ? "."
                        : ", and what its environment adds to them: " + String.join(", ", variables) + ".");
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
        outputs.put(output.submission(), output);
    }

    /** It stays known for what its threads still print. */
    void left(OutputTarget output) {
        outputs.remove(output.submission());
        endedOutputs.put(output.submission(), output);
        standBySoon();
    }

    /** Unless something is submitted meanwhile: then the end of that comes here again. */
    private void standBySoon() {
        if (standbys.wanted() == 0 || !outputs.isEmpty()) {
            return;
        }
        standbyStart.ifPresent(OwnerLoop.Timer::cancel);
        standbyEnd.ifPresent(OwnerLoop.Timer::cancel);
        standbyEnd = Optional.of(loop.after(STANDBY_LIFE, () -> standByThread(standbys::dismiss)));
        standbyStart = Optional.of(loop.after(STANDBY_DELAY, () -> {
            if (outputs.isEmpty()) {
                standByThread(this::standBy);
            }
        }));
    }

    /** On a thread of its own: starting a process takes some milliseconds, for which others wait too. */
    private static void standByThread(Runnable work) {
        Thread thread = new Thread(work, "stand-by");
        thread.setDaemon(true);
        thread.start();
    }

    private void standBy() {
        try {
            if (processBackend.standBy(workerClassPath, Launcher.WORKER_MAIN)) {
                loop.post(this::standBySoon);
            }
        } catch (IOException | ParallelException failure) {
            LOG.log(System.Logger.Level.WARNING, "no JVM can stand by: {0}", failure.getMessage());
        }
    }

    /** Where the text of a submission goes, unless it has ended long ago. */
    Optional<OutputTarget> output(long submission) {
        OutputTarget running = outputs.get(submission);
        return Optional.ofNullable(running != null ? running : endedOutputs.get(submission));
    }

    /** Answers workers that ask for classes. */
    ClassServer classes() {
        return classes;
    }

    void fault(Throwable failure) {
        java.io.StringWriter text = new java.io.StringWriter();
        failure.printStackTrace(new java.io.PrintWriter(text, true));
        sink.write(
                sink.place(),
                new OutputOrigin(self.name(), self.pid(), 0, -1),
                OutputSink.Stream.STDERR,
                "a fault in manyjvm's driver, please report it: " + text);
    }

    /** A worker has come in. */
    void cameIn() {
        archiveMaker.cameIn();
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

    private void killAll(CompletableFuture<Void> gone) {
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

    private static void refuseWhatItLacks(PoolSettings settings, Capabilities capabilities) {
        if (!capabilities.ownJvm() && !settings.jvm().equals(JvmSettings.DEFAULT)) {
            throw new IllegalArgumentException("workers on " + settings.backend() + " run in this JVM: maxHeap(..),"
                    + " jvmOptions(..), javaHome(..) and cpus(..) are for pools of processes");
        }
        if (settings.maxMemoryPerWorker() == 0) {
            return;
        }
        if (!capabilities.ownJvm()) {
            throw new ParallelException("workers that are threads have no memory of their own:"
                    + " maxMemoryPerWorker(..) needs the backend \"processes\"");
        }
        if (!ResidentSet.isKnown()) {
            throw new ParallelException("this system has no /proc, by which maxMemoryPerWorker(..) measures workers:"
                    + " maxTasksPerWorker(..) is the other way to fresh workers");
        }
    }
}
