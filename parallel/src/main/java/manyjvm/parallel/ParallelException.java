package manyjvm.parallel;

import org.jspecify.annotations.Nullable;

/** The root of what this library throws on its own account. Unchecked; the message says what, where, and what to do next. */
public class ParallelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what happened, where, and what to do next */
    public ParallelException(@Nullable String message) {
        super(message);
    }

    /**
     * @param message what happened, where, and what to do next
     * @param cause what it came from
     */
    public ParallelException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
