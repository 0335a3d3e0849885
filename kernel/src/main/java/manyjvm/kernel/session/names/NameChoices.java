package manyjvm.kernel.session.names;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.ImportSnippet;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.VarSnippet;
import manyjvm.kernel.session.execution.SessionLoader;
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
    private static final String LANGUAGE = "java.lang";
    /** A snippet with more contested names than this allows for is tried with the likely combinations alone. */
    private static final int MOST_TRIALS = 32;

    private final JShell shell;
    private final StartupImports imports;
    private final SessionLoader loader;
    private final Trial trial;
    private final Set<String> ofUser = new LinkedHashSet<>();
    private final Set<String> staticOfUser = new LinkedHashSet<>();
    private final Map<String, Boolean> known = new HashMap<>();
    private final Set<String> kept = new HashSet<>();
    private final Map<String, Set<String>> used = new HashMap<>();
    /** The types around the user's types that cells call by their simple names. */
    private final Map<String, String> members = new HashMap<>();

    public NameChoices(JShell shell, StartupImports imports, SessionLoader loader, Trial trial) {
        this.shell = shell;
        this.imports = imports;
        this.loader = loader;
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
     * What the user imports on demand from now on must not take from older snippets the meaning that their names have: JShell
     * compiles them anew whenever something changes on which they depend. Returns the imports by name that see to it.
     */
    public List<String> keepMeanings(ImportSnippet snippet, Stream<String> olderTexts) {
        if (snippet.subKind() != Snippet.SubKind.TYPE_IMPORT_ON_DEMAND_SUBKIND) {
            return List.of();
        }
        String added = owner(snippet);
        Set<String> before = new LinkedHashSet<>(imports.packages());
        before.addAll(ofUser);
        if (before.contains(added)) {
            return List.of();
        }
        return olderTexts
                .flatMap(text -> words(text).stream())
                .distinct()
                .filter(word -> Character.isUpperCase(word.charAt(0)) && !takenByUser(word) && isClass(added, word))
                .flatMap(word -> before.stream()
                        .filter(owner -> isClass(owner, word))
                        .limit(1)
                        .map(owner -> {
                            kept.add(owner + "." + word);
                            return "import " + owner + "." + word + ";";
                        }))
                .toList();
    }

    /** The user has imported something on demand. */
    public void imported(ImportSnippet snippet) {
        switch (snippet.subKind()) {
            case TYPE_IMPORT_ON_DEMAND_SUBKIND -> ofUser.add(owner(snippet));
            case STATIC_IMPORT_ON_DEMAND_SUBKIND -> staticOfUser.add(owner(snippet));
            // What else it means is the compiler's business.
            default -> declared(snippet.name());
        }
    }

    /** Classes may be there now that were not there before. */
    public void classPathGrew() {
        known.clear();
    }

    /** The user's types of these names are members of another from now on. */
    public void membersOf(String around, Collection<String> names) {
        members.values().removeIf(around::equals);
        names.forEach(name -> members.put(name, around));
    }

    /** The user has declared or imported a type of this name. */
    public void declared(String name) {
        members.remove(name);
    }

    /**
     * Types of these names are about to be declared.
     *
     * @return the types around those of the names that were members until now, for {@link #putBack}
     */
    public Map<String, String> giveWay(Collection<String> names) {
        Map<String, String> before = new HashMap<>(members);
        before.keySet().retainAll(names);
        members.keySet().removeAll(names);
        return before;
    }

    /** Where the declarations have not come about the names mean again what they meant before. */
    public void putBack(Map<String, String> membersBefore) {
        membersBefore.forEach((name, around) -> {
            if (!isTypeOrImport(name)
                    && shell.types().anyMatch(type -> type.name().equals(around))) {
                members.putIfAbsent(name, around);
            }
        });
    }

    /** The name of a type with the members in it written in full. */
    public String membersInFull(String type) {
        Amended text = Amended.nothingIn(type);
        for (MatchResult word : Syntax.words(type).toList()) {
            String around = members.get(word.group());
            if (around != null && (word.start() == 0 || type.charAt(word.start() - 1) != '.')) {
                text = text.insert(word.start(), around + ".");
            }
        }
        return text.text();
    }

    /** The types that are members of others, and called by their simple names. */
    public Stream<String> members() {
        return members.keySet().stream();
    }

    /** Whether a type is known to users by its members alone. */
    public boolean isAround(String type) {
        return members.containsValue(type);
    }

    private static String owner(ImportSnippet snippet) {
        return snippet.fullname().replaceFirst("\\.\\*$", "");
    }

    /** The meanings that a simple name can have, the likeliest first; nothing where it has at most one that JShell knows. */
    public List<String> meanings(String name) {
        if (members.containsKey(name)) {
            return List.of(members.get(name) + "." + name);
        }
        if (takenByUser(name)) {
            return List.of();
        }
        Set<String> meanings = new LinkedHashSet<>();
        ofUser.stream().filter(owner -> isClass(owner, name)).forEach(owner -> meanings.add(owner + "." + name));
        Optional<String> ours = imports.qualified(name);
        ours.filter(whole -> load(whole).isEmpty()).ifPresent(imports::namesNothing);
        if (ours.isEmpty() && meanings.isEmpty()) {
            return List.of();
        }
        Set<String> before = used.getOrDefault(name, Set.of());
        if (before.size() == 1) {
            meanings.addAll(before);
        }
        ours.ifPresent(meanings::add);
        Stream.concat(imports.packages().stream(), Stream.of(LANGUAGE))
                .filter(owner -> isClass(owner, name))
                .forEach(owner -> meanings.add(owner + "." + name));
        return ours.isPresent() || meanings.size() > 1 ? List.copyOf(meanings) : List.of();
    }

    private Map<String, List<String>> meaningsIn(String source) {
        Map<String, List<String>> meanings = new HashMap<>();
        boolean onlyOurs = imports.packages().containsAll(ofUser);
        for (String word : words(source)) {
            if (members.containsKey(word)
                    || imports.qualified(word).isPresent()
                    || !onlyOurs && Character.isUpperCase(word.charAt(0))) {
                meanings.put(word, meanings(word));
            }
        }
        meanings.values().removeIf(List::isEmpty);
        return meanings;
    }

    private boolean takenByUser(String name) {
        return imports.shadowedBy(name).isPresent() || isTypeOrImport(name);
    }

    private boolean isTypeOrImport(String name) {
        return shell.types().anyMatch(type -> type.name().equals(name))
                || shell.imports()
                        .anyMatch(one -> !one.isStatic()
                                && one.subKind() == Snippet.SubKind.SINGLE_TYPE_IMPORT_SUBKIND
                                && one.name().equals(name)
                                && !kept.contains(one.fullname()));
    }

    /** As with types; a call that is clear without a qualifier stays without. */
    private List<String> meaningsOfCall(String name) {
        if (staticOfUser.isEmpty()
                || shell.methods().anyMatch(method -> method.name().equals(name))) {
            return List.of();
        }
        List<String> owners = Stream.concat(staticOfUser.stream(), imports.staticOwners().stream())
                .filter(owner -> hasFunction(owner, name))
                .distinct()
                .toList();
        if (owners.size() < 2) {
            return List.of();
        }
        List<String> meanings = new ArrayList<>(List.of(name));
        owners.forEach(owner -> meanings.add(owner + "." + name));
        return meanings;
    }

    private boolean isClass(String owner, String name) {
        return known.computeIfAbsent(owner + "." + name, whole -> load(whole)
                .or(() -> load(owner + "$" + name))
                .filter(type -> Modifier.isPublic(type.getModifiers()))
                .isPresent());
    }

    private boolean hasFunction(String owner, String name) {
        return load(owner).stream()
                .flatMap(type -> Stream.of(type.getMethods()))
                .anyMatch(method -> isFunction(method) && method.getName().equals(name));
    }

    private static boolean isFunction(Method method) {
        return Modifier.isStatic(method.getModifiers());
    }

    private Optional<Class<?>> load(String className) {
        try {
            return Optional.of(Class.forName(className, false, loader));
        } catch (ClassNotFoundException | LinkageError none) {
            return Optional.empty();
        }
    }

    /**
     * Writes the names of a snippet in full. Runs and defines nothing.
     *
     * @param rest the snippets of the same cell that follow: they decide where several meanings fit
     */
    public Choice choose(String snippet, List<String> rest) {
        Choice asWritten = new Choice(Amended.nothingIn(snippet), Map.of(), false);
        Map<String, List<String>> meanings = Syntax.isImport(snippet) ? Map.of() : meaningsIn(snippet);
        if (meanings.isEmpty() && staticOfUser.isEmpty()) {
            return asWritten;
        }
        return Syntax.Frame.of(snippet)
                .map(frame -> choose(new Part(snippet, frame, meanings.keySet()), rest, meanings))
                .orElse(asWritten);
    }

    private Choice choose(Part snippet, List<String> rest, Map<String, List<String>> meaningsOfTypes) {
        Map<String, List<String>> meanings = new TreeMap<>(meaningsOfTypes);
        if (!staticOfUser.isEmpty()) {
            snippet.names.calls().forEach(call -> meanings.computeIfAbsent(call.name(), this::meaningsOfCall));
        }
        Set<String> variables = shell.variables().map(VarSnippet::name).collect(Collectors.toSet());
        meanings.keySet()
                .retainAll(snippet.uses(meanings.keySet(), variables).stream()
                        .map(Syntax.Name::name)
                        .collect(Collectors.toSet()));
        meanings.values().removeIf(List::isEmpty);
        boolean inherits = !meanings.isEmpty() && !snippet.names.supertypes().isEmpty();
        List<Map<String, String>> combinations = combinations(meanings);
        if (snippet.mayHaveItsOwn(meanings.keySet()) && !meanings.isEmpty()) {
            resolve(snippet, combinations);
            combinations = different(snippet, combinations, variables);
        }
        if (combinations.size() == 1) {
            return new Choice(snippet.written(combinations.get(0), variables), Map.of(), inherits);
        }
        List<Part> alone = List.of(snippet);
        List<List<String>> errors = new ArrayList<>(errors(alone, combinations.subList(0, 1), variables));
        List<Part> whole = errors.get(0).isEmpty()
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
            chosen.forEach((name, meaning) ->
                    used.computeIfAbsent(name, any -> new LinkedHashSet<>()).add(meaning));
        } else if (Set.copyOf(errors).size() > 1) {
            meanings.forEach((name, all) -> {
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
        Map<String, List<String>> meanings = meaningsIn(code);
        shell.variables().map(VarSnippet::name).forEach(meanings::remove);
        return alike(meanings).stream()
                .map(combination -> {
                    Amended text = Amended.nothingIn(code);
                    for (MatchResult word : Syntax.words(code).toList()) {
                        String meaning = combination.get(word.group());
                        boolean isMember = word.start() > 0 && code.charAt(word.start() - 1) == '.';
                        if (meaning != null && !isMember && word.end() <= end) {
                            text = text.insert(word.start(), qualifier(word.group(), meaning));
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
    private void resolve(Part snippet, List<Map<String, String>> combinations) {
        List<String> visible = visible(words(snippet.source));
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
            Map<Integer, String> meanings = new HashMap<>();
            found.get(i).forEach((at, meaning) -> meanings.put(at - offset, meaning));
            snippet.resolved.put(combinations.get(i), meanings);
        }
    }

    /** Those of which it makes a difference. */
    private static List<Map<String, String>> different(
            Part snippet, List<Map<String, String>> combinations, Set<String> variables) {
        Set<String> texts = new HashSet<>();
        return combinations.stream()
                .filter(one -> texts.add(snippet.written(one, variables).text()))
                .toList();
    }

    /** A snippet and what can be told of it by parsing. */
    private static final class Part {
        final String source;
        final Syntax.Frame frame;
        final Syntax.Names names;
        /** What the simple names mean, by their offsets, in a class that imports these meanings; where it has been asked for. */
        final Map<Map<String, String>, Map<Integer, String>> resolved = new HashMap<>();

        /** @param types names whose calls are no matter of these choices */
        Part(String source, Syntax.Frame frame, Set<String> types) {
            this.source = source;
            this.frame = frame;
            this.names = Syntax.names(source, frame);
            this.names.calls().removeIf(call -> types.contains(call.name()));
        }

        /** Where these names stand for a type or function, and for no variable of the session's. */
        List<Syntax.Name> uses(Set<String> wanted, Set<String> variables) {
            Stream<Syntax.Name> qualifiers =
                    names.typesOrVariables().stream().filter(one -> !variables.contains(one.name()));
            return Stream.of(names.types().stream(), qualifiers, names.calls().stream())
                    .flatMap(all -> all)
                    .filter(one -> wanted.contains(one.name()))
                    .toList();
        }

        /** Whether one of these names can mean what the snippet declares, or what it inherits. */
        boolean mayHaveItsOwn(Set<String> wanted) {
            return !names.supertypes().isEmpty()
                    || wanted.stream()
                            .anyMatch(name -> names.declaredTypes().contains(name)
                                    || names.declaredVariables().contains(name));
        }

        private boolean isItsOwn(Syntax.Name use, Map<String, String> meanings) {
            Map<Integer, String> known = resolved.get(meanings);
            if (known == null || names.calls().contains(use)) {
                return names.declaredTypes().contains(use.name())
                        || names.typesOrVariables().contains(use)
                                && names.declaredVariables().contains(use.name());
            }
            String meaning = meanings.get(use.name());
            return !known.getOrDefault(use.offset(), meaning).equals(meaning);
        }

        Amended written(Map<String, String> meanings, Set<String> variables) {
            Amended text = Amended.nothingIn(source);
            for (Syntax.Name use : uses(meanings.keySet(), variables)) {
                if (!isItsOwn(use, meanings)) {
                    text = text.insert(use.place(), qualifier(use.name(), meanings.get(use.name())));
                }
            }
            return text;
        }
    }

    private static String qualifier(String name, String meaning) {
        return meaning.substring(0, meaning.length() - name.length());
    }

    /** The snippet with those that follow, if these use what it declares, or the contested names. */
    private static List<Part> wholeOf(Part snippet, List<String> rest, Set<String> contested, Set<String> types) {
        Set<String> declared = new LinkedHashSet<>(contested);
        declared.addAll(snippet.names.declaredTypes());
        declared.addAll(snippet.names.declaredVariables());
        declared.addAll(snippet.names.declaredMethods());
        List<Part> whole = new ArrayList<>(List.of(snippet));
        if (rest.stream().anyMatch(one -> words(one).stream().anyMatch(declared::contains))) {
            for (String one : rest) {
                String statement = one.stripTrailing().endsWith("}") ? one : one + ";";
                Syntax.Frame.of(statement).ifPresent(frame -> whole.add(new Part(statement, frame, types)));
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

    private List<List<String>> errors(List<Part> parts, List<Map<String, String>> combinations, Set<String> variables) {
        Set<String> words = new LinkedHashSet<>();
        parts.forEach(part -> words.addAll(words(part.source)));
        return trial.errors(
                visible(words),
                combinations.stream()
                        .map(combination -> members(parts, combination, variables))
                        .toList());
    }

    /** Parts of one cell as members of one class; its statements follow each other in one method. */
    private static String members(List<Part> parts, Map<String, String> combination, Set<String> variables) {
        StringBuilder members = new StringBuilder();
        StringBuilder statements = new StringBuilder();
        for (Part part : parts) {
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
                shell.imports().map(one -> "import " + (one.isStatic() ? "static " : "") + one.fullname() + ";");
        Stream<String> own = shell.snippets()
                .filter(one ->
                        shell.status(one).isActive() && (words.contains(declaredBy(one)) || isAround(declaredBy(one))))
                .map(one -> "import static "
                        + shell.sourceCodeAnalysis().wrapper(one).fullClassName() + "." + declaredBy(one) + ";");
        return Stream.concat(imported, own).distinct().toList();
    }

    private static String declaredBy(Snippet snippet) {
        return snippet instanceof DeclarationSnippet one ? one.name() : "";
    }

    private static Set<String> words(String source) {
        return Syntax.words(source).map(MatchResult::group).collect(Collectors.toSet());
    }
}
