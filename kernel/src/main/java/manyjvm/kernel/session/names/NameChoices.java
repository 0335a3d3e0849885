package manyjvm.kernel.session.names;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.VarSnippet;
import manyjvm.kernel.session.source.Amended;
import manyjvm.kernel.session.source.Syntax;

/**
 * Which class a simple name means, where a session offers several: a startup import by name and a class of the JDK
 * ({@code Queue}, {@code Process}), or those of two packages of which the user has imported one ({@code java.sql.Date}). Each
 * snippet is tried with one meaning, then with the other; where both fit, the rest of its cell decides, then the user's import on demand,
 * then the one meaning that the session has used so far, then the startup import. A user's import by name and a
 * user's own type leave no choice.
 *
 * <p>The names that were chosen are written in full into what JShell is given. JShell knows one set of imports for all
 * snippets, and uses it again whenever it compiles an older one anew: written in full, a name keeps its meaning, and a startup
 * import by name costs nothing. Owned by the holder of the session's lock.
 */
public final class NameChoices {
    /** A snippet with more contested names than this allows for is tried with the likely combinations alone. */
    private static final int MOST_TRIALS = 32;

    private final JShell jshell;
    private final Meanings meanings;
    private final Trial trial;

    public NameChoices(JShell jshell, Meanings meanings, Trial trial) {
        this.jshell = jshell;
        this.meanings = meanings;
        this.trial = trial;
    }

    /**
     * A snippet with its names written in full.
     *
     * @param unfit the names whose meanings all make errors, with those meanings; not those of which it makes no difference
     * @param inherits whether names among them may be inherited ones when supertypes come about, or change
     */
    public record Choice(Amended text, Map<String, List<String>> unfit, boolean inherits) {}

    /**
     * Writes the names of a snippet in full. Runs and defines nothing.
     *
     * @param rest the snippets of the same cell that follow: they decide where several meanings fit
     */
    public Choice choose(String snippet, List<String> rest) {
        Choice asWritten = new Choice(Amended.nothingIn(snippet), Map.of(), false);
        Map<String, List<String>> contested = Syntax.isImport(snippet) ? Map.of() : meanings.in(snippet);
        if (contested.isEmpty() && !meanings.contestCalls()) {
            return asWritten;
        }
        return Syntax.Frame.of(snippet)
                .map(frame -> choose(new NamedSnippet(snippet, frame, contested.keySet()), rest, contested))
                .orElse(asWritten);
    }

    private Choice choose(NamedSnippet snippet, List<String> rest, Map<String, List<String>> meaningsOfTypes) {
        Map<String, List<String>> contested = new TreeMap<>(meaningsOfTypes);
        if (meanings.contestCalls()) {
            snippet.names.calls().forEach(call -> contested.computeIfAbsent(call.name(), meanings::ofCall));
        }
        Set<String> variables = jshell.variables().map(VarSnippet::name).collect(Collectors.toSet());
        contested
                .keySet()
                .retainAll(snippet.uses(contested.keySet(), variables).stream()
                        .map(Syntax.Name::name)
                        .collect(Collectors.toSet()));
        contested.values().removeIf(List::isEmpty);
        boolean inherits = !contested.isEmpty() && !snippet.names.supertypes().isEmpty();
        List<Map<String, String>> combinations = combinations(contested);
        if (snippet.mayHaveItsOwn(contested.keySet()) && !contested.isEmpty()) {
            resolve(snippet, combinations);
            combinations = different(snippet, combinations, variables);
        }
        if (combinations.size() == 1) {
            return new Choice(snippet.written(combinations.get(0), variables), Map.of(), inherits);
        }
        List<NamedSnippet> alone = List.of(snippet);
        List<List<String>> errors = new ArrayList<>(errors(alone, combinations.subList(0, 1), variables));
        List<NamedSnippet> whole = errors.get(0).isEmpty()
                ? wholeOf(snippet, rest, combinations.get(0).keySet(), meaningsOfTypes.keySet())
                : alone;
        if (!errors.get(0).isEmpty() || whole.size() > 1) {
            errors.addAll(errors(alone, combinations.subList(1, combinations.size()), variables));
        }
        int best = leastOf(errors);
        if (errors.get(best).isEmpty() && whole.size() > 1) {
            List<Map<String, String>> fit = new ArrayList<>();
            for (int i = 0; i < errors.size(); i++) {
                if (errors.get(i).isEmpty()) {
                    fit.add(combinations.get(i));
                }
            }
            best = combinations.indexOf(fit.get(fit.size() == 1 ? 0 : leastOf(errors(whole, fit, variables))));
        }
        Map<String, String> chosen = combinations.get(best);
        Map<String, List<String>> unfit = new LinkedHashMap<>();
        if (errors.get(best).isEmpty()) {
            chosen.forEach(meanings::used);
        } else if (Set.copyOf(errors).size() > 1) {
            contested.forEach((name, all) -> {
                if (all.size() > 1) {
                    unfit.put(name, all);
                }
            });
        }
        return new Choice(snippet.written(chosen, variables), unfit, inherits);
    }

