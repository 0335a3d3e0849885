package manyjvm.parallel.driver;

import org.jspecify.annotations.Nullable;

/**
 * What a pool's {@link Recorder} and {@link ProgressLines} keep of a submission while it is under way: with it, since they are
 * told of it several times in the life of the smallest task. Confined to the driver's thread.
 */
final class SubmissionNotes {
    /** Where it is counted; null before it is submitted, once it has ended, and of a hook. */
    RecordedWork.@Nullable Call call;

    /** Which tells how far it is; null where {@code call} is, and where nobody wants to know. */
    ProgressLines.@Nullable Line line;
}
