package manyjvm.kernel.protocol;

import com.google.gson.JsonObject;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What the kernel and all processes below it, its workers above all, use of the machine: the answer to a {@code usage_request}, as
 * the Python kernel gives it (its {@code usage_reply}; the protocol's documentation does not have it). Asked on one thread: a share
 * of processor time is that since the question before.
 */
final class ProcessUsage {
    private static final Path PROC = Path.of("/proc");
    private static final long KIBIBYTE = 1024;

    /** The processor time that each process had used at the last question. */
    private Map<ProcessHandle, Duration> used = new HashMap<>();

    private long askedAt;

    /**
     * @return {@code kernel_cpu} and {@code host_cpu_percent} in percent, that of the kernel 100 for each processor that is busy;
     *     {@code kernel_memory} in bytes, of memory that processes share a part each, where the system tells it (Linux);
     *     {@code host_virtual_memory} in bytes. At the first question the shares are not known: the kernel's is 0, the host's is left out
     */
    JsonObject answer(JupyterMessage request) {
        List<ProcessHandle> processes = Stream.concat(
                        Stream.of(ProcessHandle.current()),
                        ProcessHandle.current().descendants())
                .toList();
        JsonObject content = new JsonObject();
        content.addProperty("hostname", hostName());
        content.addProperty("pid", ProcessHandle.current().pid());
        content.addProperty("kernel_cpu", percent(processes));
        content.addProperty(
                "kernel_memory",
                processes.stream().mapToLong(ProcessUsage::memory).sum());
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        double host = machine.getCpuLoad();
        if (host > 0) {
            content.addProperty("host_cpu_percent", rounded(100 * host));
        }
        content.addProperty("cpu_count", Runtime.getRuntime().availableProcessors());
        content.add("host_virtual_memory", hostMemory(machine));
        return content;
    }

    private double percent(List<ProcessHandle> processes) {
        Map<ProcessHandle, Duration> now = new HashMap<>();
        for (ProcessHandle process : processes) {
            process.info().totalCpuDuration().ifPresent(time -> now.put(process, time));
        }
        long at = System.nanoTime();
        long nanos = 0;
        for (Map.Entry<ProcessHandle, Duration> process : now.entrySet()) {
            // One that is new has used all it has in between; one that has ended is not asked any more.
            nanos += process.getValue()
                    .minus(used.getOrDefault(process.getKey(), Duration.ZERO))
                    .toNanos();
        }
        double percent = used.isEmpty() ? 0 : rounded(100.0 * nanos / Math.max(1, at - askedAt));
        used = now;
        askedAt = at;
        return percent;
    }

    private static double rounded(double percent) {
        return Math.round(percent * 10) / 10.0;
    }

    private static long memory(ProcessHandle process) {
        Path own = PROC.resolve(Long.toString(process.pid()));
        OptionalLong bytes = kibibytes(own.resolve("smaps_rollup"), "Pss:");
        if (bytes.isEmpty()) {
            bytes = kibibytes(own.resolve("status"), "VmRSS:");
        }
        if (bytes.isPresent() || !process.equals(ProcessHandle.current())) {
            return bytes.orElse(0);
        }
        Runtime jvm = Runtime.getRuntime(); // a system without /proc: of this JVM the heap is known
        return jvm.totalMemory();
    }

    private static JsonObject hostMemory(OperatingSystemMXBean machine) {
        Path file = PROC.resolve("meminfo");
        long total = kibibytes(file, "MemTotal:").orElseGet(machine::getTotalMemorySize);
        long free = kibibytes(file, "MemFree:").orElseGet(machine::getFreeMemorySize);
        long available = kibibytes(file, "MemAvailable:").orElse(free);
        JsonObject memory = new JsonObject();
        memory.addProperty("total", total);
        memory.addProperty("available", available);
        memory.addProperty("percent", rounded(100.0 * (total - available) / Math.max(1, total)));
        memory.addProperty("used", total - available);
        memory.addProperty("free", free);
        return memory;
    }

    /** The bytes that a line such as {@code Pss: 12 kB} of a file of the system's tells; empty when there is none. */
    private static OptionalLong kibibytes(Path file, String name) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE)
                    .findFirst();
        } catch (IOException | UncheckedIOException gone) {
            return OptionalLong.empty(); // the process has ended, is another user's, or this is no Linux
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }
}
