package manyjvm.kernel.session.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.execution.CodeOrigin;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.source.Syntax;

/**
 * Imports what a cell uses and does not import, where its name can mean one type only (see {@code KnownTypes.meant}), and says so: as an
 * IDE does, since a completion can insert a name, but no import in front of the cell. Only what the compiler refuses as it stands is
 * tried; where the imports do not make it compile they are taken back, and the cell fails as it was written. A declaration may wait for
 * a type that the user is still to write: for one, that alone is imported which completion has offered. A type of the
 * user's own of the same name wins later ({@code Shell.define}). Confined like the {@link CellEvaluation} that it is a part of.
 */
final class MissingImports {
    private static final Pattern MISSING =
            Pattern.compile("(?U)symbol:\\s+(?:class|variable) (\\p{Lu}\\w*)|package (\\p{Lu}\\w*) does not exist");
    private static final Pattern DEPENDENCY = Pattern.compile("(?U)class (\\p{Lu}\\w*)");

    /** One import may show that another is missing. */
    private static final int ROUNDS = 5;

    private final Shell shell;
    private final CellRun run;

    MissingImports(Shell shell, CellRun run) {
        this.shell = shell;
        this.run = run;
    }

    /**
     * @param evaluated what came of a piece
     * @param rest the pieces of the cell that follow: what they declare is not imported
     * @param again evaluates it once more
     * @return what came of it with imports added, or else {@code evaluated}
     */
    Shell.Evaluated added(
            Shell.Evaluated evaluated, List<String> rest, CodeOrigin origin, Supplier<Shell.Evaluated> again) {
        List<Snippet> imports = new ArrayList<>();
        Shell.Evaluated latest = evaluated;
        for (int round = 0; round < ROUNDS; round++) {
            Set<String> names = missing(latest);
            if (!names.isEmpty()) {
                rest.stream()
                        .flatMap(piece -> Syntax.declaredName(piece).stream())
                        .forEach(names::remove);
            }
            List<Snippet> more = addAll(names, origin);
            if (more.isEmpty()) {
                break;
            }
            imports.addAll(more);
            latest = again.get();
        }
        if (imports.isEmpty()) {
            return evaluated;
        }
        if (isRefused(latest)) {
            imports.forEach(shell.addedImports()::takeBack);
            return evaluated;
        }
        imports.forEach(MissingImports::tell);
        return latest;
    }

    /** For declarations that wait for types which completion has offered. */
    void forDeclarations(Set<DeclarationSnippet> declarations, CodeOrigin origin) {
        Set<String> names = new LinkedHashSet<>();
        for (DeclarationSnippet one : declarations) {
            if (shell.jshell().status(one) == Snippet.Status.RECOVERABLE_DEFINED
                    || shell.jshell().status(one) == Snippet.Status.RECOVERABLE_NOT_DEFINED) {
                shell.jshell()
                        .unresolvedDependencies(one)
                        .map(DEPENDENCY::matcher)
                        .filter(Matcher::matches)
                        .map(dependency -> dependency.group(1))
                        .filter(name -> shell.addedImports()
                                .types()
                                .meant(name)
                                .filter(shell.addedImports().types()::isOffered)
                                .isPresent())
                        .forEach(names::add);
            }
        }
        addAll(names, origin).forEach(MissingImports::tell);
    }

    private static void tell(Snippet imported) {
        System.err.println("note: " + imported.source().strip() + " was added");
    }

    private List<Snippet> addAll(Set<String> names, CodeOrigin origin) {
        return names.stream()
                .flatMap(name -> shell.addedImports().types().meant(name).stream())
                .flatMap(type -> shell.addedImports().add(type, origin, run).stream())
                .toList();
    }

    private static boolean isRefused(Shell.Evaluated evaluated) {
        return evaluated.events().stream()
                .anyMatch(event -> event.causeSnippet() == null && event.status() == Snippet.Status.REJECTED);
    }

    private Set<String> missing(Shell.Evaluated evaluated) {
        Set<String> names = new LinkedHashSet<>();
        evaluated.events().stream()
                .filter(event -> event.causeSnippet() == null && event.status() == Snippet.Status.REJECTED)
                .flatMap(this::errors)
                .map(error -> MISSING.matcher(error.getMessage(Locale.ENGLISH)))
                .filter(Matcher::find)
                .forEach(found -> names.add(Optional.ofNullable(found.group(1)).orElseGet(() -> found.group(2))));
        return names;
    }

    private Stream<Diag> errors(SnippetEvent event) {
        return shell.jshell().diagnostics(event.snippet()).filter(Diag::isError);
    }
}
