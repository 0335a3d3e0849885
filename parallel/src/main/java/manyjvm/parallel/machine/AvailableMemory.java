package manyjvm.parallel.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import manyjvm.parallel.ParallelException;

/**
 * How much memory new processes can have without others losing theirs: the machine's {@code MemAvailable}, or what is left of
 * the container's limit (cgroup v2) when that is less. Unknown where the system has no {@code /proc}.
 */
public final class AvailableMemory {
    /** What a worker's JVM takes up before it does anything. */
    private static final long OF_A_JVM = 40L << 20;

    /** Up to so many workers a processor are started without a look at the memory. */
    private static final int USUAL_PER_PROCESSOR = 8;

    /** Processes that were started one by one, and may not have grown to their size yet. */
    private static final int MARGIN = 16;

    private static final Path MACHINE = Path.of("/proc/meminfo");
    private static final Path LIMIT = Path.of("/sys/fs/cgroup/memory.max");
    private static final Path USED = Path.of("/sys/fs/cgroup/memory.current");

    private AvailableMemory() {}

    /**
     * Before the system has to kill somebody: 100,000 JVMs bring down any machine, the user's other programs first.
     *
     * @param pool whose workers are to be started, so many beside the processes that run
     */
    public static void refuseTooMany(String pool, int workers, int running) {
        if (lacksRoomFor(workers, running)) {
            throw new ParallelException("Cannot start the " + (workers == 1 ? "worker" : workers + " workers") + " of "
                    + pool + ": each process needs at least " + megabytes(OF_A_JVM) + ", and only "
                    + megabytes(bytes().orElse(0)) + " are available. More JVMs than processors seldom help; this"
                    + " machine has " + Runtime.getRuntime().availableProcessors() + ".");
        }
    }

    /** The same for a process, which leaves room for others like it: those before it may not have grown to their size yet. */
    public static void refuseOneMore(String process, int running) {
        if (lacksRoomFor(MARGIN, running)) {
            throw new ParallelException("Cannot start " + process + ": only " + megabytes(bytes().orElse(0))
                    + " are available, and room for " + MARGIN + " processes (" + megabytes(OF_A_JVM)
                    + " each) is kept free. End some processes first.");
        }
    }

    private static boolean lacksRoomFor(int more, int running) {
        int processors = Runtime.getRuntime().availableProcessors();
        if (running + more <= Math.max(MARGIN, USUAL_PER_PROCESSOR * processors)) {
            return false;
        }
        return more > bytes().orElse(Long.MAX_VALUE) / OF_A_JVM;
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + " MB";
    }

    static OptionalLong bytes() {
        try {
            long machine = machine("MemAvailable", Files.readString(MACHINE));
            return OptionalLong.of(Math.min(machine, container()));
        } catch (IOException | NumberFormatException unknown) {
            return OptionalLong.empty(); // not Linux, or a container that hides it: callers then limit nothing
        }
    }

    /**
     * What this process may have at most: the machine's memory, or the container's limit when that is less. Cheap enough for
     * each start of a JVM: of the two only the limit can change, and is read.
     */
    public static OptionalLong most() {
        try {
            return Total.BYTES.isEmpty() ? Total.BYTES : OptionalLong.of(Math.min(Total.BYTES.getAsLong(), limit()));
        } catch (IOException | NumberFormatException unknown) {
            return OptionalLong
                    .empty(); // the container's limit went, or says what nobody knows: the JVM's own rule holds
        }
    }

    /** Read once, when first asked for. */
    private static final class Total {
        static final OptionalLong BYTES = read();

        private static OptionalLong read() {
            try {
                return OptionalLong.of(machine("MemTotal", Files.readString(MACHINE)));
            } catch (IOException | NumberFormatException unknown) {
                return OptionalLong.empty();
            }
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
