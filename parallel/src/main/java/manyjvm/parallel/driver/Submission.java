package manyjvm.parallel.driver;

import java.time.Duration;
import java.util.Optional;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.wire.Code;

/**
 * What is to be run, and who hears of it: a value. How far it has come is the {@link Scheduler}'s matter.
 *
 * @param id unique in its driver
 * @param settings with those of the pool where the submission has none of its own
 * @param hook whether it is the initializer or exit hook of one worker, which counts as nobody's task
 * @param pipes those that are under way with it
 * @param notes of those who watch its pool
 */
record Submission(
        long id,
        Code code,
        CallKind kind,
        JobSettings settings,
        boolean hook,
        OutputTarget output,
        PipesUnderWay pipes,
        JobListener listener,
        SubmissionNotes notes) {
    Submission(
            long id,
            Code code,
            CallKind kind,
            JobSettings settings,
            boolean hook,
            OutputTarget output,
            PipesUnderWay pipes,
            JobListener listener) {
        this(id, code, kind, settings, hook, output, pipes, listener, new SubmissionNotes());
    }

    String description() {
        return settings.description();
    }

    Optional<Duration> timeout() {
        return settings.taskTimeout();
    }

    int retries() {
        return settings.retries();
    }

    boolean failFast() {
        return settings.failFast();
    }

    /** Whether its worker says when each item starts. */
    boolean isTimed() {
        return hook || timeout().isPresent();
    }

    /** Whether it may end while an item of it still runs: by a timeout, or by the failure of another one. */
    boolean mayEndEarly() {
        return failFast() || timeout().isPresent();
    }
}
