package manyjvm.parallel;

import java.util.Optional;

/**
 * A JVM of this program as {@link Parallel} tells of it: the program's own, or a worker's.
 *
 * @param name {@code MainProcess}, {@code Process-3}, {@code Pool-1 worker 2}
 * @param pid its operating system process
 */
public record ProcessInfo(String name, long pid) {
    /** The operating system's view of it; empty when it has ended or runs elsewhere. */
    public Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid);
    }
}
