package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whoever holds a reference to a shared object keeps it, on every way by which references are handed over; and when nobody
 * does, it goes. Each JVM that hands one over drops its own at once and has its garbage collected. {@code
 * -Dmanyjvm.handover.rounds=N} makes it longer, {@code -Dmanyjvm.handover.seed=N} gives a run again.
 */
@Timeout(240)
class HandOverIT {
    private static final int ROUNDS = Integer.getInteger("manyjvm.handover.rounds", 6);
    private static final int ELEMENTS = 5;
    private static final Cleaner CANARIES = Cleaner.create();

    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    /** A queue with elements, a value with a file in shared memory, a lock with another, in one piece of luggage. */
    record Basket(Queue<Integer> queue, Value.OfInt value, Lock lock) {
        static Basket filled() {
            Queue<Integer> queue = new Queue<>();
            for (int i = 0; i < ELEMENTS; i++) {
                queue.put(i);
            }
            return new Basket(queue, Value.of(ELEMENTS), new Lock());
        }

        /** All its elements, however it came here; 0 elements are the fault that this class is about. */
        int count() {
            int count = lock.withLock(() -> queue.drainTo(new ArrayList<>()));
            return value.get() == ELEMENTS ? count : -1;
        }
    }

    /** Carries a basket. */
    static final class BasketException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // it travels by our codec, which knows baskets
        private final Basket basket;

