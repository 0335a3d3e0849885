package manyjvm.parallel;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import manyjvm.parallel.shared.Waits;
import manyjvm.parallel.spi.Job;
import org.jspecify.annotations.Nullable;

/**
 * A result that is on its way. Python's {@code AsyncResult}, and a {@link CompletableFuture}: dependents run on the
 * library's callback threads, of which there are as many as needed, so that one may wait for another result.
 *
 * <pre>{@code
 * try (var pool = new Pool(2)) {
 *     AsyncResult<Integer> result = pool.applyAsync(() -> 20 * 20, value -> System.out.println("callback: " + value));
 *     System.out.println(result.get(Duration.ofSeconds(60)));    // 400
 *     System.out.println(result.ready() && result.successful());    // true
 *     System.out.println(pool.mapAsync(x -> x * x, range(4)).thenApply(squares -> squares.get(3)).join());    // 9
 * }
 * }</pre>
 */
public final class AsyncResult<R extends @Nullable Object> extends CompletableFuture<R> {
    private final Executor callbacks;
    private volatile @Nullable Job job; // null until it exists, and for what depends on a result

    private final Supplier<String> progress;

    /** @param progress what it is a result of, and how far that is */
    AsyncResult(Executor callbacks, Supplier<String> progress) {
        this.callbacks = callbacks;
        this.progress = progress;
    }

    /** Set once the submission exists; a cancel that came earlier is made good. */
    void comesFrom(Job job) {
        this.job = job;
        if (isCancelled()) {
            job.cancel();
        }
    }

    /** Whether the result, or the failure, is there. */
    public boolean ready() {
        return isDone();
    }

    /**
     * Whether the task ended without a failure.
     *
     * @throws IllegalStateException when it has not ended yet
     */
    public boolean successful() {
        if (!isDone()) {
            throw new IllegalStateException("the result is not ready yet: call get() or wait for ready()");
        }
        return !isCompletedExceptionally();
    }

    /**
     * Waits for the result.
     *
     * @throws ExecutionException with a {@link TaskFailedException} as its cause when the task failed
     * @throws TimeoutException when it takes longer; the task goes on
     */
    public R get(Duration timeout) throws InterruptedException, ExecutionException, TimeoutException {
        return get(Checks.nanos(timeout), TimeUnit.NANOSECONDS);
    }

    @Override
    public R get() throws InterruptedException, ExecutionException {
        Optional<Waits> noted = noteWait(false);
        try {
            return super.get();
        } finally {
            noted.ifPresent(Waits::over);
        }
    }

    @Override
    public R get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        Optional<Waits> noted = noteWait(true);
        try {
            return super.get(timeout, unit);
        } finally {
            noted.ifPresent(Waits::over);
        }
    }

    @Override
    public R join() {
        Optional<Waits> noted = noteWait(false);
        try {
            return super.join();
        } finally {
            noted.ifPresent(Waits::over);
        }
    }

    private Optional<Waits> noteWait(boolean bounded) {
        Job present = job;
        return isDone()
                ? Optional.empty()
                : ResultCollector.noteWait(
                        () -> "the result of " + progress.get(),
                        bounded,
                        present == null ? Waits::nobody : present::holders);
    }

    /**
     * Drops the tasks that have not started and interrupts those that run; a worker that ignores it is replaced.
     *
     * @param mayInterruptIfRunning whether running tasks are disturbed; with false a started task runs on, unread
     */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        Job present = job;
        if (cancelled && present != null && mayInterruptIfRunning) {
            present.cancel();
        }
        return cancelled;
    }

    /** As {@code cancel(true)}. */
    public boolean cancel() {
        return cancel(true);
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new AsyncResult<>(callbacks, () -> "result");
    }

    /** What it is and how far: {@code mapAsync: 3 of 4 items done}. The result itself is not shown. */
    @Override
    public String toString() {
        if (isCancelled()) {
            return progress.get() + ", cancelled";
        }
        return progress.get() + (isCompletedExceptionally() ? ", failed" : isDone() ? ", ready" : ", not ready yet");
    }

    @Override
    public Executor defaultExecutor() {
        return callbacks;
    }
}
