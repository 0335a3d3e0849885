package manyjvm.parallel;

import java.util.List;

/**
 * A moment of a pool's life.
 *
 * @param state {@code running}, {@code closed} or {@code broken: ...}
 * @param queued tasks that no worker has yet
 * @param running tasks that are with a worker
 */
public record PoolStatus(
        String name,
        String backend,
        String state,
        OutputMode output,
        List<Worker> workers,
        long queued,
        long running,
        long done,
        long failed) {
    /**
     * @param number from 1, as in the prefix of its lines
     * @param state {@code starting}, {@code idle}, {@code busy}, {@code stopped}
     * @param pid 0 when it has no process
     */
    public record Worker(int number, long pid, String state, long tasks) {}
}
