package manyjvm.kernel.session.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.spi.IoReason;
import manyjvm.kernel.spi.Magic;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/** {@code %%writefile}: the rest of the cell into a file, as IPython has it. */
final class WriteFileCommand implements SessionCommand {
    @Override
    public String name() {
        return "writefile";
    }

    @Override
    public String usage() {
        return "%%writefile [-a] FILE   writes the rest of the cell into a file; -a appends it";
    }

    @Override
    public boolean takesBody() {
        return true;
    }

    @Override
    public void runCell(String arguments, String text, Shell shell, CellRun run) throws MagicUsageException {
        List<String> words = new ArrayList<>(SessionCommands.words(arguments));
        boolean append = words.remove("-a") | words.remove("--append");
        if (words.size() != 1 || words.get(0).startsWith("-")) {
            throw new MagicUsageException("%%writefile takes [-a] and the name of one file, not '" + arguments + "'");
        }
        Path path = FileArgument.path(words.get(0));
        boolean isNew = !Files.exists(path);
        try {
            // As an editor ends a file: without that, what is appended would go on with the last line.
            String whole = text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
            if (append) {
                Files.writeString(path, whole, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } else {
                Files.writeString(path, whole);
            }
        } catch (IOException failure) {
            throw new MagicUsageException(path + " cannot be written: " + IoReason.of(failure));
        }
        System.out.println((isNew ? "Writing " : append ? "Appending to " : "Overwriting ") + path);
    }

    @Override
    public List<String> complete(String argumentsBeforeCursor, Magic.Names names) {
        return FileArgument.complete(argumentsBeforeCursor, List.of());
    }
}
