package manyjvm.kernel.session.shell;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import jdk.jshell.ImportSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.TypeDeclSnippet;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.execution.CodeOrigin;
import manyjvm.kernel.session.names.KnownTypes;

/** The imports that no user has written: they give way to a type of the same name that one declares. Owned as its {@link Shell} is. */
public final class AddedImports {
    private final Shell shell;
    private final KnownTypes types;
    private final Map<String, Snippet> snippets = new HashMap<>();

    AddedImports(Shell shell) {
        this.shell = shell;
        this.types = new KnownTypes(shell.loader(), shell::userClassPath);
    }

    /** What could be imported. */
    public KnownTypes types() {
        return types;
    }

    /** Imports a type; empty where JShell does not take it. */
    public Optional<Snippet> add(String type, CodeOrigin origin, CellRun run) {
        Optional<Snippet> snippet = shell.evaluate("import " + type + ";", origin, run).events().stream()
                .filter(event -> event.causeSnippet() == null && event.status() == Snippet.Status.VALID)
                .map(SnippetEvent::snippet)
                .findFirst();
        snippet.filter(ImportSnippet.class::isInstance)
                .ifPresent(one -> snippets.put(((ImportSnippet) one).name(), one));
        return snippet;
    }

    /** Undoes {@link #add}. */
    public void takeBack(Snippet added) {
        snippets.values().remove(added);
        shell.jshell().drop(added);
    }

    /**
     * Something is about to be declared. With an import of its name in force JShell would refuse all that follows.
     *
     * @param declarations in a source
     */
    void giveWay(String source, Function<String, List<Snippet>> declarations) {
        if (snippets.isEmpty() || !Shell.DECLARES_TYPE.matcher(source).find()) {
            return;
        }
        declarations.apply(source).stream()
                .filter(TypeDeclSnippet.class::isInstance)
                .flatMap(one -> Stream.ofNullable(snippets.remove(((TypeDeclSnippet) one).name())))
                .forEach(shell.jshell()::drop);
    }
}
