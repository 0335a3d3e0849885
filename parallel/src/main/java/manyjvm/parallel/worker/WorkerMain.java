package manyjvm.parallel.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import manyjvm.parallel.code.CodeStore;
import manyjvm.parallel.code.JvmChanges;
import manyjvm.parallel.machine.IoReason;
import manyjvm.parallel.spi.ParallelRuntime;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.connect.JournaledSendQueue;
import manyjvm.parallel.wire.connect.OwnerLoop;
import manyjvm.parallel.wire.connect.WorkerConnector;
import manyjvm.parallel.wire.connect.WorkerJournal;
import manyjvm.parallel.wire.connect.WorkerStart;

/**
 * A worker's main. Threads: {@code task} (the main thread) runs what the driver sends, {@code wire} owns the socket, and
 * {@code life-line} ends the JVM at once when standard input ends, which it does when the driver is gone, however it went.
 */
public final class WorkerMain {
    /** Exit status of a worker without a driver. */
    static final int NO_DRIVER = 70;

    static final String TASK_THREAD = "task";

    private static final Duration PATIENCE = Duration.ofMillis(200);

    private WorkerMain() {}

    public static void main(String[] arguments) {
        InputStream input = System.in;
        JvmChanges.begin();
        try {
            AtomicReference<WorkerJournal> journal = new AtomicReference<>(); // set once the driver has named it
            Signals.install(() -> Optional.ofNullable(journal.get())
                    .ifPresent(known -> known.announce(WorkerJournal.Announcement.TERMINATED)));
            ApiLoader apiParent = new ApiLoader(WorkerMain.class.getClassLoader());
            WarmUp.untilGreeted(input, apiParent);
            WorkerStart start = WorkerStart.readFrom(input);
            start.api().ifPresent(apiParent::add);
            LifeLine lifeLine = new LifeLine(
                    input, Objects.requireNonNull(start.journal().getParent(), "it lies in its driver's folder"));
            lifeLine.start();
            try {
                journal.set(WorkerJournal.open(start.journal()));
                work(start, journal.get(), lifeLine, apiParent);
            } catch (IOException failure) {
                System.err.println("the worker could not reach its driver: " + IoReason.of(failure));
                lifeLine.driverIsGone(); // not in the midst of it: it may be removing the driver's folder
            }
        } catch (IOException failure) {
            System.err.println("the worker could not reach its driver: " + IoReason.of(failure));
            Runtime.getRuntime().halt(NO_DRIVER);
        }
    }

    private static void work(WorkerStart start, WorkerJournal journal, LifeLine lifeLine, ClassLoader apiParent)
            throws IOException {
        Thread.currentThread().setName(TASK_THREAD);
        PrintStream realError = System.err;
        JournaledSendQueue sendQueue = new JournaledSendQueue(journal);
        OwnerLoop loop = new OwnerLoop("wire", fault -> {
            realError.println("the thread wire failed; this is a fault of manyjvm, please report it:");
            fault.printStackTrace(realError);
        });
        ClassFetcher fetcher = new ClassFetcher(sendQueue);
        WorkerShared shared = new WorkerShared(start, sendQueue);
        CodeStore store = CodeStore.create(apiParent, fetcher, shared.linker());
        TaskRunner runner = new TaskRunner(store, journal, sendQueue, start.single());
        ParallelRuntime.install(new WorkerRuntime(start, shared, sendQueue, store::classSource));
        loop.start();
        try {
            WorkerConnector.enter(
                            start,
                            loop,
                            sendQueue,
                            new WorkerInbox(store, runner, sendQueue, fetcher, shared, lifeLine))
                    .get();
        } catch (InterruptedException | ExecutionException failure) {
            Throwable cause = failure.getCause();
            throw cause instanceof IOException broken ? broken : new IOException(failure.toString(), failure);
        }
        TaskOutput.install(sendQueue);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> end(journal, sendQueue, loop, fetcher, shared, lifeLine), "end"));
        if (!start.single()) {
            runner.run();
            System.exit(0);
        }
        boolean well = runner.runSingle();
        awaitUserThreads();
        System.exit(well ? 0 : 1);
    }

    /**
     * The JVM exits. Announces it, and brings the threads that wait outside Java back: for each such thread the JVM would
     * wait 300 ms at its very end. What is printed from now on stays in the journal, where the driver finds it.
     */
    private static void end(
            WorkerJournal journal,
            JournaledSendQueue sendQueue,
            OwnerLoop loop,
            ClassFetcher fetcher,
            WorkerShared shared,
            LifeLine lifeLine) {
        try {
            lifeLine.expectEnd();
            sendQueue.append(new Message.Leaving());
            lifeLine.join(PATIENCE.toMillis());
            sendQueue.seal();
            shared.end();
            fetcher.end();
            loop.stop();
            loop.join(PATIENCE);
        } catch (InterruptedException | JournaledSendQueue.SealedException hurry) {
            return; // the JVM ends all the same, only later
        } finally {
            // Last, because a status of 137 is taken for an exit code from now on, and for a SIGKILL before.
            journal.announce(WorkerJournal.Announcement.EXIT);
        }
    }

    /** A process lives as long as the non-daemon threads that its target has started, as any JVM does. */
    private static void awaitUserThreads() {
        while (true) {
            Thread waitFor = null;
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                boolean own =
                        thread == Thread.currentThread() || thread.getName().equals("DestroyJavaVM");
                if (!own && !thread.isDaemon()) {
                    waitFor = thread;
                }
            }
            if (waitFor == null) {
                return;
            }
            try {
                waitFor.join();
            } catch (InterruptedException meantForTheTarget) {
                // the target has ended; its threads decide how long the process lives
            }
        }
    }
}
