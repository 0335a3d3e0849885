package manyjvm.parallel.driver;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.PoolClosedException;
import manyjvm.parallel.driver.LostItem.Begun;
import manyjvm.parallel.driver.LostItem.DeadWorker;

/**
 * What becomes of a pool's submissions: which worker gets which chunk, what is run again after a death, when workers are
 * replaced, and when all is over. It is told what happens, each time with the time by {@link System#nanoTime}, and answers
 * with {@link Command}s, taken with {@link #next}. Without threads, input and output, or a clock of its own: a test plays
 * whole lives of pools in no time.
 *
 * <p>How many chunks a worker holds: one, as long as nothing is known of how long they take, or when they take long; more
 * when they are short, so that the next one is there when one ends. When other workers fall idle, what a worker holds and has
 * not started is taken back.
 *
 * <p>An initializer or exit hook is a submission of one chunk, bound to its worker: whoever carries {@link Command.RunHook}
 * out adds it, and tells how it ended. It is nobody's task: it is not counted, nothing waits for it but its worker's place,
 * and it dies with its worker.
 */
final class Scheduler {
    private static final int MOST_FAILED_STARTS = 3;
    private static final int MOST_KILLED_STARTS = 20; // by a signal from outside, which tells little about the settings
    private static final int MOST_DIED_UNUSED = 3;
    private static final long SHORT = 2_000_000; // nanoseconds: chunks that are worth holding two of
    private static final long TINY = 200_000; // and several of
    private static final int HELD_WHEN_TINY = 12;
    private static final Duration HOSTAGE = Duration.ofMillis(5);
    private static final long MEASURE_EVERY = 100_000_000; // nanoseconds

    /** How long a worker that was asked gently is waited for. */
    private static final Duration GRACE = Driver.GRACE;

    enum Hook {
        INITIALIZER("the initializer"),
        EXIT_HOOK("the exit hook");

        private final String description;

        Hook(String description) {
            this.description = description;
        }

        String description() {
            return description;
        }
    }

    /**
     * A pool's settings, as far as they matter here.
     *
     * @param hooks those that it has
     * @param maxTasks as {@code PoolSettings.maxTasksPerWorker}
     * @param maxMemory as {@code PoolSettings.maxMemoryPerWorker}
     * @param memory how much a worker takes up now; asked only where there is a limit
     * @param whyNoneStarts what to look at when workers do not start; asked once
     */
    record Rules(
            String name,
            int workers,
            Set<Hook> hooks,
            int maxTasks,
            long maxMemory,
            Optional<Duration> idleTimeout,
            ToLongFunction<WorkerLife> memory,
            Supplier<String> whyNoneStarts) {}

    private final Rules rules;
    private final List<Slot> slots = new ArrayList<>();
    private final Deque<Chunk> queue = new ArrayDeque<>();
    private final Map<Long, Progress> submissions = new LinkedHashMap<>(); // that have not ended
    private final Map<Long, Progress> hooks = new HashMap<>(); // likewise
    private final Alarms alarms = new Alarms();
    private final Deque<Command> commands = new ArrayDeque<>();
    private RuntimeException broken;
    private boolean closed;
    private boolean terminated;
    private boolean ended;
    private int failedStarts;
    private int diedUnused;
    private int exitHooks; // that run, or whose failure has not been told yet
    private long meanNanos = Long.MAX_VALUE;
    private boolean hostagesWatched;
    private boolean idleWatched;
    private long now;

    Scheduler(Rules rules) {
        this.rules = rules;
        for (int number = 1; number <= rules.workers(); number++) {
            slots.add(new Slot(number));
        }
    }

    // ------------------------------------------------------------ commands

    /** The next command to carry out, in order; null when there are none. What comes of it may be told at once. */
    Command next() {
        return commands.poll();
    }

    private void command(Command command) {
        commands.add(command);
    }

    /** When {@link #timePassed} is to be told of at the latest; {@link Long#MAX_VALUE} for never. */
    long nextAlarm() {
        long first = alarms.next();
        for (Slot slot : slots) {
            first = slot.earlier(first);
        }
        return first;
    }

