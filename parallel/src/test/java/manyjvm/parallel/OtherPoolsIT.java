package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.RandomAccess;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import manyjvm.parallel.Trouble.Kind;
import manyjvm.parallel.Trouble.When;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the test suites of CPython's {@code multiprocessing} and {@code concurrent.futures}, loky, ipyparallel and mpire ask of
 * a pool, as far as no other test here asks it. DEVELOPMENT.md says which of theirs is which of ours.
 */
@Timeout(120)
class OtherPoolsIT {
    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    // ---------------------------------------------------------------- lifetimes

    @Test
    void workersThatReachTheirLastTask_areReplacedAndLoseNone() throws Exception {
        try (Pool pool = Pool.builder().workers(2).maxTasksPerWorker(10).build()) {
            Set<Long> before =
                    Set.copyOf(pool.everyWorker(() -> ProcessHandle.current().pid()));
            List<AsyncResult<Integer>> results = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                int number = i;
                results.add(pool.applyAsync((Task<Integer>) () -> number * number));
            }
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get()).isEqualTo(i * i);
            }
            assertThat(pool.everyWorker(() -> ProcessHandle.current().pid())).doesNotContainAnyElementsOf(before);
        }
    }

    @Test
    void poolClosedWithWorkWaiting_replacesWorkersUntilItIsDone() throws Exception {
        Pool pool = Pool.builder().workers(2).maxTasksPerWorker(1).build();
        List<AsyncResult<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int number = i;
            results.add(pool.applyAsync((Task<Integer>) () -> number * number));
        }
        pool.shutdown();
        pool.join();
        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i).get()).isEqualTo(i * i);
        }
    }

    @Test
    void manyProcesses_endEachWithItsOwnCode() throws Exception {
        List<Process> ending = new ArrayList<>();
        List<Process> sleeping = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ending.add(new Process(() -> {}).start());
            sleeping.add(new Process(() -> Thread.sleep(600_000)).start());
        }
        for (Process process : ending) {
            process.join();
            assertThat(process.exitCode()).isZero();
        }
        for (Process process : sleeping) {
            assertThat(process.isAlive()).isTrue();
            process.kill();
        }
        for (Process process : sleeping) {
            process.join();
            assertThat(process.exitCode()).isEqualTo(-9);
        }
    }

    // ---------------------------------------------------------------- failures

    @Test
    void resultsThatCannotBeSent_costNoWorkers() {
        try (Pool pool = new Pool(2)) {
            List<Long> workers = pool.everyWorker(() -> ProcessHandle.current().pid());
            for (int round = 0; round < 20; round++) {
                assertThatThrownBy(() -> pool.apply(() -> List.of(new Thread("not to be sent"))))
                        .isInstanceOf(TaskFailedException.class)
                        .hasMessageContaining("cannot send the result: result[0] is a java.lang.Thread");
            }
            assertThat(pool.everyWorker(() -> ProcessHandle.current().pid())).isEqualTo(workers);
        }
    }

    @Test
    void largeFailuresOfAllItems_doNotKeepThePoolFromEnding() throws Exception {
        Pool pool = new Pool(2);
        Throwable thrown = catchThrowable(() -> pool.map(
                x -> {
                    throw new IllegalArgumentException("x".repeat(1 << 20));
                },
                range(2)));
        pool.shutdown();
        pool.join();
        assertThat(thrown).isInstanceOfSatisfying(TaskFailedException.class, failure -> assertThat(failure.failures())
                .hasSize(2)
                .allSatisfy((index, each) -> assertThat(each.getMessage()).hasSize(1 << 20)));
    }

    @Test
    void workersThatCrashWithLargeData_eachFailTheirItem() {
        String data = "a".repeat(1 << 20);
        List<Object> items = new ArrayList<>(Collections.nCopies(6, data));
        try (Pool pool = new Pool(2)) {
            assertThatThrownBy(() -> pool.chunk(1)
                            .map(
                                    item -> {
                                        Runtime.getRuntime().halt(((String) item).length() & 0x7f | 5);
                                        return item;
                                    },
                                    items))
                    .isInstanceOfSatisfying(WorkerDiedException.class, death -> {
                        assertThat(death.exitCode()).isEqualTo(5);
                        assertThat(death.failures()).hasSize(6);
                        assertThat(death.getMessage()).hasSizeLessThan(1000);
                    });
            assertThat(pool.map(x -> x * x, range(4))).containsExactly(0, 1, 4, 9);
        }
    }

    @Test
    void workersThatKillEachOther_leaveThePoolUsable() {
        try (Pool pool = new Pool(3)) {
            for (int round = 0; round < 3; round++) {
                List<Long> workers =
                        pool.everyWorker(() -> ProcessHandle.current().pid());
                List<Long> reversed = new ArrayList<>(workers);
                Collections.reverse(reversed);
                Throwable thrown = catchThrowable(() -> pool.chunk(1)
                        .map(
                                victim -> {
                                    Trouble.signal("KILL", victim);
                                    return victim;
                                },
                                reversed));
                if (thrown != null) { // a killer may have been quick enough to answer before it was hit
                    assertThat(thrown).isInstanceOf(WorkerDiedException.class).hasMessageContaining("SIGKILL");
                }
                assertThat(pool.map(x -> x * x, range(4))).containsExactly(0, 1, 4, 9);
            }
        }
    }

    @Test
    void manyRefusedSubmissions_doNotKeepTheGoodOnesFromRunning() throws Exception {
        try (Pool pool = new Pool(1)) {
            Object refusing = new Trouble.Troubled("here", Kind.EXCEPTION, When.WRITTEN);
            List<AsyncResult<Object>> good = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(() -> pool.applyAsync(Trouble.square(), refusing))
                        .isInstanceOf(NotShippableException.class);
                good.add(pool.applyAsync(Trouble.square(), i));
            }
            for (int i = 0; i < good.size(); i++) {
                assertThat(good.get(i).get()).isEqualTo(i * i);
            }
        }
    }

    @Test
    void shutdownRightAfterARefusedSubmission_ends() throws Exception {
        Pool pool = new Pool(2);
        assertThat(pool.apply(Trouble.square(), 3)).isEqualTo(9);
        AsyncResult<Object> good = pool.applyAsync(Trouble.square(), 4);
        assertThatThrownBy(() ->
                        pool.applyAsync(Trouble.square(), new Trouble.Troubled("here", Kind.EXCEPTION, When.WRITTEN)))
                .isInstanceOf(NotShippableException.class);
        pool.shutdown();
        pool.join();
        assertThat(good.get()).isEqualTo(16);
    }

    /** Its first item may have failed, and so ended it, before a later one is refused. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void submissionThatIsRefusedAfterItsEnd_tellsNoCallback(boolean view) throws Exception {
        List<Object> told = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch failed = new CountDownLatch(1);
        class Input extends AbstractList<Integer> implements RandomAccess {
            @Override
            public Integer get(int index) {
                if (index > 0) {
                    awaitEnd(failed);
                    throw new IllegalStateException("no second item");
                }
                return index;
            }

            @Override
            public int size() {
                return 2;
            }
        }
        List<Integer> items = view ? Collections.unmodifiableList(new Input()) : new Input();
        try (Pool pool = Pool.threads(1)) {
            Fn<Integer, Integer> failing = item -> {
                failed.countDown();
                throw new IllegalStateException("no good");
            };
            assertThatThrownBy(() -> pool.failFast().chunk(1).mapAsync(failing, items, told::add, told::add))
                    .hasMessage("no second item");
            pool.shutdown();
            pool.join();
        }
        assertThat(told).isEmpty();
    }

    private static void awaitEnd(CountDownLatch failed) {
        try {
            failed.await();
            Thread.sleep(200); // that the failure does its harm, if it does any: nobody can be asked whether it has
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    // ---------------------------------------------------------------- memory

    /** Counts its instances in each JVM. */
    static final class Counted implements Serializable {
        private static final long serialVersionUID = 1L;
        private static final Set<WeakReference<Counted>> SEEN =
                Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

        private final byte[] weight = new byte[100_000];

        Counted() {
            SEEN.add(new WeakReference<>(this));
        }

        private Object readResolve() {
            SEEN.add(new WeakReference<>(this));
            return this;
        }

        static long living() {
            System.gc();
            return SEEN.stream().filter(one -> one.get() != null).count();
        }
    }

    @Test
    void itemsAndResults_areLetGoHereAndThere() throws Exception {
        try (Pool pool = new Pool(2)) {
            List<Counted> items =
                    IntStream.range(0, 10).mapToObj(i -> new Counted()).toList();
            assertThat(pool.map(x -> x, items)).hasSize(10).allMatch(each -> each.weight.length == 100_000);
            items = null;
            pool.map(x -> x, range(4)); // what a worker ran last it may still hold
            assertThat(pool.everyWorker(Counted::living)).containsOnly(0L);
            assertThat(Counted.living()).isZero();
        }
    }

    // ---------------------------------------------------------------- synchronisers between real JVMs

    @Test
    void barrierOfProcesses_letsGoTogether_andBreaksForAll() throws Exception {
        Barrier barrier = new Barrier(3);
        Value.OfInt passed = Value.ofInt(0);
        Queue<String> broken = new Queue<>();
        List<Process> parties = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            parties.add(new Process(() -> {
                        barrier.await();
                        passed.getAndAdd(1);
                        try {
                            barrier.await();
                        } catch (java.util.concurrent.BrokenBarrierException expected) {
                            broken.put("broken");
                        }
                    })
                    .start());
        }
        barrier.await(Duration.ofSeconds(60));
        assertThat(broken.size()).isZero();
        barrier.abort();
        assertThat(broken.get(Duration.ofSeconds(60))).isEqualTo("broken");
        assertThat(broken.get(Duration.ofSeconds(60))).isEqualTo("broken");
        for (Process party : parties) {
            party.join();
            assertThat(party.exitCode()).isZero();
        }
        assertThat(passed.get()).isEqualTo(2);
    }

    @Test
    void conditionOfProcesses_wakesOneThenAll() throws Exception {
        Condition condition = new Condition();
        Semaphore sleeping = new Semaphore(0);
        Semaphore woken = new Semaphore(0);
        List<Process> sleepers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sleepers.add(new Process(() -> {
                        condition.lock().lock();
                        try {
                            sleeping.release();
                            condition.await();
                            woken.release();
                        } finally {
                            condition.lock().unlock();
                        }
                    })
                    .start());
        }
        for (int i = 0; i < 3; i++) {
            assertThat(sleeping.acquire(Duration.ofSeconds(60))).isTrue();
        }
        condition.lock().withLock(() -> condition.signal()); // under the lock: the third one waits by then
        assertThat(woken.acquire(Duration.ofSeconds(60))).isTrue();
        assertThat(woken.tryAcquire()).isFalse();
        condition.lock().withLock(() -> condition.signalAll());
        for (Process sleeper : sleepers) {
            sleeper.join();
            assertThat(sleeper.exitCode()).isZero();
        }
        assertThat(woken.tryAcquire()).isTrue();
        assertThat(woken.tryAcquire()).isTrue();
    }
}
