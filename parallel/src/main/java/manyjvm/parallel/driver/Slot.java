package manyjvm.parallel.driver;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A worker's place in a pool, and how long its worker may take for what it does. A part of a {@link Scheduler}. */
final class Slot {
    /** Beyond the task timeout, for loading the function: short ones would not let a fresh JVM begin. */
    private static final Duration BEGINNING = Duration.ofSeconds(2);

    /** For a worker to begin a hook, for which its pool waits: a frozen one never does. */
    private static final Duration BEGINNING_OF_A_HOOK = Duration.ofSeconds(10);

    /** What its worker is for now. */
    enum Stage {
        /** The initializer has not ended yet. */
        BEFORE,
        AT_WORK,
        /** The exit hook runs, or nothing more does. */
        AFTER
    }

    /** Until when something has to be done, and why its worker is killed otherwise. */
    private record Watch(long end, String reason) {}

    final int number;
    final NavigableMap<Long, Chunk> bound = new TreeMap<>(); // to this place, by their numbers
    private @Nullable WorkerLife life; // null without a worker
    Stage stage = Stage.BEFORE;
    boolean leaving; // its worker gets no more chunks
    boolean hurried; // its worker is killed unless it leaves soon
    int chunks; // that its worker was given
    long measured; // when its worker's memory was; 0 for never
    private long watched; // the chunk that is watched, at the head of its worker's line; 0 for none
    private @Nullable Watch watch; // null for none

    Slot(int number) {
        this.number = number;
    }

    /** It gets a new worker. */
    WorkerLife fill() {
        WorkerLife next = new WorkerLife(number);
        life = next;
        stage = Stage.BEFORE;
        leaving = false;
        hurried = false;
        chunks = 0;
        measured = 0;
        return next;
    }

    /** Its worker is gone. */
    void empty() {
        life = null;
        stopWatch();
    }

    boolean isEmpty() {
        return life == null;
    }

    boolean has(WorkerLife other) {
        return life == other;
    }

    /** Its worker. */
    Optional<WorkerLife> worker() {
        return Optional.ofNullable(life);
    }

    /** Its worker, where there is one. */
    WorkerLife life() {
        WorkerLife present = life;
        if (present == null) {
            throw new IllegalStateException("no worker " + number + "; this is a fault of manyjvm, please report it");
        }
        return present;
    }

    boolean isIdle() {
        return life != null && life.isIdle();
    }

    /** Whether its worker takes a chunk at once. */
    boolean isFree() {
        return isReady() && isIdle();
    }

    /** How many chunks its worker has. */
    int load() {
        return life == null ? 0 : life.load();
    }

    boolean isReady() {
        return stage == Stage.AT_WORK && !leaving && life != null && life.takesChunks();
    }

    /** {@code stopped}, {@code starting}, {@code idle} or {@code busy}. */
    String state() {
        if (life == null) {
            return "stopped";
        }
        if (life.state() == WorkerLife.State.STARTING || stage != Stage.AT_WORK && life.isIdle()) {
            return "starting";
        }
        return life.isIdle() ? "idle" : "busy";
    }

    // ------------------------------------------------------------ time limits

    /**
     * What its worker has in flight has changed. The chunk at the head of the line is its turn: it has to begin. A worker
     * that was stopped while it had nothing to do says nothing more, and loading a function may take for ever.
     */
    void watchHead(long now) {
        @Nullable Chunk head = life().head().orElse(null);
        if (head != null && head.id == watched) {
            return;
        }
        stopWatch();
        if (head != null && head.isHook()) {
            watch(
                    head,
                    now,
                    BEGINNING_OF_A_HOOK,
                    "did not begin " + head.submission.description() + " within " + BEGINNING_OF_A_HOOK.toSeconds()
                            + " s");
        } else if (head != null && head.submission.timeout().isPresent()) {
            Duration limit = head.submission.timeout().get();
            watch(
                    head,
                    now,
                    limit.plus(BEGINNING),
                    "did not begin within the task timeout of " + seconds(limit) + " and " + seconds(BEGINNING)
                            + " for loading the function");
        }
    }

    /** An item of what its worker is at starts. */
    void itemStarted(Chunk chunk, int item, long now) {
        Optional<Duration> timeout = chunk.submission.timeout();
        if (timeout.isPresent()) {
            watch(chunk, now, timeout.get(), "took longer than the task timeout of " + seconds(timeout.get()));
        } else if (chunk.isHook()) {
            stopWatch();
            watched = chunk.id; // it has begun, and may take its time
        }
    }

    private static String seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }

    private void watch(Chunk chunk, long now, Duration limit, String reason) {
        watched = chunk.id;
        watch = new Watch(now + limit.toNanos(), reason);
    }

    private void stopWatch() {
        watched = 0;
        watch = null;
    }

    /** The earlier of that time ({@link Long#MAX_VALUE} for none) and the end of what is watched here. */
    long earlier(long time) {
        return watch == null || time != Long.MAX_VALUE && time - watch.end < 0 ? time : watch.end;
    }

    /** Why its worker has to be killed: told once. */
    Optional<String> overdue(long now) {
        if (watch == null || watch.end - now > 0) {
            return Optional.empty();
        }
        String reason = watch.reason;
        stopWatch();
        return Optional.of(reason);
    }
}
