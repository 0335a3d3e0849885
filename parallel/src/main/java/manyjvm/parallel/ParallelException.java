package manyjvm.parallel;

/** The root of what this library throws on its own account. Unchecked; the message says what, where, and what to do next. */
public class ParallelException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ParallelException(String message) {
        super(message);
    }

    public ParallelException(String message, Throwable cause) {
        super(message, cause);
    }
}
