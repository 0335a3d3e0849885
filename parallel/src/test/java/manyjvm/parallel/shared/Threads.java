package manyjvm.parallel.shared;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A thread of a test, with its result. */
final class Threads<R> {
    final Thread thread;
    private final CompletableFuture<R> result = new CompletableFuture<>();

    private Threads(Callable<R> body) {
        thread = new Thread(
                () -> {
                    try {
                        result.complete(body.call());
                    } catch (Throwable failure) {
                        result.completeExceptionally(failure);
                    }
                },
                "test");
        thread.setDaemon(true);
        thread.start();
    }

    static <R> Threads<R> run(Callable<R> body) {
        return new Threads<>(body);
    }

    /** Runs the body and returns when its thread waits for something. */
    static <R> Threads<R> runUntilWaiting(Callable<R> body) {
        Threads<R> run = new Threads<>(body);
        while (run.thread.getState() != Thread.State.WAITING && run.thread.getState() != Thread.State.TIMED_WAITING) {
            if (run.result.isDone()) {
                throw new AssertionError("ended without waiting: " + run.result);
            }
            Thread.onSpinWait();
        }
        return run;
    }

    R get() throws Exception {
        return result.get(30, TimeUnit.SECONDS);
    }

    boolean isDone() {
        return result.isDone();
    }
}
