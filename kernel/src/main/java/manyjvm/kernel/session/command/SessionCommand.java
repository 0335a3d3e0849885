package manyjvm.kernel.session.command;

import java.util.List;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.spi.Magic;

/** A magic of the session itself: it acts on the session between two snippets, so it stands alone on its line. */
public interface SessionCommand {
    String name();

    String usage();

    /** Runs on the cell thread, which holds the session's lock. Prints what it has to say. */
    void run(String arguments, Shell shell, CellRun run) throws Magic.MagicUsageException;

    default List<String> complete(String argumentsBeforeCursor, Magic.Names names) {
        return List.of();
    }
}
