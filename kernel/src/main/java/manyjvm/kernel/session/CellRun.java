package manyjvm.kernel.session;

import java.util.Arrays;
import java.util.List;

/**
 * One run of one cell, as far as stopping goes. The cell thread enters and leaves user code; the control thread asks for the
 * stop. The monitor keeps them apart: the thread's interrupt flag is only ever set while user code runs. Set during a
 * compilation it would close the compiler's jar files for good (an interrupted {@code FileChannel} closes itself).
 */
final class CellRun {
    private final Thread thread = Thread.currentThread();
    private final ClassLoader loader;
    private boolean inUserCode;
    private boolean stopRequested;
    private boolean userInterrupted;
    private volatile boolean ended;

    /** @param session what cells see; a loader of its own in front of it marks the threads that this run starts */
    CellRun(ClassLoader session) {
        this.loader = new ClassLoader(session) {};
    }

    Thread thread() {
        return thread;
    }

    ClassLoader contextLoader() {
        return loader;
    }

    /** The cell thread goes on to other cells: it is this run's until {@link #end} only. */
    boolean owns(Thread candidate) {
        return candidate == thread ? !ended : candidate.getContextClassLoader() == loader;
    }

    void end() {
        ended = true;
    }

    synchronized boolean stopRequested() {
        return stopRequested;
    }

    synchronized void enterUserCode() {
        if (stopRequested) {
            throw new CellStopped();
        }
        inUserCode = true;
        if (userInterrupted) {
            thread.interrupt();
        }
    }

    /** Takes the interrupt flag off the thread; a flag that the user's own code has set comes back in the next snippet. */
    synchronized void leaveUserCode() {
        inUserCode = false;
        userInterrupted = Thread.interrupted();
    }

    /** Comes first: what ends a cell from here on is known to be the stop. */
    synchronized void requestStop() {
        stopRequested = true;
    }

    /** Interrupts the cell's thread, when in user code, and the threads that the cell has started. */
    void interruptThreads() {
        synchronized (this) {
            if (inUserCode) {
                thread.interrupt();
            }
        }
        for (Thread living : livingThreads()) {
            if (living != thread && owns(living)) {
                living.interrupt();
            }
        }
    }

    /** All platform threads of this JVM. */
    static List<Thread> livingThreads() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] threads = new Thread[root.activeCount() + 16];
        int count = root.enumerate(threads);
        while (count == threads.length) {
            threads = new Thread[threads.length * 2];
            count = root.enumerate(threads);
        }
        return Arrays.asList(threads).subList(0, count);
    }
}
