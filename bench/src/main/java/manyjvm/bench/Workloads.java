package manyjvm.bench;

import static manyjvm.bench.Figure.rate;
import static manyjvm.bench.Figure.time;

import java.util.List;

/**
 * What is measured of pools. Each runs in a fresh kernel, so that what its first round shows is what a user's first
 * cell does. Goals are those of a machine with two processors.
 */
final class Workloads {
    /** What the cells share. */
    static final String HELPERS =
            """
            void figure(String id, double value) { System.out.println("FIGURE " + id + " " + value); }
            double ms(long start) { return (System.nanoTime() - start) / 1e6; }
            double middle(List<Double> all) { return all.stream().sorted().toList().get(all.size() / 2); }
            int square(int x) { return x * x; }
            boolean isPrime(int k) {
                if (k < 2) return false;
                for (int i = 2; (long) i * i <= k; i++) if (k % i == 0) return false;
                return true;
            }
            int primes(int from) { int n = 0; for (int k = from; k < from + 100_000; k++) if (isPrime(k)) n++; return n; }
            """;

    private static final Workload POOL = new Workload(
            "pool",
            """
            for (int i = 0; i < 5; i++) {
                Thread.sleep(1500);
                long start = System.nanoTime();
                try (var pool = new Pool(2)) { pool.map(x -> square(x), range(10)); figure("pool.ready", ms(start)); }
            }
            for (int i = 0; i < 5; i++) {
                long start = System.nanoTime();
                try (var pool = new Pool(2)) { pool.map(x -> square(x), range(10)); figure("pool.burst", ms(start)); }
            }
            """,
            List.of(
                    time("pool.ready", "Pool(2) and a map of 10, JVMs standing by", "ms")
                            .goal(15, 7.1),
                    time("pool.burst", "the same, one after the other", "ms").goal(100, 7.1)));

    private static final Workload PROCESS = new Workload(
            "process",
            """
            for (int i = 0; i < 8; i++) {
                Thread.sleep(900);
                long start = System.nanoTime();
                var process = new Process(() -> {}).start();
                process.join();
                figure("process.ready", ms(start));
            }
            for (int i = 0; i < 10; i++) {
                long start = System.nanoTime();
                var process = new Process(() -> {}).start();
                process.join();
                figure("process.burst", ms(start));
            }
            """,
            List.of(
                    time("process.ready", "Process start and join, a JVM standing by", "ms")
                            .goal(12, 0),
                    time("process.burst", "the same, one after the other", "ms").goal(100, 0)));

    private static final Workload APPLY = new Workload(
            "apply",
            """
            try (var pool = new Pool(2)) {
                pool.map(x -> square(x), range(100));
                for (int round = 0; round < 4; round++) {
                    var times = new ArrayList<Double>();
                    for (int i = 0; i < 3000; i++) {
                        int x = i;
                        long start = System.nanoTime();
                        pool.apply(() -> square(x));
                        times.add(1e3 * ms(start));
                    }
                    figure(round == 0 ? "apply.first" : "apply.steady", middle(times));
                }
            }
            """,
            List.of(
                    time("apply.first", "apply, the first 3,000", "us").goal(60, 171),
                    time("apply.steady", "apply, later", "us").goal(15, 171)));

    private static final Workload ASYNC = new Workload(
            "async",
            """
            try (var pool = new Pool(2)) {
                pool.map(x -> square(x), range(100));
                for (int round = 0; round < 3; round++) {
                    long start = System.nanoTime();
                    var results = new ArrayList<AsyncResult<Integer>>();
                    for (int i = 0; i < 50_000; i++) { int x = i; results.add(pool.applyAsync(() -> square(x))); }
                    for (var result : results) result.get();
                    if (round != 1) figure(round == 0 ? "async.first" : "async.third", 50_000 / ms(start));
                }
            }
            """,
            List.of(
                    rate("async.first", "applyAsync, the first 50,000", "k/s").goal(45, 46),
                    rate("async.third", "applyAsync, the third 50,000", "k/s").goal(200, 46)));

    private static final Workload MAP = new Workload(
            "map",
            """
            try (var pool = new Pool(2)) {
                double slowest = Double.MAX_VALUE, best = 0;
                for (int round = 0; round < 8; round++) {
                    long start = System.nanoTime();
                    pool.map(x -> square(x), range(1_000_000));
                    double rate = 1e3 / ms(start);
                    if (round > 0) { slowest = Math.min(slowest, rate); best = Math.max(best, rate); }
                }
                figure("map.slowest", slowest);
                figure("map.best", best);
            }
            """,
            List.of(
                    rate("map.slowest", "map of a million ints, the slowest round after the first", "M/s")
                            .goal(15, 7.9),
                    rate("map.best", "the best round", "M/s").goal(35, 7.9)));

