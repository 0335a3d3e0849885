package manyjvm.parallel.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a worker's JVM differs from the default.
 *
 * @param maxHeap the {@code -Xmx} size, {@code 512m}
 * @param options further JVM options
 * @param javaHome another JDK, not older than this one
 * @param cpus processors to pin the worker to; empty for all
 */
public record JvmSettings(Optional<String> maxHeap, List<String> options, Optional<Path> javaHome, List<Integer> cpus) {
    public static final JvmSettings DEFAULT = new JvmSettings(Optional.empty(), List.of(), Optional.empty(), List.of());
}
