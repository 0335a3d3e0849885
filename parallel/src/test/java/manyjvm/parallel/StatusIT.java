package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a pool says of its workers while they work, freeze and end. */
@Timeout(180)
class StatusIT {
    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    private record Point(int x, int y) implements Serializable {}

    private static final class Broken implements Serializable {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            throw new IllegalStateException("no words");
        }
    }

    /** Of one worker, once it is like this. */
    private static PoolStatus.Worker await(Pool pool, int worker, Predicate<PoolStatus.Worker> like)
            throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        PoolStatus.Worker seen = pool.status().workers().get(worker - 1);
        while (!like.test(seen) && System.nanoTime() < end) {
            Thread.sleep(10);
            seen = pool.status().workers().get(worker - 1);
        }
        assertThat(seen).matches(like, "what was waited for");
        return seen;
    }

    @Test
    void busyWorker_tellsItsItem_itsHeap_itsProcessorTime_andItsLastLine() throws Exception {
        Event go = new Event();
        try (Pool pool = Pool.builder().workers(1).maxHeap("200m").build()) {
            AsyncResult<List<String>> result = pool.mapAsync(
                    (Fn<Point, String>) point -> {
                        System.out.println("first\nat " + point.x());
                        go.await();
                        return "";
                    },
                    List.of(new Point(1, 2), new Point(3, 4)));
            leftovers.sink().awaitText("at 1", 1);
            PoolStatus.Worker worker = await(pool, 1, one -> one.doing().equals("mapAsync item 0: Point[x=1, y=2]"));
            assertThat(worker.state()).isEqualTo("busy");
            assertThat(worker.since()).isPresent();
            assertThat(worker.lastLine()).isEqualTo("at 1");
            assertThat(worker.tasks()).isEqualTo(1);
            assertThat(worker.pid()).isPositive();
            assertThat(worker.cpu()).get().matches(cpu -> !cpu.isZero() && !cpu.isNegative());
            PoolStatus.Heap heap = worker.heap().orElseThrow();
            assertThat(heap.limit()).isBetween(150L << 20, 200L << 20);
            assertThat(heap.used()).isBetween(1L, heap.limit());
            go.set();
            result.get(60, TimeUnit.SECONDS);
            assertThat(await(pool, 1, one -> one.state().equals("idle")).doing())
                    .isEmpty();
        }
    }

    @Test
    void itemOfAChunk_isTheOneThatRuns() throws Exception {
        Value.OfInt may = Value.ofInt(0);
        for (Pool pool : List.of(new Pool(1), Pool.threads(1))) {
            try (pool) {
                may.set(3);
                AsyncResult<Void> result = pool.chunk(10)
                        .eachAsync(
                                x -> {
                                    while (may.get() <= x) {
                                        Thread.sleep(1);
                                    }
                                },
                                range(100, 110));
                may.set(103);
                await(pool, 1, one -> one.doing().equals("eachAsync item 3: 103"));
                assertThat(pool.status().workers().get(0).tasks()).isEqualTo(1);
                may.set(200);
                result.get(60, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void itemsOfAllKinds_areShortened_andOneThatCannotBeShownSaysSo() throws Exception {
        Event go = new Event();
        List<Object> items =
                List.of(new int[] {1, 2}, "x".repeat(100), new byte[1 << 20], new Broken(), new Queue<Integer>(1));
        List<String> told = List.of(
                "[1, 2]",
                "x".repeat(60) + "...",
                "(1024 KB)",
                "(it cannot be shown: IllegalStateException)",
                "(with shared objects)");
        try (Pool pool = new Pool(1)) {
            for (int i = 0; i < items.size(); i++) {
                String start = "map item 0: " + told.get(i);
                go.clear();
                AsyncResult<?> result = pool.mapAsync(
                        item -> {
                            go.await();
                            return 1;
                        },
                        List.of(items.get(i), 1));
                await(pool, 1, one -> one.doing().startsWith(start.replace("map", "mapAsync")));
                go.set();
                result.get(60, TimeUnit.SECONDS);
            }
            go.clear();
            AsyncResult<?> single = pool.applyAsync((Action) go::await);
            await(pool, 1, one -> one.doing().equals("applyAsync"));
            go.set();
            single.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void frozenWorker_hasTheHeapThatItToldLast_andTheOthersAreAsked() throws Exception {
        try (Pool pool = new Pool(2)) {
            pool.everyWorker(() -> 1);
            PoolStatus.Worker before = await(pool, 1, one -> one.heap().isPresent());
            Trouble.signal("STOP", before.pid());
            try {
                PoolStatus.Worker frozen =
                        await(pool, 1, one -> one.heap().orElseThrow().age().compareTo(Duration.ofMillis(500)) > 0);
                assertThat(frozen.state()).isEqualTo("idle");
                assertThat(frozen.heap().orElseThrow().limit())
                        .isEqualTo(before.heap().orElseThrow().limit());
                await(pool, 2, one -> one.heap().isPresent());
            } finally {
                Trouble.signal("CONT", before.pid());
            }
            await(pool, 1, one -> one.heap().orElseThrow().age().compareTo(Duration.ofMillis(250)) < 0);
        }
    }

    @Test
    void threads_haveProcessorTime_andNoHeapOfTheirOwn() throws Exception {
        try (Pool pool = Pool.threads(1)) {
            pool.apply(() -> {
                double sum = 0;
                for (int i = 0; i < 20_000_000; i++) {
                    sum += Math.sqrt(i);
                }
                return sum;
            });
            PoolStatus.Worker worker = pool.status().workers().get(0);
            assertThat(worker.cpu()).get().matches(cpu -> !cpu.isZero());
            assertThat(worker.heap()).isEmpty();
            assertThat(worker.pid()).isZero();
        }
    }
}
