package manyjvm.parallel.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The submissions that have not ended, and how each ends. A part of a {@link Scheduler}. */
final class OpenSubmissions {
    /** How long a worker that was asked gently is waited for. */
    private static final Duration GRACE = Driver.GRACE;

    private final Board board;
    private final Dealing dealing;
    private final Map<Long, Progress> tasks = new LinkedHashMap<>();
    private final Map<Long, Progress> hooks = new HashMap<>();

    OpenSubmissions(Board board, Dealing dealing) {
        this.board = board;
        this.dealing = dealing;
    }

    private Map<Long, Progress> of(Submission submission) {
        return submission.hook() ? hooks : tasks;
    }

    void add(Submission submission) {
        of(submission).put(submission.id(), new Progress(submission));
    }

    /** Whether there are none but hooks. */
    boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** Null after its end. */
    @Nullable
    Progress progress(Submission submission) {
        return of(submission).get(submission.id());
    }

    /** All but hooks that are like this. */
    List<Progress> like(Predicate<Submission> which) {
        return tasks.values().stream()
                .filter(progress -> which.test(progress.submission()))
                .toList();
    }

    void endAll(RuntimeException reason) {
        List.copyOf(tasks.values()).forEach(progress -> end(progress, Optional.of(reason)));
    }

    void endIfDone(Progress progress) {
        if (progress.isDone()) {
            end(progress, Optional.empty());
        }
    }

    void chunkEnded(Chunk chunk) {
        Progress progress = progress(chunk.submission);
        if (progress != null) {
            progress.chunkEnded();
            endIfDone(progress);
        }
    }

    /** @param reason why items stay without an outcome */
    void end(Progress progress, Optional<Throwable> reason) {
        if (forget(progress)) {
            board.command(to -> to.finish(progress.submission(), reason));
        }
    }

    /** The last step of a submission's life, unless it has ended: what it still has is dropped. */
    boolean forget(Progress progress) {
        Submission submission = progress.submission();
        boolean running = of(submission).remove(submission.id(), progress);
        if (running && progress.hasChunks() && !submission.hook()) {
            drop(progress);
        }
        return running;
    }

    /** Drops its chunks that no worker has, interrupts those that one has. */
    private void drop(Progress progress) {
        boolean waited = dealing.drop(progress);
        boolean runs = false;
        for (WorkerLife life : board.lives().toList()) {
            runs |= interrupt(life, progress.submission());
        }
        if (waited && !runs) {
            board.slots.forEach(this::hurry);
        }
    }

    /** A worker that does not heed it is killed. */
    private boolean interrupt(WorkerLife life, Submission submission) {
        List<Chunk> asked = new ArrayList<>();
        for (Chunk chunk : life.chunks()) {
            if (chunk.isOf(submission)) {
                asked.add(chunk);
                board.order(life, to -> to.interrupt(life, chunk));
            }
        }
        if (!asked.isEmpty()) {
            board.after(GRACE, () -> {
                if (asked.stream().anyMatch(life::holds)) {
                    board.kill(life, Optional.of("ignored an interrupt for " + GRACE.toSeconds() + " s"));
                }
            });
        }
        return !asked.isEmpty();
    }

    /** A submission was called off that got no worker: perhaps because one that is to leave does not, and keeps its place. */
    private void hurry(Slot slot) {
        if (!slot.isEmpty() && slot.leaving && !slot.hurried && slot.life().holdsNoTask()) {
            WorkerLife life = slot.life();
            slot.hurried = true;
            board.after(GRACE, () -> {
                if (slot.has(life)) {
                    board.kill(life, Optional.of("did not end within " + GRACE.toSeconds() + " s of being asked to"));
                }
            });
        }
    }
}
