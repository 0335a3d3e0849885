package manyjvm.parallel;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import manyjvm.parallel.spi.Job;
import org.jspecify.annotations.Nullable;

/** What becomes of an asynchronous submission: decoded, made readable, then told to the callbacks, in this order. */
final class Completion<R extends @Nullable Object> {
    private final PoolState state;
    private final String description;
    private final @Nullable Consumer<? super R> callback;
    private final @Nullable Consumer<? super Throwable> errorCallback;
    private final AsyncResult<R> result;
    private final Object place;
    private final ResultCollector.Progress progress;

    Completion(
            PoolState state,
            String description,
            @Nullable Consumer<? super R> callback,
            @Nullable Consumer<? super Throwable> errorCallback) {
        this.state = state;
        this.description = description;
        this.callback = callback;
        this.errorCallback = errorCallback;
        this.progress = new ResultCollector.Progress(description);
        this.result = new AsyncResult<>(state.runtime().callbacks(), progress::toString);
        this.place = state.runtime().place();
    }

    /** What a collector gives, or throws. */
    interface Reader<R extends @Nullable Object> {
        R read(ResultCollector collector) throws Throwable;
    }

    /** Makes the submission. What it refuses is thrown, and no callback is told. */
    AsyncResult<R> of(Reader<R> reader, Function<ResultCollector, Job> submission) {
        CompletableFuture<Void> made =
                new CompletableFuture<>(); // never, when the submission is refused: it may end before that
        ResultCollector collector = new ResultCollector(
                progress,
                ended -> made.thenRunAsync(
                        () -> {
                            try {
                                state.callBack(() -> complete(ended, reader));
                            } finally {
                                state.callbackDone();
                            }
                        },
                        state.runtime().callbacks()));
        state.callbackExpected();
        try {
            result.comesFrom(submission.apply(collector));
        } catch (RuntimeException | Error refused) {
            state.callbackDone(); // nothing to call back for; a job that was opened has been cancelled
            throw refused;
        }
        made.complete(null);
        return result;
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

    private <T extends @Nullable Object> void tell(@Nullable Consumer<? super T> listener, T news) {
        if (listener == null) {
            return;
        }
        try {
            listener.accept(news);
        } catch (Throwable failure) { // a callback must not harm the pool
            state.complain(place, "a callback of " + description + " on " + state.name() + " failed: ", failure);
        }
    }
}
