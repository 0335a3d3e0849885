package manyjvm.parallel;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.FutureTask;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.WorkerPool;
import org.jspecify.annotations.Nullable;

/**
 * Single tasks as an {@code ExecutorService} takes them: their failure is their own exception, without what a pool adds, and
 * of those that nobody waits for it is shown. Groups of them are {@link TaskGroup}s.
 */
record ExecutorTasks(Submitter submitter) {
    <R extends @Nullable Object> AsyncResult<R> submit(CallKind kind, Object task) {
        return submitter.runAsync("submit", kind, task, Submitter.NOTHING, null, null, ResultCollector::only);
    }

    /** What it throws is shown where the caller's text is. */
    void execute(Object action) {
        PoolState state = submitter.state();
        Object place = state.runtime().place();
        submitter
                .<Void>runAsync(
                        "submit",
                        CallKind.RUNNABLE,
                        action,
                        Submitter.NOTHING,
                        null,
                        null,
                        // Whatever the task throws is wrapped: a bare cancellation is the pool's.
                        ResultCollector::single)
                .whenComplete((nothing, failure) -> {
                    if (failure != null && !(failure instanceof CancellationException)) {
                        Throwable thrown = failure.getCause();
                        boolean own =
                                failure instanceof TaskFailedException && !(failure instanceof WorkerDiedException);
                        state.complain(
                                place,
                                "a task of " + workers().settings().name() + " failed: ",
                                own && thrown != null ? thrown : failure);
                    }
                });
    }

    /** @throws ParallelException for the wrappers of the JDK's own futures, which work inside one JVM only */
    void refuseLocal(Runnable action) {
        boolean travels = workers().backend().capabilities().ownJvm();
        if (travels && action instanceof CompletableFuture.AsynchronousCompletionTask) {
            throw new ParallelException(
                    "a CompletableFuture's task holds the future itself and cannot travel to another"
                            + " JVM: instead of CompletableFuture.supplyAsync(f, pool) write pool.applyAsync(f), which gives a"
                            + " CompletableFuture");
        }
        if (travels && action instanceof FutureTask) {
            throw new ParallelException("a FutureTask works inside one JVM only and cannot travel: give the Callable or"
                    + " Runnable itself to submit(..); instead of an "
                    + ExecutorCompletionService.class.getSimpleName() + " use imapUnordered(..)");
        }
    }

    private WorkerPool workers() {
        return submitter.state().workerPool();
    }
}
