package manyjvm.kernel.session.command;

import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.source.CellSource;
import manyjvm.kernel.spi.Magic;
import org.jspecify.annotations.Nullable;

/** A magic that runs Java of its user's in the session: what that declares, the session knows afterwards. */
public interface CodeCommand {
    /** The word after {@code %}. */
    String name();

    String usage();

    /** Whether {@code %%name} takes the cell's remaining lines for its code; else only {@code %name} is there. */
    default boolean takesCell() {
        return false;
    }

    /**
     * Runs on the cell thread, which holds the session's lock.
     *
     * @param arguments the rest of its line
     * @param ofCell whether it is {@code %%name}
     * @return the value to show, or null
     */
    <X extends Exception> @Nullable Object run(String arguments, boolean ofCell, CellRun run, Code<X> code)
            throws X, Magic.MagicUsageException;

    /** The ways to run code. What is thrown ends the cell, and says why. */
    interface Code<X extends Exception> {
        /** Runs what stands behind the magic: the rest of the line, or of the cell. Returns its last value, or null. */
        @Nullable
        Object here() throws X;

        /** Runs code that stands elsewhere; its errors name that place. */
        @Nullable
        Object elsewhere(CellSource source) throws X;
    }
}
