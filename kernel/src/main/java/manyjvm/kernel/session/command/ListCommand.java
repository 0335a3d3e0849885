package manyjvm.kernel.session.command;

import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;

/** {@code %lsmagic}: the magics and commands. */
final class ListCommand implements SessionCommand {
    private final SessionCommands commands;

    ListCommand(SessionCommands commands) {
        this.commands = commands;
    }

    @Override
    public String name() {
        return "lsmagic";
    }

    @Override
    public String usage() {
        return "%lsmagic   lists the magics; %NAME? tells how to use one";
    }

    @Override
    public void run(String arguments, Shell shell, CellRun run) {
        commands.printAll();
        System.out.println("%NAME? tells all about one.");
    }
}
