package manyjvm.kernel.protocol;

/** Waiting for threads. */
final class Threads {
    private Threads() {}

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
