package manyjvm.parallel.driver;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.ProcessInfo;
import manyjvm.parallel.ThreadDump;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.spi.ClassSource;
import manyjvm.parallel.wire.ThreadTable;

/** What the threads of workers do, for callers that may wait for it: any thread but the driver's. */
final class ThreadDumps {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration FOLLOWED_DEADLINE = Duration.ofSeconds(2);

    private final Driver driver;
    private final Launcher launcher;
    private final ClassSource source;

    ThreadDumps(Driver driver, Launcher launcher, ClassSource source) {
        this.driver = driver;
        this.launcher = launcher;
        this.source = source;
    }

    /**
     * Waits, on the caller's thread, for what a worker says of its threads, and asks those for whom they wait.
     *
     * @param ask run on the driver's thread, gives the future to the worker
     * @throws ParallelException when the worker has ended, or gives no answer in time
     */
    ThreadDump of(String name, long pid, Consumer<CompletableFuture<byte[]>> ask) {
        CompletableFuture<byte[]> table = new CompletableFuture<>();
        if (!driver.loop().post(() -> ask.accept(table))) {
            throw new ParallelException(name + " has ended with its driver");
        }
        try {
            ThreadTable.Read read =
                    ThreadTable.read(table.get(DEADLINE.toNanos(), TimeUnit.NANOSECONDS), source::locate);
            return new WaitGraph(new Jvms(), read).dump(name, pid);
        } catch (TimeoutException silent) {
            String within = " did not report its threads within " + DEADLINE.toSeconds() + " s: it is frozen (SIGSTOP";
            throw new ParallelException(
                    pid == 0
                            ? name + within + "), short of memory, or still starting."
                            : name + " (pid " + pid + ")" + within + "; kill -CONT " + pid
                                    + " thaws it), short of memory, or still starting. jcmd " + pid
                                    + " Thread.print asks the JVM itself.");
        } catch (ExecutionException failure) {
            Throwable cause = Objects.requireNonNullElse(failure.getCause(), failure);
            throw new ParallelException(cause.getMessage(), cause);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new ParallelException("interrupted while waiting for the threads of " + name);
        }
    }

    /** This JVM and those that this driver has started, for somebody who is not the driver's thread. */
    private final class Jvms implements WaitGraph.Jvms {
        @Override
        public int own() {
            return driver.shared().jvmId();
        }

        @Override
        public Optional<ThreadTable.Read> threads(int jvmId) throws InterruptedException {
            if (jvmId == driver.shared().jvmId()) {
                return Optional.of(ThreadTable.read(ThreadTable.ofThisJvm("", driver.shared()), source::locate));
            }
            CompletableFuture<byte[]> table = new CompletableFuture<>();
            driver.loop().post(() -> launcher.workers()
                    .filter(worker -> worker.jvmId == jvmId)
                    .findFirst()
                    .ifPresentOrElse(
                            worker -> worker.askThreads(table),
                            () -> table.completeExceptionally(new ParallelException("no worker of this driver"))));
            try {
                byte[] read = table.get(FOLLOWED_DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
                return Optional.of(ThreadTable.read(read, source::locate));
            } catch (TimeoutException | ExecutionException unknown) {
                return Optional.empty(); // frozen, gone, or a stranger: it is told without its threads
            }
        }

        @Override
        public String name(int jvmId) throws InterruptedException {
            if (jvmId == driver.shared().jvmId()) {
                return driver.currentProcess().name();
            }
            Optional<String> child = launcher.child(jvmId).map(ProcessInfo::name);
            if (child.isPresent()) {
                return child.get();
            }
            CompletableFuture<Optional<String>> parent = new CompletableFuture<>();
            driver.loop()
                    .post(() -> parent.complete(launcher.workers()
                            .filter(worker -> worker.speaksFor(jvmId))
                            .map(worker -> "a worker of " + worker.name)
                            .findFirst()));
            try {
                return parent.get(FOLLOWED_DEADLINE.toNanos(), TimeUnit.NANOSECONDS)
                        .orElse("another process");
            } catch (TimeoutException | ExecutionException closed) {
                return "another process";
            }
        }

        @Override
        public Optional<String> variable(Shared.Handle object) {
            return driver.shared()
                    .linker()
                    .known(object)
                    .flatMap(source::variable)
                    .or(() -> driver.shared()
                            .linker()
                            .knownOwner(object)
                            .flatMap(source::variable)
                            .map(owner -> "of " + owner));
        }
    }
}
