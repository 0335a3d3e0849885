package manyjvm.parallel;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A moment of a pool's life, as {@link Pool#status} tells it. Counted are the items of maps; a task without items counts as
 * one.
 *
 * @param name the pool's: {@code Pool-1}, or what the builder was given
 * @param backend {@code processes}, {@code threads} or {@code virtual}
 * @param state {@code running}, {@code closed} or {@code broken: ...}; followed by {@code (no answer within 1 s)} where the
 *     driver was too busy to tell of workers and of items queued and running, which are then missing here
 * @param output how the text of its workers is shown
 * @param workers those that there are at this moment, by number
 * @param queued items that no worker has yet
 * @param running items that are with a worker and have not ended
 * @param done items that have ended since the pool was made, those that failed among them
 * @param failed items that have failed since then
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
     * One worker.
     *
     * @param number from 1, as in the prefix of its lines
     * @param pid the operating system's number of its process; 0 when it does not run, and for a thread
     * @param state {@code starting}, {@code idle}, {@code busy}, {@code stopped}
     * @param since how long it has been idle, or at the chunk that it is at; empty otherwise
     * @param doing what it is at, with the item: {@code map item 12: (3, 4)}, shortened; empty when at nothing
     * @param heap how full its heap was when it said so last; empty before that, and for a thread, which has no heap of its own
     * @param cpu the time that processors have spent on it; empty where that is not known
     * @param tasks how many tasks (chunks of a map) it has been given since it started
     * @param lastLine the last that it printed, shortened; empty before the first
     */
    public record Worker(
            int number,
            long pid,
            String state,
            Optional<Duration> since,
            String doing,
            Optional<Heap> heap,
            Optional<Duration> cpu,
            long tasks,
            String lastLine) {}

    /**
     * How full a worker's heap is.
     *
     * @param used bytes, garbage that is not collected yet among them
     * @param limit what it may grow to
     * @param age how long ago that was: a worker that is frozen, or short of memory or of processors, tells nothing new
     */
    public record Heap(long used, long limit, Duration age) {}
}
