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
            "JoinableQueue",
            "Lock",
            "Manager",
            "Namespace",
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
            "ShareableList",
            "SharedMemory",
            "SimpleQueue",
            "Task",
            "TaskFailedException",
            "ThreadDump",
            "Value",
            "WaitInterruptedException",
            "WorkerDiedException");

    /** Of the JDK: all waits take one, and JShell imports nothing of {@code java.time}. */
    private static final String DURATION = "import java.time.Duration;";

    private Imports() {}

    static List<String> declarations() {
        List<String> declarations = new ArrayList<>();
        TYPES.forEach(type -> declarations.add("import " + PACKAGE + type + ";"));
        declarations.add(DURATION);
        declarations.add("import static " + PACKAGE + "Parallel.*;");
        return declarations;
    }
}
