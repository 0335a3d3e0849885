package manyjvm.parallel.driver;

import java.util.Map;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.TaskFailedException;

/** What is told of a submission whose function a worker could not load. */
final class RefusedFunction {
    private static final int DEEPEST_CAUSE = 4;

    private RefusedFunction() {}

    /** @param worker as it is called */
    static TaskFailedException told(String worker, Chunk chunk, Throwable failure) {
        return new TaskFailedException(
                worker + " could not load the function of " + chunk.submission.description() + ": " + chain(failure),
                failure,
                (int) chunk.first + chunk.next,
                null,
                Map.of());
    }

    /** An exception and its causes, in one line: what counts is often the last. */
    private static String chain(Throwable failure) {
        StringBuilder text = new StringBuilder(told(failure));
        Throwable cause = failure.getCause();
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++, cause = cause.getCause()) {
            if (text.indexOf(told(cause)) < 0) {
                text.append(", caused by ").append(told(cause));
            }
        }
        return text.toString();
    }

    /** A stand-in tells the name of what it stands for. */
    private static String told(Throwable failure) {
        return failure instanceof ParallelException ? String.valueOf(failure.getMessage()) : failure.toString();
    }
}
