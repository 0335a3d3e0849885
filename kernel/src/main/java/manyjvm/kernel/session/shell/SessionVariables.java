package manyjvm.kernel.session.shell;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.VarSnippet;
import manyjvm.kernel.session.execution.Engine;
import manyjvm.kernel.session.execution.OpenRuns;
import manyjvm.kernel.session.names.FamilyMembers;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a session. What JShell does to them is made good here: it forgets the values of those that it compiles anew, and
 * imports all that it knows into each snippet. Owned by the holder of the session's lock.
 */
public final class SessionVariables {
    private static final Pattern RESULT =
            Pattern.compile("(?<!\\p{javaJavaIdentifierPart})\\$\\d+(?!\\p{javaJavaIdentifierPart})");
    /** A type that a declaration can name; neither anonymous nor an intersection. */
    private static final Pattern TYPE_TO_WRITE =
            Pattern.compile("(?!.*<anonymous )[\\p{javaJavaIdentifierPart}.<>,?\\[\\] ]+");

    private final JShell jshell;
    private final Engine engine;
    private final FamilyMembers members;
    private final OpenRuns open;
    /**
     * The variables {@code $1}, {@code $2} ... that JShell made for values of cells, until somebody names them. JShell imports
     * each variable it knows into each snippet it compiles: after 600 results {@code 1 + 1} took three times as long.
     */
    private final Map<String, VarSnippet> setAside =
            new ConcurrentHashMap<>(); // cells look into them without the lock, too

    /** The label of what is evaluated and leaves nothing behind. */
    public static final String EXPRESSION = "In[expression]";

    private final List<String> ofExpressions = new ArrayList<>();

    private int results;

    SessionVariables(JShell jshell, Engine engine, FamilyMembers members, OpenRuns open) {
        this.open = open;
        this.jshell = jshell;
        this.engine = engine;
        this.members = members;
    }

    /**
     * The name of the next value. Also asked for snippets that are only looked at: a number counts once it has been used. While the
     * code of a cell still runs that will have the number, the cells of other shells take those behind it.
     */
    String nextResult() {
        if (!open.areSeveral()) {
            return "$" + (results + 1);
        }
        Set<String> taken = jshell.variables()
                .map(VarSnippet::name)
                .filter(name -> name.startsWith("$"))
                .collect(Collectors.toSet());
        int number = results + 1;
        while (taken.contains("$" + number)) {
            number++;
        }
        return "$" + number;
    }

    /** @param label of the cell whose value it is */
    void resultNamed(String name, String label) {
        results = Math.max(results, Integer.parseInt(name.substring(1)));
        if (label.equals(EXPRESSION)) {
            ofExpressions.add(name);
        }
    }

    /** A declaration whose initialiser threw, or was stopped, leaves the variable of that name as it was. */
    void restore(SnippetEvent failed, List<SnippetEvent> events) {
        for (SnippetEvent event : events) {
            if (event.status() == Snippet.Status.OVERWRITTEN
                    && event.causeSnippet() == failed.snippet()
                    && event.snippet() instanceof VarSnippet before
                    && failed.snippet() instanceof VarSnippet now
                    && before.name().equals(now.name())) {
                if (before.typeName().equals(now.typeName())) {
                    engine.restore(before.name(), () -> true);
                } else if (TYPE_TO_WRITE.matcher(before.typeName()).matches()) {
                    engine.restore(before.name(), () -> declares(before));
                }
            }
        }
    }

    /** A value of a cell has got its name: JShell forgets it for now. */
    void setAside(SnippetEvent event) {
        if (event.snippet() instanceof VarSnippet variable
                && event.status() == Snippet.Status.VALID
                && variable.subKind() == Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND
                && TYPE_TO_WRITE.matcher(variable.typeName()).matches()) {
            setAside.put(variable.name(), variable);
            jshell.drop(variable);
        }
    }

    /** The results that a source names stay from now on: other snippets may depend on them. */
    void bringBack(String source) {
        for (VarSnippet variable : setAsideIn(source)) {
            setAside.remove(variable.name());
            declareAgain(variable);
        }
    }

    private List<VarSnippet> setAsideIn(String source) {
        return RESULT.matcher(source)
                .results()
                .map(found -> setAside.get(found.group()))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** Forgets the values of cells that nobody has named since. */
    void forgetThoseSetAside() {
        setAside.clear();
    }

    /** Declarations, for code that is only looked at, of the results in it that JShell does not know. */
    public String declarationsOfThoseSetAside(String source) {
        return setAsideIn(source).stream()
                .map(variable -> declaration(variable) + "\n")
                .collect(Collectors.joining());
    }

    /** The variables of the session, oldest first. */
    public List<VarSnippet> all() {
        return Stream.concat(setAside.values().stream(), jshell.variables())
                .sorted(Comparator.comparingInt(
                                (VarSnippet variable) -> variable.id().length())
                        .thenComparing(VarSnippet::id))
                .toList();
    }

    /** The variables that cells have declared, and the values {@code $n} that cells have named. */
    public List<VarSnippet> ofUsers() {
        return all().stream()
                .filter(variable -> variable.subKind() != Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND)
                .toList();
    }

    /** The field that holds the variable; null while its declaration cannot be used. */
    public @Nullable Field field(VarSnippet variable) {
        return jshell.status(variable) == Snippet.Status.VALID ? engine.variable(variable.name()) : null;
    }

    /** Takes the names of values that belong to no cell out of the session. */
    public void dropResultsOfExpressions() {
        for (String name : ofExpressions) {
            setAside.remove(name);
            jshell.variables().filter(variable -> variable.name().equals(name)).forEach(jshell::drop);
        }
        ofExpressions.clear();
    }

    /**
     * After {@code int g(int x)} became {@code int g(String x)} the initialiser of {@code int n = g(5)} no longer compiles, and
     * JShell forgets the variable. Its value is still good: the variable is declared again without an initialiser.
     */
    void declareAgain(VarSnippet variable) {
        engine.redeclare(variable.name(), () -> declares(variable));
    }

    private boolean declares(VarSnippet variable) {
        return jshell.eval(declaration(variable)).stream()
                .anyMatch(
                        event -> event.causeSnippet() == null && event.status().isDefined());
    }

    private String declaration(VarSnippet variable) {
        return members.inFull(variable.typeName()) + " " + variable.name() + ";";
    }
}
