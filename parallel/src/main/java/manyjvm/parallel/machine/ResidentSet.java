package manyjvm.parallel.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * How much memory a process really takes up: its resident set, without what it shares with others by files in shared memory.
 * Read from {@code /proc}, in some hundredths of a millisecond; unknown where there is none.
 */
public final class ResidentSet {
    private static final Path PROC = Path.of("/proc");

    private ResidentSet() {}

    public static boolean isKnown() {
        return Files.isReadable(PROC.resolve("self").resolve("status"));
    }

    /** In bytes; empty when the process is gone. */
    public static OptionalLong of(long pid) {
        try {
            long all = 0;
            long shared = 0;
            for (String line :
                    Files.readAllLines(PROC.resolve(String.valueOf(pid)).resolve("status"))) {
                if (line.startsWith("VmRSS:")) {
                    all = kibibytes(line);
                } else if (line.startsWith("RssShmem:")) {
                    shared = kibibytes(line);
                }
            }
            return all == 0 ? OptionalLong.empty() : OptionalLong.of((all - shared) * 1024);
        } catch (IOException gone) {
            return OptionalLong.empty(); // the process has ended, or this is not Linux
        }
    }

    /** {@code VmRSS:     58564 kB}. */
    private static long kibibytes(String line) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
    }
}
