package manyjvm.magics.api;

import java.nio.file.Path;
import java.time.Duration;
import manyjvm.parallel.Action;
import manyjvm.parallel.Pool;

/** The options of {@code %pool start}, collected until {@link #start}. */
public final class PoolSetUp {
    private final Pools pools;
    private final String nameOrNull;
    private final Pool.Builder builder = Pool.builder();

    PoolSetUp(Pools pools, String nameOrNull) {
        this.pools = pools;
        this.nameOrNull = nameOrNull;
        builder.name(nameOrNull == null ? "default" : nameOrNull).output(pools.output());
    }

    public PoolSetUp workers(int workers) {
        builder.workers(workers);
        return this;
    }

    public PoolSetUp on(String backend) {
        builder.backend(backend);
        return this;
    }

    public PoolSetUp heap(String size) {
        builder.maxHeap(size);
        return this;
    }

    /** @param options words as on a command line */
    public PoolSetUp jvm(String options) {
        builder.jvmOptions(CommandLine.words(options));
        return this;
    }

    public PoolSetUp jdk(String home) {
        builder.javaHome(Path.of(home));
        return this;
    }

    public PoolSetUp cpus(int... cpus) {
        builder.cpus(cpus);
        return this;
    }

    public PoolSetUp initializer(Action action) {
        builder.initializer(action);
        return this;
    }

    public PoolSetUp maxTasks(int tasks) {
        builder.maxTasksPerWorker(tasks);
        return this;
    }

    /** @param size a worker that takes up more is replaced after its task */
    public PoolSetUp maxMemory(String size) {
        builder.maxMemoryPerWorker(size);
        return this;
    }

    public PoolSetUp timeout(Duration timeout) {
        builder.taskTimeout(timeout);
        return this;
    }

    public PoolSetUp retries(int retries) {
        builder.retries(retries);
        return this;
    }

    public PoolSetUp output(String mode) {
        builder.output(Magics.mode(mode));
        return this;
    }

    public Pool start() {
        Pool pool = builder.build();
        pools.add(nameOrNull, pool);
        return pool;
    }
}
