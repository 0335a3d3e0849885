package manyjvm.magics.api;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import manyjvm.parallel.Pool;
import org.jspecify.annotations.Nullable;

/** {@code %pool status --watch}: one display, drawn again in place until the cell is stopped, or the time is over. */
final class Watch {
    private static final Duration BETWEEN = Duration.ofMillis(500);

    private Watch() {}

    /**
     * Returns when it is over. A stop of the cell is the usual end; the cell ends by it as any other does.
     *
     * @param page shows a value, and gives what draws another one in its place
     * @param limit null for until it is stopped
     */
    static void pools(Function<Object, Consumer<Object>> page, @Nullable Duration limit, Supplier<List<Pool>> pools) {
        long start = System.nanoTime();
        Consumer<Object> display = page.apply(PoolsStatus.of(pools.get()));
        try {
            while (true) {
                long left = limit == null ? Long.MAX_VALUE : limit.toNanos() - (System.nanoTime() - start);
                if (left <= 0) {
                    return;
                }
                Thread.sleep(Duration.ofNanos(Math.min(left, BETWEEN.toNanos())).toMillis() + 1);
                PoolsStatus now = PoolsStatus.of(pools.get());
                if (Thread.currentThread().isInterrupted()) {
                    return; // it was asked in vain: the picture before stays
                }
                display.accept(now);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
