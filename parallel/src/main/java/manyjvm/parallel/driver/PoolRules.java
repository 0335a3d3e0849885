package manyjvm.parallel.driver;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * A pool's settings, as far as they matter to its {@link Scheduler}.
 *
 * @param hooks those that it has
 * @param maxTasks as {@code PoolSettings.maxTasksPerWorker}
 * @param maxMemory as {@code PoolSettings.maxMemoryPerWorker}
 * @param memory how much a worker takes up now; asked only where there is a limit
 * @param whyNoneStarts what to look at when workers do not start; asked once
 */
record PoolRules(
        String name,
        int workers,
        Set<Hook> hooks,
        int maxTasks,
        long maxMemory,
        Optional<Duration> idleTimeout,
        ToLongFunction<WorkerLife> memory,
        Supplier<String> whyNoneStarts) {}