    /**
     * What code that is not complete can mean: with all its names in their likeliest meanings, then in their second ...
     *
     * @param end names that end behind this offset stay as they are
     */
    public List<Amended> meant(String code, int end) {
        Map<String, List<String>> contested = meanings.in(code);
        jshell.variables().map(VarSnippet::name).forEach(contested::remove);
        return alike(contested).stream()
                .map(combination -> {
                    Amended text = Amended.nothingIn(code);
                    for (MatchResult word : Syntax.words(code).toList()) {
                        String meaning = combination.get(word.group());
                        boolean isMember = word.start() > 0 && code.charAt(word.start() - 1) == '.';
                        if (meaning != null && !isMember && word.end() <= end) {
                            text = text.insert(word.start(), NamedSnippet.qualifier(word.group(), meaning));
                        }
                    }
                    return text;
                })
                .toList();
    }

    /**
     * Has the compiler look up the simple names of a snippet. What is declared in it, or inherited, counts before an import; a
     * name written in full would lose it.
     */
    private void resolve(NamedSnippet snippet, List<Map<String, String>> combinations) {
        List<String> visible = visible(Syntax.wordsIn(snippet.source));
        List<List<String>> imports = new ArrayList<>();
        for (Map<String, String> combination : combinations) {
            List<String> all = new ArrayList<>(visible);
            combination.forEach((name, meaning) -> {
                if (snippet.names.calls().stream().noneMatch(call -> call.name().equals(name))) {
                    all.removeIf(one -> one.endsWith("." + name + ";") && !one.startsWith("import static "));
                    all.add("import " + meaning + ";");
                }
            });
            imports.add(all);
        }
        int offset = snippet.frame.offset();
        List<Map<Integer, String>> found = trial.meanings(imports, snippet.frame.member(snippet.source));
        for (int i = 0; i < found.size(); i++) {
            Map<Integer, String> resolved = new HashMap<>();
            found.get(i).forEach((at, meaning) -> resolved.put(at - offset, meaning));
            snippet.resolved.put(combinations.get(i), resolved);
        }
    }

    /** Those of which it makes a difference. */
    private static List<Map<String, String>> different(
            NamedSnippet snippet, List<Map<String, String>> combinations, Set<String> variables) {
        Set<String> texts = new HashSet<>();
        return combinations.stream()
                .filter(one -> texts.add(snippet.written(one, variables).text()))
                .toList();
    }

    /** The snippet with those that follow, if these use what it declares, or the contested names. */
    private static List<NamedSnippet> wholeOf(
            NamedSnippet snippet, List<String> rest, Set<String> contested, Set<String> types) {
        Set<String> declared = new LinkedHashSet<>(contested);
        declared.addAll(snippet.names.declaredTypes());
        declared.addAll(snippet.names.declaredVariables());
        declared.addAll(snippet.names.declaredMethods());
        List<NamedSnippet> whole = new ArrayList<>(List.of(snippet));
        if (rest.stream().anyMatch(one -> Syntax.wordsIn(one).stream().anyMatch(declared::contains))) {
            for (String one : rest) {
                String statement = one.stripTrailing().endsWith("}") ? one : one + ";";
                Syntax.Frame.of(statement).ifPresent(frame -> whole.add(new NamedSnippet(statement, frame, types)));
            }
        }
        return whole;
    }

