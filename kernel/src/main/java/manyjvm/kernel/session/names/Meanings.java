package manyjvm.kernel.session.names;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import jdk.jshell.ImportSnippet;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import manyjvm.kernel.session.execution.SessionLoader;
import manyjvm.kernel.session.source.Syntax;

/**
 * The classes that a simple name can mean in a session, and the functions. Owned by the holder of the session's lock.
 */
public final class Meanings {
    private static final String LANGUAGE = "java.lang";

    private final JShell jshell;
    private final StartupImports imports;
    private final SessionLoader loader;
    private final FamilyMembers members;
    private final Set<String> ofUser = new LinkedHashSet<>();
    private final Set<String> staticOfUser = new LinkedHashSet<>();
    private final Map<String, Boolean> known = new HashMap<>();
    private final Set<String> kept = new HashSet<>();
    private final Map<String, Set<String>> used = new HashMap<>();

    public Meanings(JShell jshell, StartupImports imports, SessionLoader loader) {
        this.jshell = jshell;
        this.imports = imports;
        this.loader = loader;
        this.members = new FamilyMembers(jshell, this::isTypeOrImport);
    }

    public FamilyMembers members() {
        return members;
    }

    /** Whether a call without a qualifier can mean several functions. */
    boolean contestCalls() {
        return !staticOfUser.isEmpty();
    }

    /** From now on the name is likelier to mean this again. */
    void used(String name, String meaning) {
        used.computeIfAbsent(name, any -> new LinkedHashSet<>()).add(meaning);
    }

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
                .flatMap(text -> Syntax.wordsIn(text).stream())
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
            default -> members.declared(snippet.name());
        }
    }

    /** Forgets what the user has imported, and what names have meant. */
    public void forget() {
        ofUser.clear();
        staticOfUser.clear();
        known.clear();
        kept.clear();
        used.clear();
        members.forget();
    }

    /** Classes may be there now that were not there before. */
    public void classPathGrew() {
        known.clear();
    }

    private static String owner(ImportSnippet snippet) {
        return snippet.fullname().replaceFirst("\\.\\*$", "");
    }

    /** The meanings that a simple name can have, the likeliest first; nothing where it has at most one that JShell knows. */
    public List<String> of(String name) {
        Optional<String> member = members.qualified(name);
        if (member.isPresent()) {
            return List.of(member.get());
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

    Map<String, List<String>> in(String source) {
        Map<String, List<String>> meanings = new HashMap<>();
        boolean onlyOurs = imports.packages().containsAll(ofUser);
        for (String word : Syntax.wordsIn(source)) {
            if (members.qualified(word).isPresent()
                    || imports.qualified(word).isPresent()
                    || !onlyOurs && Character.isUpperCase(word.charAt(0))) {
                meanings.put(word, of(word));
            }
        }
        meanings.values().removeIf(List::isEmpty);
        return meanings;
    }

    private boolean takenByUser(String name) {
        return imports.shadowedBy(name).isPresent() || isTypeOrImport(name);
    }

    private boolean isTypeOrImport(String name) {
        return jshell.types().anyMatch(type -> type.name().equals(name))
                || jshell.imports()
                        .anyMatch(one -> !one.isStatic()
                                && one.subKind() == Snippet.SubKind.SINGLE_TYPE_IMPORT_SUBKIND
                                && one.name().equals(name)
                                && !kept.contains(one.fullname()));
    }

    /** As with types; a call that is clear without a qualifier stays without. */
    List<String> ofCall(String name) {
        if (staticOfUser.isEmpty()
                || jshell.methods().anyMatch(method -> method.name().equals(name))) {
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
        try {
            return load(owner).stream()
                    .flatMap(type -> Stream.of(type.getMethods()))
                    .anyMatch(method -> isFunction(method) && method.getName().equals(name));
        } catch (LinkageError optional) {
            return false; // a member names a class that is not there
        }
    }

    private static boolean isFunction(Method method) {
        return Modifier.isStatic(method.getModifiers());
    }

    private Optional<Class<?>> load(String className) {
        try {
            return Optional.of(Class.forName(className, false, loader));
        } catch (ClassNotFoundException | LinkageError none) {
            return Optional.empty(); // a name that means no class, or one of a library that is not whole
        }
    }
}
