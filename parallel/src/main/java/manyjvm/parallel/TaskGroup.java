package manyjvm.parallel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** {@code invokeAll} and {@code invokeAny}: what has not ended when they return is cancelled, as the JDK's interface asks. */
final class TaskGroup {
    private TaskGroup() {}

    static <T extends @Nullable Object> List<Future<T>> all(
            Pool pool, Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException {
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        List<AsyncResult<T>> results = new ArrayList<>(tasks.size());
        boolean complete = false;
        try {
            for (Callable<T> task : tasks) {
                results.add(pool.submit(task));
            }
            for (AsyncResult<T> result : results) {
                try {
                    result.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (ExecutionException failure) {
                    continue; // the caller reads it from the future
                } catch (TimeoutException late) {
                    return List.copyOf(results);
                }
            }
            complete = true;
            return List.copyOf(results);
        } finally {
            if (!complete) {
                results.forEach(result -> result.cancel(true));
            }
        }
    }

    static <T extends @Nullable Object> T any(
            Pool pool, Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("invokeAny needs at least one task");
        }
        BlockingQueue<AsyncResult<T>> finished = new LinkedBlockingQueue<>();
        List<AsyncResult<T>> results = new ArrayList<>(tasks.size());
        try {
            for (Callable<T> task : tasks) {
                AsyncResult<T> result = pool.submit(task);
                results.add(result);
                result.whenComplete((value, failure) -> finished.add(result));
            }
            long deadline = System.nanoTime() + unit.toNanos(timeout);
            ExecutionException last = null;
            for (int ended = 0; ended < results.size(); ended++) {
                AsyncResult<T> result = finished.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (result == null) {
                    throw new TimeoutException((results.size() == 1
                                    ? "the task did not succeed"
                                    : "none of the " + results.size() + " tasks succeeded")
                            + " within " + Checks.words(Duration.ofNanos(unit.toNanos(timeout))));
                }
                try {
                    return result.get();
                } catch (ExecutionException failure) {
                    last = failure;
                }
            }
            throw last;
        } finally {
            results.forEach(result -> result.cancel(true));
        }
    }
}
