package manyjvm.parallel.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import manyjvm.parallel.spi.ProgressReport.WorkerState;
import manyjvm.parallel.wire.connect.OwnerLoop;
import org.jspecify.annotations.Nullable;

/** What can be seen of a pool's workers at a moment. Confined to the driver's thread. */
final class PoolSights {
    /** How long those who ask for a pool's status wait for workers to tell of themselves; the rest is known here. */
    private static final Duration ANSWERS_DEADLINE = Duration.ofMillis(300);

    private final OwnerLoop loop;
    private final Scheduler scheduler;
    private final int workers;
    private final IntFunction<Optional<Worker>> worker;

    /** All workers of a pool, by number, and the items that wait or run. */
    record PoolSight(List<WorkerSight> workers, long queued, long running) {}

    /** @param worker by its number, where there is one */
    PoolSights(OwnerLoop loop, Scheduler scheduler, int workers, IntFunction<Optional<Worker>> worker) {
        this.loop = loop;
        this.scheduler = scheduler;
        this.workers = workers;
        this.worker = worker;
    }

    /** For lines of progress: asks nobody. */
    List<ProgressLines.Look> looks() {
        return IntStream.rangeClosed(1, workers).mapToObj(this::look).toList();
    }

    private ProgressLines.Look look(int number) {
        WorkerState state =
                switch (scheduler.slot(number).state()) {
                    case "busy" -> WorkerState.BUSY;
                    case "idle" -> WorkerState.IDLE;
                    case "starting" -> WorkerState.STARTING;
                    default -> WorkerState.DEAD;
                };
        Optional<Worker> present = worker.apply(number);
        return present.flatMap(one -> one.life().head())
                .map(chunk -> {
                    int ended = present.get().look().started(chunk) - 1; // the last one that was started is under way
                    return new ProgressLines.Look(state, chunk.submission, Math.max(0, ended - chunk.next));
                })
                .orElseGet(() -> new ProgressLines.Look(state, null, 0));
    }

    /** For a status: completed when all workers have told of themselves, or that takes too long. */
    void tell(CompletableFuture<PoolSight> answer) {
        // A frozen worker, whose answer may never come, must not keep what was told.
        AtomicReference<@Nullable CompletableFuture<PoolSight>> asker = new AtomicReference<>(answer);
        Runnable told = () -> {
            @Nullable CompletableFuture<PoolSight> waiting = asker.getAndSet(null);
            if (waiting != null) {
                waiting.complete(now());
            }
        };
        OwnerLoop.Timer limit = loop.after(ANSWERS_DEADLINE, told);
        CompletableFuture<?>[] asked = IntStream.rangeClosed(1, workers)
                .mapToObj(worker)
                .flatMap(Optional::stream)
                .map(one -> one.look().ask())
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(asked).thenRun(() -> {
            limit.cancel();
            told.run();
        });
    }

    private PoolSight now() {
        List<WorkerSight> sights = new ArrayList<>();
        for (int number = 1; number <= workers; number++) {
            sights.add(sight(number, scheduler.slot(number), System.nanoTime()));
        }
        return new PoolSight(sights, scheduler.queued(), scheduler.running());
    }

    private WorkerSight sight(int number, Slot slot, long now) {
        Optional<Worker> present = worker.apply(number);
        Optional<Chunk> head = present.flatMap(one -> one.life().head());
        Optional<Long> since = slot.state().equals("idle")
                ? present.map(one -> one.life().idleSince())
                : head.map(chunk -> chunk.since);
        return new WorkerSight(
                number,
                present.map(Worker::pid).orElse(0L),
                slot.state(),
                since.map(time -> Duration.ofNanos(now - time)),
                head.orElse(null),
                head.map(chunk -> Math.max(
                                chunk.next,
                                Math.min(chunk.size, present.get().look().started(chunk)) - 1))
                        .orElse(0),
                present.flatMap(one -> one.look().vitals()),
                slot.chunks,
                present.map(one -> one.look().lastLine()).orElse(""));
    }
}
