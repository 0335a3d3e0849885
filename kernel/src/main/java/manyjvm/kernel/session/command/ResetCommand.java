package manyjvm.kernel.session.command;

import java.util.Locale;
import manyjvm.kernel.api.Notebook;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/** {@code %reset}, IPython's: a session as at its start, in the same JVM. */
final class ResetCommand implements SessionCommand {
    @Override
    public String name() {
        return "reset";
    }

    @Override
    public String usage() {
        return "%reset [-f]   forgets the variables, methods, types and imports of all cells; asks before, unless -f is there\n"
                + "What goes on: threads, pools and processes that cells have started (%pool close, %process kill end them), added jars,\n"
                + "what code has changed in the JVM itself. A restart of the kernel clears these, too.";
    }

    @Override
    public void run(String arguments, Shell shell, CellRun run) throws MagicUsageException {
        if (!arguments.isBlank() && !arguments.equals("-f")) {
            throw new MagicUsageException("%reset takes -f, which does not ask, or nothing: not '" + arguments + "'");
        }
        if (arguments.isBlank() && !agreed(shell, run)) {
            System.out.println("Nothing is forgotten.");
            return;
        }
        if (shell.engine().hasOthers(run)) {
            throw new MagicUsageException(
                    "a cell of another shell is running, and may need what would be forgotten: run"
                            + " %reset again when that has ended");
        }
        int count = shell.forget();
        System.out.println("Forgotten: " + count + (count == 1 ? " declaration." : " declarations and imports.")
                + " Threads, pools and processes that cells have started go on.");
    }

    private static boolean agreed(Shell shell, CellRun run) throws MagicUsageException {
        String answer;
        try {
            answer = shell.engine()
                    .asCell(
                            run,
                            () -> Notebook.input(
                                    "Forget all variables, methods, types and imports of this session? (y/[n]) "));
        } catch (IllegalStateException noQuestions) {
            throw new MagicUsageException("nobody can be asked here: %reset -f forgets all without asking");
        }
        return answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }
}
