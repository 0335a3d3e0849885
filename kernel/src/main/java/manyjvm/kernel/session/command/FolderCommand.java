package manyjvm.kernel.session.command;

import java.nio.file.Path;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/** {@code %pwd}, and {@code %cd}, which no JVM can do: the one says where files are looked for, the other why it stays so. */
final class FolderCommand implements SessionCommand {
    private final String name;

    FolderCommand(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String usage() {
        return isPwd()
                ? "%pwd   shows the working directory, from which relative names of files count"
                : "%cd    is not there: a JVM cannot change its working directory";
    }

    private boolean isPwd() {
        return name.equals("pwd");
    }

    @Override
    public void run(String arguments, Shell shell, CellRun run) throws MagicUsageException {
        if (!isPwd()) {
            throw new MagicUsageException("a JVM cannot change its working directory, " + here()
                    + ": keep the folder in a variable (var folder = Path.of(\"data\"); folder.resolve(\"a.csv\")),"
                    + " write !cd FOLDER && COMMAND, or start the kernel in that folder");
        }
        if (!arguments.isBlank()) {
            throw new MagicUsageException("%pwd takes no arguments");
        }
        System.out.println(here());
    }

    private static Path here() {
        return Path.of("").toAbsolutePath();
    }
}
