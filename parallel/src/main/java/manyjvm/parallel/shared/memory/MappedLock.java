package manyjvm.parallel.shared.memory;

import java.util.List;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.shared.Deadline;
import manyjvm.parallel.shared.RemoteObject;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.Waits;

/**
 * A lock between JVMs whose state is one word in shared memory. Taking and leaving a free lock is a compare-and-set each,
 * without a message; only who finds it taken for more than some microseconds parks at the lock's host.
 *
 * <p><b>The word</b> is 0 when free; else the holder, as JVM and thread, and {@link #CONTENDED} when somebody is parked. Only
 * the host sets that bit, in the same step in which it enters the waiter in its list, and only while the word is not 0. Who
 * leaves the lock sets the word to 0 and, if it had the bit, tells the host, which sends the first waiter to try again.
 * Neither order of the two messages, park and unpark, loses the wake-up: if unpark comes first, the host finds the word free
 * or without the bit when park comes. A woken waiter takes the word <i>with</i> the bit, since others may be parked behind
 * it; one that gives up instead passes the wake-up on. Newcomers may overtake: that is what makes it fast.
 *
 * <p><b>Death.</b> When a JVM dies, its host notes that in {@code deaths} and clears the words that carry its number. The next
 * holder finds the note, asks the host who it was, says so on its standard error, and {@link #isInherited} is true until it leaves.
 *
 * <p>Depth and inheritance are touched by the holder only. Safe for use by any thread.
 */
public final class MappedLock {
    public static final long CONTENDED = 1L << 62;

    private static final int JVM_ID_SHIFT = 32;
    private static final long THREAD_MASK = 0xffff_ffffL;

    /** Enough to outlast a short critical section of a holder that runs on another processor. */
    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 200 : 0;

    /** Tries that let others run, for a holder that waits for this processor. */
    private static final int YIELDS = 20;

    private final RemoteObject remote;
    private final MappedFile file;
    private final boolean reentrant;
    private final long jvmId;

    public MappedLock(RemoteObject remote, MappedFile file, boolean reentrant) {
        this.remote = remote;
        this.file = file;
        this.reentrant = reentrant;
        this.jvmId = (long) remote.client().jvmId() << JVM_ID_SHIFT;
    }

    public static int jvmIdOf(long word) {
        return (int) ((word & ~CONTENDED) >>> JVM_ID_SHIFT);
    }

    public boolean tryAcquire() {
        return tryAcquire(self(), 0);
    }

    /** @return false when the deadline came first */
    public boolean acquire(Deadline deadline) throws InterruptedException {
        long self = self();
        if (tryAcquire(self, 0)) {
            return true;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before waiting for a lock");
        }
        boolean woken = false;
        try {
            while (true) {
                if (spin(self, woken ? CONTENDED : 0)) {
                    woken = false;
                    return true;
                }
                if (deadline.isOver()) {
                    return false;
                }
                // WITHDRAWN is answered at the deadline: one more round of spinning ends the wait above.
                woken = remote.await(SharedOperation.PARK, deadline, this::holders)
                        .isDone();
            }
        } finally {
            if (woken) {
                remote.tell(SharedOperation.UNPARK, 0);
            }
        }
    }

    private boolean spin(long self, long contended) {
        for (int spins = 0; spins < SPINS; spins++) {
            if (tryAcquire(self, contended)) {
                return true;
            }
            Thread.onSpinWait();
        }
        for (int yields = 0; yields < YIELDS; yields++) {
            if (tryAcquire(self, contended)) {
                return true;
            }
            Thread.yield();
        }
        return false;
    }

    private boolean tryAcquire(long self, long contended) {
        long word = file.word();
        if (word == 0) {
            if (!file.compareAndSetWord(0, self | contended)) {
                return false;
            }
            if (file.deaths() != 0) {
                inherit();
            }
            return true;
        }
        if (reentrant && (word & ~CONTENDED) == self) {
            file.setDepth(file.depth() + 1);
            return true;
        }
        return false;
    }

    private void inherit() {
        file.setDeaths(0);
        file.setInherited(1);
        String holder;
        try {
            holder = remote.ask(SharedOperation.LAST_HOLDER).reason();
        } catch (ParallelException driverGone) {
            holder = "died"; // this thread has the lock, and is to know what it has; nobody is left who knows more
        }
        System.err.println("warning: " + remote.handle().name() + " was released because its holder " + holder
                + ": what it guards may be half changed.");
    }

    /**
     * @throws IllegalMonitorStateException when nobody holds it, or, for a reentrant lock, when another thread does
     */
    public void release() {
        long word = file.word();
        if (word == 0 || reentrant && (word & ~CONTENDED) != self()) {
            throw notHeld();
        }
        if (reentrant && file.depth() > 0) {
            file.setDepth(file.depth() - 1);
            return;
        }
        if (file.inherited() != 0) {
            file.setInherited(0);
        }
        long before = file.clearWord();
        if ((before & CONTENDED) != 0) {
            remote.tell(SharedOperation.UNPARK, 0);
        }
        if (before == 0) {
            throw notHeld(); // another thread released it between the look and the act
        }
    }

    /**
     * Leaves the lock whatever its depth, as waiting on a condition must. Only for the holder.
     *
     * @return what {@link #reacquire} needs
     */
    public int releaseAll() {
        int depth = file.depth();
        file.setDepth(0);
        release();
        return depth;
    }

    /** Takes the lock again after {@link #releaseAll}, to the same depth. Deaf to interrupts, which stay pending. */
    public void reacquire(int depth) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    acquire(Deadline.never());
                    file.setDepth(depth);
                    return;
                } catch (InterruptedException interrupt) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Who has it, as far as the word tells: for whoever asks why it is not to be had. */
    private List<Waits.Holder> holders() {
        long word = file.word();
        return word == 0 ? List.of() : List.of(new Waits.Holder(jvmIdOf(word), word & THREAD_MASK));
    }

    public boolean isHeld() {
        return file.word() != 0;
    }

    public boolean isHeldByCurrentThread() {
        return (file.word() & ~CONTENDED) == self();
    }

    /** Whether the holder got it from a JVM that died; meaningful for the holder. */
    public boolean isInherited() {
        return file.inherited() != 0;
    }

    private long self() {
        return jvmId | Thread.currentThread().getId() & THREAD_MASK;
    }

    private IllegalMonitorStateException notHeld() {
        return new IllegalMonitorStateException(remote.handle().name()
                + (file.word() == 0
                        ? " is not held by anybody: lock it before you unlock it."
                        : " is held by another thread or JVM: only its holder may unlock it."));
    }
}
