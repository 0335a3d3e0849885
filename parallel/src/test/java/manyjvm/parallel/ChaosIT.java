package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Work of all kinds while workers are killed (SIGKILL) and frozen (SIGSTOP) at random. What comes back is compared with the
 * sequential answer: an item is lost only with a {@link WorkerDiedException} that names it, never with retries, and none runs
 * or prints twice without them. At the end nothing is left.
 *
 * <p>{@code -Dmanyjvm.chaos.seconds=600} for longer, {@code -Dmanyjvm.chaos.seed=N} for the same work and the same blows
 * again; their timing is the machine's.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS) // the property says how long it works
class ChaosIT {
    private static final Duration SPAN = Duration.ofSeconds(Integer.getInteger("manyjvm.chaos.seconds", 20));
    private static final long SEED = Long.getLong("manyjvm.chaos.seed", System.nanoTime() & 0xffff_ffffL);
    private static final Duration TASK_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int ACTORS = 3;
    private static final int ENOUGH = 1000;

    /** Status of a process that is killed when it has already announced its exit: it might be System.exit(137). */
    private static final int KILLED_AS_IT_ENDED = 137;

    private final LineCounts sink = new LineCounts();
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicInteger rounds = new AtomicInteger();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private volatile Pool pool;

    @Test
    void workUnderKillsAndFreezes_losesNothingAndLeavesNothing() throws Exception {
        System.out.println("chaos for " + SPAN.toSeconds() + " s; again with -Dmanyjvm.chaos.seed=" + SEED);
        warmUp();
        Leftovers before = Leftovers.before();
        try (AutoCloseable driver = sink.openDriver()) {
            assertThat(driver).isNotNull();
            chaos();
        }
        System.out.println("chaos: " + new TreeMap<>(counts));
        if (failure.get() != null) {
            throw new AssertionError("with -Dmanyjvm.chaos.seed=" + SEED + ": " + failure.get(), failure.get());
        }
        assertThat(sink.faults()).isEmpty();
        AtomicInteger givenUp = counts.getOrDefault("given up", new AtomicInteger());
        assertThat(givenUp.get())
                .as("submissions that were given up, of " + rounds)
                .isLessThanOrEqualTo(2 + rounds.get() / 5);
        before.assertNothingNew();
    }

    /** Loads what the JDK opens once and keeps. */
    private void warmUp() throws Exception {
        try (AutoCloseable driver = sink.openDriver();
                Pool first = new Pool(1)) {
            assertThat(driver).isNotNull();
            assertThat(first.map(x -> x, range(3))).containsExactly(0, 1, 2);
        }
        new ProcessBuilder("true").start().waitFor();
    }

    private void chaos() throws Exception {
        pool = Pool.builder().workers(3).taskTimeout(TASK_TIMEOUT).build();
        List<Thread> actors = new ArrayList<>();
        for (int actor = 1; actor <= ACTORS; actor++) {
            Random random = new Random(SEED + actor);
            actors.add(new Thread(() -> act(random), "actor " + actor));
        }
        Thread chaos = new Thread(this::strike, "chaos");
        actors.forEach(Thread::start);
        chaos.start();
        over.await(SPAN.toMillis(), TimeUnit.MILLISECONDS);
        over.countDown();
        join(chaos);
        for (Thread thread : actors) {
            join(thread);
        }
        Thread closing = new Thread(pool::close, "closing");
        closing.start();
        join(closing);
        if (failure.get() == null) {
            assertThat(pool.isTerminated()).isTrue();
        }
    }

    private void join(Thread thread) throws InterruptedException {
        thread.join(PATIENCE.toMillis());
        if (thread.isAlive()) {
            StringBuilder text = new StringBuilder(thread.getName() + " hangs; " + pool.status());
            Thread.getAllStackTraces().forEach((each, frames) -> {
                text.append("\n\n").append(each);
                for (StackTraceElement frame : frames) {
                    text.append("\n    ").append(frame);
                }
            });
            failure.compareAndSet(null, new AssertionError(text.toString()));
            thread.interrupt();
            pool.terminate();
            thread.join(PATIENCE.toMillis());
        }
    }

    private boolean isOver() {
        return over.getCount() == 0;
    }

    private void count(String what) {
        counts.computeIfAbsent(what, unused -> new AtomicInteger()).incrementAndGet();
    }

