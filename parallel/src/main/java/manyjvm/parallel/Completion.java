package manyjvm.parallel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import manyjvm.parallel.spi.Job;

/** What becomes of an asynchronous submission: decoded, made readable, then told to the callbacks, in this order. */
final class Completion<R> {
    private final PoolState state;
    private final Consumer<? super R> callback;
    private final Consumer<? super Throwable> errorCallback;
    private final AsyncResult<R> result;
    private final Object place;
    private final ResultCollector.Progress progress;
    private final AtomicBoolean settled = new AtomicBoolean();

    Completion(
            PoolState state,
            String description,
            Consumer<? super R> callback,
            Consumer<? super Throwable> errorCallback) {
        this.state = state;
        this.callback = callback;
        this.errorCallback = errorCallback;
        this.progress = new ResultCollector.Progress(description);
        this.result = new AsyncResult<>(state.runtime().callbacks(), progress::toString);
        this.place = state.runtime().place();
    }

    /** What a collector gives, or throws. */
    interface Reader<R> {
        R read(ResultCollector collector) throws Throwable;
    }

    /** Makes the submission. What it refuses is thrown, and no callback is told. */
    AsyncResult<R> of(Reader<R> reader, Function<ResultCollector, Job> submission) {
        ResultCollector collector = new ResultCollector(
                progress, ended -> state.runtime().callbacks().execute(() -> {
                    try {
                        state.callBack(() -> complete(ended, reader));
                    } finally {
                        settled();
                    }
                }));
        state.callbackExpected();
        Job job;
        try {
            job = submission.apply(collector);
        } catch (RuntimeException | Error refused) {
            settled(); // nothing to call back for; a job that was opened has been cancelled
            throw refused;
        }
        result.comesFrom(job);
        return result;
    }

    private void settled() {
        if (settled.compareAndSet(false, true)) {
            state.callbackDone();
        }
    }

    private void complete(ResultCollector collector, Reader<R> reader) {
        R value;
        try {
            value = reader.read(collector);
        } catch (Throwable failure) { // whatever the task threw is the result's failure
            result.completeExceptionally(failure);
            tell(errorCallback, failure);
            return;
        }
        result.complete(value);
        tell(callback, value);
    }

    private <T> void tell(Consumer<? super T> listener, T news) {
        if (listener == null) {
            return;
        }
        try {
            listener.accept(news);
        } catch (Throwable failure) { // a callback must not harm the pool
            state.complain(place, "a callback failed: ", failure);
        }
    }
}
