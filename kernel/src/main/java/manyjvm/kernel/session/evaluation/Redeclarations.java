package manyjvm.kernel.session.evaluation;

import java.util.List;
import java.util.Optional;
import jdk.jshell.MethodSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.TypeDeclSnippet;
import jdk.jshell.VarSnippet;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.execution.OpenRuns;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.source.CellSource;
import manyjvm.kernel.session.source.SealedFamilies;

/**
 * Refuses to declare anew what code of another shell's cell may be using while it runs; {@link OpenRuns} says why. Confined like
 * the {@link CellEvaluation} that it is a part of.
 */
final class Redeclarations {
    private final Shell shell;
    private final CellRun run;
    private final CellSource cell;

    Redeclarations(Shell shell, CellRun run, CellSource cell) {
        this.shell = shell;
        this.run = run;
        this.cell = cell;
    }

    /**
     * Waits a moment for other cells when the Java declares an old name. Costs next to nothing where no other cell runs.
     *
     * @param line of the cell where the Java stands, from 0
     */
    void refuseBesideOthers(String java, int line) throws CellFailure {
        if (!shell.engine().hasOthers(run)) {
            return;
        }
        for (Snippet snippet : shell.analysis().sourceToSnippets(java)) {
            Optional<String> old = old(snippet, java);
            if (old.isPresent()) {
                List<String> others = shell.engine().awaitOthers(run);
                run.stopIfRequested();
                if (!others.isEmpty()) {
                    throw failure(old.get(), snippet instanceof VarSnippet, String.join(" and ", others), line);
                }
            }
        }
    }

    /** What the snippet would replace. */
    private Optional<String> old(Snippet snippet, String java) {
        if (snippet instanceof VarSnippet variable) {
            return Optional.of(variable.name())
                    .filter(name -> shell.jshell().variables().anyMatch(one -> one.name()
                            .equals(name)));
        }
        if (snippet instanceof TypeDeclSnippet) {
            // Of a sealed family, which is one piece, JShell tells the first type alone.
            return SealedFamilies.topTypes(java).stream()
                    .filter(shell.names().types()::contains)
                    .findFirst();
        }
        if (snippet instanceof MethodSnippet method) {
            return Optional.of(method.name() + "(" + method.parameterTypes() + ")")
                    .filter(title -> shell.jshell()
                            .methods()
                            .anyMatch(one -> title.equals(one.name() + "(" + one.parameterTypes() + ")")));
        }
        return Optional.empty();
    }

    private CellFailure failure(String name, boolean variable, String others, int line) {
        String message = name + " may be in use by " + others + ", which runs in another shell: "
                + (variable ? "assign it (" + name + " = ..)" : "give it another name")
                + ", or run this cell again when that has ended";
        String word = name.replaceFirst("\\(.*", "");
        int column = cell.line(line + 1).map(text -> text.indexOf(word)).orElse(-1);
        return new CellFailure(
                "RedeclarationError",
                cell.label() + ":" + (line + 1) + ": " + message,
                cell.pointAt(line + 1, Math.max(0, column), word.length(), message, List.of()));
    }
}
