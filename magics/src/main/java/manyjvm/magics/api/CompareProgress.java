package manyjvm.magics.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import manyjvm.parallel.spi.ProgressReport;
import org.jspecify.annotations.Nullable;

/**
 * One line that says how far a comparison is, drawn again in place by the thread that waits for it: nothing of it runs in the JVM
 * that is measured. A step is the warm-up of a way, or a run of it.
 */
final class CompareProgress {
    private final @Nullable Function<Object, Consumer<Object>> page;
    private final List<String> ways;
    private final int repeat;
    private final int steps; // in all
    private final long start = System.nanoTime();
    private @Nullable Consumer<Object> display;
    private int shown = -1;

    /**
     * @param page shows a value, and gives what draws another one in its place; null for nothing to be shown
     * @param counts how many numbers of processors there are
     */
    CompareProgress(@Nullable Function<Object, Consumer<Object>> page, List<String> ways, int repeat, int counts) {
        this.page = page;
        this.ways = ways;
        this.repeat = repeat;
        this.steps = counts * stepsOfOne();
    }

    private int stepsOfOne() {
        return ways.size() * (1 + repeat);
    }

    /**
     * @param before how many numbers of processors have been measured
     * @param begun how many steps on this one have begun
     */
    void update(int before, int processors, int begun) {
        int now = before * stepsOfOne() + begun;
        if (now != shown) {
            shown = now;
            show("compare: " + words(begun, processors), Math.max(0, now - 1), Optional.empty());
        }
    }

    private String words(int begun, int processors) {
        String on = " on " + CompareResult.processors(processors);
        if (begun == 0) {
            return "a JVM" + on + " starts";
        }
        int step = begun - 1;
        String way = ways.get(step % ways.size());
        int round = step / ways.size();
        return way + on + ", " + (round == 0 ? "warm-up" : "round " + round + " of " + repeat);
    }

    /** All has been measured. */
    void end() {
        int runs = steps / (1 + repeat) * repeat;
        show(
                "compare",
                steps,
                Optional.of(
                        "done in " + ProgressReport.words(elapsed()) + ", " + runs + (runs == 1 ? " run" : " runs")));
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void show(String what, int done, Optional<String> end) {
        if (page == null) {
            return;
        }
        ProgressReport report =
                new ProgressReport(0, display == null, true, what, done, 0, OptionalLong.of(steps), 0, List.of(), end);
        if (display == null) {
            display = page.apply(report);
        } else {
            display.accept(report);
        }
    }
}