    private static int leastOf(List<List<String>> errors) {
        int least = 0;
        for (int i = 1; i < errors.size(); i++) {
            if (errors.get(i).size() < errors.get(least).size()) {
                least = i;
            }
        }
        return least;
    }

    private List<List<String>> errors(
            List<NamedSnippet> parts, List<Map<String, String>> combinations, Set<String> variables) {
        Set<String> words = new LinkedHashSet<>();
        parts.forEach(part -> words.addAll(Syntax.wordsIn(part.source)));
        return trial.errors(
                visible(words),
                combinations.stream()
                        .map(combination -> members(parts, combination, variables))
                        .toList());
    }

    /** Parts of one cell as members of one class; its statements follow each other in one method. */
    private static String members(List<NamedSnippet> parts, Map<String, String> combination, Set<String> variables) {
        StringBuilder members = new StringBuilder();
        StringBuilder statements = new StringBuilder();
        for (NamedSnippet part : parts) {
            String text = part.written(combination, variables).text();
            if (parts.size() > 1 && part.frame == Syntax.Frame.STATEMENTS) {
                statements.append(text).append('\n');
            } else if (parts.size() > 1 && part.frame == Syntax.Frame.EXPRESSION) {
                statements
                        .append("Object $")
                        .append(statements.length())
                        .append(" = ")
                        .append(text.replaceFirst("[;\\s]+$", ""))
                        .append(";\n");
            } else {
                members.append(part.frame.member(text));
            }
        }
        return members + (statements.isEmpty() ? "" : Syntax.Frame.STATEMENTS.member(statements.toString()));
    }

    /** All names in their first meanings, all in their second ... */
    private static Set<Map<String, String>> alike(Map<String, List<String>> meanings) {
        int most = meanings.values().stream().mapToInt(List::size).max().orElse(1);
        Set<Map<String, String>> combinations = new LinkedHashSet<>();
        for (int i = 0; i < most; i++) {
            Map<String, String> alike = new TreeMap<>();
            for (Map.Entry<String, List<String>> one : meanings.entrySet()) {
                alike.put(
                        one.getKey(),
                        one.getValue().get(Math.min(i, one.getValue().size() - 1)));
            }
            combinations.add(alike);
        }
        return combinations;
    }

    /** The likeliest first: all names of ours, or all of the JDK's; then the mixtures. */
    private static List<Map<String, String>> combinations(Map<String, List<String>> meanings) {
        Set<Map<String, String>> combinations = alike(meanings);
        Stream<Map<String, String>> mixtures = Stream.of(Map.of());
        for (String name : meanings.keySet()) {
            mixtures = mixtures.flatMap(one -> meanings.get(name).stream().map(meaning -> {
                Map<String, String> more = new TreeMap<>(one);
                more.put(name, meaning);
                return more;
            }));
        }
        mixtures.limit(MOST_TRIALS).forEach(combinations::add);
        return List.copyOf(combinations);
    }

    /** The session's imports, and those of its own names that a snippet with these words can mean. */
    private List<String> visible(Collection<String> words) {
        Stream<String> imported =
                jshell.imports().map(one -> "import " + (one.isStatic() ? "static " : "") + one.fullname() + ";");
        Stream<String> own = jshell.snippets()
                .filter(one -> jshell.status(one).isActive()
                        && (words.contains(declaredBy(one))
                                || meanings.members().isAround(declaredBy(one))))
                .map(one -> "import static "
                        + jshell.sourceCodeAnalysis().wrapper(one).fullClassName() + "." + declaredBy(one) + ";");
        return Stream.concat(imported, own).distinct().toList();
    }

    private static String declaredBy(Snippet snippet) {
        return snippet instanceof DeclarationSnippet one ? one.name() : "";
    }
}
