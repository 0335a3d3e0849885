package manyjvm.parallel.driver;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Workers' JVMs that were started before anybody wants them, as Python's {@code forkserver} is: fresh ones, in which no
 * user's code has run, which have loaded what a worker needs and wait for their greeting. A worker that is made of one
 * starts in some milliseconds instead of some tenths of a second. Each costs about 40 MB of memory while it waits.
 *
 * <p>Safe for use by any thread. A JVM that stands by dies with its driver as a worker does: its standard input ends.
 */
final class StandbyJvms implements AutoCloseable {
    private record Standby(List<String> command, Process process) {
        boolean isAlive() {
            return process.toHandle().isAlive(); // asks the system; Process itself learns of a death a little later
        }
    }

    private final int wanted;
    private final Deque<Standby> standing = new ArrayDeque<>(); // guarded by this
    private boolean closed; // guarded by this

    /** @param wanted how many stand by at most */
    StandbyJvms(int wanted) {
        this.wanted = wanted;
    }

    int wanted() {
        return wanted;
    }

    /** One that was started with exactly this command. */
    synchronized Optional<Process> take(List<String> command) {
        for (Iterator<Standby> each = standing.iterator(); each.hasNext(); ) {
            Standby standby = each.next();
            if (!standby.isAlive()) {
                each.remove();
            } else if (standby.command().equals(command)) {
                each.remove();
                return Optional.of(standby.process());
            }
        }
        return Optional.empty();
    }

    /**
     * Starts one more, unless there are enough; those of another command go.
     *
     * @return whether still more are wanted
     */
    synchronized boolean add(List<String> command) throws IOException {
        for (Standby standby : List.copyOf(standing)) {
            if (!standby.isAlive() || !standby.command().equals(command)) {
                standing.remove(standby);
                end(standby);
            }
        }
        if (closed || standing.size() >= wanted) {
            return false;
        }
        standing.add(new Standby(command, new ProcessBuilder(command).start()));
        return standing.size() < wanted;
    }

    /** How many there are. */
    synchronized int size() {
        return standing.size();
    }

    /** Ends all of them; new ones may be added. */
    synchronized void dismiss() {
        standing.forEach(StandbyJvms::end);
        standing.clear();
    }

    @Override
    public synchronized void close() {
        closed = true;
        dismiss();
    }

    private static void end(Standby standby) {
        standby.process().destroyForcibly();
    }
}
