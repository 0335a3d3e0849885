package manyjvm.kernel.session.evaluation;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Snippet;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.shell.Unresolved;
import manyjvm.kernel.session.source.CellSource;

/**
 * What a cell does to older declarations and variables, told on its standard error: what lost its value, what cannot be used
 * until something else is there, what holds objects of an older type. Confined like the {@link CellEvaluation} that it is a part of.
 */
final class CellNotes {
    private final Shell shell;
    private final CellRun run;
    private final Unresolved unresolved;
    private final Set<DeclarationSnippet> perhapsUnresolved = new LinkedHashSet<>();
    /** Those that mean a type which has become a member of a family in one interface. */
    private final Set<DeclarationSnippet> left = new LinkedHashSet<>();

    CellNotes(Shell shell, CellRun run, Unresolved unresolved) {
        this.shell = shell;
        this.run = run;
        this.unresolved = unresolved;
    }

    /** The declaration is to be looked at in the end: it may lack something. */
    void perhapsUnresolved(DeclarationSnippet declaration) {
        perhapsUnresolved.add(declaration);
    }

    /** Those that may lack something. */
    Set<DeclarationSnippet> declarations() {
        return Set.copyOf(perhapsUnresolved);
    }

    /** The declaration means an older type than its name does now. */
    void left(DeclarationSnippet declaration) {
        left.add(declaration);
    }

    /** What the compiler warns of, where the user has asked for that ({@code -Xlint}). */
    void warnings(Snippet snippet, CellSource cell, CompileErrors.Places places) {
        if (shell.showsWarnings()) {
            shell.jshell().diagnostics(snippet).filter(one -> !one.isError()).forEach(warning -> {
                int[] place = places.of((int) Math.max(0, warning.getPosition()));
                int width = (int) Math.max(1, warning.getEndPosition() - warning.getPosition());
                String[] message =
                        shell.plain(warning.getMessage(Locale.ENGLISH)).split("\\R", 2);
                cell.pointAt(place[0], place[1], width, "warning: " + message[0], List.of())
                        .forEach(System.err::println);
            });
        }
    }

    void changedVariables() {
        for (String name : shell.engine().resetVariables()) {
            System.err.println(
                    "note: the variable " + name
                            + " was reset to its default, because its value is of a type that was just redefined: run the cell that sets it again");
        }
        for (String name : shell.engine().lostVariables()) {
            System.err.println("note: the variable " + name
                    + " is gone, because its declaration no longer compiles: run its cell again once that is mended");
        }
        for (String name : shell.engine().movedVariables()) {
            System.err.println(
                    "note: the variable " + name
                            + " was compiled anew while a cell of another shell was running: what that cell still writes to it is lost");
        }
    }

    /** At the end, since the cell may have made them anew. */
    void oldObjects() {
        if (shell.oldObjects().hasNews()) {
            shell.engine().asCell(run, shell.oldObjects()::news).forEach(line -> System.err.println("note: " + line));
        }
    }

    void unresolved() {
        perhapsUnresolved.removeAll(left);
        left.stream()
                .filter(unresolved::isUnresolved)
                .forEach(declaration -> System.err.println("note: " + Unresolved.title(declaration)
                        + " cannot be used until its cell is run again, because it means an older type"));
        for (DeclarationSnippet declaration : perhapsUnresolved) {
            if (unresolved.isUnresolved(declaration)) {
                System.err.println("note: " + Unresolved.title(declaration) + " cannot be used until "
                        + unresolved.condition(declaration));
            }
        }
    }
}
