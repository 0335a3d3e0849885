package manyjvm.parallel.driver;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.PoolClosedException;
import manyjvm.parallel.WorkerDiedException;
import manyjvm.parallel.driver.LostItem.Begun;
import manyjvm.parallel.driver.LostItem.DeadWorker;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a pool's submissions: which worker gets which chunk, what is run again after a death, when workers are
 * replaced, and when all is over. It is told what happens, and {@linkplain #at when} by {@link System#nanoTime}, and answers
 * with {@link Command}s, taken with {@link #next}. Without threads, input and output, or a clock of its own: a test plays
 * whole lives of pools in no time.
 *
 * <p>Its parts share a {@link Board}: {@link Dealing} hands chunks out, {@link OpenSubmissions} has what has not ended, {@link
 * Recovery} judges what a dead worker had, {@link Retirement} lets workers go, and a {@link Slot} is a worker's place, with the
 * time that it may take.
 *
 * <p>An initializer or exit hook is a submission of one chunk, bound to its worker: whoever carries {@link Command.Receiver#runHook}
 * out adds it, and tells how it ended. It is nobody's task: it is not counted, nothing waits for it but its worker's place,
 * and it dies with its worker.
 */
final class Scheduler {
    private static final int MOST_FAILED_STARTS = 3;
    private static final int MOST_KILLED_STARTS = 20; // by a signal from outside, which tells little about the settings
    private static final int MOST_DIED_UNUSED = 3;

    private final PoolRules rules;
    private final Board board;
    private final Dealing dealing;
    private final OpenSubmissions submissions;
    private final Retirement retirement;
    private @Nullable RuntimeException broken; // null unless nothing can run here any more
    private boolean closed;
    private boolean terminated;
    private boolean abandoned; // terminated by the driver's end
    private boolean ended;
    private int failedStarts;
    private int diedUnused;

    Scheduler(PoolRules rules) {
        this.rules = rules;
        board = new Board(rules.workers());
        dealing = new Dealing(board, rules.maxTasks());
        submissions = new OpenSubmissions(board, dealing);
        retirement = new Retirement(rules, board, submissions, life -> runHook(life, Hook.EXIT_HOOK));
    }

    /** What is told next happens at that time. */
    Scheduler at(long time) {
        board.now = time;
        return this;
    }

    // ------------------------------------------------------------ commands

    /** The next command to carry out, in order; null when there are none. What comes of it may be told at once. */
    @Nullable
    Command next() {
        return board.commands.poll();
    }

    /** When {@link #timePassed} is to be told of at the latest; {@link Long#MAX_VALUE} for never. */
    long nextAlarm() {
        return board.nextAlarm();
    }

    void timePassed() {
        board.timePassed();
        settle();
    }

    // ------------------------------------------------------------ what is asked

    boolean isRunning(Submission submission) {
        return submissions.progress(submission) != null;
    }

    /** A worker's place, to look at. */
    Slot slot(int number) {
        return board.slot(number);
    }

    /** Items that no worker has. */
    long queued() {
        return dealing.items();
    }

    /** Items that workers have. */
    long running() {
        long items = 0;
        for (WorkerLife life : board.lives().toList()) {
            for (Chunk chunk : life.chunks()) {
                items += isRunning(chunk.submission) ? chunk.left() : 0;
            }
        }
        return items;
    }

    // ------------------------------------------------------------ the pool

    void start() {
        board.slots.forEach(this::launch);
    }

    /** Takes no more submissions; ends after those that are there. */
    void close() {
        closed = true;
        settle();
    }

    /** Calls everything off, and ends. */
    void terminate() {
        closed = true;
        terminated = true;
        submissions.endAll(new CancellationException(rules.name() + " was terminated"));
        killAll();
        settle();
    }

    /** Calls everything off; nobody waits for the end any more. */
    void abandon() {
        closed = true;
        terminated = true;
        abandoned = true;
        submissions.endAll(new CancellationException("the driver of " + rules.name() + " was closed"));
        end();
    }

    /** Calls everything off. */
    void interrupt() {
        submissions.endAll(new CancellationException(rules.name() + " was interrupted"));
        settle();
    }

    /** Calls everything off, and replaces the workers. */
    void restart() {
        if (broken == null && !terminated) {
            submissions.endAll(new CancellationException(rules.name() + " was restarted"));
            for (Slot slot : board.slots) {
                if (slot.isEmpty()) {
                    launch(slot);
                } else {
                    slot.life().replace();
                    board.dismiss(slot.life(), Optional.of("the pool was restarted")); // its death launches the next
                }
            }
            settle();
        }
    }

    private void end() {
        if (!ended) {
            ended = true;
            board.command(Command.Receiver::end);
        }
    }

    /** Nothing can run here any more. */
    private void breakDown(RuntimeException reason) {
        if (broken == null) {
            broken = reason;
            closed = true;
            board.command(to -> to.breakDown(reason));
            submissions.endAll(reason);
            killAll();
        }
    }

    private void killAll() {
        board.lives().toList().forEach(life -> board.dismiss(life, Optional.empty()));
    }

    // ------------------------------------------------------------ submissions

    void submitted(Submission submission) {
        if (submission.hook() || broken == null && !terminated) {
            submissions.add(submission);
            return;
        }
        String name = rules.name();
        RuntimeException reason = broken != null
                ? broken
                : abandoned ? driverClosed(name) : new PoolClosedException(name + " was terminated: make a new Pool");
        board.command(to -> to.finish(submission, Optional.of(reason)));
    }

    static PoolClosedException driverClosed(String pool) {
        return new PoolClosedException("the driver of " + pool + " was closed");
    }

    /**
     * More chunks of a submission; of one that has ended, nothing comes of them.
     *
     * @param last whether it gets no more
     */
    void added(Submission submission, List<Chunk> chunks, boolean last) {
        Progress progress = submissions.progress(submission);
        if (progress == null) {
            return;
        }
        for (Chunk chunk : chunks) {
            progress.chunkAdded(chunk);
            if (chunk.isHook()) {
                giveHook(board.slot(chunk.worker.orElseThrow()), progress, chunk);
            } else {
                dealing.add(chunk);
            }
        }
        if (last) {
            progress.complete();
            submissions.endIfDone(progress);
        }
        settle();
    }

    void cancel(Submission submission) {
        Optional.ofNullable(submissions.progress(submission)).ifPresent(this::cancel);
        settle();
    }

    /** Cancels each of these. */
    void cancel(Predicate<Submission> which) {
        submissions.like(which).forEach(this::cancel);
        settle();
    }

    private void cancel(Progress progress) {
        String what = progress.submission().description();
        submissions.end(progress, Optional.of(new CancellationException(what + " was cancelled")));
    }

    private @Nullable Progress progress(Chunk chunk) {
        return submissions.progress(chunk.submission);
    }

    // ------------------------------------------------------------ workers: their start

    private void launch(Slot slot) {
        WorkerLife life = slot.fill();
        board.command(to -> to.launch(life));
    }

    /** It is gone, since it could not even be launched. */
    void notLaunched(WorkerLife life, ParallelException reason) {
        Slot slot = board.slot(life);
        if (slot.has(life)) {
            slot.empty();
        }
        breakDown(reason);
        settle();
    }

    /** It has come in. */
    void ready(WorkerLife life) {
        if (rules.hooks().contains(Hook.INITIALIZER)) {
            runHook(life, Hook.INITIALIZER);
        } else {
            initialised(board.slot(life));
        }
        settle();
    }

    private void runHook(WorkerLife life, Hook hook) {
        board.commands.add(
                new Command(to -> to.runHook(life, hook), fault -> hookFailed(life, hook, fault, fault.toString())));
    }

    /** The initializer, or exit hook, has ended in good order. */
    void hookDone(WorkerLife life, Hook hook) {
        Slot slot = board.slot(life);
        if (hook == Hook.EXIT_HOOK) {
            retirement.exitHookEnded(life);
        } else if (slot.has(life)) { // else it has died meanwhile, and the next one runs it again
            initialised(slot);
        }
        settle();
    }

    /** The initializer, or exit hook, has failed, and how it says that. */
    void hookFailed(WorkerLife life, Hook hook, Throwable failure, String told) {
        String what = hook.description() + " of " + rules.name();
        boolean itsFault = !wasCutShort(life, failure);
        if (hook == Hook.EXIT_HOOK) {
            if (itsFault) {
                board.command(to -> to.complain(what + " worker " + life.number() + " failed: " + told));
            }
            hookDone(life, hook);
        } else if (itsFault && !terminated && !life.isReplaced()) { // else the next worker, if any, runs it again
            breakDown(new ParallelException(what + " failed: " + told, failure));
            settle();
        }
    }

    /** Whether it did not run to its end because we ended its worker; the user's code may throw a cancellation of its own. */
    private boolean wasCutShort(WorkerLife life, Throwable failure) {
        return failure instanceof CancellationException && (life.isGone() || life.isDoomed())
                || failure instanceof WorkerDiedException && (terminated || life.isReplaced());
    }

    private void initialised(Slot slot) {
        slot.stage = Slot.Stage.AT_WORK;
        failedStarts = 0;
        retirement.watchIdle();
    }

    // ------------------------------------------------------------ workers: what they say

    /** Items of a chunk have their outcome: all below {@code next}. */
    void outcomes(Chunk chunk, int next, int failed) {
        if (next <= chunk.next) {
            return;
        }
        chunk.movedTo(next);
        Progress progress = progress(chunk);
        if (progress != null) {
            progress.movedOn();
            if (failed > 0 && chunk.submission.failFast()) {
                submissions.end(progress, Optional.empty());
                settle();
            }
        }
    }

    /** An item starts; told by workers of timed submissions. */
    void itemStarted(WorkerLife life, Chunk chunk, int item) {
        board.slot(life).itemStarted(chunk, item, board.now);
    }

    /** All items of the chunk have their outcome. */
    void done(WorkerLife life, Chunk chunk) {
        answered(life, chunk);
        submissions.chunkEnded(chunk);
        worked(life, chunk);
    }

    /** The function could not be loaded there, nor would it be anywhere else. */
    void refused(WorkerLife life, Chunk chunk, ParallelException reason) {
        answered(life, chunk);
        Progress progress = progress(chunk);
        if (progress != null) {
            submissions.end(progress, Optional.of(reason));
        }
        worked(life, chunk);
    }

    private void worked(WorkerLife life, Chunk chunk) {
        if (chunk.isHook()) {
            settle();
            return;
        }
        long took = board.now - chunk.since;
        diedUnused = 0;
        dealing.took(took);
        Slot slot = board.slot(life);
        if (!slot.leaving && retirement.isTooLarge(slot)) {
            slot.leaving = true;
            dealing.reclaimUnstarted(life);
        }
        settle();
        if (life.isIdle()) {
            retirement.watchIdle();
        }
    }

    /** It gives the chunk back: its items from {@code next} on were not run. */
    void returned(WorkerLife life, Chunk chunk) {
        answered(life, chunk);
        bringBack(life, chunk);
        settle();
    }

    private void answered(WorkerLife life, Chunk chunk) {
        boolean wasHead = life.head().filter(head -> head == chunk).isPresent();
        life.answered(chunk, board.now);
        if (wasHead) {
            life.head().ifPresent(next -> next.since = board.now);
        }
        board.slot(life).watchHead(board.now);
    }

    /** To the front of the line that it came from. */
    private void bringBack(WorkerLife life, Chunk chunk) {
        Progress progress = progress(chunk);
        if (progress != null && chunk.isHook()) {
            didNotBegin(progress, life.number());
        } else if (progress != null) {
            dealing.add(chunk);
        }
    }

    /** A hook whose worker ends: its death is told, or has been. */
    private void didNotBegin(Progress hook, int worker) {
        submissions.end(
                hook,
                Optional.of(new CancellationException(rules.name() + " worker " + worker + " ended before "
                        + hook.submission().description() + " began")));
    }

    // ------------------------------------------------------------ workers: their end

    /**
     * A worker is gone. What it had is run elsewhere, or lost.
     *
     * @param chunks what it had in flight
     * @param begun what it had begun of that
     */
    void died(WorkerLife life, List<Chunk> chunks, DeadWorker dead, Begun begun) {
        Slot slot = board.slot(life);
        for (int i = chunks.size() - 1; i >= 0; i--) { // each goes to the front of the line
            onDeath(life, chunks.get(i), i == 0, dead, begun);
        }
        if (slot.has(life)) {
            emptied(slot, life, dead.death());
        }
        settle();
    }

    private void emptied(Slot slot, WorkerLife life, Death death) {
        boolean expected = slot.leaving || life.isReplaced();
        boolean begun = life.hasComeIn() && slot.stage != Slot.Stage.BEFORE;
        slot.empty();
        if (closed && submissions.isEmpty()) {
            return;
        }
        int mostFailedStarts = death.isBySignal() ? MOST_KILLED_STARTS : MOST_FAILED_STARTS;
        if (!begun && !expected && ++failedStarts >= mostFailedStarts) {
            breakDown(new ParallelException("the workers of " + rules.name() + " do not start " + death.told() + ". "
                    + rules.whyNoneStarts().get()));
            return;
        }
        boolean idleStop = expected && rules.idleTimeout().isPresent() && submissions.isEmpty();
        // What has ended so many that had done nothing yet ends the next one too: it starts when there is work.
        boolean unused = begun && !expected && slot.chunks == 0 && ++diedUnused >= MOST_DIED_UNUSED;
        if (broken == null && !terminated && !idleStop && !unused) {
            launch(slot);
        }
    }

    /** @param head whether it was the chunk's turn: the others behind it have nothing to do with the death */
    private void onDeath(WorkerLife life, Chunk chunk, boolean head, DeadWorker dead, Begun begun) {
        Progress progress = progress(chunk);
        if (progress == null) {
            return;
        }
        Recovery recovery = Recovery.of(chunk, progress, head, dead, begun);
        for (LostItem lost : recovery.lost()) {
            board.command(to -> to.lose(lost));
            if (chunk.submission.failFast()) {
                submissions.end(progress, Optional.empty());
            }
        }
        recovery.hopeless().ifPresent(lost -> {
            if (submissions.forget(progress)) {
                board.command(to -> to.giveUp(progress.submission(), lost));
            }
        });
        if (chunk.left() == 0) {
            board.command(to -> to.settle(chunk));
            submissions.chunkEnded(chunk);
        } else {
            bringBack(life, chunk);
        }
    }

    // ------------------------------------------------------------ dealing

    /** After each event: those who are to leave do, chunks are dealt out, and a closed pool without work ends. */
    private void settle() {
        retirement.leaving();
        dealing.deal();
        startStopped();
        if (closed && submissions.isEmpty() && !ended && retirement.all()) {
            end();
        }
    }

    /** A hook goes to its worker at once; to one that is going, it comes back. */
    private void giveHook(Slot slot, Progress progress, Chunk chunk) {
        if (!slot.isIdle()) {
            didNotBegin(progress, slot.number);
        } else {
            dealing.run(slot, chunk);
        }
    }

    private void startStopped() {
        for (Slot slot : board.slots) {
            if (slot.isEmpty() && dealing.waitsFor(slot) && broken == null && !terminated) {
                launch(slot);
            }
        }
    }
}
