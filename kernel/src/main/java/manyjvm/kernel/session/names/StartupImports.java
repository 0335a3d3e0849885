package manyjvm.kernel.session.names;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.ImportSnippet;
import jdk.jshell.JShell;
import jdk.jshell.MethodSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.TypeDeclSnippet;
import manyjvm.kernel.session.source.Syntax;
import org.jspecify.annotations.Nullable;

/**
 * The imports that every session starts with. Those on demand ({@code java.util.*}) are evaluated at the start. Those of types
 * by name JShell never gets: {@link NameChoices} writes such names in full. Those of members by name are evaluated when a cell
 * mentions the name, because each costs JShell some 10 ms.
 *
 * <p>What a user declares or imports under such a name wins: the import is dropped first. With it still in force JShell would
 * reject every later snippet, even {@code 1 + 1}. Owned by the holder of the session's lock.
 */
public final class StartupImports {
    private static final Pattern DECLARATION =
            Pattern.compile("import\\s+(static\\s+)?([\\w.$]+?)\\.([\\w$]+|\\*)\\s*;");
    private static final Pattern QUALIFIED =
            Pattern.compile("(?<![\\w$.])((?:[a-z_][\\w$]*\\.)*[a-z_][\\w$]*)\\.([A-Z][\\w$]*)");
    private static final List<String> OF_JSHELL = List.of(
            "java.io",
            "java.math",
            "java.net",
            "java.nio.file",
            "java.util",
            "java.util.concurrent",
            "java.util.function",
            "java.util.prefs",
            "java.util.regex",
            "java.util.stream");

    private final JShell shell;
    private final Map<String, Named> named = new LinkedHashMap<>();
    private final List<String> packages = new ArrayList<>();
    private final List<String> staticOwners = new ArrayList<>();

    private static final class Named {
        final String declaration;
        final String owner;
        final boolean ofMember;

        @Nullable
        Snippet active;

        @Nullable
        String shadowedBy;

        Named(String declaration, String owner, boolean ofMember) {
            this.declaration = declaration;
            this.owner = owner;
            this.ofMember = ofMember;
        }
    }

    /** Evaluates what has to be at the start. */
    public StartupImports(JShell shell, List<String> ofExtensions) {
        this.shell = shell;
        List<String> all = new ArrayList<>();
        OF_JSHELL.forEach(name -> all.add("import " + name + ".*;"));
        all.addAll(ofExtensions);
        for (String declaration : all) {
            Matcher parts = DECLARATION.matcher(declaration.strip());
            if (!parts.matches()) {
                throw new IllegalArgumentException("'" + declaration
                        + "' is not an import declaration: write a whole one, such as 'import a.b.C;'");
            }
            if (parts.group(3).equals("*")) {
                evaluate(declaration.strip());
                (parts.group(1) == null ? packages : staticOwners).add(parts.group(2));
            } else {
                named.put(parts.group(3), new Named(declaration.strip(), parts.group(2), parts.group(1) != null));
            }
        }
    }

    /** The packages, or classes with nested ones, that are imported on demand. */
    List<String> packages() {
        return packages;
    }

    /** The classes whose static members are imported on demand. */
    List<String> staticOwners() {
        return staticOwners;
    }

    /** Brings in the members that this source mentions. */
    public void bringIn(String source) {
        Set<String> words = Syntax.wordsIn(source);
        for (Map.Entry<String, Named> entry : named.entrySet()) {
            Named one = entry.getValue();
            if (one.ofMember && one.active == null && one.shadowedBy == null && words.contains(entry.getKey())) {
                one.active = evaluate(one.declaration);
            }
        }
    }

    /** Gives way to what this snippet declares. Returns the names that were given up, for {@link #restore}. */
    public List<String> giveWay(Collection<Snippet> declared, String label) {
        List<String> given = new ArrayList<>();
        for (Snippet snippet : declared) {
            String name = nameOf(snippet);
            Named one = named.get(name);
            if (one == null || one.shadowedBy != null || one.ofMember != (snippet instanceof MethodSnippet)) {
                continue;
            }
            if (one.active != null && !(snippet instanceof ImportSnippet)) {
                shell.drop(one.active);
            }
            one.active = null;
            one.shadowedBy = label;
            given.add(name);
        }
        return given;
    }

    /**
     * All names mean what they meant at the start: what has been declared under them is gone, and so are those imports that
     * were brought in.
     */
    public void startAgain() {
        named.values().forEach(one -> {
            one.active = null;
            one.shadowedBy = null;
        });
    }

    /** The declaration did not come about: the names mean what they meant. */
    public void restore(List<String> given) {
        for (String name : given) {
            Objects.requireNonNull(named.get(name), "it was given up").shadowedBy = null;
        }
    }

    /** Whether this source can have to do with {@link #giveWay}: a test without parsing. */
    public boolean mentions(String source) {
        return Syntax.words(source).anyMatch(found -> named.containsKey(found.group()));
    }

    /** The names in force, without the static ones. */
    public Set<String> types() {
        return named.entrySet().stream()
                .filter(entry -> !entry.getValue().ofMember && entry.getValue().shadowedBy == null)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The qualified name that this simple name of ours has or had. */
    public Optional<String> qualified(String simpleName) {
        return Optional.ofNullable(named.get(simpleName))
                .filter(one -> !one.ofMember)
                .map(one -> one.owner + "." + simpleName);
    }

    /** A text with our types by their simple names, where these can mean nothing else. */
    public String simple(String text, Predicate<String> meansOne) {
        return QUALIFIED.matcher(text).replaceAll(found -> {
            Named one = named.get(found.group(2));
            boolean ours =
                    one != null && !one.ofMember && one.owner.equals(found.group(1)) && meansOne.test(found.group(2));
            return Matcher.quoteReplacement(ours ? found.group(2) : found.group());
        });
    }

    /** The cell that has taken this name away from us. */
    public Optional<String> shadowedBy(String simpleName) {
        return Optional.ofNullable(named.get(simpleName)).map(one -> one.shadowedBy);
    }

    private static String nameOf(Snippet snippet) {
        if (snippet instanceof TypeDeclSnippet type) {
            return type.name();
        }
        if (snippet instanceof MethodSnippet method) {
            return method.name();
        }
        return snippet instanceof ImportSnippet one && !one.isStatic() ? one.name() : "";
    }

    private Snippet evaluate(String declaration) {
        for (SnippetEvent event : shell.eval(declaration)) {
            if (event.causeSnippet() == null && event.status() == Snippet.Status.VALID) {
                return event.snippet();
            }
        }
        throw refusal(declaration);
    }

    /** The type of an import by name is not there. @throws IllegalArgumentException always */
    void namesNothing(String type) {
        throw refusal("import " + type + ";");
    }

    private static IllegalArgumentException refusal(String declaration) {
        return new IllegalArgumentException(
                "'" + declaration + "', an import that an extension asked for, names nothing"
                        + " that cells can see. Is its package among those given to addApi?");
    }
}
