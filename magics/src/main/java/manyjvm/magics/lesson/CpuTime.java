package manyjvm.magics.lesson;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import manyjvm.parallel.Task;

/** The CPU time that the JVM has used since its start, in nanoseconds; told in steps of 10 ms. */
public record CpuTime() implements Task<Long> {
    @Override
    public Long call() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
