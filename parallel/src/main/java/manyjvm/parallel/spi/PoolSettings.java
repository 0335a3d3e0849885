package manyjvm.parallel.spi;

import java.time.Duration;
import java.util.Optional;
import manyjvm.parallel.OutputMode;

/**
 * What a pool was built with.
 *
 * @param backend the {@link Backend}'s name: {@code processes}, {@code threads}, {@code virtual}
 * @param initializer an {@code Action} or {@code Runnable} that each worker runs first
 * @param exitHook an {@code Action} or {@code Runnable} that each worker runs before it ends in good order
 * @param maxTasksPerWorker after so many tasks (chunks of a map) a worker is replaced; 0 for never
 * @param maxMemoryPerWorker after a task a worker that takes up more than so many bytes is replaced; 0 for no limit
 * @param taskTimeout an item that takes longer has its worker killed
 * @param retries how often an item is run again whose worker died
 * @param idleTimeout workers that had nothing to do for so long end; the next submission starts new ones
 * @param progress whether it is shown how far its submissions are; empty where the driver decides
 */
public record PoolSettings(
        String name,
        int workers,
        String backend,
        JvmSettings jvm,
        Optional<Object> initializer,
        Optional<Object> exitHook,
        int maxTasksPerWorker,
        long maxMemoryPerWorker,
        Optional<Duration> taskTimeout,
        int retries,
        Optional<Duration> idleTimeout,
        OutputMode output,
        Optional<Boolean> progress) {

    /** The same for a pool that has ended, which need not keep what its hooks refer to. */
    public PoolSettings withoutHooks() {
        return new PoolSettings(
                name,
                workers,
                backend,
                jvm,
                Optional.empty(),
                Optional.empty(),
                maxTasksPerWorker,
                maxMemoryPerWorker,
                taskTimeout,
                retries,
                idleTimeout,
                output,
                progress);
    }
}
