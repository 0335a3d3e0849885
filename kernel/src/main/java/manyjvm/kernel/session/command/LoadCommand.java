package manyjvm.kernel.session.command;

import java.util.List;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.spi.Magic;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/**
 * {@code %load}: a file's text into the cell, by the {@code set_next_input} of the reply's payload ("Payloads" in the
 * protocol).
 */
final class LoadCommand implements SessionCommand {
    @Override
    public String name() {
        return "load";
    }

    @Override
    public String usage() {
        return "%load FILE   puts the text of a file in the place of this cell's, to be read, changed and run; %run FILE runs it at once";
    }

    @Override
    public void run(String arguments, Shell shell, CellRun run) throws MagicUsageException {
        List<String> words = SessionCommands.words(arguments);
        if (words.size() != 1) {
            throw new MagicUsageException("%load takes the name of one file, not '" + arguments + "'");
        }
        run.nextInput("// %load " + arguments + "\n" + FileArgument.read(FileArgument.path(words.get(0))));
    }

    @Override
    public List<String> complete(String argumentsBeforeCursor, Magic.Names names) {
        return FileArgument.complete(argumentsBeforeCursor, List.of());
    }
}
