package manyjvm.parallel.driver;

import java.util.Objects;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.spi.OutputSink;
import org.jspecify.annotations.Nullable;

/**
 * Where the text of a submission goes, and that of a worker's JVM which no task printed. Confined to the driver's thread
 * once made.
 */
final class OutputTarget {
    private static final long NO_SUBMISSION = 0;

    private final long submission;
    private final Object place;
    private final OutputMode mode;
    private final OutputRouter.@Nullable Group group; // null in other modes than GROUPED
    private long written;

    private OutputTarget(long submission, Object place, OutputMode mode, OutputSink sink) {
        this.submission = submission;
        this.place = place;
        this.mode = mode;
        this.group = mode == OutputMode.GROUPED ? new OutputRouter.Group(sink, place) : null;
    }

    static OutputTarget ofSubmission(long submission, Object place, OutputMode mode, OutputSink sink) {
        return new OutputTarget(submission, place, mode, sink);
    }

    /** For text outside any task, which has no turn that it could wait for. */
    static OutputTarget ofWorkers(Object place, OutputMode mode, OutputSink sink) {
        return new OutputTarget(NO_SUBMISSION, place, mode == OutputMode.GROUPED ? OutputMode.LIVE : mode, sink);
    }

    long submission() {
        return submission;
    }

    Object place() {
        return place;
    }

    OutputMode mode() {
        return mode;
    }

    /** In the mode {@code GROUPED}. */
    OutputRouter.Group group() {
        return Objects.requireNonNull(group, "text is not grouped");
    }

    /** Some of it is with the sink, outside the groups. */
    void written(long mark) {
        written = mark;
    }

    /** The sink's mark after the last of it. */
    long written() {
        return group == null ? written : Math.max(written, group.written());
    }

    /** Tasks {@code from} (inclusive) to {@code to} (exclusive) have ended. */
    void tasksEnded(long from, long to) {
        if (group != null) {
            group.ended(from, to);
        }
    }

    /** The submission has ended: what waited for its turn is shown. */
    void close() {
        if (group != null) {
            group.close();
        }
    }
}
