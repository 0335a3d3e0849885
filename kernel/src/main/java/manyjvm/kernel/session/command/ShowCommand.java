package manyjvm.kernel.session.command;

import java.util.List;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.spi.Magic;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/** {@code %show}: whether each expression of a cell shows its value. */
final class ShowCommand implements SessionCommand {
    private volatile boolean all;

    /** Whether the value of each expression of a cell is shown, or that of the last alone. */
    boolean showsAll() {
        return all;
    }

    @Override
    public String name() {
        return "show";
    }

    @Override
    public String usage() {
        return "%show all    cells show the value of each of their expressions\n"
                + "%show last   cells show the value of their last expression (as at the start)";
    }

    @Override
    public void run(String arguments, Shell shell, CellRun run) throws MagicUsageException {
        switch (arguments) {
            case "all" -> all = true;
            case "last" -> all = false;
            case "" -> System.out.println("%show " + (all ? "all" : "last"));
            default -> throw new MagicUsageException("%show takes 'all' or 'last', not '" + arguments + "'");
        }
    }

    @Override
    public List<String> complete(String argumentsBeforeCursor, Magic.Names names) {
        return List.of("all", "last").stream()
                .filter(word -> word.startsWith(argumentsBeforeCursor.strip()))
                .toList();
    }
}
