package manyjvm.parallel.worker;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import org.jspecify.annotations.Nullable;

/**
 * Has the old generation collected once there is much in it that was not alive the last time. The serial collector of newer JDKs
 * rather makes it larger, up to a quarter of the machine's memory, than look through it: 3,000 submissions that each brought
 * 1 MiB made a worker on JDK 25 as large as 1.9 GiB, with 70 MiB alive. Other collectors are left alone.
 *
 * <p>A collection takes some milliseconds for each 10 MiB that live, and comes only when {@link #LEAST} more have become old than
 * lived after the last one, and half as much again. It comes between two chunks, since what runs may have to heed an interrupt.
 *
 * <p>Confined to the task thread.
 */
final class HeapGrowth {
    private static final long LEAST = 32L << 20;

    private final Runtime runtime = Runtime.getRuntime();
    private long limit = 2 * LEAST;

    /** Looked up, at the price of some class loading, when the heap has grown for the first time. */
    private static final class Old {
        static final @Nullable MemoryPoolMXBean GENERATION = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Tenured Gen"))
                .findFirst()
                .orElse(null);

        static long used() {
            return GENERATION == null ? 0 : GENERATION.getUsage().getUsed();
        }
    }

    void chunkEnded() {
        if (runtime.totalMemory() - runtime.freeMemory() > limit && Old.used() > limit) {
            System.gc();
            long alive = Old.used();
            limit = alive + Math.max(LEAST, alive / 2);
        }
    }
}
