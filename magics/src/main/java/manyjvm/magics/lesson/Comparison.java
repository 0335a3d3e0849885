package manyjvm.magics.lesson;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import manyjvm.parallel.Action;
import manyjvm.parallel.Fn;
import manyjvm.parallel.Pool;
import manyjvm.parallel.Queue;
import manyjvm.parallel.Value;

/**
 * What {@code %%compare} runs in a JVM of its own, once for each number of processors.
 *
 * <p>Why in another JVM: threads of the notebook's JVM cannot be kept to one processor, since a system keeps whole processes to
 * them, and the notebook's would stay so. A JVM that starts on one processor has one from its first instruction on, and so have
 * its threads and the workers that it starts. So all ways are compared in one JVM: with the same options, the same collector, and
 * the same code compiled. Only the workers of {@code processes} compile it once more, each for itself.
 *
 * @param workers how many work at once, but for {@code sequential}
 * @param repeat how often each way is measured, in turns, so that what changes on the machine meanwhile meets all of them
 * @param runs takes all that was measured, once
 * @param step counts what has begun: the warm-up of each way, and then each run that is measured. Shared memory, since a message
 *     would cost time that is measured
 */
public record Comparison<A>(
        Fn<A, ?> function,
        List<A> items,
        List<String> ways,
        int workers,
        int repeat,
        Queue<List<Run>> runs,
        Value.OfInt step)
        implements Action {
    public static final String SEQUENTIAL = "sequential";

    /** So long each way runs before it is measured, or {@link #MOST_WARM_UPS} times, and all items once at least. */
    private static final long WARM_UP = Duration.ofMillis(300).toNanos();

    private static final int MOST_WARM_UPS = 20;

    @Override
    public void go() throws Exception {
        List<Way<A>> open = new ArrayList<>();
        try {
            for (String way : ways) {
                open.add(new Way<>(way, function, numbered(), pool(way)));
            }
            List<Run> measured = new ArrayList<>();
            for (Way<A> way : open) {
                step.getAndAdd(1);
                warmUp(way);
            }
            for (int i = 0; i < repeat; i++) {
                for (Way<A> way : open) {
                    step.getAndAdd(1);
                    measured.add(way.run());
                }
            }
            runs.put(measured);
        } finally {
            open.forEach(Way::close);
        }
    }

    private List<Numbered<A>> numbered() {
        List<Numbered<A>> numbered = new ArrayList<>(items.size());
        for (A item : items) {
            numbered.add(new Numbered<>(numbered.size(), item));
        }
        return numbered;
    }

    /** Without a progress line, which would cost time that is measured. */
    private Optional<Pool> pool(String way) {
        return way.equals(SEQUENTIAL)
                ? Optional.empty()
                : Optional.of(Pool.builder()
                        .name(way)
                        .backend(way)
                        .workers(workers)
                        .progress(false)
                        .build());
    }

    private static void warmUp(Way<?> way) throws Exception {
        long ran = 0; // without the start of workers
        int times = 0;
        do {
            ran += way.run().wall();
            times++;
        } while (times < MOST_WARM_UPS && ran < WARM_UP);
    }

    /** @param pool empty for one after the other on this thread */
    private record Way<A>(String name, Fn<A, ?> function, List<Numbered<A>> items, Optional<Pool> pool) {
        Run run() throws Exception {
            Timed<A> timed = new Timed<>(function, name.equals("virtual"));
            long cpu = cpu();
            long begin = Turns.now();
            List<Span> spans;
            if (pool.isPresent()) {
                spans = pool.get().map(timed, items);
            } else {
                spans = new ArrayList<>(items.size());
                for (Numbered<A> item : items) {
                    spans.add(timed.call(item));
                }
            }
            long wall = Turns.now() - begin;
            return new Run(name, begin, wall, cpu() - cpu, spans);
        }

        /** Of this JVM and the workers that are JVMs. */
        private long cpu() {
            long here = new CpuTime().call();
            return name.equals("processes")
                    ? here
                            + pool.orElseThrow().everyWorker(new CpuTime()).stream()
                                    .mapToLong(Long::longValue)
                                    .sum()
                    : here;
        }

        void close() {
            pool.ifPresent(Pool::close);
        }
    }
}
