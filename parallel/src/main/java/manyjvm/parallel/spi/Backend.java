package manyjvm.parallel.spi;

/**
 * Who starts workers. The driver loop, the wire, queues, output and failure handling are the same whatever the workers run
 * on; nothing outside a backend assumes that a worker shares the driver's host. Found by {@link java.util.ServiceLoader}.
 * Safe for use by any thread.
 */
public interface Backend extends AutoCloseable {
    /** What {@code Pool.builder().backend(..)} calls it. */
    String name();

    Capabilities capabilities();

    /** So many workers, in words: {@code 4 processes}. */
    default String count(int workers) {
        return workers + " " + name();
    }

    /**
     * Starts a worker. May take some milliseconds; the worker says hello to the driver by itself. One without a JVM of its own
     * ({@link Capabilities#ownJvm}) is given a thread for its {@link WorkerSpec#body}, at once: the driver's loop calls this.
     *
     * @throws manyjvm.parallel.ParallelException when the settings cannot work, saying which and why
     */
    WorkerHandle launch(WorkerSpec spec);

    /** Ends what the backend itself keeps; its workers have ended before. May be called twice. */
    @Override
    void close();
}
