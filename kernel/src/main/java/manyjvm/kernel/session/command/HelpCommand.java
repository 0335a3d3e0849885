package manyjvm.kernel.session.command;

import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/** {@code %help}: where to begin. */
final class HelpCommand implements SessionCommand {
    private final SessionCommands commands;

    HelpCommand(SessionCommands commands) {
        this.commands = commands;
    }

    @Override
    public String name() {
        return "help";
    }

    @Override
    public String usage() {
        return "%help [NAME]   tells how to begin, or how to use one magic";
    }

    @Override
    public void run(String arguments, Shell shell, CellRun run) throws MagicUsageException {
        String name = arguments.strip().replaceFirst("^%{1,2}", "");
        if (!name.isEmpty()) {
            System.out.println(commands.usage(name)
                    .orElseThrow(() -> new MagicUsageException("there is no magic %" + name + commands.nearest(name))));
            return;
        }
        System.out.println(
                "A cell is Java: statements, methods, classes, imports. The value of its last expression is shown.");
        System.out.println(
                "Tab completes, Shift-Tab tells about the name at the cursor. A line of % is a magic, %% takes the whole cell:");
        System.out.println();
        commands.printAll();
        System.out.println();
        System.out.println("%NAME? tells all about one. What cells know is listed by %who, and forgotten by %reset.");
    }
}