    void timePassed(long time) {
        now = time;
        alarms.run(now);
        for (Slot slot : slots) {
            slot.overdue(now).ifPresent(reason -> kill(slot.life, Optional.of(reason)));
        }
        settle();
    }

    private void after(Duration delay, Runnable action) {
        alarms.add(now + delay.toNanos(), action);
    }

    // ------------------------------------------------------------ what is asked

    boolean isRunning(Submission submission) {
        return (submission.hook() ? hooks : submissions).containsKey(submission.id());
    }

    /** The workers that are there, by their slots. */
    List<WorkerLife> lives() {
        return slots.stream()
                .map(slot -> slot.life)
                .filter(life -> life != null)
                .toList();
    }

    Optional<WorkerLife> life(int number) {
        return Optional.ofNullable(slots.get(number - 1).life);
    }

    /** How many chunks the slot's worker has been given. */
    int chunksOf(int number) {
        return slots.get(number - 1).chunks;
    }

    /** {@code stopped}, {@code starting}, {@code idle} or {@code busy}. */
    String stateOf(int number) {
        return slots.get(number - 1).state();
    }

    /** Items that no worker has. */
    long queued() {
        return items(queue)
                + slots.stream().mapToLong(slot -> items(slot.bound)).sum();
    }

    /** Items that workers have. */
    long running() {
        return lives().stream().mapToLong(life -> items(life.chunks())).sum();
    }

    private long items(Iterable<Chunk> chunks) {
        long items = 0;
        for (Chunk chunk : chunks) {
            items += isRunning(chunk.submission) ? chunk.left() : 0;
        }
        return items;
    }

    // ------------------------------------------------------------ the pool

    void start(long time) {
        now = time;
        slots.forEach(this::launch);
    }

    /** Takes no more submissions; ends after those that are there. */
    void close(long time) {
        now = time;
        closed = true;
        settle();
    }

    /** Calls everything off, and ends. */
    void terminate(long time) {
        now = time;
        closed = true;
        terminated = true;
        endAll(new CancellationException(rules.name() + " was terminated"));
        for (Slot slot : slots) {
            kill(slot.life, Optional.empty());
        }
        settle();
    }

    /** Calls everything off; nobody waits for the end any more. */
    void abandon(long time) {
        now = time;
        closed = true;
        terminated = true;
        endAll(new CancellationException("the driver of " + rules.name() + " was closed"));
        end();
    }

    /** Calls everything off. */
    void interrupt(long time) {
        now = time;
        endAll(new CancellationException(rules.name() + " was interrupted"));
        settle();
    }

    /** Calls everything off, and replaces the workers. */
    void restart(long time) {
        now = time;
        if (broken == null && !terminated) {
            endAll(new CancellationException(rules.name() + " was restarted"));
            for (Slot slot : slots) {
                if (slot.life == null) {
                    launch(slot);
                } else {
                    slot.life.replace();
                    kill(slot.life, Optional.of("the pool was restarted")); // its death launches the next
                }
            }
            settle();
        }
    }

    private void end() {
        if (!ended) {
            ended = true;
            command(new Command.End());
        }
    }

    /** Nothing can run here any more. */
    private void breakDown(RuntimeException reason) {
        if (broken == null) {
            broken = reason;
            closed = true;
            command(new Command.Break(reason));
            endAll(reason);
            slots.forEach(slot -> kill(slot.life, Optional.empty()));
        }
    }

    // ------------------------------------------------------------ submissions

    void submitted(Submission submission, long time) {
        now = time;
        if (submission.hook()) {
            Progress progress = new Progress(submission);
            progress.complete(); // with its only chunk, which follows
            hooks.put(submission.id(), progress);
        } else if (broken != null) {
            command(new Command.Finish(submission, Optional.of(broken)));
        } else if (terminated) {
            command(new Command.Finish(
                    submission, Optional.of(new PoolClosedException("the driver of " + rules.name() + " was closed"))));
        } else {
            submissions.put(submission.id(), new Progress(submission));
        }
    }

