package manyjvm.kernel.session.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.UnresolvedReferenceException;
import manyjvm.kernel.session.Session.Outcome;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.shell.Unresolved;
import manyjvm.kernel.session.text.CellFrames;

/**
 * How a cell that did not end well is told: what its code threw, where it was stopped, and what the compiler or we could not cope
 * with. Confined like the {@link CellEvaluation} that it is a part of.
 */
final class CellFailures {
    private final Shell shell;
    private final CellRun run;
    private final Unresolved unresolved;
    private final BiFunction<String, Integer, Optional<String>> sourceLines;

    CellFailures(
            Shell shell,
            CellRun run,
            Unresolved unresolved,
            BiFunction<String, Integer, Optional<String>> sourceLines) {
        this.shell = shell;
        this.run = run;
        this.unresolved = unresolved;
        this.sourceLines = sourceLines;
    }

    /** What the code of a snippet threw. */
    CellFailure thrown(SnippetEvent event) {
        Throwable thrown = shell.engine().thrown();
        if (event.exception() instanceof UnresolvedReferenceException reference) {
            DeclarationSnippet declaration = reference.getSnippet();
            return failure(
                    "UnresolvedReferenceException", Unresolved.cannotRun(declaration) + unresolved.reason(declaration));
        }
        if (thrown == null) {
            String message = String.valueOf(event.exception());
            return failure(event.exception().getClass().getName(), message);
        }
        // The exception's getMessage() and getCause() may be the user's.
        return shell.engine().asCell(run, () -> {
            Optional<String> advice = shell.oldObjects().advice(thrown);
            List<String> traceback = CellFrames.traceback(thrown, sourceLines);
            advice.ifPresent(traceback::add);
            return new CellFailure(
                    CellFrames.typeName(thrown.getClass().getName()),
                    CellFrames.message(thrown) + advice.map(text -> "; " + text).orElse(""),
                    traceback);
        });
    }

    /** The cell was stopped. */
    Outcome interrupted() {
        List<String> lines = new ArrayList<>(List.of("Interrupted"));
        Throwable thrown = shell.engine().thrown();
        if (thrown != null) {
            CellFrames.shown(thrown.getStackTrace()).stream().limit(10).forEach(frame -> lines.add("    at " + frame));
        }
        return new Outcome.Interrupted(lines);
    }

    /** What user code throws never comes here: the compiler, or we, could not cope with the cell. */
    static Outcome compilerFailed(Throwable failure) {
        List<Throwable> chain = CellFrames.chain(failure);
        Throwable root = chain.get(chain.size() - 1);
        boolean ofCompiler = root.getStackTrace().length > 0
                && root.getStackTrace()[0].getClassName().startsWith("com.sun.tools.javac.");
        String message = root instanceof StackOverflowError
                ? "this cell is nested too deeply for the compiler: split it up"
                : root instanceof OutOfMemoryError
                        ? "the kernel ran out of memory while compiling this cell: give the kernel more memory (-Xmx in"
                                + " kernel.json)"
                        : ofCompiler
                                ? "the compiler of JDK " + Runtime.version().feature() + " crashed on this cell ("
                                        + root.getClass().getSimpleName()
                                        + "). Mostly the cell has a typing error: check its"
                                        + " lambdas first, or write the code another way"
                                : "the session failed on this cell (" + root
                                        + "); this is a fault of manyjvm, please report it with the cell";
        List<String> traceback = new ArrayList<>(List.of("CompilationError: " + message));
        if (!(root instanceof VirtualMachineError) && !ofCompiler) {
            for (StackTraceElement frame : root.getStackTrace()) {
                traceback.add("    at " + frame);
            }
        }
        return new Outcome.Failed("CompilationError", message, traceback);
    }

    private static CellFailure failure(String name, String message) {
        return new CellFailure(name, message, List.of(name + ": " + message));
    }
}
