package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.WorkerDiedException;
import manyjvm.parallel.driver.LostItem.Begun;
import manyjvm.parallel.driver.LostItem.DeadWorker;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.wire.Code;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.connect.WorkerJournal.Phase;

/**
 * A {@link Scheduler} and a world for it, in which workers do what they are told to do by a test, and time goes on when that
 * says so. Whatever must hold at any time is checked with each command.
 */
final class SimulatedPool implements Command.Receiver {
    /** A submission as its submitter sees it. */
    final class Sent {
        final Submission submission;
        final Map<Long, String> outcomes = new TreeMap<>();
        int items;
        int chunks;
        boolean complete;
        Optional<Optional<Throwable>> end = Optional.empty();

        Sent(Submission submission) {
            this.submission = submission;
        }

        boolean isEnded() {
            return end.isPresent();
        }

        /** Why items stay without an outcome. */
        Optional<Throwable> reason() {
            return end.orElseThrow();
        }

        /** Adds a chunk of so many items. */
        Chunk add(int size) {
            boolean everyWorker = submission.settings().everyWorker();
            Chunk chunk = new Chunk(
                    ++numbers,
                    submission,
                    items,
                    size,
                    new Payload.Local(new Object[size]),
                    List.of(),
                    List.of(),
                    everyWorker ? OptionalInt.of(++chunks) : OptionalInt.empty(),
                    false);
            items += size;
            scheduler.at(now).added(submission, List.of(chunk), false);
            carryOut();
            return chunk;
        }

        Sent complete() {
            complete = true;
            scheduler.at(now).added(submission, List.of(), true);
            carryOut();
            return this;
        }

        void cancel() {
            scheduler.at(now).cancel(submission);
            carryOut();
        }

        private void outcome(long index, String outcome) {
            if (!isEnded()) {
                assertThat(outcomes.put(index, outcome))
                        .as("a second outcome of item %d of %s", index, submission.description())
                        .isNull();
            }
        }
    }

    final Scheduler scheduler;
    final int size;
    final Set<WorkerLife> living = new LinkedHashSet<>();
    final Map<WorkerLife, Optional<String>> killed = new LinkedHashMap<>();
    final Map<WorkerLife, Deque<Chunk>> sent = new HashMap<>(); // what a worker has been sent and not answered
    final Set<Chunk> reclaimed = new LinkedHashSet<>();
    final Set<Chunk> interrupted = new LinkedHashSet<>();
    final Map<Chunk, HookOf> hooks = new LinkedHashMap<>(); // that have not ended
    final List<Sent> submissions = new ArrayList<>();
    final List<String> log = new ArrayList<>();
    RuntimeException broken;
    boolean closed; // then nobody submits any more, see PoolWork.postIfOpen
    boolean ended;
    RuntimeException fault; // which whatever a worker is told ends in, while it is set
    final List<String> complaints = new ArrayList<>();
    long now = 1_000_000_000;
    long memory;
    int launches;

    private final Map<Long, Sent> byNumber = new HashMap<>();
    private final Deque<Runnable> untold = new ArrayDeque<>(); // outcomes of hooks
    private final Set<Chunk> inHands = new HashSet<>();
    private long numbers;

    record HookOf(WorkerLife life, Hook hook) {}

    SimulatedPool(int workers, Hook... hooks) {
        this(workers, 0, 0, Optional.empty(), hooks);
    }

    SimulatedPool(int workers, int maxTasks, long maxMemory, Optional<Duration> idleTimeout, Hook... hooks) {
        size = workers;
        Set<Hook> set = EnumSet.noneOf(Hook.class);
        set.addAll(List.of(hooks));
        scheduler = new Scheduler(new PoolRules(
                "pool", workers, set, maxTasks, maxMemory, idleTimeout, life -> memory, () -> "Look at the settings."));
        scheduler.at(now).start();
        carryOut();
    }

    // ------------------------------------------------------------ what a test does

