package manyjvm.parallel;

/**
 * A thread was interrupted while it waited for a queue, a connection or a lock; the thread's interrupt flag is set again, and
 * nothing was taken or given. Thrown by the methods that carry Python's names; those of {@code java.util.concurrent}
 * interfaces that declare {@link InterruptedException} throw that.
 */
public final class WaitInterruptedException extends ParallelException {
    private static final long serialVersionUID = 1L;

    /** @param what the object that was waited for, {@code Queue 7} */
    public WaitInterruptedException(String what, InterruptedException cause) {
        super("Interrupted while waiting for " + what + ".", cause);
    }
}