    private static final Workload IMAP = new Workload(
            "imap",
            """
            try (var pool = new Pool(2)) {
                for (int round = 0; round < 3; round++) {
                    long start = System.nanoTime();
                    int n = 0;
                    for (int y : pool.imapUnordered(x -> square(x), range(20_000))) n++;
                    if (round != 1) figure(round == 0 ? "imap.first" : "imap.third", n / ms(start));
                }
            }
            """,
            List.of(
                    rate("imap.first", "imapUnordered, the first 20,000", "k/s").goal(100, 108),
                    rate("imap.third", "imapUnordered, the third 20,000", "k/s").goal(400, 108)));

    private static final Workload ARRAYS = new Workload(
            "arrays",
            """
            try (var pool = new Pool(2)) {
                var arrays = new ArrayList<double[]>();
                for (int i = 0; i < 4; i++) arrays.add(new double[8 << 20]);
                for (int round = 0; round < 4; round++) {
                    long start = System.nanoTime();
                    pool.chunk(1).map(a -> { double sum = 0; for (int i = 0; i < 1000; i++) sum += a[i]; return sum; }, arrays);
                    if (round > 0) figure("arrays.later", 256e3 / ms(start));
                }
            }
            """,
            List.of(rate("arrays.later", "map over four arrays of 64 MiB, after the first round", "MiB/s")
                    .goal(1126, 350)));

    private static final Workload CAPTURED = new Workload(
            "captured",
            """
            double[] table = new double[8 << 20];
            try (var pool = new Pool(2)) {
                pool.map(x -> square(x), range(10));
                for (int round = 0; round < 5; round++) {
                    table[round] = round + 1;
                    for (int again = 0; again < 3; again++) {
                        long start = System.nanoTime();
                        pool.map(i -> table[i], range(4));
                        if (again == 0) figure(round == 0 ? "captured.first" : "captured.changed", ms(start));
                        else figure("captured.again", ms(start));
                    }
                }
            }
            """,
            List.of(
                    time("captured.first", "map with a variable of 64 MiB, the first one", "ms")
                            .goal(150, 0),
                    time("captured.changed", "the same, once it has changed", "ms"),
                    time("captured.again", "the same, unchanged", "ms").goal(40, 0)));

    private static final Workload LAMBDA = new Workload(
            "lambda",
            """
            var warm = new Pool(2);
            for (int i = 0; i < 30; i++) warm.map(x -> square(x), range(100));
            """,
            List.of(time("lambda.new", "map of 100 by a lambda never seen before, in a warm pool", "ms")
                    .goal(2, 0)));

    private static final Workload MANY = new Workload(
            "many",
            """
            long start = System.nanoTime();
            var many = new Pool(64);
            many.everyWorker(() -> 0);
            figure("many.up", ms(start) / 1e3);
            void rest(int x) { try { Thread.sleep(5); } catch (InterruptedException ended) { throw new RuntimeException(ended); } }
            for (int i = 0; i < 3; i++) {
                long begun = System.nanoTime();
                many.chunk(1).map(x -> { rest(x); return x; }, range(640));
                if (i > 0) figure("many.sixtyfour", ms(begun));
            }
            many.close();
            try (var eight = new Pool(8)) {
                for (int i = 0; i < 3; i++) {
                    long begun = System.nanoTime();
                    eight.chunk(1).map(x -> { rest(x); return x; }, range(640));
                    if (i > 0) figure("many.eight", ms(begun));
                }
            }
            """,
            List.of(
                    time("many.up", "64 workers, until all are up", "s").goal(4, 0),
                    time("many.eight", "640 tasks of 5 ms, by 8 workers (400 at best)", "ms")
                            .goal(450, 0),
                    time("many.sixtyfour", "the same by 64 (50 at best)", "ms").goal(450, 0)));