    /** A pool whose workers have all come in. */
    SimulatedPool allReady() {
        for (WorkerLife life : List.copyOf(living)) {
            if (life.state() == WorkerLife.State.STARTING) {
                comesIn(life);
            }
        }
        return this;
    }

    Sent submit(JobSettings settings) {
        return submit(settings, false);
    }

    private Sent submit(JobSettings settings, boolean hook) {
        long id = ++numbers;
        Submission submission =
                new Submission(id, new Code.Local(null, null), CallKind.FUNCTION, settings, hook, null, null, null);
        Sent handed = new Sent(submission);
        byNumber.put(id, handed);
        if (!hook) {
            submissions.add(handed);
        }
        scheduler.at(now).submitted(submission);
        carryOut();
        return handed;
    }

    static JobSettings plain() {
        return retrying(0);
    }

    static JobSettings retrying(int retries) {
        return new JobSettings("map", Optional.empty(), retries, false, false);
    }

    static JobSettings failFast() {
        return new JobSettings("map", Optional.empty(), 0, true, false);
    }

    static JobSettings everyWorker() {
        return new JobSettings("everyWorker", Optional.empty(), 0, false, true);
    }

    static JobSettings within(Duration timeout) {
        return new JobSettings("map", Optional.of(timeout), 0, false, false);
    }

    /** Submits one chunk of so many items, and no more. */
    Sent submitOne(JobSettings settings, int items) {
        Sent handed = submit(settings);
        handed.add(items);
        return handed.complete();
    }

    WorkerLife worker(int number) {
        return scheduler.slot(number).life();
    }

    Chunk head(int number) {
        return worker(number).head().orElseThrow();
    }

    void comesIn(WorkerLife life) {
        life.cameIn(now);
        scheduler.at(now).ready(life);
        carryOut();
    }

    /** The worker's head has so many more outcomes. */
    void outcomes(WorkerLife life, int count, int failures) {
        Chunk chunk = life.head().orElseThrow();
        tellOutcomes(chunk, count, failures);
        scheduler.at(now).outcomes(chunk, chunk.next + count, failures);
        carryOut();
    }

    private void tellOutcomes(Chunk chunk, int count, int failures) {
        for (int i = 0; i < count; i++) {
            byNumber.get(chunk.submission.id()).outcome(chunk.first + chunk.next + i, i < failures ? "failed" : "ok");
        }
    }

    void starts(WorkerLife life) {
        Chunk chunk = life.head().orElseThrow();
        if (chunk.submission.isTimed()) {
            scheduler.at(now).itemStarted(life, chunk, chunk.next);
            carryOut();
        }
    }

    /** The worker has done its head; a hook in good order. */
    void does(WorkerLife life) {
        Chunk chunk = life.head().orElseThrow();
        outcomes(life, chunk.left(), 0);
        answered(life, chunk);
        scheduler.at(now).done(life, chunk);
        carryOut();
        HookOf hook = hooks.remove(chunk);
        if (hook != null) {
            untold.add(() -> scheduler.at(now).hookDone(life, hook.hook()));
        }
    }

    /** The outcomes of hooks are told some time after their workers have done them: failures are read elsewhere. */
    void hooksTold() {
        while (!untold.isEmpty()) {
            untold.poll().run();
            carryOut();
        }
    }

    void hookFails(WorkerLife life, String how) {
        hookFails(life, new IllegalStateException(how), how);
    }

    void hookFails(WorkerLife life, Throwable thrown, String how) {
        Chunk chunk = life.head().orElseThrow();
        outcomes(life, 1, 1);
        answered(life, chunk);
        scheduler.at(now).done(life, chunk);
        carryOut();
        HookOf hook = hooks.remove(chunk);
        untold.add(() -> scheduler.at(now).hookFailed(life, hook.hook(), thrown, how));
    }

    void refuses(WorkerLife life) {
        Chunk chunk = life.head().orElseThrow();
        answered(life, chunk);
        scheduler.at(now).refused(life, chunk, new ParallelException("cannot be loaded"));
        carryOut();
    }

