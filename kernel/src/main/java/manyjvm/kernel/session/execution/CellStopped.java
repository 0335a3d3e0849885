package manyjvm.kernel.session.execution;

/** Unwinds the threads of an interrupted cell. An {@code Error}, so that a user's {@code catch (Exception)} lets it pass. */
public final class CellStopped extends Error {
    private static final long serialVersionUID = 1L;

    CellStopped() {
        super("interrupted");
    }

    /** For a stop that met none of the cell's own code: there is no place to tell. */
    static CellStopped outsideOfItsCode() {
        CellStopped stopped = new CellStopped();
        stopped.setStackTrace(new StackTraceElement[0]);
        return stopped;
    }
}
