package manyjvm.parallel;

import static manyjvm.parallel.Parallel.args;
import static manyjvm.parallel.Parallel.range;
import static manyjvm.parallel.Parallel.repeat;
import static manyjvm.parallel.Parallel.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every backend promises alike. */
@Timeout(120)
class PoolContractIT {
    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    /** The last one is known to the library by its interface only. */
    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest
    @ValueSource(strings = {"processes", "threads", "in-memory"})
    private @interface OnEachBackend {}

    private static Pool pool(String backend) {
        return Pool.builder().backend(backend).workers(2).build();
    }

    @OnEachBackend
    void map_ofEveryShapeOfItems_givesResultsInOrder(String backend) {
        try (Pool pool = pool(backend)) {
            List<Integer> squares = List.of(0, 1, 4, 9, 16, 25, 36, 49, 64, 81);
            assertThat(pool.map(x -> x * x, range(10))).isEqualTo(squares);
            assertThat(pool.map(x -> x * x, new Integer[] {0, 1, 2})).containsExactly(0, 1, 4);
            assertThat(pool.map(x -> x * x, new int[] {0, 1, 2})).containsExactly(0, 1, 4);
            assertThat(pool.map(x -> x / 2, new double[] {1, 2})).containsExactly(0.5, 1.0);
            assertThat(pool.map(x -> x + "!", Stream.of("a", "b"))).containsExactly("a!", "b!");
            assertThat(pool.map(x -> x * x, range(10), 3)).isEqualTo(squares);
            assertThat(pool.chunk(1).map(x -> x * x, range(10))).isEqualTo(squares);
            assertThat(pool.map(x -> x, List.of())).isEmpty();
            assertThat(pool.map(x -> x == 1 ? null : x, List.of(0, 1, 2))).containsExactly(0, null, 2);
        }
    }

    @OnEachBackend
    void map_ofAMillion_isComplete(String backend) {
        try (Pool pool = pool(backend)) {
            assertThat(pool.map(x -> x + 1, range(1_000_000)))
                    .isEqualTo(IntStream.rangeClosed(1, 1_000_000).boxed().toList());
        }
    }

    @OnEachBackend
    void starmap_spreadsArguments(String backend) throws Exception {
        try (Pool pool = pool(backend)) {
            assertThat(pool.starmap((a, b) -> a + b, zip(range(4), repeat(10)))).containsExactly(10, 11, 12, 13);
            assertThat(pool.starmap((a, b, c) -> a + b + c, List.of(args(1, 2, 3))))
                    .containsExactly(6);
            assertThat(pool.starmap((a, b, c, d) -> a + b + c + d, List.of(args(1, 2, 3, 4))))
                    .containsExactly(10);
            assertThat(pool.starmapAsync((a, b) -> a * b, zip(range(3), range(3)))
                            .get())
                    .containsExactly(0, 1, 4);
        }
    }

    @OnEachBackend
    void apply_givesTheResultOrTheFailure(String backend) throws Exception {
        try (Pool pool = pool(backend)) {
            int y = 20;
            assertThat((int) pool.apply(() -> y * y)).isEqualTo(400);
            assertThat((int) pool.apply(x -> x + 1, 1)).isEqualTo(2);
            assertThat(pool.applyAsync(() -> y + 1).get(Duration.ofSeconds(60))).isEqualTo(21);
            assertThatThrownBy(() -> pool.apply((Action) () -> {
                        throw new IllegalArgumentException("no good");
                    }))
                    .isInstanceOf(TaskFailedException.class)
                    .hasCauseInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no good")
                    .satisfies(failure -> assertThat(
                                    failure.getCause().getStackTrace()[0].getClassName())
                            .startsWith("manyjvm.parallel.PoolContractIT"));
            assertThatThrownBy(() -> pool.applyAsync((Task<Integer>) () -> Math.floorDiv(1, 0))
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TaskFailedException.class)
                    .hasRootCauseInstanceOf(ArithmeticException.class);
        }
    }

    @OnEachBackend
    void map_withFailures_keepsTheOtherResults(String backend) {
        try (Pool pool = pool(backend)) {
            assertThatThrownBy(() -> pool.map(x -> 10 / (x % 4), range(1, 9)))
                    .isInstanceOfSatisfying(TaskFailedException.class, failure -> {
                        assertThat(failure.index()).isEqualTo(3);
                        assertThat(failure.failures().keySet()).containsExactly(3, 7);
                        assertThat(failure.results())
                                .isEqualTo(java.util.Arrays.asList(10, 5, 3, null, 10, 5, 3, null));
                        assertThat(failure).hasCauseInstanceOf(ArithmeticException.class);
                    });
            assertThat(pool.map(x -> x, range(3))).containsExactly(0, 1, 2);
        }
    }