    /** One more chunk of a submission; of one that has ended, nothing comes of it. */
    void added(Chunk chunk, long time) {
        now = time;
        Progress progress = progress(chunk);
        if (progress == null) {
            return;
        }
        progress.chunkAdded();
        if (chunk.isHook()) {
            giveHook(slots.get(chunk.worker.orElseThrow() - 1), chunk);
        } else {
            line(chunk).add(chunk);
        }
        settle();
    }

    /** The submission gets no more chunks. */
    void complete(Submission submission, long time) {
        now = time;
        Progress progress = progress(submission);
        if (progress != null) {
            progress.complete();
            endIfDone(progress);
            settle();
        }
    }

    void cancel(Submission submission, long time) {
        now = time;
        Progress progress = progress(submission);
        if (progress != null) {
            end(progress, Optional.of(new CancellationException(submission.description() + " was cancelled")));
            settle();
        }
    }

    /** Cancels each of these. */
    void cancel(Predicate<Submission> which, long time) {
        for (Progress progress : List.copyOf(submissions.values())) {
            if (which.test(progress.submission())) {
                cancel(progress.submission(), time);
            }
        }
    }

    private Progress progress(Submission submission) {
        return (submission.hook() ? hooks : submissions).get(submission.id());
    }

    private Progress progress(Chunk chunk) {
        return progress(chunk.submission);
    }

    private Deque<Chunk> line(Chunk chunk) {
        return chunk.worker.isPresent() ? slots.get(chunk.worker.getAsInt() - 1).bound : queue;
    }

    private void endAll(RuntimeException reason) {
        List.copyOf(submissions.values()).forEach(progress -> end(progress, Optional.of(reason)));
    }

    private void endIfDone(Progress progress) {
        if (progress.isDone()) {
            end(progress, Optional.empty());
        }
    }

    private void chunkEnded(Chunk chunk) {
        Progress progress = progress(chunk);
        if (progress != null) {
            progress.chunkEnded();
            endIfDone(progress);
        }
    }

    /** @param reason why items stay without an outcome */
    private void end(Progress progress, Optional<Throwable> reason) {
        if (forget(progress)) {
            command(new Command.Finish(progress.submission(), reason));
        }
    }

    /** The last step of a submission's life, unless it has ended: what it still has is dropped. */
    private boolean forget(Progress progress) {
        Submission submission = progress.submission();
        boolean running = (submission.hook() ? hooks : submissions).remove(submission.id(), progress);
        if (running && progress.hasChunks() && !submission.hook()) {
            drop(submission);
        }
        return running;
    }

    /** Drops its chunks that no worker has, interrupts those that one has. */
    private void drop(Submission submission) {
        boolean waited = queue.removeIf(chunk -> chunk.isOf(submission));
        boolean runs = false;
        for (Slot slot : slots) {
            waited |= slot.bound.removeIf(chunk -> chunk.isOf(submission));
            if (slot.life != null) {
                runs |= interrupt(slot.life, submission);
            }
        }
        if (waited && !runs) {
            slots.forEach(this::hurry);
        }
    }

    /** A worker that does not heed it is killed. */
    private boolean interrupt(WorkerLife life, Submission submission) {
        List<Chunk> asked = new ArrayList<>();
        for (Chunk chunk : life.chunks()) {
            if (chunk.isOf(submission)) {
                asked.add(chunk);
                command(new Command.Interrupt(life, chunk));
            }
        }
        if (!asked.isEmpty()) {
            after(GRACE, () -> {
                if (asked.stream().anyMatch(life::holds)) {
                    kill(life, Optional.of("ignored an interrupt for " + GRACE.toSeconds() + " s"));
                }
            });
        }
        return !asked.isEmpty();
    }

    /** A submission was called off that got no worker: perhaps because one that is to leave does not, and keeps its place. */
    private void hurry(Slot slot) {
        WorkerLife life = slot.life;
        if (life != null && slot.leaving && life.holdsNoTask()) {
            after(GRACE, () -> {
                if (slot.life == life) {
                    kill(
                            life,
                            Optional.of("did not leave within " + GRACE.toSeconds()
                                    + " s after the work that waited for its place was called off"));
                }
            });
        }
    }

    // ------------------------------------------------------------ workers: their start

