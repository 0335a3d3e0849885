package manyjvm.kernel.session.command;

import java.util.List;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.spi.Magic;

/** A magic of the session itself: it acts on the session between two snippets, so it stands alone on its line. */
public interface SessionCommand {
    String name();

    String usage();

    /** Runs on the cell thread, which holds the session's lock. Prints what it has to say. Refuses where there is {@code %%name} alone. */
    default void run(String arguments, Shell shell, CellRun run) throws Magic.MagicUsageException {
        throw new Magic.MagicUsageException(
                "%%" + name() + " takes the rest of the cell: write it with two %, on the cell's first line");
    }

    /** Whether there is a form {@code %%name}, which takes the rest of the cell. */
    default boolean takesBody() {
        return false;
    }

    /**
     * As {@link #run}, for {@code %%name}.
     *
     * @param body the lines below
     */
    default void runCell(String arguments, String body, Shell shell, CellRun run) throws Magic.MagicUsageException {
        throw new IllegalStateException("%" + name() + " takes no body");
    }

    default List<String> complete(String argumentsBeforeCursor, Magic.Names names) {
        return List.of();
    }
}
