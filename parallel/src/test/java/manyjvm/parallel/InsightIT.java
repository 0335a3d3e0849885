package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import manyjvm.parallel.insight.Insights;
import manyjvm.parallel.insight.Life;
import manyjvm.parallel.insight.Recording;
import manyjvm.parallel.insight.Run;
import manyjvm.parallel.insight.Shipment;
import manyjvm.parallel.insight.Vitals;
import manyjvm.parallel.insight.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What pools remember, of workers of each kind. */
@ExtendWith(NoLeftovers.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class InsightIT {
    static Stream<String> backends() {
        return Runtime.version().feature() >= 21
                ? Stream.of("processes", "threads", "virtual")
                : Stream.of("processes", "threads"); // virtual threads are of JDK 21
    }

    private static Pool pool(String backend, int workers) {
        return Pool.builder().backend(backend).workers(workers).build();
    }

    private static int sleep(int x) throws InterruptedException {
        Thread.sleep(x == 5 ? 200 : 20);
        return x;
    }

    @ParameterizedTest
    @MethodSource("backends")
    void map_isRemembered_alsoAfterItsPoolsEnd(String backend) {
        Pool pool = pool(backend, 2);
        Insights insights;
        try (pool) {
            pool.chunk(2).map(x -> sleep(x), range(10));
            insights = pool.insights();
        }
        Recording seen = pool.recording();
        assertThat(seen.lives()).extracting(Life::end).containsExactly("ended", "ended");
        assertThat(seen.lives()).noneMatch(Life::died);
        Work work = seen.works().get(0);
        assertThat(work.calls()).containsOnlyKeys("map");
        assertThat(work.items()).isEqualTo(10);
        assertThat(work.tasks()).isEqualTo(5);
        assertThat(work.spent().working())
                .isGreaterThan(Duration.ofMillis(9 * 20 + 200).toNanos());
        assertThat(work.slowest().get(0).item()).isEqualTo(5);
        assertThat(work.slowest().get(0).argument()).isEqualTo("5");
        assertThat(insights.speedUp()).isBetween(0.01, 2.01);
        for (Run run : seen.runs()) {
            assertThat(run.end()).isEqualTo(Run.End.DONE);
            assertThat(run.spent().busy()).isLessThanOrEqualTo(run.ended() - run.begun() + 1_000_000);
        }
        for (int worker = 1; worker <= 2; worker++) {
            int number = worker;
            long[] free = {0};
            seen.runs().stream().filter(run -> run.worker() == number).forEach(run -> {
                assertThat(run.begun()).isGreaterThanOrEqualTo(free[0]);
                free[0] = run.ended();
            });
        }
        assertThat(seen.timeline().toString()).contains("10 items in 5 tasks");
    }

    @Test
    void processes_tellTheirTimeAndCollections_threadsTheirTime() {
        try (Pool processes = new Pool(1);
                Pool threads = Pool.threads(1)) {
            for (Pool pool : List.of(processes, threads)) {
                pool.apply(() -> {
                    long end = System.nanoTime() + 200_000_000;
                    while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                    }
                    return 0;
                });
                Vitals vitals = pool.insights().workers().get(0).vitals();
                assertThat(vitals.cpu()).isGreaterThan(50_000_000);
                assertThat(vitals.heapLimit() > 0).isEqualTo(pool == processes);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void restartAndTermination_areNoDeaths(String backend) {
        Pool pool = pool(backend, 1);
        try (pool) {
            pool.map(x -> sleep(x), range(2));
            pool.restart();
            pool.map(x -> sleep(x), range(2));
            pool.terminate();
        }
        Recording seen = pool.recording();
        assertThat(seen.lives()).hasSize(2).noneMatch(Life::died);
        assertThat(seen.timeline().toString()).doesNotContain(" died ");
    }

    @Test
    void deathAndReplacement_areRemembered() {
        try (Pool pool = new Pool(1)) {
            AsyncResult<List<Integer>> map = pool.chunk(1)
                    .mapAsync(
                            x -> {
                                if (x == 1) {
                                    Runtime.getRuntime().halt(3);
                                }
                                return x;
                            },
                            range(4));
            assertThat(map.handle((results, failure) -> failure).join()).isNotNull();
            Recording seen = pool.recording().last();
            assertThat(seen.lives()).extracting(Life::died).containsExactly(true, false);
            assertThat(seen.lives().get(0).end()).isEqualTo("exit code 3");
            assertThat(seen.lives().get(1).replacement()).isTrue();
            assertThat(seen.runs()).filteredOn(run -> run.end() == Run.End.DIED).hasSize(1);
            assertThat(seen.works().get(0).items()).isEqualTo(4);
            assertThat(seen.works().get(0).failed()).isEqualTo(1);
            assertThat(seen.timeline().svg()).contains("died: exit code 3");
        }
    }

    @Test
    void objectsAreReadAndWritten_andTheirBytesAreKnown() {
        try (Pool pool = new Pool(1)) {
            List<List<Integer>> items = Stream.generate(
                            () -> range(50_000).stream().toList())
                    .limit(4)
                    .toList();
            pool.chunk(1).map(list -> list.subList(0, 10_000), items);
            Work work = pool.recording().works().get(0);
            assertThat(work.spent().reading()).isPositive();
            assertThat(work.spent().writing()).isPositive();
            assertThat(work.shipped()).anySatisfy(sent -> {
                assertThat(sent.kind()).isEqualTo(Shipment.Kind.ITEMS);
                assertThat(sent.bytes()).isGreaterThan(100_000);
                assertThat(sent.times()).isEqualTo(4);
            });
            assertThat(work.shipped()).anyMatch(sent -> sent.kind() == Shipment.Kind.RESULTS && sent.bytes() > 20_000);
        }
    }

    @Test
    void frozenWorker_doesNotKeepTheOthersFromTelling() throws Exception {
        try (Pool pool = new Pool(2)) {
            List<Long> pids = pool.everyWorker(() -> ProcessHandle.current().pid());
            signal("STOP", pids.get(0));
            try {
                long start = System.nanoTime();
                Insights insights = pool.insights();
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
                assertThat(insights.workers())
                        .extracting(row -> row.vitals().cpu() == Vitals.UNKNOWN)
                        .containsExactlyInAnyOrder(true, false);
            } finally {
                signal("CONT", pids.get(0));
            }
        }
    }

    private static void signal(String name, long pid) throws Exception {
        new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor();
    }
}
