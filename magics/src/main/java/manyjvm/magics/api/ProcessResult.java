package manyjvm.magics.api;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.Process;
import manyjvm.parallel.Queue;

/**
 * What a process's cell will return, once the process has ended: {@code %%process --async --out NAME} binds it. It fails with
 * a {@link ParallelException} when the process ends in another way than by returning.
 */
public final class ProcessResult<R> extends CompletableFuture<R> {
    /** The value comes before the process's end, in the order in which the driver reads; this covers a driver that is busy. */
    private static final long VALUE_SECONDS = 10;

    private final Process process;

    /** @param values where the process puts a list with its one value, which may be null */
    ProcessResult(Process process, Queue<List<R>> values, Processes processes) {
        this.process = process;
        process.onExit().whenComplete((ended, failure) -> {
            if (failure != null) {
                completeExceptionally(failure);
            } else {
                finish(values, processes);
            }
        });
    }

    private void finish(Queue<List<R>> values, Processes processes) {
        try {
            String failure = processes.failure(process).orElse("");
            List<R> value = failure.isEmpty() ? values.poll(VALUE_SECONDS, TimeUnit.SECONDS) : null;
            if (value == null) {
                completeExceptionally(new ParallelException(
                        failure.isEmpty() ? process.name() + " ended before it returned a value" : failure));
            } else {
                complete(value.get(0));
            }
        } catch (InterruptedException | RuntimeException lost) {
            completeExceptionally(lost);
        } finally {
            values.close();
        }
    }

    /** The process that gives the value. */
    public Process process() {
        return process;
    }

    /** Whether the value, or the failure, is there. */
    public boolean ready() {
        return isDone();
    }

    /**
     * Waits for the value.
     *
     * @throws ExecutionException with the {@link ParallelException} when the process failed
     * @throws TimeoutException when it takes longer; the process goes on
     */
    public R get(Duration timeout) throws InterruptedException, ExecutionException, TimeoutException {
        return get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Kills the process. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled) {
            process.kill();
        }
        return cancelled;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }

    /** The process, and the value once it is there. */
    @Override
    public String toString() {
        return isDone() && !isCompletedExceptionally() ? process + ": " + join() : process.toString();
    }
}
