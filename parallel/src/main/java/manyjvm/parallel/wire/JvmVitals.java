package manyjvm.parallel.wire;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.insight.Vitals;

/** What this JVM, or a thread of it, says of itself. Loads the JDK's management classes: some tens of milliseconds the first time. */
public final class JvmVitals {
    private JvmVitals() {}

    /** Of a worker's JVM. */
    public static Vitals ofThisJvm() {
        long collections = 0;
        long millis = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            collections += Math.max(0, collector.getCollectionCount());
            millis += Math.max(0, collector.getCollectionTime());
        }
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        long cpu = ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toNanos)
                .orElse(Vitals.UNKNOWN);
        return new Vitals(cpu, collections, TimeUnit.MILLISECONDS.toNanos(millis), heap.getUsed(), heap.getMax());
    }

    /** Of a thread of this JVM; of a virtual one nothing is known. */
    public static Vitals ofThread(Thread thread) {
        long cpu;
        try {
            cpu = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
        } catch (UnsupportedOperationException none) { // this JVM does not count it
            cpu = Vitals.UNKNOWN;
        }
        return new Vitals(cpu, Vitals.UNKNOWN, Vitals.UNKNOWN, Vitals.UNKNOWN, Vitals.UNKNOWN);
    }
}