    private Slot slotOf(WorkerLife life) {
        return slots.get(life.number() - 1);
    }

    private boolean isIn(WorkerLife life, Slot slot) {
        return slot.life == life;
    }

    private void launch(Slot slot) {
        command(new Command.Launch(slot.fill()));
    }

    /** It is gone, since it could not even be launched. */
    void notLaunched(WorkerLife life, ParallelException reason, long time) {
        now = time;
        Slot slot = slotOf(life);
        if (isIn(life, slot)) {
            slot.empty();
        }
        breakDown(reason);
        settle();
    }

    /** It has come in. */
    void ready(WorkerLife life, long time) {
        now = time;
        if (rules.hooks().contains(Hook.INITIALIZER)) {
            command(new Command.RunHook(life, Hook.INITIALIZER));
        } else {
            initialised(slotOf(life));
        }
        settle();
    }

    /** The initializer, or exit hook, has ended in good order. */
    void hookDone(WorkerLife life, Hook hook, long time) {
        now = time;
        Slot slot = slotOf(life);
        if (hook == Hook.EXIT_HOOK) {
            exitHooks--;
            leave(life);
        } else if (isIn(life, slot)) { // else it has died meanwhile, and the next one runs it again
            initialised(slot);
        }
        settle();
    }

    /** The initializer, or exit hook, has failed, and how it says that; an exit hook's has been told. */
    void hookFailed(WorkerLife life, Hook hook, Throwable failure, String told, long time) {
        boolean itsFault = !(failure instanceof CancellationException) && !life.isReplaced();
        if (hook == Hook.EXIT_HOOK) {
            hookDone(life, hook, time);
        } else if (itsFault) { // else the next worker runs it again
            now = time;
            breakDown(new ParallelException("the initializer of " + rules.name() + " failed: " + told, failure));
            settle();
        }
    }

    private void initialised(Slot slot) {
        slot.stage = Slot.Stage.AT_WORK;
        failedStarts = 0;
        watchIdle();
    }

    // ------------------------------------------------------------ workers: what they say

    /** Items of a chunk have their outcome: all below {@code next}. */
    void outcomes(Chunk chunk, int next, int failed, long time) {
        now = time;
        boolean some = next > chunk.next;
        chunk.next = next;
        Progress progress = progress(chunk);
        if (some && progress != null) {
            progress.movedOn();
            if (failed > 0 && chunk.submission.failFast()) {
                end(progress, Optional.empty());
                settle();
            }
        }
    }

    /** An item starts; told by workers of timed submissions. */
    void itemStarted(WorkerLife life, Chunk chunk, int item, long time) {
        now = time;
        slotOf(life).itemStarted(chunk, item, now);
    }

    /** All items of the chunk have their outcome. */
    void done(WorkerLife life, Chunk chunk, long time) {
        now = time;
        answered(life, chunk);
        chunkEnded(chunk);
        worked(life, chunk);
    }

    /** The function could not be loaded there, nor would it be anywhere else. */
    void refused(WorkerLife life, Chunk chunk, ParallelException reason, long time) {
        now = time;
        answered(life, chunk);
        Progress progress = progress(chunk);
        if (progress != null) {
            end(progress, Optional.of(reason));
        }
        worked(life, chunk);
    }

    private void worked(WorkerLife life, Chunk chunk) {
        if (chunk.isHook()) {
            settle();
            return;
        }
        long took = now - chunk.since;
        diedUnused = 0;
        meanNanos = meanNanos == Long.MAX_VALUE ? took : (meanNanos * 7 + took) / 8;
        Slot slot = slotOf(life);
        if (!slot.leaving && isTooLarge(slot)) {
            slot.leaving = true;
            reclaimUnstarted(life);
        }
        settle();
        if (life.isIdle()) {
            watchIdle();
        }
    }

    /** It gives the chunk back: its items from {@code next} on were not run. */
    void returned(WorkerLife life, Chunk chunk, long time) {
        now = time;
        answered(life, chunk);
        bringBack(life, chunk);
        settle();
    }