    // ------------------------------------------------------------ the blows

    /** At the end some workers of pools are left frozen: their pools must end all the same. */
    private void strike() {
        Random random = new Random(SEED);
        List<ProcessHandle> frozen = new ArrayList<>();
        List<ProcessHandle> frozenForAMoment = new ArrayList<>();
        try {
            while (!over.await(100 + random.nextInt(500), TimeUnit.MILLISECONDS)) {
                int choice = random.nextInt(1 << 16);
                int blow = random.nextInt(4);
                thaw(frozenForAMoment);
                if (blow == 3) {
                    thaw(frozen);
                    continue;
                }
                List<ProcessInfo> all = Parallel.activeChildren();
                if (all.isEmpty()) {
                    continue;
                }
                ProcessInfo info = all.get(choice % all.size());
                Optional<ProcessHandle> victim = ProcessHandle.current()
                        .children()
                        .filter(child -> child.pid() == info.pid())
                        .findFirst();
                if (victim.isPresent() && blow == 2) {
                    signal("-STOP", victim.get());
                    // A frozen worker is ended by a task's timeout; nothing ends a process, which has none.
                    (info.name().startsWith("Process") ? frozenForAMoment : frozen).add(victim.get());
                    count("frozen");
                } else if (victim.isPresent()) {
                    victim.get().destroyForcibly();
                    count("killed");
                }
            }
            thaw(frozenForAMoment);
        } catch (InterruptedException hung) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error wrong) {
            failure.compareAndSet(null, wrong);
        }
    }

    private void thaw(List<ProcessHandle> frozen) {
        frozen.forEach(each -> signal("-CONT", each));
        frozen.clear();
        count("thawed");
    }

    private static void signal(String signal, ProcessHandle victim) {
        try {
            new ProcessBuilder("sh", "-c", "kill " + signal + " " + victim.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        } catch (InterruptedException hung) {
            Thread.currentThread().interrupt();
        }
    }

    // ------------------------------------------------------------ the work

    private interface Scenario {
        void run(Random random, String name) throws Exception;
    }

    private void act(Random random) {
        Map<String, Scenario> scenarios = new TreeMap<>();
        scenarios.put("map", this::map);
        scenarios.put("retries", this::retries);
        scenarios.put("imap", this::imap);
        scenarios.put("imapUnordered", this::imapUnordered);
        scenarios.put("producers", this::producers);
        scenarios.put("consumers", this::consumers);
        scenarios.put("pipe", this::pipe);
        scenarios.put("lock", this::lock);
        scenarios.put("barrier", this::barrier);
        scenarios.put("pool", this::shortPool);
        List<String> names = List.copyOf(scenarios.keySet());
        while (!isOver() && failure.get() == null) {
            String kind = names.get(random.nextInt(names.size()));
            String name = kind + rounds.incrementAndGet();
            try {
                scenarios.get(kind).run(random, name);
                count(kind);
            } catch (Throwable wrong) {
                failure.compareAndSet(null, new AssertionError(name, wrong));
                over.countDown();
            }
        }
    }

    private static int work(int item) {
        if (item % 7 == 0) {
            try {
                Thread.sleep(item % 30);
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
            }
        }
        int value = item;
        for (int i = 0; i < item % 1000; i++) {
            value = value * 31 + i;
        }
        return value;
    }

    private static List<Integer> sequential(int count) {
        return IntStream.range(0, count).map(ChaosIT::work).boxed().toList();
    }

    /** What became of a map: the results, and the failures by index. */
    private record Outcome(List<?> results, Map<Integer, Throwable> failures) {
        static Outcome of(java.util.concurrent.Callable<List<Integer>> map) throws Exception {
            try {
                return new Outcome(map.call(), Map.of());
            } catch (TaskFailedException failed) {
                return new Outcome(failed.results(), failed.failures());
            }
        }

        /**
         * Whether each item has a result or a failure. A submission without retries is given up when the second worker dies
         * as it loads the function, or several in a row before they have begun: then some items have neither.
         */
        boolean isWhole(int count) {
            return IntStream.range(0, count)
                    .allMatch(item -> failures.containsKey(item) || item < results.size() && results.get(item) != null);
        }

        /** The items that were lost with their worker; nothing else may have failed. */
        Set<Integer> lost() {
            failures.values().forEach(each -> assertThat(each).isInstanceOf(WorkerDiedException.class));
            return failures.keySet();
        }
    }

    private void map(Random random, String name) throws Exception {
        int count = 1 + random.nextInt(300);
        Array.OfInt runs = Array.rawInt(count);
        Outcome outcome = Outcome.of(() -> pool.chunk(1 + random.nextInt(40))
                .map(
                        x -> {
                            runs.getAndAdd(x, 1);
                            System.out.println(name + " " + x);
                            return work(x);
                        },
                        range(count)));
        Set<Integer> lost = outcome.lost();
        if (isGivenUp(outcome, count)) {
            return;
        }
        List<Integer> expected = new ArrayList<>(sequential(count));
        lost.forEach(index -> expected.set(index, null));
        assertThat(outcome.results()).isEqualTo(expected);
        for (int item = 0; item < count; item++) {
            int times = lost.contains(item) ? Math.min(1, runs.get(item)) : 1;
            assertThat(runs.get(item)).as("runs of item " + item).isEqualTo(times);
            if (!lost.contains(item)) {
                assertThat(sink.count(name + " " + item))
                        .as("lines of item " + item)
                        .isEqualTo(1);
            } else {
                assertThat(sink.count(name + " " + item))
                        .as("lines of the lost item " + item)
                        .isLessThanOrEqualTo(1);
            }
        }
        lost.forEach(index -> count("lost"));
    }

    private void retries(Random random, String name) {
        int count = 1 + random.nextInt(300);
        List<Integer> results =
                pool.chunk(1 + random.nextInt(40)).retries(ENOUGH).map(x -> work(x), range(count));
        assertThat(results).isEqualTo(sequential(count));
    }

    private void imap(Random random, String name) {
        int count = 1 + random.nextInt(300);
        Iterator<Integer> results = pool.retries(ENOUGH).imap(x -> work(x), range(count));
        List<Integer> all = new ArrayList<>();
        results.forEachRemaining(all::add);
        assertThat(all).isEqualTo(sequential(count));
    }

    private void imapUnordered(Random random, String name) {
        int count = 1 + random.nextInt(300);
        Iterator<Integer> results = pool.retries(ENOUGH).imapUnordered(x -> x, range(count));
        Set<Integer> seen = new HashSet<>();
        while (results.hasNext()) {
            assertThat(seen.add(results.next()))
                    .as("an item for the first time")
                    .isTrue();
        }
        assertThat(seen).hasSize(count);
    }

    private void producers(Random random, String name) throws Exception {
        int count = 1 + random.nextInt(200);
        Queue<Integer> queue = random.nextBoolean() ? new Queue<>() : new Queue<>(1 + random.nextInt(10));
        AsyncResult<List<Integer>> puts = pool.mapAsync(
                x -> {
                    queue.put(x);
                    return x;
                },
                range(count));
        Map<Integer, Integer> got = new HashMap<>();
        while (!puts.isDone() || !queue.isEmpty()) {
            Integer element = queue.poll(10, TimeUnit.MILLISECONDS);
            if (element != null) {
                got.merge(element, 1, Integer::sum);
            }
        }
        Outcome outcome = outcomeOf(puts);
        Set<Integer> lost = outcome.lost();
        if (isGivenUp(outcome, count)) {
            queue.close();
            return;
        }
        for (int item = 0; item < count; item++) {
            int times = lost.contains(item) ? Math.min(1, got.getOrDefault(item, 0)) : 1;
            assertThat(got.getOrDefault(item, 0))
                    .as("times that " + item + " was in the queue")
                    .isEqualTo(times);
        }
        queue.close();
    }

    private static Outcome outcomeOf(AsyncResult<List<Integer>> result) throws Exception {
        return Outcome.of(() -> {
            try {
                return result.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException failed) {
                throw failed.getCause() instanceof TaskFailedException known ? known : failed;
            }
        });
    }

    private boolean isGivenUp(Outcome outcome, int count) {
        boolean givenUp = !outcome.isWhole(count);
        if (givenUp) {
            count("given up");
        }
        return givenUp;
    }

    private void consumers(Random random, String name) throws Exception {
        int count = 1 + random.nextInt(100);
        Queue<Integer> queue = new Queue<>();
        for (int i = 0; i < count; i++) {
            queue.put(i);
        }
        Outcome outcome = Outcome.of(() -> pool.map(
                x -> {
                    try {
                        return queue.get(Duration.ofMillis(500));
                    } catch (TimeoutException empty) {
                        return -1;
                    }
                },
                range(count)));
        if (isGivenUp(outcome, count)) {
            outcome.lost();
            queue.close();
            return;
        }
        List<Integer> left = new ArrayList<>();
        queue.drainTo(left);
        List<Integer> all = new ArrayList<>(left);
        outcome.results().forEach(element -> {
            if (element != null && (Integer) element >= 0) {
                all.add((Integer) element);
            }
        });
        assertThat(all).doesNotHaveDuplicates();
        assertThat(count - all.size())
                .as("elements that dead workers had taken")
                .isBetween(0, outcome.lost().size());
        queue.close();
    }

    private void pipe(Random random, String name) throws Exception {
        int count = 1 + random.nextInt(500);
        Pipe pipe = Pipe.oneWay();
        Connection in = pipe.first();
        Connection out = pipe.second();
        Process process = new Process(() -> {
                    for (int i = 0; i < count; i++) {
                        out.send(i);
                        System.out.println(name + " " + i);
                    }
                    out.close();
                })
                .start();
        out.close();
        int received = 0;
        try {
            while (true) {
                assertThat(in.recv(Integer.class)).isEqualTo(received);
                received++;
            }
        } catch (java.io.EOFException end) {
            in.close();
        }
        assertThat(process.join(PATIENCE)).isTrue();
        assertThat(process.exitCode()).isIn(0, -9, KILLED_AS_IT_ENDED);
        if (process.exitCode() == 0) {
            assertThat(received).isEqualTo(count);
        }
        int printed = 0;
        while (printed < count && sink.count(name + " " + printed) == 1) {
            printed++;
        }
        for (int i = printed; i < count; i++) {
            assertThat(sink.count(name + " " + i)).as("a line behind the last").isZero();
        }
        assertThat(printed).isBetween(process.exitCode() == 0 ? count : 0, count);
    }

    private void lock(Random random, String name) throws Exception {
        int count = 1 + random.nextInt(60);
        Lock lock = new Lock();
        Value.OfInt value = Value.rawInt(0);
        Outcome outcome = Outcome.of(() -> pool.chunk(1)
                .map(
                        x -> {
                            lock.withLock((Action) () -> {
                                int before = value.get();
                                Thread.sleep(x % 5);
                                value.set(before + 1);
                            });
                            return x;
                        },
                        range(count)));
        int lost = outcome.lost().size();
        if (isGivenUp(outcome, count)) {
            return;
        }
        assertThat(lock.acquire(PATIENCE)).isTrue();
        lock.release();
        assertThat(value.get()).isBetween(count - lost, count);
    }

    private void barrier(Random random, String name) throws Exception {
        Barrier barrier = new Barrier(2);
        Outcome outcome = Outcome.of(() -> pool.chunk(1).map(x -> barrier.await(Duration.ofMillis(1500)), range(2)));
        if (isGivenUp(outcome, 2)) {
            return;
        }
        Set<Object> passed = new HashSet<>(outcome.results());
        passed.remove(null);
        outcome.failures().values().forEach(each -> {
            boolean apart = each instanceof BrokenBarrierException || each instanceof TimeoutException;
            assertThat(apart || each instanceof WorkerDiedException)
                    .as("a failure that has a name: " + each)
                    .isTrue();
            assertThat(apart && !passed.isEmpty())
                    .as("one has passed, and the other not")
                    .isFalse();
        });
        assertThat(passed.size() + outcome.failures().size()).isEqualTo(2);
    }

    private void shortPool(Random random, String name) throws Exception {
        Pool brief = Pool.builder().workers(1).taskTimeout(TASK_TIMEOUT).build();
        try {
            AsyncResult<List<Integer>> result = brief.retries(ENOUGH).mapAsync(x -> work(x), range(20));
            if (random.nextBoolean()) {
                brief.terminate();
                try {
                    assertThat(result.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                            .isEqualTo(sequential(20));
                } catch (CancellationException expected) {
                    count("cancelled");
                }
            } else {
                brief.shutdown();
                assertThat(result.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                        .isEqualTo(sequential(20));
            }
        } finally {
            brief.shutdown();
        }
        assertThat(brief.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                .isTrue();
    }
}
