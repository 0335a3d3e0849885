package manyjvm.kernel.protocol;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads, and waiting for them. */
final class Threads {
    private Threads() {}

    /** Does one thing after the other on a thread of this name, which keeps no JVM alive. */
    static ExecutorService single(String name) {
        return Executors.newSingleThreadExecutor(action -> {
            Thread thread = new Thread(action, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** For threads that are known to end. The interrupt flag survives. */
    static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
