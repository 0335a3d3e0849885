package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static manyjvm.parallel.Parallel.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long workers live, and what is left of them. */
@Timeout(240)
class LifetimeIT {
    private static final int CYCLES = 200;
    private static final int AT_ONCE = 4;

    /** What a leaking library keeps. */
    static final class Leak {
        static final List<byte[]> KEPT = new ArrayList<>();

        static long keep(int megabytes) {
            byte[] block = new byte[megabytes << 20];
            for (int i = 0; i < block.length; i += 1024) {
                block[i] = 1;
            }
            KEPT.add(block);
            return ProcessHandle.current().pid();
        }
    }

    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    @Test
    void maxMemoryPerWorker_replacesAWorkerThatHasGrown_andLosesNothing() {
        try (Pool pool = Pool.builder().workers(1).maxMemoryPerWorker("300m").build()) {
            long small = pool.apply(() -> Leak.keep(1));
            assertThat((long) pool.apply(() -> Leak.keep(1))).isEqualTo(small);
            assertThat((long) pool.apply(() -> Leak.keep(300))).isEqualTo(small);
            long fresh = pool.apply(() -> Leak.keep(1));
            assertThat(fresh).isNotEqualTo(small);
            assertThat((long) pool.apply(() -> ProcessHandle.current().pid())).isEqualTo(fresh);
        }
    }

    @Test
    void maxMemoryPerWorker_givesBackWhatTheOldWorkerHeld() {
        try (Pool pool = Pool.builder().workers(2).maxMemoryPerWorker("250m").build()) {
            List<Integer> results = pool.chunk(1)
                    .map(
                            x -> {
                                if (x % 100 == 50) {
                                    Leak.keep(250);
                                }
                                return x;
                            },
                            range(300));
            assertThat(results).containsExactlyElementsOf(range(300));
        }
    }

