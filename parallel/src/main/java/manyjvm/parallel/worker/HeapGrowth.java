package manyjvm.parallel.worker;

/**
 * Has the garbage of ended submissions collected once there is much of it. The serial collector of newer
 * JDKs rather makes the old generation larger, up to a quarter of the machine's memory, than look through it: 3,000 submissions
 * that each brought 1 MiB made a worker on JDK 25 as large as 1.9 GiB, with 70 MiB alive.
 *
 * <p>A collection takes some milliseconds for each 10 MiB that live, and comes only when {@link #LEAST} more are used than lived
 * after the last one, and half as much again.
 *
 * <p>Used by one thread.
 */
final class HeapGrowth {
    private static final long LEAST = 64L << 20;

    private final Runtime runtime = Runtime.getRuntime();
    private long limit = 2 * LEAST;

    /** A submission has been let go of. */
    void submissionEnded() {
        if (used() > limit) {
            System.gc();
            long alive = used();
            limit = alive + Math.max(LEAST, alive / 2);
        }
    }

    private long used() {
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
