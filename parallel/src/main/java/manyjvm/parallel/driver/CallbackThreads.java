package manyjvm.parallel.driver;

import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that run the users' callbacks, and decode what has come for them. One that waits for a result is lent out, or
 * replaced.
 */
final class CallbackThreads implements Executor, AutoCloseable {
    private static final int USUAL = 8;
    private static final int MOST = 1024;
    private static final int IDLE_SECONDS = 5;

    private final AtomicInteger made = new AtomicInteger();
    private final ForkJoinPool threads =
            new ForkJoinPool(USUAL, this::thread, null, true, USUAL, MOST, 1, null, IDLE_SECONDS, TimeUnit.SECONDS);

    private ForkJoinWorkerThread thread(ForkJoinPool pool) {
        ForkJoinWorkerThread thread = new ForkJoinWorkerThread(pool) {};
        thread.setName("parallel-callback-" + made.incrementAndGet());
        return thread;
    }

    /** Also after the close: a result that becomes known then has somebody who waits for it. */
    @Override
    public void execute(Runnable command) {
        try {
            threads.execute(command);
        } catch (RejectedExecutionException closed) {
            Thread thread = new Thread(command, "parallel-callback");
            thread.setDaemon(true);
            thread.start();
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
