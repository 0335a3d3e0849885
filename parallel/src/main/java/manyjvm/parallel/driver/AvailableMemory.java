package manyjvm.parallel.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * How much memory new processes can have without others losing theirs: the machine's {@code MemAvailable}, or what is left of
 * the container's limit (cgroup v2) when that is less. Unknown where the system has no {@code /proc}.
 */
final class AvailableMemory {
    /** What a worker's JVM takes up before it does anything. */
    static final long OF_A_JVM = 40L << 20;

    private static final Path MACHINE = Path.of("/proc/meminfo");
    private static final Path LIMIT = Path.of("/sys/fs/cgroup/memory.max");
    private static final Path USED = Path.of("/sys/fs/cgroup/memory.current");

    private AvailableMemory() {}

    static OptionalLong bytes() {
        try {
            long machine = machine("MemAvailable", Files.readString(MACHINE));
            return OptionalLong.of(Math.min(machine, container()));
        } catch (IOException | NumberFormatException unknown) {
            return OptionalLong.empty();
        }
    }

    /** What this process may have at most: the machine's memory, or the container's limit when that is less. */
    static OptionalLong most() {
        try {
            return OptionalLong.of(Math.min(machine("MemTotal", Files.readString(MACHINE)), limit()));
        } catch (IOException | NumberFormatException unknown) {
            return OptionalLong.empty();
        }
    }

    /** {@code MemAvailable:   24127644 kB}, in bytes. */
    static long machine(String name, String meminfo) {
        for (String line : meminfo.split("\n")) {
            if (line.startsWith(name + ":")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        throw new NumberFormatException("no " + name + " in " + MACHINE);
    }

    private static long container() throws IOException {
        long limit = limit();
        return limit == Long.MAX_VALUE || !Files.isReadable(USED)
                ? Long.MAX_VALUE
                : Math.max(0, limit - Long.parseLong(Files.readString(USED).strip()));
    }

    private static long limit() throws IOException {
        String limit = Files.isReadable(LIMIT) ? Files.readString(LIMIT).strip() : "max";
        return limit.equals("max") ? Long.MAX_VALUE : Long.parseLong(limit);
    }
}
