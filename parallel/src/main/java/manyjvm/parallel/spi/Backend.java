package manyjvm.parallel.spi;

/**
 * Who starts workers. The driver loop, the wire, queues, output and failure handling are the same whatever the workers run
 * on; what they can do is asked of its {@link Capabilities}. A worker with a JVM of its own sees the driver's folder and the
 * class path under the same paths, reaches its socket, and tells it a pid that means the same to both. Found by {@link
 * java.util.ServiceLoader}. Safe for use by any thread.
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