    private void answered(WorkerLife life, Chunk chunk) {
        boolean wasHead = life.head().filter(head -> head == chunk).isPresent();
        life.answered(chunk, now);
        if (wasHead) {
            life.head().ifPresent(next -> next.since = now);
        }
        slotOf(life).watchHead(now);
    }

    /** To the front of the line that it came from. */
    private void bringBack(WorkerLife life, Chunk chunk) {
        Progress progress = progress(chunk);
        if (progress != null && chunk.isHook()) {
            end(
                    progress,
                    Optional.of(new CancellationException(rules.name() + " worker " + life.number() + " ended before "
                            + chunk.submission.description() + " began"))); // its death follows
        } else if (progress != null) {
            line(chunk).addFirst(chunk);
        }
    }

    private boolean isTooLarge(Slot slot) {
        if (rules.maxMemory() == 0 || slot.measured != 0 && now - slot.measured < MEASURE_EVERY) {
            return false;
        }
        slot.measured = now;
        return rules.memory().applyAsLong(slot.life) > rules.maxMemory();
    }

    // ------------------------------------------------------------ workers: their end

    private void kill(WorkerLife life, Optional<String> reason) {
        if (life != null && !life.isGone()) {
            life.doom();
            command(new Command.Kill(life, reason));
        }
    }

    private void leave(WorkerLife life) {
        if (life.isIdle()) {
            life.leaves();
            command(new Command.Leave(life));
        }
    }

    /** Lets a worker go in good order, after the exit hook; another one takes its place unless the pool is closed. */
    private void retire(Slot slot) {
        WorkerLife life = slot.life;
        slot.leaving = true;
        if (life.state() == WorkerLife.State.STARTING) {
            if (!life.isDoomed()) {
                kill(life, Optional.of("not needed any more"));
            }
        } else if (life.isIdle() && slot.stage == Slot.Stage.AT_WORK) {
            slot.stage = Slot.Stage.AFTER;
            if (rules.hooks().contains(Hook.EXIT_HOOK)) {
                exitHooks++;
                command(new Command.RunHook(life, Hook.EXIT_HOOK));
            } else {
                leave(life);
            }
        }
    }