    /** A chunk that it was asked for, or told to leave. */
    void returns(WorkerLife life, Chunk chunk) {
        answered(life, chunk);
        inHands.remove(chunk);
        scheduler.at(now).returned(life, chunk);
        carryOut();
    }

    private void answered(WorkerLife life, Chunk chunk) {
        assertThat(sent.get(life).remove(chunk)).isTrue();
        reclaimed.remove(chunk);
        interrupted.remove(chunk);
    }

    /** It dies by itself, at so many items of its head beyond those that have an outcome. */
    void dies(WorkerLife life, int begunItems, Phase phase) {
        dies(life, begunItems, phase, new Death("exit code 3", 3, "", List.of()));
    }

    void dies(WorkerLife life, int begunItems, Phase phase, Death death) {
        Begun begun = life.head()
                .filter(head -> begunItems > 0)
                .map(head -> new Begun(head.id, head.next + begunItems, phase))
                .orElse(Begun.NOTHING);
        gone(life, death, begun);
    }

    void gone(WorkerLife life, Death death, Begun begun) {
        living.remove(life);
        killed.remove(life);
        Deque<Chunk> had = sent.remove(life);
        had.forEach(chunk -> {
            reclaimed.remove(chunk);
            interrupted.remove(chunk);
            inHands.remove(chunk);
        });
        List<Chunk> left = life.gone();
        assertThat(left).as("what a dead worker had").containsAll(had);
        scheduler.at(now).died(life, left, new DeadWorker("worker " + life.number(), 1, death), begun);
        carryOut();
    }

    void notLaunched(WorkerLife life) {
        living.remove(life);
        sent.remove(life);
        killed.remove(life);
        life.gone();
        scheduler.at(now).notLaunched(life, new ParallelException("no room"));
        carryOut();
    }

    void passes(Duration time) {
        now += time.toNanos();
        if (scheduler.nextAlarm() - now <= 0) {
            scheduler.at(now).timePassed();
            carryOut();
        }
    }

    void close() {
        closed = true;
        scheduler.at(now).close();
        carryOut();
    }

    void terminate() {
        closed = true;
        scheduler.at(now).terminate();
        carryOut();
    }

    void restart() {
        scheduler.at(now).restart();
        carryOut();
    }

    void interrupt() {
        scheduler.at(now).interrupt();
        carryOut();
    }

    /** Those that were to die do. */
    void killedDie() {
        for (WorkerLife life : List.copyOf(killed.keySet())) {
            gone(life, new Death("killed", -9, "", List.of()), Begun.NOTHING);
        }
    }

    void leavingEnd() {
        for (WorkerLife life : List.copyOf(living)) {
            if (life.state() == WorkerLife.State.LEAVING) {
                gone(life, new Death("exit code 0", 0, "", List.of()), Begun.NOTHING);
            }
        }
    }

    // ------------------------------------------------------------ commands

    private void carryOut() {
        for (Command command = scheduler.next(); command != null; command = scheduler.next()) {
            try {
                command.what().accept(this);
            } catch (RuntimeException thrown) { // as whoever carries commands out does
                if (thrown != fault) {
                    throw thrown;
                }
                command.otherwise().accept(fault);
            }
        }
    }

    @Override
    public void launch(WorkerLife life) {
        log.add("launch " + life.number());
        assertThat(living.stream().filter(other -> other.number() == life.number()))
                .as("workers in the place of one")
                .isEmpty();
        launches++;
        living.add(life);
        sent.put(life, new ArrayDeque<>());
    }

    @Override
    public void run(WorkerLife life, Chunk chunk) {
        throwFault();
        log.add("run " + chunk.id + " on " + life.number());
        assertThat(life.holds(chunk)).isTrue();
        assertThat(life.state()).isEqualTo(WorkerLife.State.BUSY);
        assertThat(living).as("workers that are there").contains(life);
        assertThat(inHands.add(chunk)).as("%s is with one worker only", chunk).isTrue();
        chunk.worker.ifPresent(number -> assertThat(life.number()).isEqualTo(number));
        sent.get(life).add(chunk);
    }

