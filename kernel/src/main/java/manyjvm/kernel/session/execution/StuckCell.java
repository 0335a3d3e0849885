package manyjvm.kernel.session.execution;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import manyjvm.kernel.session.text.CellFrames;

/**
 * Tells, once, where a cell is that was stopped and goes on nevertheless. Java ends no thread from outside: a thread ends itself,
 * at an interrupt or at one of our checks. Code of the JDK or of a library that does neither, a blocking read, a loop over
 * numbers, goes on for as long as it likes; and so does the compiler, which no stop reaches.
 */
public final class StuckCell {
    private static final long PATIENCE_SECONDS = 3;
    private static final String PROCESS_HINT = " Run by %process, any code can be stopped.";

    private StuckCell() {}

    /**
     * Waits in the background for the end of the run, and tells if it does not come.
     *
     * @param hasProcesses whether cells know {@code %process}
     */
    public static void watch(CellRun run, boolean hasProcesses) {
        Thread watch = new Thread(
                () -> {
                    try {
                        if (!run.awaitEnd(PATIENCE_SECONDS)) {
                            run.join().run();
                            System.err.println(words(run) + (hasProcesses ? PROCESS_HINT : ""));
                            System.err.flush();
                        }
                    } catch (InterruptedException e) {
                        // Somebody interrupts all threads of this JVM; nobody waits for this one.
                        Thread.currentThread().interrupt();
                    }
                },
                "stop-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static String words(CellRun run) {
        Thread thread = run.thread();
        if (thread == null || !run.inUserCode()) {
            return run.label()
                    + " is still running: it is being compiled, and Java's compiler cannot be stopped. The cell ends with the"
                    + " compilation and runs no further; to end it now, restart the kernel.";
        }
        return words(thread, run.label());
    }

    private static String words(Thread thread, String label) {
        StackTraceElement[] trace = thread.getStackTrace();
        int own = 0;
        while (own < trace.length && !isOfACell(trace[own])) {
            own++;
        }
        String place = own < trace.length ? trace[own].getFileName() + ":" + trace[own].getLineNumber() : label;
        return place + " is still running" + cause(trace, own) + awaited(thread)
                + ". Java cannot end a thread from outside: this cell, and those after it, wait until it ends by itself or the"
                + " kernel is restarted.";
    }

    /** @param own the index of the first frame that is a cell's, or the number of frames */
    private static String cause(StackTraceElement[] trace, int own) {
        if (own == 0) {
            return "";
        }
        StackTraceElement callee = trace[own - 1];
        if (callee.getClassName().equals(CellGuard.class.getName())) {
            return "";
        }
        String name = name(callee);
        return name.startsWith("manyjvm.") ? ": it is still in " + name : ": " + name + " ignores interrupts";
    }

    private static boolean isOfACell(StackTraceElement frame) {
        return CellFrames.locate(frame) != frame && frame.getFileName() != null;
    }

    private static String name(StackTraceElement frame) {
        String type = CellFrames.typeName(frame.getClassName());
        return frame.getMethodName().equals("<init>") ? "new " + type : type + "." + frame.getMethodName();
    }

    private static String awaited(Thread thread) {
        ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(thread.getId());
        return info == null || info.getLockOwnerName() == null
                ? ""
                : ", and the " + CellFrames.typeName(info.getLockInfo().getClassName())
                        + " that it waits for is held by the thread " + info.getLockOwnerName();
    }
}
