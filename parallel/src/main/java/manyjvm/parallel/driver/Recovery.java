package manyjvm.parallel.driver;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import manyjvm.parallel.driver.LostItem.Begun;
import manyjvm.parallel.driver.LostItem.DeadWorker;
import manyjvm.parallel.wire.connect.WorkerJournal;

/**
 * What becomes of a chunk whose worker has died: its items with an outcome have that, some are lost, and the others, which the
 * chunk has {@linkplain Chunk#left() left}, are to be run elsewhere, unless that is hopeless.
 *
 * @param lost those that have no other outcome than this
 * @param hopeless one by which worker after worker would die
 */
record Recovery(List<LostItem> lost, Optional<LostItem> hopeless) {
    private static final int MOST_NEVER_BEGUN = 3;
    private static final Recovery ELSEWHERE = new Recovery(List.of(), Optional.empty());

    /**
     * Decides, and notes it in the chunk.
     *
     * @param head whether it was the chunk's turn: the others behind it have nothing to do with the death
     * @param begun what the worker had begun
     */
    static Recovery of(Chunk chunk, Progress progress, boolean head, DeadWorker dead, Begun begun) {
        int started = begun.startedOf(chunk);
        if (started > chunk.next) {
            return ofBegun(chunk, progress, started, begun.phaseOf(chunk), dead);
        }
        return head && chunk.left() > 0 && !chunk.isHook() ? beforeItsTurn(chunk, progress, dead) : ELSEWHERE;
    }

    private static Recovery ofBegun(
            Chunk chunk, Progress progress, int started, WorkerJournal.Phase phase, DeadWorker dead) {
        boolean retried = chunk.lost < chunk.submission.retries();
        if (phase == WorkerJournal.Phase.LOADING && !retried && progress.hasKilledWhileLoading()) {
            return hopeless(new LostItem(chunk, chunk.next, Optional.of(phase), dead));
        }
        if (retried) {
            chunk.lost++;
            return ELSEWHERE;
        }
        // The phase is that of the last one; those before it are lost only where nobody knows what was begun.
        return lost(
                chunk, started, dead, item -> Optional.of(item + 1 == started ? phase : WorkerJournal.Phase.RUNNING));
    }

    /**
     * Its worker died without having begun it. That is an accident, and the chunk runs elsewhere; or what is sent kills
     * whoever it is sent to, since it does not fit into a worker's heap, and then worker after worker would die of it.
     * Whoever asked for retries has said how many that may be.
     */
    private static Recovery beforeItsTurn(Chunk chunk, Progress progress, DeadWorker dead) {
        if (chunk.neverBegun < chunk.submission.retries()) {
            chunk.neverBegun++;
            return ELSEWHERE;
        }
        if (progress.hasKilledBeforeBeginning()) {
            return hopeless(new LostItem(chunk, chunk.next, Optional.empty(), dead));
        }
        if (++chunk.neverBegun < MOST_NEVER_BEGUN) {
            return ELSEWHERE;
        }
        return lost(chunk, chunk.size, dead, item -> Optional.empty());
    }

    /** The items up to that one (exclusive). */
    private static Recovery lost(
            Chunk chunk, int end, DeadWorker dead, IntFunction<Optional<WorkerJournal.Phase>> phase) {
        List<LostItem> lost = IntStream.range(chunk.next, end)
                .mapToObj(item -> new LostItem(chunk, item, phase.apply(item), dead))
                .toList();
        chunk.movedTo(end);
        return new Recovery(lost, Optional.empty());
    }

    private static Recovery hopeless(LostItem item) {
        return new Recovery(List.of(), Optional.of(item));
    }
}