    @Override
    public void runHook(WorkerLife life, Hook hook) {
        throwFault();
        log.add(hook + " on " + life.number());
        assertThat(life.load()).as("what a worker has beside its hook").isZero();
        Sent handed = submit(new JobSettings(hook.description(), Optional.empty(), 0, false, false), true);
        Chunk chunk = Chunk.withoutItem(++numbers, handed.submission, OptionalInt.of(life.number()));
        hooks.put(chunk, new HookOf(life, hook));
        scheduler.at(now).added(handed.submission, List.of(chunk), true);
    }

    private void throwFault() {
        if (fault != null) {
            throw fault;
        }
    }

    @Override
    public void reclaim(WorkerLife life, Chunk chunk) {
        log.add("reclaim " + chunk.id);
        assertThat(life.head()).as("what runs is not taken back").isNotEqualTo(Optional.of(chunk));
        reclaimed.add(chunk);
    }

    @Override
    public void interrupt(WorkerLife life, Chunk chunk) {
        log.add("interrupt " + chunk.id);
        interrupted.add(chunk);
    }

    @Override
    public void leave(WorkerLife life) {
        throwFault();
        log.add("leave " + life.number());
        assertThat(sent.get(life)).as("what a worker has that leaves").isEmpty();
    }

    @Override
    public void kill(WorkerLife life, Optional<String> reason) {
        log.add("kill " + life.number() + reason.map(known -> ": " + known).orElse(""));
        if (living.contains(life)) {
            killed.putIfAbsent(life, reason);
        }
    }

    @Override
    public void lose(LostItem lost) {
        log.add("lose " + lost.index() + lost.phase().map(phase -> " " + phase).orElse(""));
        byNumber.get(lost.chunk().submission.id()).outcome(lost.index(), "lost");
        hookLost(lost.chunk());
    }

    private void hookLost(Chunk chunk) {
        HookOf hook = hooks.remove(chunk);
        if (hook != null) {
            Exception died = new WorkerDiedException("died", "worker", 1, "exit code 3", 3, 0, List.of());
            untold.add(() -> scheduler.at(now).hookFailed(hook.life(), hook.hook(), died, "died"));
        }
    }

    @Override
    public void settle(Chunk chunk) {
        assertThat(chunk.left()).isZero();
    }

    @Override
    public void finish(Submission submission, Optional<Throwable> reason) {
        Sent handed = byNumber.get(submission.id());
        log.add("finish " + submission.id()
                + reason.map(why -> ": " + why.getMessage()).orElse(""));
        assertThat(handed.isEnded())
                .as("%s ends once", submission.description())
                .isFalse();
        boolean all = reason.isEmpty()
                && !(submission.failFast() && !handed.outcomes.values().stream().allMatch("ok"::equals));
        if (all && !submission.hook()) {
            assertThat(handed.complete).isTrue();
            assertThat(handed.outcomes).as("outcomes of what has ended well").hasSize(handed.items);
        }
        handed.end = Optional.of(reason);
        if (submission.hook() && reason.isPresent()) {
            hooks.entrySet().stream()
                    .filter(hook -> hook.getKey().isOf(submission))
                    .findFirst()
                    .ifPresent(hook -> {
                        hooks.remove(hook.getKey());
                        assertThat(reason.get()).isInstanceOf(CancellationException.class);
                        scheduler
                                .at(now)
                                .hookFailed(
                                        hook.getValue().life(), hook.getValue().hook(), reason.get(), "");
                    });
        }
    }

    @Override
    public void giveUp(Submission submission, LostItem lost) {
        finish(submission, Optional.of(new ParallelException("given up at " + lost.index())));
    }

    @Override
    public void complain(String text) {
        log.add(text);
        complaints.add(text);
    }

    @Override
    public void breakDown(RuntimeException reason) {
        assertThat(broken).isNull();
        broken = reason;
        closed = true;
    }

    @Override
    public void end() {
        log.add("end");
        assertThat(ended).as("the pool ends once").isFalse();
        ended = true;
    }
}
