package manyjvm.parallel.driver;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.wire.Code;
import org.jspecify.annotations.Nullable;

/**
 * One run of a pool's initializer or exit hook in one worker, whose outcome is told on the driver's thread, always, and by
 * when its worker is done with it. Nobody sees that outcome but the pool: it waits for no text.
 */
final class HookRun implements JobListener {
    /**
     * How a hook failed.
     *
     * @param told what it says of itself, asked for elsewhere: the driver's thread must not
     */
    record Failure(Throwable thrown, String told) {}

    private final Driver driver;
    private final Consumer<Optional<Failure>> outcome;
    private final Submission submission;

    HookRun(Driver driver, Code code, Hook hook, OutputTarget textPlace, Consumer<Optional<Failure>> outcome) {
        this.driver = driver;
        this.outcome = outcome;
        JobSettings settings = new JobSettings(hook.description(), Optional.empty(), 0, false, false);
        submission =
                driver.submission(code, CallKind.RUNNABLE, settings, true, textPlace.place(), textPlace.mode(), this);
        driver.enter(submission.output());
    }

    Submission submission() {
        return submission;
    }

    @Override
    public void arrived(Batch batch) {
        if (Batches.hasFailures(batch)) {
            readFailure(batch);
        } else {
            driver.loop().post(() -> outcome.accept(Optional.empty()));
        }
    }

    @Override
    public void ended(Optional<Throwable> reason) {
        submission.pipes().end();
        reason.ifPresent(refused -> outcome.accept(Optional.of(new Failure(refused, refused.toString()))));
    }

    /** Decodes where users' code may run; where that takes long, its pool is told what is known without. */
    private void readFailure(Batch batch) {
        Throwable standIn = Batches.told(batch).orElseGet(() -> new ParallelException("it failed without saying how"));
        Failure undecoded = new Failure(standIn, standIn.toString());
        CompletableFuture.supplyAsync(() -> decoded(batch, undecoded), driver.callbacks())
                .completeOnTimeout(undecoded, Driver.GRACE.toNanos(), TimeUnit.NANOSECONDS)
                .handle((decoded, broken) ->
                        driver.loop().post(() -> outcome.accept(Optional.of(broken == null ? decoded : undecoded))));
    }

    /** On a callback thread. */
    private static Failure decoded(Batch batch, Failure otherwise) {
        Failure[] decoded = {otherwise};
        batch.readTo(new Receiver() {
            @Override
            public void value(long index, @Nullable Object value) {
                // a hook has no result
            }

            @Override
            public void failure(long index, Throwable failure) {
                decoded[0] = new Failure(failure, failure.toString());
            }
        });
        return decoded[0];
    }
}
