package manyjvm.kernel.session.execution;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The runs of a session that have begun and not ended: one of the main shell, one of each subshell. Safe for all threads; never
 * waits for the session's lock.
 *
 * <p><b>What runs beside each other, and what does not.</b> Each statement is compiled while its cell holds the session's lock, and
 * runs without it. So any cell may read and assign what others have defined, call it, and define what has a new name, while others
 * run. What it may not is declare an old name anew: JShell gives the variable (and each one that depends on a method or type) a new
 * place, code that runs already goes on to write to the old one, and what it writes would be lost without a word. Such a
 * declaration waits for the other cells, {@link #PATIENCE} at most, and is then refused.
 */
public final class OpenRuns {
    static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Guarded by this object. */
    private final Set<CellRun> runs = new LinkedHashSet<>();

    public synchronized void add(CellRun run) {
        runs.add(run);
    }

    public synchronized void remove(CellRun run) {
        runs.remove(run);
        notifyAll();
    }

    public synchronized boolean has(CellRun run) {
        return runs.contains(run);
    }

    public synchronized List<CellRun> all() {
        return List.copyOf(runs);
    }

    /** A run was stopped: whoever waits for others looks whether it is its own. */
    public synchronized void look() {
        notifyAll();
    }

    /** Whether cells of several shells are running. */
    public synchronized boolean areSeveral() {
        return runs.size() > 1;
    }

    /** Of a run that is no cell's, the kernel's own at its start, there is nothing beside. */
    synchronized List<String> besides(CellRun own) {
        return runs.contains(own)
                ? runs.stream().filter(run -> run != own).map(CellRun::label).toList()
                : List.of();
    }

    /** Waits until others are open than these, the waiting one is stopped, or the time is there. */
    synchronized void awaitChange(CellRun own, List<String> others, long end) {
        while (besides(own).equals(others) && !own.stopRequested()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                return;
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                // Users' code never sees this thread; a stop is a mark, which the loop looks at.
                continue;
            }
        }
    }
}
