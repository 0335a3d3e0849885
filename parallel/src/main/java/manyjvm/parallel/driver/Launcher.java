package manyjvm.parallel.driver;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.ProcessInfo;
import manyjvm.parallel.machine.IoReason;
import manyjvm.parallel.spi.Backend;
import manyjvm.parallel.spi.JvmSettings;
import manyjvm.parallel.spi.WorkerApi;
import manyjvm.parallel.spi.WorkerHandle;
import manyjvm.parallel.spi.WorkerSpec;
import manyjvm.parallel.wire.connect.WorkerAcceptor;
import manyjvm.parallel.wire.connect.WorkerJournal;
import manyjvm.parallel.wire.connect.WorkerStart;
import org.jspecify.annotations.Nullable;

/** Starts workers, whatever they run on, and has those that are there. Confined to the driver's thread where nothing else is said. */
final class Launcher {
    static final Duration START_DEADLINE = Duration.ofSeconds(30);
    static final String WORKER_MAIN = "manyjvm.parallel.worker.WorkerMain";

    /**
     * What a worker that is to be started gets.
     *
     * @param single whether it runs one target, after which it ends
     * @param hidden whether it is no child that a user is told of
     */
    record Order(
            WorkerOwner owner,
            WorkerLife life,
            String name,
            String prefix,
            Backend backend,
            JvmSettings jvm,
            OutputTarget textPlace,
            boolean single,
            boolean hidden) {}

    private final Driver driver;
    private final WorkerAcceptor acceptor;
    private final JvmIds jvmIds;
    private final Path folder;
    private final List<Path> workerClassPath;
    private final Optional<WorkerApi> workerApi;
    private final int depth;
    private final Set<Worker> workers = new HashSet<>();
    private final Map<Integer, ProcessInfo> children = new ConcurrentHashMap<>(); // any thread's
    private @Nullable CompletableFuture<@Nullable Void> ending; // null before the end

    /** @param depth how many JVMs are above this one */
    Launcher(
            Driver driver,
            WorkerAcceptor acceptor,
            JvmIds jvmIds,
            Path folder,
            List<Path> workerClassPath,
            Optional<WorkerApi> workerApi,
            int depth) {
        this.driver = driver;
        this.acceptor = acceptor;
        this.jvmIds = jvmIds;
        this.folder = folder;
        this.workerClassPath = workerClassPath;
        this.workerApi = workerApi;
        this.depth = depth;
    }

    Stream<Worker> workers() {
        return workers.stream();
    }

    /** The processes that run. Any thread. */
    Collection<ProcessInfo> children() {
        return children.values();
    }

    /** Any thread. */
    Optional<ProcessInfo> child(int jvmId) {
        return Optional.ofNullable(children.get(jvmId));
    }

    /**
     * Starts a worker; {@code placed} gets it before anything can happen to it. Throws nothing: the owner is told of whatever
     * keeps it from starting, also when {@code placed} got nothing yet.
     */
    void launch(Order order, Consumer<Worker> placed) {
        Worker worker;
        try {
            if (ending != null) {
                throw driver.isClosed(); // nobody would end it any more
            }
            int jvmId = jvmIds.next();
            worker = new Worker(driver, order, jvmId, folder.resolve("journal-" + jvmId));
        } catch (RuntimeException | Error failure) {
            order.life().gone();
            order.owner().notLaunched(order.life(), notStarted(order, failure));
            return;
        }
        placed.accept(worker);
        workers.add(worker);
        Optional<ThreadWorker> here;
        try {
            here = start(order, worker);
        } catch (RuntimeException | Error failure) { // no thread could be started, for one
            worker.notLaunched(notStarted(order, failure));
            return;
        }
        here.ifPresent(worker::local);
    }

    /** One that runs in this JVM is ready when this returns. */
    private Optional<ThreadWorker> start(Order order, Worker worker) {
        if (order.backend().capabilities().ownJvm()) {
            launchJvm(order, worker);
            return Optional.empty();
        }
        ThreadWorker thread = new ThreadWorker(
                driver.sink(), driver.shared(), message -> driver.loop().post(() -> worker.receivedHere(message)));
        order.backend().launch(WorkerSpec.inThisJvm(order.name(), order.life().number(), thread::run));
        return Optional.of(thread);
    }

    private static ParallelException notStarted(Order order, Throwable failure) {
        return failure instanceof ParallelException known
                ? known
                : new ParallelException(order.name() + " could not be started: " + IoReason.ofAny(failure), failure);
    }

    private void launchJvm(Order order, Worker worker) {
        byte[] secret = acceptor.newSecret();
        acceptor.expect(worker.jvmId, secret, worker::arrived);
        worker.expectStartWithin(START_DEADLINE);
        WorkerStart start = new WorkerStart(
                worker.jvmId,
                order.name(),
                depth + 1,
                order.single(),
                secret,
                acceptor.newSecret(),
                acceptor.address(),
                driver.shared().folder(),
                worker.journal,
                driver.currentProcess().name(),
                driver.currentProcess().pid(),
                workerApi);
        Thread launcher = new Thread(() -> launch(order, worker, start), "launch " + order.name());
        launcher.setDaemon(true);
        launcher.start();
    }

    /** On a thread of its own: starting a process takes some milliseconds. */
    private void launch(Order order, Worker worker, WorkerStart start) {
        WorkerHandle handle;
        try {
            WorkerJournal.create(start.journal());
            ByteArrayOutputStream greeting = new ByteArrayOutputStream();
            start.writeTo(greeting);
            handle = order.backend()
                    .launch(new WorkerSpec(
                            order.name(),
                            order.life().number(),
                            order.jvm(),
                            workerClassPath,
                            WORKER_MAIN,
                            greeting.toByteArray(),
                            (error, bytes) -> {
                                driver.loop().post(() -> worker.realText(error, bytes));
                                awaitShown();
                            },
                            Optional.empty()));
        } catch (IOException | RuntimeException | Error failure) { // whatever it is, somebody waits for the launch
            driver.loop().post(() -> worker.notLaunched(notStarted(order, failure)));
            return;
        }
        boolean posted = driver.loop().post(() -> {
            if (!order.hidden()) {
                children.put(start.jvmId(), new ProcessInfo(order.name(), handle.pid()));
            }
            worker.launched(handle);
        });
        if (!posted) {
            handle.kill(); // the driver has closed meanwhile
        }
    }

    /** On the thread that reads a worker's pipe: what nobody takes is left there. */
    private void awaitShown() {
        if (driver.sink().isBehind()) {
            CompletableFuture<@Nullable Void> shown = new CompletableFuture<>();
            driver.sink().whenShown(driver.sink().taken(), () -> shown.complete(null));
            shown.join(); // it is: at the driver's end at the latest
        }
    }

    void forget(Worker worker) {
        acceptor.forget(worker.jvmId);
        workers.remove(worker);
        children.remove(worker.jvmId);
        endIfEmpty();
    }

    private void endIfEmpty() {
        if (ending != null && workers.isEmpty()) {
            ending.complete(null);
        }
    }

    /**
     * Starts no more, from now on.
     *
     * @param gone completed when the last one has ended that is there
     */
    void close(CompletableFuture<@Nullable Void> gone) {
        ending = gone;
    }

    /** Once closed: ends those that are there. */
    void killAll() {
        List.copyOf(workers).forEach(Worker::kill);
        endIfEmpty();
    }
}