    private static final Workload QUEUE = new Workload(
            "queue",
            """
            for (int round = 0; round < 3; round++) {
                var queue = new Queue<Integer>();
                var producer = new Process(() -> { for (int i = 0; i < 50_000; i++) queue.put(i); }).start();
                queue.get();
                long start = System.nanoTime();
                for (int i = 1; i < 50_000; i++) queue.get();
                figure(round == 0 ? "queue.first" : "queue.later", 50_000 / ms(start));
                producer.join();
            }
            var small = new Queue<Integer>();
            var seconds = new Queue<Double>();
            var from = new Process(() -> { for (int i = 0; i < 30_000; i++) small.put(i); }).start();
            var to = new Process(() -> {
                small.get();
                long start = System.nanoTime();
                for (int i = 1; i < 30_000; i++) small.get();
                seconds.put((System.nanoTime() - start) / 1e9);
            }).start();
            figure("queue.workers", 30 / seconds.get());
            from.join();
            to.join();
            for (int round = 0; round < 3; round++) {
                var queue = new Queue<byte[]>();
                var producer = new Process(() -> { var block = new byte[1 << 20]; for (int i = 0; i < 300; i++) queue.put(block); }).start();
                queue.get();
                long start = System.nanoTime();
                for (int i = 1; i < 300; i++) queue.get();
                figure("queue.large", 300e3 / ms(start));
                producer.join();
            }
            """,
            List.of(
                    rate("queue.first", "Queue, the first 50,000 small elements", "k/s")
                            .goal(400, 323),
                    rate("queue.later", "the same, later", "k/s").goal(1200, 323),
                    rate("queue.workers", "from a worker to a worker", "k/s").goal(250, 0),
                    rate("queue.large", "Queue, elements of 1 MiB", "MiB/s").goal(1229, 615)));

    private static final Workload PIPE = new Workload(
            "pipe",
            """
            var pipe = Pipe.duplex();
            var far = pipe.second();
            var near = pipe.first();
            var echo = new Process(() -> {
                while (true) { Object message = far.recv(); if (message.equals(-1)) return; far.send(message); }
            }).start();
            for (int round = 0; round < 4; round++) {
                var times = new ArrayList<Double>();
                for (int i = 0; i < 3000; i++) {
                    long start = System.nanoTime();
                    near.send(i);
                    near.recv();
                    times.add(1e3 * ms(start));
                }
                if (round > 0) figure("pipe.turn", middle(times));
            }
            near.send(-1);
            echo.join();
            """,
            List.of(time("pipe.turn", "Pipe, there and back", "us").goal(16, 64)));

    private static final Workload VALUE = new Workload(
            "value",
            """
            for (int round = 0; round < 3; round++) {
                var value = Value.ofInt(0);
                var barrier = new Barrier(3);
                var both = new ArrayList<Process>();
                for (int w = 0; w < 2; w++) {
                    both.add(new Process(() -> {
                        barrier.await();
                        for (int i = 0; i < 200_000; i++) value.withLock(() -> value.set(value.get() + 1));
                    }).start());
                }
                barrier.await();
                long start = System.nanoTime();
                for (var process : both) process.join();
                if (value.get() != 400_000) throw new IllegalStateException("lost updates: " + value.get());
                figure("value.locked", 400 / ms(start));
            }
            """,
            List.of(rate("value.locked", "Value, locked increments by two processes", "M/s")
                    .goal(4, 1.34)));

    private static final Workload PRIMES = new Workload(
            "primes",
            """
            var jobs = range(0, 2_000_000, 100_000).stream().toList();
            for (int i = 0; i < 3; i++) for (int job : jobs) primes(job);
            long start = System.nanoTime();
            long found = 0;
            for (int job : jobs) found += primes(job);
            double alone = ms(start);
            long byThreads = 0;
            for (int i = 0; i < 3; i++) {
                start = System.nanoTime();
                byThreads = jobs.parallelStream().mapToLong(job -> primes(job)).sum();
            }
            double threads = ms(start);
            try (var pool = new Pool(2)) {
                for (int i = 0; i < 3; i++) pool.chunk(1).map(x -> primes(x), jobs);
                for (int i = 0; i < 3; i++) {
                    start = System.nanoTime();
                    long sum = pool.chunk(1).map(x -> primes(x), jobs).stream().mapToLong(n -> n).sum();
                    figure("primes.steady", alone / ms(start));
                    if (sum != found || sum != byThreads) throw new IllegalStateException(sum + " primes, not " + found);
                }
                start = System.nanoTime();
                pool.chunk(1).map(x -> 1 + primes(x), jobs);
                figure("primes.newlambda", alone / ms(start));
            }
            figure("primes.limit", alone / threads);
            """,
            List.of(
                    rate("primes.limit", "primes on two processors: threads of one JVM, the limit", "x"),
                    rate("primes.steady", "the same in two workers", "x"),
                    rate("primes.newlambda", "the first time with another lambda", "x")));

    static final List<Workload> ALL =
            List.of(POOL, PROCESS, APPLY, ASYNC, MAP, IMAP, ARRAYS, CAPTURED, LAMBDA, MANY, QUEUE, PIPE, VALUE, PRIMES);

    /** A statement with a lambda of its own. */
    static String newLambda(int number) {
        return "{ long start = System.nanoTime(); warm.map(x -> square(x) + %d, range(100)); figure(\"lambda.new\", ms(start)); }"
                .formatted(number);
    }

    private Workloads() {}
}
