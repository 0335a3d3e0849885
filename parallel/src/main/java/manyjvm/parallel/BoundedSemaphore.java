package manyjvm.parallel;

import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedKind;

/**
 * A {@link Semaphore} that refuses to be released more often than acquired: Python's {@code BoundedSemaphore}.
 *
 * <pre>{@code
 * var permits = new BoundedSemaphore(1);
 * permits.acquire();
 * permits.release();
 * try {
 *     permits.release();
 * } catch (IllegalStateException tooOften) {
 *     System.out.println("once too often");          // once too often
 * }
 * }</pre>
 */
public final class BoundedSemaphore extends Semaphore {
    /** With one permit, as in Python. */
    public BoundedSemaphore() {
        this(1);
    }

    /**
     * With so many permits, which it never has more of.
     *
     * @throws IllegalArgumentException when negative
     */
    public BoundedSemaphore(int permits) {
        super(SharedKind.BOUNDED_SEMAPHORE, permits);
    }

    /** Links a semaphore that exists. */
    BoundedSemaphore(SharedClient client, Handle handle) {
        super(client, handle);
    }
}
