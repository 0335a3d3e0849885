package manyjvm.parallel;

import org.jspecify.annotations.Nullable;

/** Work was given to a pool that was closed or terminated. Python's {@code ValueError: Pool not running}. */
public final class PoolClosedException extends ParallelException {
    private static final long serialVersionUID = 1L;

    /** @param message which pool, and who closed it */
    public PoolClosedException(@Nullable String message) {
        super(message);
    }
}
