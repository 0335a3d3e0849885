package manyjvm.kernel.session.execution;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import manyjvm.kernel.session.execution.UserThread.UserCode;
import org.jspecify.annotations.Nullable;

/**
 * One run of one cell, as far as stopping goes. Two threads meet here: the one that evaluates the cell, and whoever asks for the
 * stop. The monitor keeps them apart. A stop reaches the user's code, which is interrupted where it is, and the wait for the
 * session; the compiler it never reaches: there it is a mark that is looked at before users' code runs.
 */
public final class CellRun {
    private final String label;
    private final Runnable join;
    private final CountDownLatch ended = new CountDownLatch(1);

    // Set once, before any code of the run's runs.
    private volatile @Nullable UserThread user;
    private volatile @Nullable ClassLoader loader;

    /** Confined to the user thread. */
    private boolean joined;

    /** Set between two pieces of code, and read by them; null while nobody wants to know. */
    private volatile @Nullable Stopwatch stopwatch;

    private volatile @Nullable String nextInput;

    // Guarded by this object's lock.
    private boolean inUserCode;
    private boolean stopRequested;
    private @Nullable Thread waiting;

    /**
     * @param label what error messages call the cell
     * @param join makes the calling thread one that works for the cell; done on the user thread before the cell's first code
     */
    public CellRun(String label, Runnable join) {
        this.label = label;
        this.join = join;
    }

    /** @param session what cells see; a loader of its own in front of it marks the threads that this run starts */
    public CellRun attach(UserThread thread, ClassLoader session) {
        loader = new ClassLoader(session) {};
        user = thread;
        return this;
    }

    public String label() {
        return label;
    }

    Runnable join() {
        return join;
    }

    /** The user thread, or null while the run has not come so far. */
    public @Nullable Thread thread() {
        UserThread attached = user;
        return attached == null ? null : attached.thread();
    }

    /** The user thread goes on to other cells: it is this run's until {@link #end} only. */
    boolean owns(Thread candidate) {
        return candidate == thread()
                ? ended.getCount() > 0
                : loader != null && candidate.getContextClassLoader() == loader;
    }

    public void end() {
        ended.countDown();
    }

    /** @return whether it has ended by then */
    boolean awaitEnd(long seconds) throws InterruptedException {
        return ended.await(seconds, TimeUnit.SECONDS);
    }

    public synchronized boolean stopRequested() {
        return stopRequested;
    }

    /** Whether users' code is running, as opposed to the compiler or the kernel. */
    public synchronized boolean inUserCode() {
        return inUserCode;
    }

    /** Between two phases, where nothing is half done: ends the cell when it was stopped. */
    public void stopIfRequested() {
        if (stopRequested()) {
            throw CellStopped.outsideOfItsCode();
        }
    }

    /** Takes the session's lock, unless a stop comes first: the session may be starting, or answering a question. */
    public void take(ReentrantLock lock) {
        synchronized (this) {
            stopIfRequested();
            waiting = Thread.currentThread();
        }
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException stopped) {
            throw CellStopped.outsideOfItsCode();
        } finally {
            synchronized (this) {
                waiting = null;
                // A stop that came together with the lock is marked; its interrupt must not meet the compiler.
                Thread.interrupted();
            }
        }
    }

    /**
     * Runs users' code on the thread for it, and waits. What it throws comes out; a {@link CellStopped} instead of running when
     * the cell was stopped.
     */
    public <T> T inUserCode(UserCode<T> code) throws Throwable {
        stopIfRequested();
        return Objects.requireNonNull(user, "a run is attached before its code runs")
                .call(() -> {
                    enter();
                    Stopwatch timed = stopwatch;
                    try {
                        if (timed != null) {
                            timed.start();
                        }
                        return code.run();
                    } finally {
                        if (timed != null) {
                            timed.stop();
                        }
                        leave();
                    }
                });
    }

    /**
     * From now on this takes the time of the run's code.
     *
     * @param next null for none
     * @return what has taken it so far
     */
    public @Nullable Stopwatch timeBy(@Nullable Stopwatch next) {
        Stopwatch before = stopwatch;
        stopwatch = next;
        return before;
    }

    /** Asks the front end to put this text in the place of the cell's. */
    public void nextInput(String text) {
        nextInput = text;
    }

    /** What {@link #nextInput(String)} has asked for last, or null. */
    public @Nullable String nextInput() {
        return nextInput;
    }

    private void enter() {
        if (!joined) {
            joined = true;
            // What is left of an earlier cell, be it the interrupt of its stop.
            Thread.interrupted();
            Thread.currentThread().setContextClassLoader(loader);
            join.run();
        }
        synchronized (this) {
            stopIfRequested();
            inUserCode = true;
        }
    }

    private synchronized void leave() {
        inUserCode = false;
    }

    /**
     * Comes first: what ends a cell from here on is known to be the stop.
     *
     * @return whether it is the first
     */
    public synchronized boolean requestStop() {
        boolean first = !stopRequested;
        stopRequested = true;
        if (waiting != null) {
            waiting.interrupt();
        }
        return first;
    }

    /** Interrupts the cell's thread, when in user code, and the threads that the cell has started. */
    public void interruptThreads() {
        Thread thread = thread();
        synchronized (this) {
            if (inUserCode && thread != null) {
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
