package manyjvm.magics.api;

import java.nio.file.Path;
import java.time.Duration;
import manyjvm.parallel.Action;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.Pool;
import org.jspecify.annotations.Nullable;

/** The options of {@code %pool start}, collected until {@link #start}. */
public final class PoolSetUp {
    private final Pools pools;
    private final @Nullable String nameOrNull;
    private final Pool.Builder builder = Pool.builder();

    PoolSetUp(Pools pools, @Nullable String nameOrNull) {
        this.pools = pools;
        this.nameOrNull = nameOrNull;
        builder.name(nameOrNull == null ? "default" : nameOrNull).output(pools.output());
    }

    /** {@code %pool start N}: how many workers. */
    public PoolSetUp workers(int workers) {
        builder.workers(workers);
        return this;
    }

    /** {@code --on}: the backend, such as {@code processes}, {@code threads} or {@code virtual}. */
    public PoolSetUp on(String backend) {
        builder.backend(backend);
        return this;
    }

    /** {@code --heap}: the size of each worker's heap, such as {@code 512m}. */
    public PoolSetUp heap(String size) {
        builder.maxHeap(size);
        return this;
    }

    /** @param options words as on a command line */
    public PoolSetUp jvm(String options) {
        builder.jvmOptions(CommandLine.words(options));
        return this;
    }

    /** {@code --jdk}: the folder of the JDK that the workers run on. */
    public PoolSetUp jdk(String home) {
        builder.javaHome(Path.of(home));
        return this;
    }

    /** {@code --cpus}: the numbers of the processors that the workers are kept to. */
    public PoolSetUp cpus(int... cpus) {
        builder.cpus(cpus);
        return this;
    }

    /** {@code --init}: runs in each worker before its first task. */
    public PoolSetUp initializer(Action action) {
        builder.initializer(action);
        return this;
    }

    /** {@code --max-tasks}: after so many tasks another worker takes the place of one. */
    public PoolSetUp maxTasks(int tasks) {
        builder.maxTasksPerWorker(tasks);
        return this;
    }

    /** @param size a worker that takes up more is replaced after its task */
    public PoolSetUp maxMemory(String size) {
        builder.maxMemoryPerWorker(size);
        return this;
    }

    /** {@code --timeout}: how long each task may take. */
    public PoolSetUp timeout(Duration timeout) {
        builder.taskTimeout(timeout);
        return this;
    }

    /** {@code --retries}: how often a task runs again whose worker has died. */
    public PoolSetUp retries(int retries) {
        builder.retries(retries);
        return this;
    }

    /** {@code --output}: how text of the workers is shown. */
    public PoolSetUp output(String mode) {
        builder.output(Magics.mode(mode));
        return this;
    }

    /** {@code --progress} and {@code --no-progress}: whether it is shown how far its work is. */
    public PoolSetUp progress(boolean shown) {
        builder.progress(shown);
        return this;
    }

    /**
     * Makes the pool, which the magics then know by its name.
     *
     * @throws ParallelException when it cannot be made
     */
    public Pool start() {
        Pool pool = builder.build();
        pools.add(nameOrNull, pool);
        return pool;
    }
}