    @Test
    void maxMemoryPerWorker_wrongUse_isToldWhereItIsGiven() {
        assertThatThrownBy(() -> Pool.builder().maxMemoryPerWorker("much"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("such as 512m");
        assertThatThrownBy(() -> Pool.builder()
                        .backend("threads")
                        .maxMemoryPerWorker("1g")
                        .build())
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("no memory of their own");
    }

    @Test
    void startAndStop_manyTimes_leavesNothing() throws Exception {
        try (Pool first = new Pool(1)) { // what the JDK opens once
            assertThat((int) first.apply(() -> 1)).isEqualTo(1);
        }
        Leftovers before = Leftovers.before();
        for (int cycle = 0; cycle < CYCLES / AT_ONCE; cycle++) {
            List<Pool> pools = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                pools.add(new Pool(1));
            }
            if (cycle % 10 == 0) {
                assertThat((int) pools.get(0).apply(() -> 5)).isEqualTo(5);
            }
            for (int i = 0; i < AT_ONCE; i++) { // in all phases of their start
                if (i % 2 == 0) {
                    pools.get(i).terminate();
                } else {
                    pools.get(i).shutdown();
                }
            }
            for (Pool pool : pools) {
                assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            }
        }
        assertThat(Parallel.activeChildren()).isEmpty();
        assertThat(leftovers.sink().err()).isEmpty();
        before.assertNothingNewIn(Leftovers.folders());
    }

    @Test
    void restart_ofAnIdlePool_givesNoWorkToThoseThatAreBeingKilled() {
        try (Pool pool = new Pool(5)) {
            pool.everyWorker(() -> 1);
            for (int round = 0; round < 2; round++) {
                pool.restart();
                assertThat(pool.map(x -> x, range(60))).containsExactlyElementsOf(range(60));
                pool.everyWorker(() -> 1);
            }
        }
    }

    @Test
    void deathInAWaitForSharedObjects_freesThePlaceOfTheWorker() throws Exception {
        Queue<Integer> queue = new Queue<>();
        try (Pool pool = new Pool(1)) {
            AsyncResult<Integer> dead = pool.applyAsync(() -> {
                System.out.println("waiting");
                return queue.get();
            });
            leftovers.sink().awaitText("waiting", 1);
            ProcessHandle.of(pool.status().workers().get(0).pid()).orElseThrow().destroyForcibly();
            assertThatThrownBy(() -> dead.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(WorkerDiedException.class);
            queue.put(5);
            assertThat((int) pool.apply(() -> queue.get())).isEqualTo(5);
        }
        assertThat(leftovers.sink().err()).doesNotContain("fault");
    }

    @Test
    void endOfAPipe_closedByItsMakerBeforeTheProcessHasIt_isStillTheProcesss() throws Exception {
        for (int round = 0; round < 3; round++) {
            Pipe pipe = Pipe.oneWay();
            Connection in = pipe.first();
            Connection out = pipe.second();
            Process process = new Process(() -> {
                        out.send(1);
                        out.close();
                    })
                    .start();
            out.close(); // as Python's programs do, or they would wait for their own silence
            assertThat(in.recv()).isEqualTo(1);
            assertThatThrownBy(in::recv).isInstanceOf(java.io.EOFException.class);
            process.join();
            assertThat(process.exitCode()).isZero();
        }
    }

    @Test
    void endOfAPipe_inAFunctionOfManyChunks_isUsedUntilTheLastOne() throws Exception {
        try (Pool pool = Pool.builder().workers(1).maxTasksPerWorker(1).build()) {
            Pipe pipe = Pipe.oneWay();
            Connection out = pipe.second();
            AsyncResult<Void> sent = pool.chunk(1).eachAsync(x -> out.send(x), range(3));
            for (int i = 0; i < 3; i++) {
                assertThat(pipe.first().recv()).isEqualTo(i);
            }
            sent.get();
            assertThatThrownBy(pipe.first()::recv).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void endOfAPipe_inItemsOfManyChunks_isUsedUntilTheLastOfThem_andNoLonger() throws Exception {
        try (Pool pool = Pool.builder().workers(1).maxTasksPerWorker(1).build()) {
            Pipe early = Pipe.oneWay();
            Pipe late = Pipe.oneWay();
            Event go = new Event();
            AsyncResult<List<Integer>> sent = pool.chunk(1)
                    .starmapAsync(
                            (out, blocks) -> {
                                out.send(1);
                                if (blocks) {
                                    go.await();
                                }
                                return 0;
                            },
                            zip(
                                    List.of(early.second(), early.second(), late.second(), late.second()),
                                    List.of(false, false, true, true)));
            assertThat(early.first().recv()).isEqualTo(1);
            assertThat(early.first().recv()).isEqualTo(1);
            assertThatThrownBy(early.first()::recv).isInstanceOf(EOFException.class);
            assertThat(sent.isDone()).isFalse();
            assertThat(late.first().recv()).isEqualTo(1);
            go.set();
            assertThat(late.first().recv()).isEqualTo(1);
            sent.get();
            assertThatThrownBy(late.first()::recv).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void endOfAPipe_inChunksThatADeadWorkerHeld_isUsedByThoseWhoRunThem() throws Exception {
        Pipe pipe = Pipe.oneWay();
        Connection out = pipe.second();
        Value.OfInt deaths = Value.of(0);
        try (Pool pool = new Pool(1)) {
            pool.chunk(1).map(x -> x, range(2000)); // so short that a worker is given several
            AsyncResult<Void> sent = pool.chunk(1)
                    .eachAsync(
                            x -> {
                                if (x == 300) {
                                    deaths.getAndAdd(1);
                                    Runtime.getRuntime().halt(3);
                                }
                                out.send(x);
                            },
                            range(600));
            for (int x = 0; x < 600; x++) {
                if (x != 300) {
                    assertThat(pipe.first().recv()).isEqualTo(x);
                }
            }
            assertThatThrownBy(sent::get).hasCauseInstanceOf(WorkerDiedException.class);
            assertThat(deaths.get()).isEqualTo(1);
        }
    }

    @Test
    void asyncResult_keepsNothingButTheResult() throws Exception {
        for (String backend : List.of("processes", "threads")) {
            try (Pool pool = Pool.builder().workers(1).backend(backend).build()) {
                AsyncResult<List<Object>> result = pool.mapAsync(x -> new Queue<Integer>(), range(3));
                List<WeakReference<Object>> all = result.get().stream()
                        .map(each -> new WeakReference<>(each))
                        .toList();
                result.get().clear();
                HandOverIT.collect();
                assertThat(all).allMatch(each -> each.get() == null);
                assertThat(result).hasToString("mapAsync: 3 of 3 items done, ready");
            }
        }
    }

    @Test
    void sharedObject_forgottenByItsMakerBeforeTheTaskRuns_isKeptForTheTask() throws Exception {
        try (Pool pool = new Pool(1)) {
            pool.apply(() -> 1);
            AsyncResult<Integer> blocker = pool.applyAsync(() -> {
                Thread.sleep(500);
                return 0;
            });
            AsyncResult<Integer> sum = submitSum(pool);
            for (int i = 0; i < 20; i++) { // gone here, long before it is there
                System.gc();
                assertThat(Array.ofInt(1).get(0)).isZero(); // reports what the collector has found
            }
            assertThat(blocker.get(60, TimeUnit.SECONDS)).isZero();
            assertThat(sum.get(60, TimeUnit.SECONDS)).isEqualTo(6);
        }
    }

    private static AsyncResult<Integer> submitSum(Pool pool) {
        Array.OfInt numbers = Array.of(1, 2, 3);
        return pool.applyAsync(() -> numbers.stream().sum());
    }

    /** Ends its JVM when it is loaded. */
    static final class Fatal {
        static final int VALUE = exit();

        private static int exit() {
            System.exit(4);
            return 1;
        }
    }

    @Test
    void deathInAStaticInitialiser_isTheItemsAndDoesNotRespawnForEver() {
        try (Pool pool = new Pool(1)) {
            assertThatThrownBy(() -> pool.apply(() -> Fatal.VALUE))
                    .isInstanceOfSatisfying(WorkerDiedException.class, death -> assertThat(death.exitCode())
                            .isEqualTo(4));
            Set<Long> pids = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                pids.add(pool.apply(() -> ProcessHandle.current().pid()));
            }
            assertThat(pids).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"processes", "threads"})
    void cancel_atAnyMoment_reachesTheTask_andCostsNoWorker(String backend) {
        Random moments = new Random(6);
        try (Pool pool = Pool.builder().backend(backend).workers(1).build()) {
            Task<String> who =
                    () -> ProcessHandle.current().pid() + Thread.currentThread().toString();
            String worker = pool.apply(who);
            for (int round = 0; round < 150; round++) {
                AsyncResult<Void> sleeping = pool.applyAsync((Action) () -> Thread.sleep(600_000));
                long end = System.nanoTime() + moments.nextInt(2_000_000);
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                sleeping.cancel();
                assertThat(pool.apply(who)).as("round " + round).isEqualTo(worker);
            }
        }
    }
}
