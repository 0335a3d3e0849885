package manyjvm.kernel.api;

/** A command that could not be run, that failed, or that was interrupted. The message says which command, and how it ended. */
public final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandException(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    /** That of the command; -1 where it did not come to its end. */
    public int exitCode() {
        return exitCode;
    }
}
