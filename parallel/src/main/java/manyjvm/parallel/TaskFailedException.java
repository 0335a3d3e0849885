package manyjvm.parallel;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task threw. The cause is the task's own exception with the frames of the worker; when its class is not known here, the
 * cause is missing and the message carries its name. For a map, the other items' results are kept.
 *
 * <pre>{@code
 * try (var pool = new Pool(2)) {
 *     pool.map(x -> 10 / x, List.of(1, 0, 2));
 * } catch (TaskFailedException failure) {
 *     System.out.println(failure.index() + ": " + failure.getCause());    // 1: java.lang.ArithmeticException: / by zero
 *     System.out.println(failure.results());                              // [10, null, 5]
 * }
 * }</pre>
 */
public sealed class TaskFailedException extends ParallelException permits WorkerDiedException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable List<?> results;
    private final transient @Nullable Map<Integer, Throwable> failures; // not after Java serialization
    private final int index;

    /**
     * @param message what failed, and how
     * @param cause the task's own exception; null when its class is not known here
     * @param index of the first item that failed
     * @param results of all items in order, null where there is none; null for a single task
     * @param failures by the index of the item
     */
    public TaskFailedException(
            @Nullable String message,
            @Nullable Throwable cause,
            int index,
            @Nullable List<?> results,
            Map<Integer, Throwable> failures) {
        super(message, cause);
        this.index = index;
        this.results = results;
        this.failures = failures;
    }

    /** The index of the first item that failed; 0 for a single task. */
    public int index() {
        return index;
    }

    /** All items' results in order, {@code null} where there is none: see {@link #failures}. Empty for a single task. */
    public List<?> results() {
        return results == null ? List.of() : results;
    }

    /** What went wrong, by the index of the item. An item that was never run, after {@code failFast}, is in neither. */
    public Map<Integer, Throwable> failures() {
        return failures == null ? Map.of() : Collections.unmodifiableMap(failures);
    }
}
