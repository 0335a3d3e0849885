package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Prints how quick the main things are, one JSON object a line; the workloads are those of other languages' pools. */
public final class FirstFigures {
    private FirstFigures() {}

    public static void main(String[] arguments) throws Exception {
        firstResult();
        processStart();
        try (Pool pool = new Pool(2)) {
            pool.map(x -> x * x, range(100));
            apply(pool);
            async(pool);
            map(pool);
            imap(pool);
            arrays(pool);
        }
    }

    private static void firstResult() {
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            try (Pool pool = new Pool(2)) {
                pool.map(x -> x * x, range(10));
                all.add((System.nanoTime() - start) / 1e6);
            }
        }
        print("first_result_first_ms", all.get(0));
        print("first_result_ms", median(all));
    }

    private static void processStart() throws InterruptedException {
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            long start = System.nanoTime();
            Process process = new Process(() -> {});
            process.start();
            process.join();
            all.add((System.nanoTime() - start) / 1e6);
        }
        print("process_start_join_ms", median(all));
    }

    private static void apply(Pool pool) {
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            int x = i;
            long start = System.nanoTime();
            pool.apply(() -> x * x);
            all.add((System.nanoTime() - start) / 1e3);
        }
        print("apply_us", median(all.subList(5000, 10_000)));
    }

    private static void async(Pool pool) {
        int count = 50_000;
        for (int round = 0; round < 2; round++) {
            long start = System.nanoTime();
            List<AsyncResult<Integer>> results = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int x = i;
                results.add(pool.applyAsync(() -> x * x));
            }
            results.forEach(AsyncResult::join);
            if (round == 1) {
                print("async_tasks_per_s", count / seconds(start));
            }
        }
    }

    private static void map(Pool pool) {
        int count = 1_000_000;
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            long start = System.nanoTime();
            pool.map(x -> x * x, range(count));
            all.add(count / seconds(start));
        }
        print("map_1M_items_per_s", median(all));
    }

    private static void imap(Pool pool) {
        int count = 20_000;
        for (int round = 0; round < 2; round++) {
            long start = System.nanoTime();
            long seen = pool.imapUnordered(x -> x * x, range(count)).stream().count();
            if (round == 1) {
                print("imap_unordered_per_s", seen / seconds(start));
            }
        }
    }

    private static void arrays(Pool pool) {
        List<double[]> arrays = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            arrays.add(new double[8 * 1024 * 1024]);
        }
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            pool.chunk(1).map(array -> Arrays.stream(array, 0, 1000).sum(), arrays);
            all.add(256 / seconds(start));
        }
        print("map_4x64MiB_arrays_MiB_per_s", median(all));
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static void print(String workload, double value) {
        System.out.printf(Locale.ROOT, "{\"sys\": \"manyjvm\", \"w\": \"%s\", \"v\": %.1f}%n", workload, value);
    }
}
