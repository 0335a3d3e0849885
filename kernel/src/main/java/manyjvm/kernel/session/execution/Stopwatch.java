package manyjvm.kernel.session.execution;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The time that a run's code takes, the compiler's left out. Started and stopped on one thread, read when that is done. */
public final class Stopwatch {
    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private long nanos;
    private long cpuNanos;
    private long start;
    private long cpuStart;

    void start() {
        cpuStart = system.getProcessCpuTime();
        start = System.nanoTime();
    }

    void stop() {
        nanos += System.nanoTime() - start;
        cpuNanos += system.getProcessCpuTime() - cpuStart;
    }

    /** Takes what another one has taken for a part of what this one takes. */
    public void add(Stopwatch part) {
        nanos += part.nanos;
        cpuNanos += part.cpuNanos;
    }

    /** The time that has passed, in nanoseconds. */
    public long nanos() {
        return nanos;
    }

    /** What the processors have worked meanwhile for all threads of this JVM, in nanoseconds. */
    public long cpuNanos() {
        return cpuNanos;
    }
}
