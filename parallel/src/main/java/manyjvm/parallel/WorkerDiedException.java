package manyjvm.parallel;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The worker JVM died while it held this task: {@code System.exit}, a signal, out of memory, a crash. Only the items that
 * it was running are lost; the pool goes on with a new worker.
 *
 * <pre>{@code
 * try (var pool = new Pool(2)) {
 *     pool.each(x -> {
 *         if (x == 1) {
 *             System.exit(3);
 *         }
 *     }, range(3));
 * } catch (WorkerDiedException death) {
 *     System.out.println(death.reason() + ", item " + death.index());    // exit code 3, item 1
 * }
 * }</pre>
 */
public final class WorkerDiedException extends TaskFailedException {
    private static final long serialVersionUID = 1L;

    private final String worker;
    private final long pid;
    private final String reason;
    private final int exitCode;
    private final List<String> lastLines;

    /**
     * @param message which worker died of what, and what to do next
     * @param worker {@code Pool-1 worker 2}
     * @param pid of its process
     * @param reason {@code exit code 3}
     * @param exitCode its exit code, or -n for signal n
     * @param index of the item that it was running
     * @param lastLines what the JVM itself wrote last to its standard error
     */
    public WorkerDiedException(
            String message, String worker, long pid, String reason, int exitCode, int index, List<String> lastLines) {
        this(message, null, worker, pid, reason, exitCode, index, lastLines, List.of(), Map.of());
    }

    private WorkerDiedException(
            @Nullable String message,
            @Nullable Throwable cause,
            String worker,
            long pid,
            String reason,
            int exitCode,
            int index,
            List<String> lastLines,
            List<?> results,
            Map<Integer, Throwable> failures) {
        super(message, cause, index, results, failures);
        this.worker = worker;
        this.pid = pid;
        this.reason = reason;
        this.exitCode = exitCode;
        this.lastLines = List.copyOf(lastLines);
    }

    /** The same death, told by the map that it hit, with the results of the other items. */
    WorkerDiedException in(@Nullable String message, List<?> results, Map<Integer, Throwable> failures) {
        return new WorkerDiedException(
                message, this, worker, pid, reason, exitCode, index(), lastLines, results, failures);
    }

    /** {@code Pool-1 worker 2}. */
    public String worker() {
        return worker;
    }

    /** The operating system's number of its process. */
    public long pid() {
        return pid;
    }

    /** {@code exit code 3}, {@code signal 9 (SIGKILL)}, {@code out of memory}. */
    public String reason() {
        return reason;
    }

    /** The exit code, or -n for signal n. */
    public int exitCode() {
        return exitCode;
    }

    /** The last lines that the JVM itself wrote to its standard error. */
    public List<String> lastLines() {
        return lastLines;
    }
}
