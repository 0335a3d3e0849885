package manyjvm.parallel.driver;

import java.time.Duration;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which worker gets which chunk, and when. A part of a {@link Scheduler}.
 *
 * <p>How many chunks a worker holds: one, as long as nothing is known of how long they take, or when they take long; more
 * when they are short, so that the next one is there when one ends. When other workers fall idle, what a worker holds and has
 * not started is taken back.
 */
final class Dealing {
    private static final long SHORT = 2_000_000; // nanoseconds: chunks that are worth holding two of
    private static final long TINY = 200_000; // and several of
    private static final int HELD_WHEN_TINY = 12;
    private static final Duration STUCK_BEHIND = Duration.ofMillis(5);

    private final Board board;
    private final int maxTasks;
    private final NavigableMap<Long, Chunk> queue =
            new TreeMap<>(); // those that are bound to a worker wait in its slot
    private long meanNanos = Long.MAX_VALUE;
    private boolean stuckWatched;

    /** @param maxTasks that a worker is given before it leaves; 0 for any number */
    Dealing(Board board, int maxTasks) {
        this.board = board;
        this.maxTasks = maxTasks;
    }

    /** A new one goes to the end of its line, one that comes back to its old place there. */
    void add(Chunk chunk) {
        (chunk.worker.isPresent() ? board.slot(chunk.worker.getAsInt()).bound : queue).put(chunk.id, chunk);
    }

    /**
     * Drops a submission's chunks that no worker has; tells whether there were some. Looks only at those that were added while
     * its own were: thousands of submissions may be called off one by one.
     */
    boolean drop(Progress progress) {
        boolean some = drop(progress, queue);
        for (Slot slot : board.slots) {
            some |= drop(progress, slot.bound);
        }
        return some;
    }

    private static boolean drop(Progress progress, NavigableMap<Long, Chunk> line) {
        return line.subMap(progress.firstChunk(), true, progress.lastChunk(), true)
                .values()
                .removeIf(chunk -> chunk.isOf(progress.submission()));
    }

    /** Whether something waits for the slot's worker. */
    boolean waitsFor(Slot slot) {
        return !queue.isEmpty() || !slot.bound.isEmpty();
    }

    /** Items that no worker has. */
    long items() {
        long items = 0;
        for (Chunk chunk : queue.values()) {
            items += chunk.left();
        }
        for (Slot slot : board.slots) {
            for (Chunk chunk : slot.bound.values()) {
                items += chunk.left();
            }
        }
        return items;
    }

    /** A chunk took so many nanoseconds. */
    void took(long nanos) {
        meanNanos = meanNanos == Long.MAX_VALUE ? nanos : (meanNanos * 7 + nanos) / 8;
    }

    /** To workers that are there and have nothing, or little. */
    void deal() {
        for (Slot slot : board.slots) {
            while (!slot.bound.isEmpty() && slot.isFree()) {
                give(slot, first(slot.bound));
            }
        }
        while (!queue.isEmpty()) {
            Slot slot = leastLoaded();
            if (slot == null) {
                break;
            }
            give(slot, first(queue));
        }
        if (queue.isEmpty()) {
            freeStuck();
        }
    }

    /** Takes it out of a line that is not empty. */
    private static Chunk first(NavigableMap<Long, Chunk> line) {
        return Objects.requireNonNull(line.pollFirstEntry(), "a line that has some")
                .getValue();
    }

    private @Nullable Slot leastLoaded() {
        int most = meanNanos <= TINY ? HELD_WHEN_TINY : meanNanos <= SHORT ? 2 : 1;
        @Nullable Slot best = null;
        for (Slot slot : board.slots) {
            if (slot.isReady()
                    && slot.load() < most
                    && (slot.load() == 0 || mayHoldMore(slot))
                    && (best == null || slot.load() < best.load())) {
                best = slot;
            }
        }
        return best;
    }

    private boolean mayHoldMore(Slot slot) {
        return maxTasks == 0 || slot.chunks < maxTasks;
    }

    private void give(Slot slot, Chunk chunk) {
        slot.chunks++;
        run(slot, chunk);
        if (maxTasks > 0 && slot.chunks >= maxTasks) {
            slot.leaving = true;
        }
    }

    /** Gives a chunk that takes no turn. */
    void run(Slot slot, Chunk chunk) {
        WorkerLife life = slot.life();
        life.given(chunk, board.now);
        board.order(life, to -> to.run(life, chunk));
        slot.watchHead(board.now);
    }

    /** Takes back what a busy worker holds while another one has nothing to do. */
    private void freeStuck() {
        boolean someIdle = false;
        for (Slot slot : board.slots) { // after each event: a stream would cost more than all the rest
            someIdle |= slot.isFree();
        }
        if (!someIdle || stuckWatched) {
            return;
        }
        for (Slot slot : board.slots) {
            if (slot.load() >= 2) {
                stuckWatched = true;
                if (board.now - slot.life().head().orElseThrow().since >= STUCK_BEHIND.toNanos()) {
                    reclaimUnstarted(slot.life());
                }
            }
        }
        if (stuckWatched) {
            board.after(STUCK_BEHIND, () -> stuckWatched = false); // and looks again
        }
    }

    /** Takes back what it holds, but for the first, which it is at. */
    void reclaimUnstarted(WorkerLife life) {
        @Nullable Chunk head = life.head().orElse(null);
        for (Chunk chunk : life.chunks()) {
            if (chunk != head && !chunk.reclaiming && chunk.worker.isEmpty()) {
                chunk.reclaiming = true;
                board.order(life, to -> to.reclaim(life, chunk));
            }
        }
    }
}
