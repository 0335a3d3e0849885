package manyjvm.magics.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import manyjvm.parallel.Pool;
import manyjvm.parallel.PoolStatus;
import manyjvm.parallel.spi.ProgressReport;

/** What {@code %pool status} shows: pools at one moment, each with its workers. Immutable. */
public record PoolsStatus(List<PoolStatus> pools) {
    private static final List<String> HEADINGS =
            List.of("worker", "pid", "state", "doing", "heap", "CPU", "tasks", "last line");

    /** A heap that was told of so long ago is said to be old. */
    private static final Duration OLD = Duration.ofSeconds(2);

    private static final long GIGABYTE = 1L << 30;

    static PoolsStatus of(List<Pool> pools) {
        return new PoolsStatus(pools.stream().map(Pool::status).toList());
    }

    /** What there is to say where there are none. */
    public static String none() {
        return "no pools: the first %pool map makes the default one, and %pool start makes others";
    }

    /** {@code running}, {@code processes}, {@code live}, {@code 3 queued, 2 running, 40 done, 1 failed}. */
    public static List<String> summary(PoolStatus pool) {
        return List.of(
                pool.state(),
                pool.backend(),
                pool.output().name().toLowerCase(Locale.ROOT),
                pool.queued() + " queued, " + pool.running() + " running, " + pool.done() + " done, " + pool.failed()
                        + " failed");
    }

    /** {@code busy 3.2 s}: a state, and for how long. */
    public static String state(PoolStatus.Worker worker) {
        return worker.state()
                + worker.since().map(since -> " " + ProgressReport.words(since)).orElse("");
    }

    /** {@code 34 MB of 512 MB}. */
    public static String size(PoolStatus.Heap heap) {
        return size(heap.used()) + " of " + size(heap.limit());
    }

    /** {@code 34 s ago}; empty where that is not long. */
    public static String age(PoolStatus.Heap heap) {
        return heap.age().compareTo(OLD) < 0 ? "" : ProgressReport.words(heap.age()) + " ago";
    }

    private static String size(long bytes) {
        return bytes < GIGABYTE
                ? (bytes >> 20) + " MB"
                : String.format(Locale.ROOT, "%.1f GB", bytes / (double) GIGABYTE);
    }

    /** {@code 4.1 s}; empty where it is not known. */
    public static String cpu(PoolStatus.Worker worker) {
        return worker.cpu().map(ProgressReport::words).orElse("");
    }

    /** A line for each pool, and under it its workers in aligned columns, for terminals. */
    @Override
    public String toString() {
        if (pools.isEmpty()) {
            return none();
        }
        List<String> text = new ArrayList<>();
        for (PoolStatus pool : pools) {
            text.add(pool.name() + "  " + String.join("  ", summary(pool)));
            if (!pool.workers().isEmpty()) {
                Table workers = new Table(
                        HEADINGS, pool.workers().stream().map(PoolsStatus::row).toList(), "");
                workers.toString().lines().forEach(line -> text.add("  " + line));
            }
        }
        return String.join("\n", text);
    }

    private static List<String> row(PoolStatus.Worker worker) {
        return List.of(
                String.valueOf(worker.number()),
                worker.pid() == 0 ? "" : String.valueOf(worker.pid()),
                state(worker),
                worker.doing(),
                worker.heap()
                        .map(heap -> size(heap) + (age(heap).isEmpty() ? "" : ", " + age(heap)))
                        .orElse(""),
                cpu(worker),
                String.valueOf(worker.tasks()),
                worker.lastLine());
    }
}