        BasketException(Basket basket) {
            super("a basket");
            this.basket = basket;
        }
    }

    /** Returns when the collector has found what is unreachable now, and its finders have been called. */
    static void collect() {
        for (int i = 0; i < 3; i++) {
            CountDownLatch found = new CountDownLatch(1);
            CANARIES.register(new Object(), found::countDown);
            try {
                do {
                    System.gc();
                } while (!found.await(5, TimeUnit.MILLISECONDS));
            } catch (InterruptedException interrupt) {
                throw new IllegalStateException(interrupt);
            }
        }
    }

    static <T> T andCollect(T kept) {
        collect();
        return kept;
    }

    /** Files of values and locks: those that somebody can reach. */
    private static long files() throws Exception {
        long files = 0;
        for (Path folder : Leftovers.folders()) {
            try (Stream<Path> all = Files.list(folder)) {
                files += all.filter(file -> file.getFileName().toString().startsWith("shared-"))
                        .count();
            }
        }
        return files;
    }

    /** Whatever the workers of a pool still hold is theirs; all pools have ended when this is called. */
    @AfterEach
    void nothingIsKept() throws Exception {
        Leftovers.await(Duration.ofSeconds(60), () -> {
            collect();
            return files() == 0;
        });
        assertThat(files()).as("objects that nobody can reach").isZero();
    }

    /** Returns when it has ended, without reading its result. */
    private static void ended(AsyncResult<?> result) throws Exception {
        Leftovers.await(Duration.ofSeconds(60), result::isDone);
        assertThat(result.isDone()).isTrue();
    }

    private static Basket submitted(Pool pool, List<AsyncResult<Integer>> counts) {
        Basket basket = Basket.filled();
        counts.add(pool.applyAsync(() -> basket.count()));
        return basket;
    }

    @Test
    void submission_keepsWhatItRefersTo_alsoOfARetriedItem() throws Exception {
        try (Pool pool = Pool.builder().workers(1).retries(2).build()) {
            List<AsyncResult<Integer>> counts = new ArrayList<>();
            AsyncResult<Integer> blocker = pool.applyAsync(() -> {
                Thread.sleep(300);
                return 1;
            });
            submitted(pool, counts);
            collect();
            assertThat(blocker.get()).isEqualTo(1);
            assertThat(counts.get(0).get()).isEqualTo(ELEMENTS);

            Value.OfInt tries = Value.of(0);
            List<Integer> retried = pool.map(
                    basket -> {
                        collect();
                        if (tries.getAndAdd(1) == 0) {
                            Runtime.getRuntime().halt(1);
                        }
                        return basket.count();
                    },
                    List.of(Basket.filled()));
            assertThat(retried).containsExactly(ELEMENTS);
        }
    }

    @Test
    void initializer_keepsWhatItRefersTo_forWorkersToCome() throws Exception {
        try (Pool pool = poolWithInitializer()) {
            assertThat((int) pool.apply(() -> 1)).isEqualTo(1);
            collect();
            ProcessHandle.of(pool.status().workers().get(0).pid()).orElseThrow().destroyForcibly();
            Leftovers.await(Duration.ofSeconds(30), () -> pool.apply(() -> Initialised.count) == ELEMENTS);
            assertThat((int) pool.apply(() -> Initialised.count)).isEqualTo(ELEMENTS);
        }
    }

    static final class Initialised {
        static int count;
    }

    private static Pool poolWithInitializer() {
        Basket basket = Basket.filled();
        return Pool.builder()
                .workers(1)
                .initializer(() -> {
                    Initialised.count = basket.value().get();
                    basket.lock().withLock(() -> {});
                })
                .build();
    }

    @Test
    void result_readLateOrTwice_isKept_alsoWhenItsWorkerHasEnded() throws Exception {
        try (Pool pool = Pool.builder().workers(2).maxTasksPerWorker(1).build()) {
            AsyncResult<Basket> once = pool.applyAsync(() -> andCollect(Basket.filled()));
            AsyncResult<List<Basket>> several = pool.mapAsync(x -> andCollect(Basket.filled()), range(3));
            var lazy = pool.imap(x -> andCollect(Basket.filled()), range(4));
            var unordered = pool.imapUnordered(x -> andCollect(Basket.filled()), range(4));
            ended(once);
            ended(several);
            pool.map(x -> x, range(4)); // each by a worker that is a new one
            collect();
            assertThat(once.get().value().get()).isEqualTo(ELEMENTS);
            collect();
            assertThat(once.get().count()).isEqualTo(ELEMENTS);
            collect();
            assertThat(several.get())
                    .allSatisfy(each -> assertThat(each.count()).isEqualTo(ELEMENTS));
            for (Basket each : lazy) {
                collect();
                assertThat(each.count()).isEqualTo(ELEMENTS);
            }
            for (Basket each : unordered) {
                assertThat(each.count()).isEqualTo(ELEMENTS);
            }
        }
    }

    @Test
    void result_loggedByAWorkerThatDiesInItsNextItem_isKept() throws Exception {
        try (Pool pool = new Pool(1)) {
            var results = pool.chunk(2)
                    .mapAsync(
                            x -> {
                                if (x == 1) {
                                    collect();
                                    Runtime.getRuntime().halt(1);
                                }
                                return Basket.filled();
                            },
                            range(2));
            assertThatThrownBy(() -> results.get(60, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(WorkerDiedException.class)
                    .satisfies(failure -> {
                        collect();
                        TaskFailedException failed = failure instanceof TaskFailedException own
                                ? own
                                : (TaskFailedException) failure.getCause();
                        assertThat(((Basket) failed.results().get(0)).count()).isEqualTo(ELEMENTS);
                    });
        }
    }

    @Test
    void exception_keepsWhatItCarries() throws Exception {
        try (Pool pool = Pool.builder().workers(1).maxTasksPerWorker(1).build()) {
            AsyncResult<Integer> failing = pool.applyAsync((Task<Integer>) () -> {
                collect();
                throw new BasketException(Basket.filled());
            });
            ended(failing);
            pool.map(x -> x, range(2));
            collect();
            assertThatThrownBy(() -> failing.get(60, TimeUnit.SECONDS)).satisfies(failure -> {
                Throwable cause = failure;
                while (!(cause instanceof BasketException)) {
                    cause = cause.getCause();
                }
                assertThat(((BasketException) cause).basket.count()).isEqualTo(ELEMENTS);
            });
        }
    }

    /** In a worker: hands baskets to workers of its own, which are still to start. */
    static int below() {
        try (Pool inner = new Pool(1);
                Pool other = Pool.builder().workers(1).maxTasksPerWorker(1).build()) {
            List<AsyncResult<Integer>> counts = new ArrayList<>();
            submitted(inner, counts);
            collect();
            int sum = counts.get(0).get();
            AsyncResult<Basket> made = other.applyAsync(() -> andCollect(Basket.filled()));
            ended(made);
            other.apply(() -> 1);
            collect();
            return sum + made.get().count();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void nestedPool_keepsWhatItIsGivenAndGives() {
        try (Pool pool = new Pool(1)) {
            assertThat((int) pool.apply(() -> below())).isEqualTo(2 * ELEMENTS);
        }
    }

    /** In a worker: a process of its own writes into a pipe whose end the parent has closed meanwhile. */
    static void processBelow(Connection out) {
        new Process(() -> {
                    out.send(andCollect(Basket.filled()));
                    out.close();
                })
                .start();
        out.close();
    }

    @Test
    void nestedProcess_hasTheEndOfAPipeThatItsParentClosed() throws Exception {
        Pipe pipe = Pipe.oneWay();
        Connection in = pipe.first();
        Connection out = pipe.second();
        Process parent = new Process(() -> {
                    processBelow(out);
                    collect();
                    Thread.sleep(3000);
                })
                .start();
        Basket basket = (Basket) in.recv();
        assertThat(basket.count()).isEqualTo(ELEMENTS);
        assertThatThrownBy(in::recv).isInstanceOf(EOFException.class);
        parent.kill();
        parent.join();
    }

    /** Each worker runs one chunk and ends; between two of them, only the chunks that wait have the sending end. */
    @Test
    void endOfAPipeInAFunction_isKeptForEachChunkThatWaits_howeverOftenItsPoolIsClosed() throws Exception {
        for (int chunks : List.of(1, 3)) {
            for (boolean inOrder : List.of(true, false)) {
                List<Integer> items = List.of(1, 2, 3).subList(0, chunks);
                Pipe pipe = Pipe.oneWay();
                Connection in = pipe.first();
                Connection out = pipe.second();
                CompletableFuture<List<Object>> received = CompletableFuture.supplyAsync(() -> allOf(in));
                Pool pool = Pool.builder().workers(1).maxTasksPerWorker(1).build();
                Event mayRun = new Event();
                Fn<Integer, Integer> send = x -> {
                    mayRun.await();
                    out.send(x);
                    return x;
                };
                Results<Integer> results = inOrder
                        ? pool.chunk(1).imap(send, items)
                        : pool.chunk(1).imapUnordered(send, items);
                out.close();
                List<CompletableFuture<Void>> closers = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    closers.add(CompletableFuture.runAsync(pool::close, task -> new Thread(task).start()));
                }
                Leftovers.await(Duration.ofSeconds(60), () -> pool.toString().contains("clos"));
                mayRun.set();
                for (CompletableFuture<Void> closer : closers) {
                    closer.get(60, TimeUnit.SECONDS);
                }
                assertThat(results.stream().toList()).hasSameElementsAs(items);
                assertThat(received.get(60, TimeUnit.SECONDS)).isEqualTo(items);
                in.close();
            }
        }
    }

    private static List<Object> allOf(Connection in) {
        List<Object> all = new ArrayList<>();
        while (true) {
            try {
                all.add(in.recv());
            } catch (EOFException end) {
                return all;
            }
        }
    }

    @Test
    void elementsMessagesAndValuesOfMaps_keepWhatTheyReferTo() throws Exception {
        Queue<Basket> queue = new Queue<>();
        Queue<Basket> bounded = new Queue<>(1);
        Pipe pipe = Pipe.duplex();
        try (Manager manager = new Manager()) {
            Map<String, Basket> map = manager.map();
            List<Basket> list = manager.list();
            Namespace names = manager.namespace();
            try (Pool pool = new Pool(1)) {
                pool.apply((Action) () -> {
                    queue.put(Basket.filled());
                    bounded.put(Basket.filled());
                    pipe.second().send(Basket.filled());
                    map.put("a", Basket.filled());
                    map.putAll(Map.of("b", Basket.filled(), "c", Basket.filled()));
                    list.add(Basket.filled());
                    list.addAll(List.of(Basket.filled(), Basket.filled()));
                    names.set("d", Basket.filled());
                    collect();
                });
            }
            collect();
            try (Pool pool = new Pool(1)) {
                int counted = pool.apply(() -> {
                    int sum = andCollect(queue.peek()).value().get();
                    sum += andCollect(queue.get()).count();
                    sum += andCollect((Basket) pipe.first().recv()).count();
                    sum += andCollect(map.get("a")).value().get();
                    collect();
                    sum += andCollect(map.remove("a")).count();
                    for (Basket each : map.values()) {
                        collect();
                        sum += each.count();
                    }
                    for (Basket each : list) {
                        collect();
                        sum += each.count();
                    }
                    return sum + andCollect(names.get("d", Basket.class)).count();
                });
                assertThat(counted).isEqualTo(11 * ELEMENTS);
            }
            collect();
            assertThat(bounded.get().count()).isEqualTo(ELEMENTS);
            assertThat(map.get("b").value().get()).isEqualTo(ELEMENTS);
            map.clear();
            list.clear();
            names.remove("d");
        }
    }

    @Test
    void conditionAndLockOfAValue_keepWhatTheyBelongTo() throws Exception {
        try (Pool pool = new Pool(1)) {
            AsyncResult<Integer> blocker = pool.applyAsync(() -> {
                Thread.sleep(300);
                return 1;
            });
            AsyncResult<Integer> signalled = signalled(pool);
            AsyncResult<Integer> locked = locked(pool);
            collect();
            assertThat(blocker.get() + signalled.get(60, TimeUnit.SECONDS) + locked.get(60, TimeUnit.SECONDS))
                    .isEqualTo(3);
        }
    }

    private static AsyncResult<Integer> signalled(Pool pool) {
        Condition condition = new Condition();
        return pool.applyAsync(() -> condition.lock().withLock(() -> {
            condition.signalAll();
            return 1;
        }));
    }

    private static AsyncResult<Integer> locked(Pool pool) {
        Lock lock = Value.of(1).lock();
        return pool.applyAsync(() -> lock.withLock(() -> 1));
    }

    /** Takes one from the box, uses it, and puts it back: now and then nobody has it but the box, or a message under way. */
    static int passOn(Queue<Basket> box, long seed, int rounds) {
        Random random = new Random(seed);
        int met = 0;
        for (int i = 0; i < rounds; i++) {
            Basket basket = box.get();
            basket.value().lock().withLock(() -> {});
            basket.queue().put(basket.queue().get() + 1);
            met += basket.value().get();
            if (random.nextInt(4) == 0) {
                System.gc();
            }
            box.put(basket);
            basket = null;
            if (random.nextInt(4) == 0) {
                collect();
            }
        }
        return met;
    }

    @Test
    void droppedAndLinkedAgainAtOnce_byManyJvms_losesNothing() throws Exception {
        long seed = Long.getLong("manyjvm.handover.seed", System.nanoTime());
        System.out.println("HandOverIT: -Dmanyjvm.handover.seed=" + seed);
        Queue<Basket> box = new Queue<>();
        for (int i = 0; i < 3; i++) {
            box.put(Basket.filled());
        }
        try (Pool pool = new Pool(2)) {
            int rounds = ROUNDS * 10;
            AsyncResult<List<Integer>> there = pool.mapAsync(x -> passOn(box, seed + x, rounds), range(2));
            int here = passOn(box, seed + 2, rounds);
            assertThat(here).isEqualTo(rounds * ELEMENTS);
            assertThat(there.get(200, TimeUnit.SECONDS)).containsOnly(rounds * ELEMENTS);
        }
        int sum = 0;
        for (int i = 0; i < 3; i++) {
            Basket basket = box.get();
            for (int each = 0; each < ELEMENTS; each++) {
                sum += basket.queue().get();
            }
        }
        assertThat(sum).as("seed " + seed).isEqualTo(3 * 10 + 3 * ROUNDS * 10);
    }

    @Test
    void whatIsNeverRead_isNotKept() throws Exception {
        Queue<Basket> closed = new Queue<>();
        try (Pool pool = new Pool(1)) {
            for (int i = 0; i < ROUNDS; i++) {
                AsyncResult<List<Basket>> unread = pool.mapAsync(x -> Basket.filled(), range(3));
                ended(unread);
                pool.apply((Action) () -> closed.put(Basket.filled()));
                AsyncResult<Integer> cancelled = pool.applyAsync(() -> 1);
                cancelled.cancel();
                assertThatThrownBy(() -> pool.map(
                                basket -> {
                                    throw new IllegalStateException("no");
                                },
                                List.of(Basket.filled(), Basket.filled())))
                        .isInstanceOf(TaskFailedException.class);
            }
            closed.clear();
            pool.apply(HandOverIT::collect);
            Leftovers.await(Duration.ofSeconds(60), () -> {
                collect();
                return files() == 0;
            });
            assertThat(files()).as("while the pool lives on").isZero();
        }
    }
}