    /**
     * A worker is gone. What it had is run elsewhere, or lost.
     *
     * @param chunks what it had in flight
     * @param begun what it had begun of that
     */
    void died(WorkerLife life, List<Chunk> chunks, DeadWorker dead, Begun begun, long time) {
        now = time;
        Slot slot = slotOf(life);
        for (int i = chunks.size() - 1; i >= 0; i--) { // each goes to the front of the line
            bury(life, chunks.get(i), i == 0, dead, begun);
        }
        if (isIn(life, slot)) {
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
            breakDown(new ParallelException("the workers of " + rules.name() + " do not start: " + death.reason()
                    + (death.lastLines().isEmpty() ? "" : ", " + String.join(" | ", death.lastLines()))
                    + ". " + rules.whyNoneStarts().get()));
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
    private void bury(WorkerLife life, Chunk chunk, boolean head, DeadWorker dead, Begun begun) {
        Progress progress = progress(chunk);
        if (progress == null) {
            return;
        }
        Recovery recovery = Recovery.of(chunk, progress, head, dead, begun);
        for (LostItem lost : recovery.lost()) {
            command(new Command.Lose(lost));
            if (chunk.submission.failFast()) {
                end(progress, Optional.empty());
            }
        }
        recovery.hopeless().ifPresent(lost -> {
            if (forget(progress)) {
                command(new Command.GiveUp(progress.submission(), lost));
            }
        });
        if (chunk.left() == 0) {
            command(new Command.Settle(chunk));
            chunkEnded(chunk);
        } else {
            bringBack(life, chunk);
        }
    }

    // ------------------------------------------------------------ dealing

    /** After each event: those who are to leave do, chunks are dealt out, and a closed pool without work ends. */
    private void settle() {
        for (Slot slot : slots) {
            if (slot.leaving && slot.life != null && slot.life.isIdle()) {
                retire(slot);
            }
        }
        deal();
        if (closed && submissions.isEmpty() && !ended) {
            endWorkers();
        }
    }

    private void endWorkers() {
        boolean gone = exitHooks == 0;
        for (Slot slot : slots) {
            if (slot.life != null) {
                gone = false;
                retire(slot);
            }
        }
        if (gone) {
            end();
        }
    }

    private void deal() {
        for (Slot slot : slots) {
            while (!slot.bound.isEmpty() && slot.isReady() && slot.life.isIdle()) {
                give(slot, slot.bound.poll());
            }
        }
        while (!queue.isEmpty()) {
            Slot slot = leastLoaded();
            if (slot == null) {
                break;
            }
            give(slot, queue.poll());
        }
        if (queue.isEmpty()) {
            freeHostages();
        }
        startStopped();
    }

    private Slot leastLoaded() {
        int most = meanNanos <= TINY ? HELD_WHEN_TINY : meanNanos <= SHORT ? 2 : 1;
        Slot best = null;
        for (Slot slot : slots) {
            if (slot.isReady()
                    && slot.life.load() < most
                    && (slot.life.load() == 0 || mayHoldMore(slot))
                    && (best == null || slot.life.load() < best.life.load())) {
                best = slot;
            }
        }
        return best;
    }

    private boolean mayHoldMore(Slot slot) {
        return rules.maxTasks() == 0 || slot.chunks < rules.maxTasks();
    }

    private void give(Slot slot, Chunk chunk) {
        slot.chunks++;
        run(slot, chunk);
        if (rules.maxTasks() > 0 && slot.chunks >= rules.maxTasks()) {
            slot.leaving = true;
        }
    }

    /** A hook goes to its worker at once; to one that is going, it comes back. */
    private void giveHook(Slot slot, Chunk chunk) {
        if (slot.life == null || !slot.life.isIdle()) {
            end(
                    progress(chunk),
                    Optional.of(new CancellationException(rules.name() + " worker " + slot.number + " ended before "
                            + chunk.submission.description() + " began")));
        } else {
            run(slot, chunk);
        }
    }

    private void run(Slot slot, Chunk chunk) {
        slot.life.given(chunk, now);
        command(new Command.Run(slot.life, chunk));
        slot.watchHead(now);
    }

    /** Takes back what a busy worker holds while another one has nothing to do. */
    private void freeHostages() {
        boolean someIdle = slots.stream().anyMatch(slot -> slot.isReady() && slot.life.isIdle());
        if (!someIdle || hostagesWatched) {
            return;
        }
        for (Slot slot : slots) {
            if (slot.life != null && slot.life.load() >= 2) {
                hostagesWatched = true;
                if (now - slot.life.head().orElseThrow().since >= HOSTAGE.toNanos()) {
                    reclaimUnstarted(slot.life);
                }
            }
        }
        if (hostagesWatched) {
            after(HOSTAGE, () -> hostagesWatched = false); // and looks again
        }
    }

    /** Takes back what it holds, but for the first, which it is at. */
    private void reclaimUnstarted(WorkerLife life) {
        Chunk head = life.head().orElse(null);
        for (Chunk chunk : life.chunks()) {
            if (chunk != head && !chunk.reclaiming && chunk.worker.isEmpty()) {
                chunk.reclaiming = true;
                command(new Command.Reclaim(life, chunk));
            }
        }
    }

    private void startStopped() {
        for (Slot slot : slots) {
            if (slot.life == null && (!queue.isEmpty() || !slot.bound.isEmpty()) && broken == null && !terminated) {
                launch(slot);
            }
        }
    }

    // ------------------------------------------------------------ idle workers

    private void watchIdle() {
        rules.idleTimeout().filter(any -> !idleWatched).ifPresent(limit -> {
            idleWatched = true;
            after(limit, () -> {
                idleWatched = false;
                stopIdle();
            });
        });
    }

    private void stopIdle() {
        long limit = rules.idleTimeout().orElseThrow().toNanos();
        boolean watch = false;
        for (Slot slot : slots) {
            if (slot.isReady() && slot.life.isIdle() && submissions.isEmpty()) {
                if (now - slot.life.idleSince() >= limit) {
                    retire(slot);
                } else {
                    watch = true;
                }
            }
        }
        if (watch) {
            watchIdle();
        }
    }
}
