package manyjvm.parallel.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.concurrent.ExecutionException;
import manyjvm.parallel.code.CodeStore;
import manyjvm.parallel.code.CodeStores;
import manyjvm.parallel.spi.ParallelRuntime;
import manyjvm.parallel.wire.Entrance;
import manyjvm.parallel.wire.Ledger;
import manyjvm.parallel.wire.Outbox;
import manyjvm.parallel.wire.OwnerLoop;
import manyjvm.parallel.wire.WorkerStart;

/**
 * A worker's main. Threads: {@code task} (the main thread) runs what the driver sends, {@code wire} owns the socket, and
 * {@code life-line} ends the JVM at once when standard input ends, which it does when the driver is gone, however it went.
 */
public final class WorkerMain {
    /** Exit status of a worker without a driver. */
    static final int NO_DRIVER = 70;

    private WorkerMain() {}

    public static void main(String[] arguments) {
        InputStream input = System.in;
        try {
            WorkerStart start = WorkerStart.readFrom(input);
            lifeLine(input);
            work(start);
        } catch (IOException failure) {
            System.err.println("the worker could not reach its driver: " + failure.getMessage());
            Runtime.getRuntime().halt(NO_DRIVER);
        }
    }

    private static void work(WorkerStart start) throws IOException {
        Thread.currentThread().setName("task");
        PrintStream realError = System.err;
        Ledger ledger = Ledger.open(start.ledger());
        Outbox outbox = new Outbox(ledger);
        OwnerLoop loop = new OwnerLoop("wire", fault -> fault.printStackTrace(realError));
        ClassFetcher fetcher = new ClassFetcher(outbox);
        WorkerShared shared = new WorkerShared(start, outbox);
        CodeStore store = CodeStores.create(new ApiLoader(WorkerMain.class.getClassLoader()), fetcher, shared.linker());
        TaskRunner runner = new TaskRunner(store, ledger, outbox);
        ParallelRuntime.install(new WorkerRuntime(start, shared, outbox, () -> CodeStores.classSource(store)));
        loop.start();
        try {
            Entrance.enter(start, loop, outbox, new WorkerInbox(store, runner, outbox, fetcher, shared))
                    .get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IOException(failure.getMessage(), failure);
        }
        TaskOutput.install(outbox);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> ledger.announce(Ledger.Announcement.EXIT), "announce-exit"));
        Signals.install(ledger);
        if (!start.single()) {
            runner.run();
            System.exit(0);
        }
        boolean well = runner.runSingle();
        awaitUserThreads();
        System.exit(well ? 0 : 1);
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

    private static void lifeLine(InputStream input) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (input.read() >= 0) {
                            // nothing is sent after the start; only the end matters
                        }
                    } catch (IOException broken) {
                        // as good as the end
                    }
                    Runtime.getRuntime().halt(NO_DRIVER);
                },
                "life-line");
        thread.setDaemon(true);
        thread.start();
    }
}