    @OnEachBackend
    void failFast_dropsWhatHasNotRun(String backend) {
        try (Pool pool = pool(backend)) {
            assertThatThrownBy(() -> pool.chunk(1)
                            .failFast()
                            .map(
                                    x -> {
                                        if (x == 0) {
                                            throw new IllegalStateException("first");
                                        }
                                        Thread.sleep(20);
                                        return x;
                                    },
                                    range(1000)))
                    .isInstanceOfSatisfying(TaskFailedException.class, failure -> assertThat(failure.results().stream()
                                    .filter(result -> result != null)
                                    .count())
                            .isLessThan(999));
        }
    }

    @OnEachBackend
    void callbacks_runAfterTheResultIsReadable_andBeforeJoinReturns(String backend) throws Exception {
        ConcurrentLinkedQueue<Object> seen = new ConcurrentLinkedQueue<>();
        Pool pool = pool(backend);
        List<AsyncResult<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int x = i;
            results.add(pool.applyAsync((Task<Integer>) () -> x * x, seen::add));
        }
        CompletableFuture<String> thread = new CompletableFuture<>();
        AsyncResult<Integer> failing = pool.applyAsync(
                (Task<Integer>) () -> Math.floorDiv(1, 0),
                value -> {},
                failure -> thread.complete(Thread.currentThread().getName()));
        pool.shutdown();
        assertThat(pool.join(Duration.ofSeconds(60))).isTrue();
        pool.join();
        assertThat(seen).containsExactlyInAnyOrder(0, 1, 4, 9);
        assertThat(results).allMatch(AsyncResult::successful);
        assertThat(failing.successful()).isFalse();
        assertThat(thread.get()).startsWith("parallel-callback");
    }

    @OnEachBackend
    void callback_thatWaitsForAnotherResult_doesNotBlockTheOthers(String backend) throws Exception {
        try (Pool pool = pool(backend)) {
            int many = 40;
            CountDownLatch done = new CountDownLatch(many);
            for (int i = 0; i < many; i++) {
                pool.applyAsync((Task<Integer>) () -> 1, one -> {
                    pool.applyAsync(() -> 2).join();
                    pool.apply(() -> 3);
                    done.countDown();
                });
            }
            assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @OnEachBackend
    void callback_thatThrows_isReportedAndHarmsNothing(String backend) throws Exception {
        Pool pool = pool(backend);
        pool.applyAsync((Task<Integer>) () -> 1, one -> {
            throw new IllegalStateException("bad callback");
        });
        assertThat((int) pool.apply(() -> 2)).isEqualTo(2);
        pool.close();
        leftovers.driver().settle("here", Duration.ofSeconds(10));
        assertThat(leftovers.sink().err()).contains("bad callback");
    }

    @OnEachBackend
    void imap_isLazyOnAnEndlessInput(String backend) {
        AtomicInteger taken = new AtomicInteger();
        Iterable<Integer> endless = () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Integer next() {
                return taken.getAndIncrement();
            }
        };
        try (Pool pool = pool(backend);
                Results<Integer> results = pool.imap(x -> x * 2, endless)) {
            for (int i = 0; i < 100; i++) {
                assertThat(results.next()).isEqualTo(i * 2);
            }
            assertThat(taken.get()).isLessThan(200);
        }
    }

    @OnEachBackend
    void imap_withAReaderSlowerThanItsWorkers_readsItsInputNoFartherAhead(String backend) throws Exception {
        AtomicInteger taken = new AtomicInteger();
        try (Pool pool = Pool.builder().workers(2).backend(backend).build();
                Results<Integer> results = pool.imapUnordered(x -> x, Stream.generate(taken::getAndIncrement))) {
            for (int read = 1; read <= 40; read++) {
                results.next();
                Leftovers.await(java.time.Duration.ofSeconds(60), () -> results.toString()
                        .contains(" 0 in work"));
                assertThat(taken.get()).isLessThanOrEqualTo(read + 32);
            }
        }
    }

    @OnEachBackend
    void close_withAHalfReadImap_ends_andItsReaderIsTold(String backend) {
        Results<Integer> results;
        try (Pool pool = pool(backend)) {
            results = pool.imap(x -> x, Stream.iterate(0, x -> x + 1));
            assertThat(results.next()).isZero();
        }
        assertThat(results.next()).isEqualTo(1);
        assertThatThrownBy(() -> {
                    while (true) {
                        results.next();
                    }
                })
                .isInstanceOf(PoolClosedException.class)
                .hasMessageContaining("shutdown()");
        assertThat(results.hasNext()).isFalse();
    }

    @OnEachBackend
    void shutdown_letsAHalfReadImapGoOn(String backend) throws Exception {
        Pool pool = pool(backend);
        Results<Integer> results = pool.imap(x -> x, range(500));
        assertThat(results.next()).isZero();
        pool.shutdown();
        assertThat(results.stream()).hasSize(499);
        pool.join();
    }

    @OnEachBackend
    void imap_failuresComeAtTheirPlace(String backend) {
        try (Pool pool = pool(backend)) {
            Results<Integer> results = pool.imap(x -> 10 / x, List.of(1, 0, 2));
            assertThat(results.next()).isEqualTo(10);
            assertThatThrownBy(results::next)
                    .isInstanceOf(TaskFailedException.class)
                    .hasCauseInstanceOf(ArithmeticException.class);
            assertThat(results.next()).isEqualTo(5);
            assertThat(results.hasNext()).isFalse();
            assertThat(pool.imapUnordered(x -> x, range(50)).stream()
                            .mapToInt(x -> x)
                            .sum())
                    .isEqualTo(1225);
            assertThat(pool.chunk(7).imap(x -> x, range(50)).stream()).hasSize(50);
        }
    }

    @OnEachBackend
    void imapNext_withATimeout_losesNothing(String backend) throws Exception {
        Event go = new Event();
        try (Pool pool = pool(backend)) {
            Results<Integer> results = pool.imap(
                    x -> {
                        go.await();
                        return x;
                    },
                    range(2));
            assertThatThrownBy(() -> results.next(Duration.ofMillis(20)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("result 0 of imap");
            go.set();
            assertThat(results.next(Duration.ofSeconds(60))).isZero();
            assertThat(results.next()).isEqualTo(1);
        }
    }

    @OnEachBackend
    void imap_whoseInputFails_givesTheResultsBeforeIt(String backend) {
        Iterable<Integer> failing = () -> IntStream.range(0, 10)
                .peek(i -> {
                    if (i == 3) {
                        throw new IllegalStateException("input is broken");
                    }
                })
                .iterator();
        try (Pool pool = pool(backend)) {
            Results<Integer> results = pool.imap(x -> x, failing);
            assertThat(List.of(results.next(), results.next(), results.next())).containsExactly(0, 1, 2);
            assertThatThrownBy(results::next).hasMessage("input is broken");
            assertThat(results.hasNext()).isFalse();
        }
    }

    @OnEachBackend
    void executorService_doesWhatItsUsersExpect(String backend) throws Exception {
        try (Pool pool = pool(backend)) {
            List<Callable<Integer>> tasks = List.of((Task<Integer>) () -> 1, (Task<Integer>) () -> 2);
            List<Integer> results = new ArrayList<>();
            for (Future<Integer> future : pool.invokeAll(tasks)) {
                results.add(future.get());
            }
            assertThat(results).containsExactly(1, 2);
            assertThat(pool.invokeAny(tasks)).isIn(1, 2);
            Future<Integer> failing = pool.submit((Task<Integer>) () -> Math.floorDiv(1, 0));
            assertThatThrownBy(failing::get).hasCauseInstanceOf(ArithmeticException.class);
            assertThatThrownBy(() -> pool.submit((Task<Integer>) () -> {
                                Thread.sleep(60_000);
                                return 1;
                            })
                            .get(50, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            pool.interrupt();
            pool.shutdown();
            assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            assertThat(pool.isShutdown()).isTrue();
            assertThat(pool.isTerminated()).isTrue();
            assertThatThrownBy(() -> pool.apply(() -> 1)).isInstanceOf(PoolClosedException.class);
        }
    }

    @OnEachBackend
    void imap_whoseInputThrowsAnError_givesTheResultsBeforeIt_andNoneAfterIt(String backend) {
        AtomicInteger next = new AtomicInteger();
        Iterator<Integer> failing = Stream.generate(next::getAndIncrement)
                .peek(i -> {
                    if (i == 5) {
                        throw new StackOverflowError("input is broken");
                    }
                })
                .iterator();
        try (Pool pool = pool(backend)) {
            Results<Integer> results = pool.chunk(2).imap(x -> x, () -> failing);
            for (int i = 0; i < 5; i++) {
                assertThat(results.next()).isEqualTo(i);
            }
            assertThatThrownBy(results::next)
                    .isInstanceOf(StackOverflowError.class)
                    .hasMessage("input is broken");
            assertThat(results.hasNext()).isFalse();
        }
    }

    @OnEachBackend
    void execute_showsWhatTheActionThrows(String backend) {
        try (Pool pool = pool(backend)) {
            pool.execute((Action) () -> {
                throw new IllegalStateException("executed badly");
            });
            pool.execute((Action) () -> {
                throw new CancellationException("of the task's own");
            });
        }
        leftovers.driver().settle("here", Duration.ofSeconds(10));
        assertThat(leftovers.sink().err())
                .contains("failed: java.lang.IllegalStateException: executed badly")
                .contains("failed: java.util.concurrent.CancellationException: of the task's own");
    }

    @OnEachBackend
    void interruptOfAWaitingMap_cancelsItAndKeepsThePool(String backend) throws Exception {
        try (Pool pool = pool(backend)) {
            pool.map(x -> x, range(2));
            Thread caller = Thread.currentThread();
            CompletableFuture.runAsync(
                    caller::interrupt, CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
            assertThatThrownBy(() -> pool.map(
                            x -> {
                                Thread.sleep(60_000);
                                return x;
                            },
                            range(8)))
                    .isInstanceOf(CancellationException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(pool.map(x -> x + 1, range(3))).containsExactly(1, 2, 3);
        }
    }

    @OnEachBackend
    void longTask_doesNotHoldOthersHostage(String backend) throws Exception {
        try (Pool pool = pool(backend)) {
            pool.chunk(1).map(x -> x, range(2000)); // short tasks, so that workers hold several
            CountDownLatch quick = new CountDownLatch(50);
            AsyncResult<Integer> slow = pool.applyAsync((Task<Integer>) () -> {
                Thread.sleep(60_000);
                return 1;
            });
            for (int i = 0; i < 50; i++) {
                pool.applyAsync((Task<Integer>) () -> 1, one -> quick.countDown());
            }
            assertThat(quick.await(30, TimeUnit.SECONDS)).isTrue();
            slow.cancel();
        }
    }

    @OnEachBackend
    void initializerAndEveryWorker_runOncePerWorker(String backend) {
        try (Pool pool = Pool.builder()
                .backend(backend)
                .workers(2)
                .initializer((Action) () -> System.setProperty("made.ready", "yes"))
                .build()) {
            assertThat(pool.map(x -> System.getProperty("made.ready"), range(4)))
                    .containsOnly("yes");
            assertThat(pool.everyWorker(() -> 1)).containsExactly(1, 1);
            assertThat(pool.status().done())
                    .as("tasks; the initializers are none")
                    .isEqualTo(6);
        }
    }

    @OnEachBackend
    void initializerThatFails_endsThePoolWithItsError(String backend) {
        try (Pool pool = Pool.builder()
                .backend(backend)
                .workers(2)
                .initializer((Action) () -> {
                    throw new IllegalStateException("not today");
                })
                .build()) {
            assertThatThrownBy(() -> pool.map(x -> x, range(4)))
                    .isInstanceOf(ParallelException.class)
                    .hasMessageContaining("initializer")
                    .hasMessageContaining("not today");
        }
    }

    @Test
    void virtualThreads_workWhereTheJdkHasThem() {
        if (Runtime.version().feature() < 21) {
            assertThatThrownBy(() -> Pool.virtual(2))
                    .isInstanceOf(ParallelException.class)
                    .hasMessageContaining("JDK 21");
        } else {
            try (Pool pool = Pool.virtual(100)) {
                assertThat(pool.map(x -> x * x, range(1000))).hasSize(1000).endsWith(999 * 999);
            }
        }
    }

    @Test
    void tasksOfTheJdksFutures_areRefusedWithTheCure() {
        try (Pool pool = new Pool(1)) {
            assertThatThrownBy(() -> CompletableFuture.supplyAsync(() -> 1, pool))
                    .isInstanceOf(ParallelException.class)
                    .hasMessageContaining("applyAsync");
            assertThatThrownBy(() -> pool.execute(new java.util.concurrent.FutureTask<>(() -> 1)))
                    .isInstanceOf(ParallelException.class);
        }
    }

    @OnEachBackend
    void pool_endsTwiceAndFromAnywhere(String backend) throws Exception {
        Pool pool = pool(backend);
        assertThatThrownBy(pool::join).isInstanceOf(IllegalStateException.class);
        AsyncResult<Integer> running = pool.applyAsync((Task<Integer>) () -> {
            Thread.sleep(60_000);
            return 1;
        });
        pool.terminate();
        pool.terminate();
        pool.close();
        assertThatThrownBy(running::get).isInstanceOf(CancellationException.class);
        assertThat(pool.status().state()).isEqualTo("closed");
    }

    @Test
    void backendOfTheClassPath_startsTheWorkersAndIsAskedWhatTheyCanDo() {
        int before = InMemoryBackend.LAUNCHED.get();
        try (Pool pool = pool("in-memory")) {
            assertThat((long) pool.apply(() -> ProcessHandle.current().pid()))
                    .isEqualTo(ProcessHandle.current().pid());
            assertThat(pool.toString()).endsWith("(2 in-memory)");
        }
        assertThat(InMemoryBackend.LAUNCHED.get() - before).isEqualTo(2);
        assertThatThrownBy(
                        () -> Pool.builder().backend("in-memory").maxHeap("1g").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("run in this JVM");
    }
}
