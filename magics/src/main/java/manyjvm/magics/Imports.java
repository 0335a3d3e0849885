package manyjvm.magics;

import java.util.ArrayList;
import java.util.List;

/**
 * What cells can name without an import. Types are imported one by one, since a star would make {@code Process} and
 * {@code Queue} ambiguous; functions by a star, so that a user's own win.
 */
final class Imports {
    private static final String PACKAGE = "manyjvm.parallel.";

    /** The public types of the library that users write; a test compares the list with the package. */
    static final List<String> TYPES = List.of(
            "Action",
            "Args2",
            "Args3",
            "Args4",
            "Array",
            "AsyncResult",
            "Barrier",
            "BoundedSemaphore",
            "Calls",
            "Condition",
            "Connection",
            "Event",
            "Fn",
            "Fn2",
            "Fn3",
            "Fn4",
            "ItemAction",
            "Lock",
            "NotShippableException",
            "OutputMode",
            "Parallel",
            "ParallelException",
            "Pipe",
            "Pool",
            "PoolClosedException",
            "PoolStatus",
            "Process",
            "ProcessInfo",
            "Queue",
            "RLock",
            "Range",
            "Results",
            "Semaphore",
            "Task",
            "TaskFailedException",
            "Value",
            "WaitInterruptedException",
            "WorkerDiedException");

    private Imports() {}

    static List<String> declarations() {
        List<String> declarations = new ArrayList<>();
        TYPES.forEach(type -> declarations.add("import " + PACKAGE + type + ";"));
        declarations.add("import static " + PACKAGE + "Parallel.*;");
        return declarations;
    }
}
