package manyjvm.kernel.session.source;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.Diag;
import manyjvm.kernel.session.text.ObjectNames;

/**
 * The sealed types of a cell and their subtypes. In a file a sealed type needs no {@code permits}, and the order does not
 * matter. JShell compiles each type in a file of its own: there a sealed type must name its subtypes, and stand before them.
 *
 * <p>While the subtypes are still to come the sealed type is known to JShell as not complete. So it cannot have subtypes that are
 * members of types, nor {@code non-sealed} ones, unless the whole family lies within one type: then an interface is put around
 * the family, and {@code NameChoices} writes its types as members of that.
 */
public final class SealedFamilies {
    private static final Pattern SEALED = Pattern.compile("\\bsealed\\b");

    private static final String PERMITS = " permits ";
    private final List<Piece> pieces;
    /** The subtypes that a sealed type of the cell has in other pieces and does not name itself, by its path. */
    private final Map<String, Set<String>> permitted = new HashMap<>();
    /** The interface that is put around a family, by the names of its types. */
    private final Map<Set<String>, String> wrappers = new HashMap<>();

    private final Set<String> topTypes = new LinkedHashSet<>();
    /** The families that are evaluated type by type, by the piece that comes first. */
    private final Map<Piece, Whole> wholes = new HashMap<>();

    private SealedFamilies(List<Piece> pieces) {
        this.pieces = pieces;
    }

    /** @param stays whether no other piece may be moved from behind this one to the front of it, but for a sealed type */
    public static SealedFamilies of(String java, List<Piece> pieces, Predicate<Piece> stays) {
        if (pieces.stream().noneMatch(piece -> SEALED.matcher(piece.source()).find())) {
            return new SealedFamilies(pieces);
        }
        Map<String, Declared> types = new LinkedHashMap<>();
        Set<String> twice = new LinkedHashSet<>();
        for (Piece piece : pieces) {
            for (Syntax.Type type : Syntax.types(piece.source())) {
                if (types.put(type.path(), new Declared(type, piece)) != null) {
                    twice.add(type.path());
                }
            }
        }
        types.keySet().removeAll(twice);
        Map<Piece, Set<Piece>> above = new HashMap<>();
        Map<String, Set<String>> subtypes = new HashMap<>();
        Set<String> withMembers = new HashSet<>();
        Map<Piece, Set<Piece>> kin = new HashMap<>();
        Set<Piece> inOneType = new HashSet<>();
        for (Declared one : types.values()) {
            for (String name : one.type.supertypes()) {
                Optional<Declared> sealed =
                        resolve(name, one.type.path(), types).filter(known -> known.type.sealed());
                if (sealed.isEmpty()) {
                    continue;
                }
                Declared top = sealed.get();
                if (top.piece != one.piece) {
                    kin.computeIfAbsent(one.piece, any -> new LinkedHashSet<>()).add(top.piece);
                    if (top.type.isMember() || one.type.isMember() || one.type.nonSealed()) {
                        inOneType.addAll(List.of(one.piece, top.piece));
                    }
                }
                if (top.piece == one.piece) {
                    withMembers.add(top.type.path());
                } else if (!top.type.isMember() && !one.type.isMember() && !one.type.nonSealed()) {
                    above.computeIfAbsent(one.piece, any -> new LinkedHashSet<>())
                            .add(top.piece);
                    if (!top.type.permits()) {
                        subtypes.computeIfAbsent(top.type.path(), any -> new LinkedHashSet<>())
                                .add(one.type.path());
                    }
                }
            }
        }
        subtypes.keySet().removeAll(withMembers);
        List<Piece> whole = new ArrayList<>(pieces);
        Map<Set<String>, String> wrappers = new HashMap<>();
        while (!inOneType.isEmpty()) {
            Set<Piece> family = withMutual(family(inOneType.iterator().next(), kin), kin, types.values());
            inOneType.removeAll(family);
            Piece joined = joined(java, whole, family, stays);
            Set<String> names = topTypes(joined.source());
            wrappers.put(names, ObjectNames.aroundFamily(names.iterator().next()));
            names.forEach(subtypes::remove);
        }
        SealedFamilies families = new SealedFamilies(inOrder(whole, above, stays));
        families.permitted.putAll(subtypes);
        families.wrappers.putAll(wrappers);
        for (Piece piece : families.pieces) {
            Set<Piece> family = family(piece, above);
            if (family.size() > 1 && families.wholes.values().stream().noneMatch(one -> one.pieces.equals(family))) {
                Piece joined = joined(java, new ArrayList<>(whole), family, stays);
                families.wholes.put(piece, new Whole(family, joined, topTypes(joined.source())));
            }
        }
        types.values().stream()
                .filter(one -> !one.type.isMember())
                .forEach(one -> families.topTypes.add(one.type.path()));
        return families;
    }

    /**
     * With the types of the cell that a family names, directly or not, and that name the family: neither can come first, and
     * JShell knows no members of a type that waits for another.
     */
    private static Set<Piece> withMutual(Set<Piece> family, Map<Piece, Set<Piece>> kin, Collection<Declared> types) {
        Map<Piece, Set<Piece>> named = new HashMap<>();
        for (Declared user : types) {
            Set<String> words = Syntax.wordsIn(user.piece.source());
            named.put(
                    user.piece,
                    types.stream()
                            .filter(one -> !one.type.isMember() && words.contains(one.type.path()))
                            .map(Declared::piece)
                            .collect(Collectors.toSet()));
        }
        // A sealed type names its subtypes, be it without words.
        kin.forEach((below, tops) -> tops.forEach(
                top -> named.computeIfAbsent(top, any -> new HashSet<>()).add(below)));
        Set<Piece> all = new LinkedHashSet<>(family);
        for (Piece piece : reached(family, named)) {
            if (!all.contains(piece) && reached(Set.of(piece), named).stream().anyMatch(family::contains)) {
                all.addAll(family(piece, kin));
            }
        }
        return all;
    }

    private static Set<Piece> reached(Set<Piece> from, Map<Piece, Set<Piece>> named) {
        Set<Piece> reached = new LinkedHashSet<>();
        Deque<Piece> open = new ArrayDeque<>(from);
        while (!open.isEmpty()) {
            Piece piece = open.pop();
            if (reached.add(piece)) {
                open.addAll(named.getOrDefault(piece, Set.of()));
            }
        }
        return reached;
    }

    /**
     * Puts one piece in the place of a family: of the first member, or where something that stays is between them, of the last.
     * Its text is the cell's, from the first to the last, with blanks for what stands between them.
     */
    private static Piece joined(String java, List<Piece> pieces, Set<Piece> family, Predicate<Piece> stays) {
        List<Piece> members = pieces.stream().filter(family::contains).toList();
        Piece first = members.get(0);
        Piece last = members.get(members.size() - 1);
        StringBuilder text = new StringBuilder();
        for (Piece member : members) {
            String between = java.substring(first.offset() + text.length(), member.offset());
            text.append(between.replaceAll("[^\\n]", " ")).append(asWritten(java, member));
        }
        Piece joined = new Piece(text.toString(), first.offset(), false);
        boolean atTheEnd = pieces.subList(pieces.indexOf(first), pieces.indexOf(last)).stream()
                .anyMatch(stays);
        pieces.set(pieces.indexOf(atTheEnd ? last : first), joined);
        pieces.removeAll(family);
        return joined;
    }

    /** Without the semicolon that JShell may have put behind it. */
    private static String asWritten(String java, Piece piece) {
        String source = piece.source().stripTrailing();
        return java.startsWith(source, piece.offset()) ? source : source.substring(0, source.length() - 1);
    }

    public static Set<String> topTypes(String java) {
        Set<String> names = new LinkedHashSet<>();
        Syntax.types(java).stream().filter(type -> !type.isMember()).forEach(type -> names.add(type.path()));
        return names;
    }

    /**
     * A family that is evaluated type by type.
     *
     * @param joined all its types in one piece, for the compiler to look at as it would in a file
     * @param names of its types
     */
    public record Whole(Set<Piece> pieces, Piece joined, Set<String> names) {
        /** The interface around the joined piece, which does not stay. */
        public String wrapper() {
            return ObjectNames.aroundFamily(names.iterator().next() + "_whole");
        }
    }

    private record Declared(Syntax.Type type, Piece piece) {}

    /** A name in the head of a type means a member of the types around it before one further out. */
    private static Optional<Declared> resolve(String name, String path, Map<String, Declared> types) {
        String scope = path;
        while (scope.contains(".")) {
            scope = scope.substring(0, scope.lastIndexOf('.'));
            Declared member = types.get(scope + "." + name);
            if (member != null) {
                return Optional.of(member);
            }
        }
        return Optional.ofNullable(types.get(name));
    }

    /** Each family at the place of its first piece: what stands between its members may use them. */
    private static List<Piece> inOrder(List<Piece> pieces, Map<Piece, Set<Piece>> above, Predicate<Piece> stays) {
        Set<Piece> ordered = new LinkedHashSet<>();
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            if (ordered.contains(piece)) {
                continue;
            }
            place(piece, above, ordered, new LinkedHashSet<>());
            Set<Piece> family = family(piece, above);
            for (Piece later : pieces.subList(i + 1, pieces.size())) {
                if (stays.test(later)) {
                    break;
                }
                if (family.contains(later)) {
                    place(later, above, ordered, new LinkedHashSet<>());
                }
            }
        }
        return List.copyOf(ordered);
    }

    /** Puts a piece behind all that it stands below. In a cycle, which the compiler refuses, the order is as good as any. */
    private static void place(Piece piece, Map<Piece, Set<Piece>> above, Set<Piece> ordered, Set<Piece> underWay) {
        if (underWay.add(piece)) {
            above.getOrDefault(piece, Set.of()).forEach(top -> place(top, above, ordered, underWay));
            ordered.add(piece);
        }
    }

    private static Set<Piece> family(Piece member, Map<Piece, Set<Piece>> above) {
        Set<Piece> family = new LinkedHashSet<>();
        Deque<Piece> open = new ArrayDeque<>(List.of(member));
        while (!open.isEmpty()) {
            Piece piece = open.pop();
            if (family.add(piece)) {
                open.addAll(above.getOrDefault(piece, Set.of()));
                above.forEach((below, tops) -> {
                    if (tops.contains(piece)) {
                        open.add(below);
                    }
                });
            }
        }
        return family;
    }

    /** The pieces of the cell in the order in which they are to be evaluated. */
    public List<Piece> pieces() {
        return pieces;
    }

    /** The family that is evaluated type by type from this piece on. */
    public Optional<Whole> from(Piece piece) {
        return Optional.ofNullable(wholes.get(piece));
    }

    /** Whether no member of the family follows this piece. */
    public boolean endsWith(Piece piece, Whole family) {
        return pieces.subList(pieces.indexOf(piece) + 1, pieces.size()).stream().noneMatch(family.pieces::contains);
    }

    /** Whether an error is that a subtype is still to come, which is no fault of a type that has others. */
    public static boolean isForNow(Diag error, Amended text) {
        return error.getCode().startsWith("compiler.err.cant.resolve")
                && text.wordsAt((int) error.getPosition()).startsWith(PERMITS);
    }

    /** The types of the cell that are not put into an interface; nothing where none is sealed. */
    public Set<String> alone() {
        Set<String> names = new LinkedHashSet<>(topTypes);
        wrappers.keySet().forEach(names::removeAll);
        return names;
    }

    /** The interface that is put around a family: its types are members of that. Empty for other Java. */
    public Optional<String> wrapper(String java) {
        return wrappers.isEmpty() ? Optional.empty() : Optional.ofNullable(wrappers.get(topTypes(java)));
    }

    private Optional<Whole> wholeOf(String java) {
        if (wholes.isEmpty()) {
            return Optional.empty();
        }
        Set<String> names = topTypes(java);
        return wholes.values().stream().filter(one -> one.names.equals(names)).findFirst();
    }

    /** Tells the sealed types in the Java of a piece which types they permit, or puts the whole family into one. */
    public Amended inOneFile(String java) {
        Amended text = Amended.nothingIn(java);
        Optional<String> wrapper = wrapper(java).or(() -> wholeOf(java).map(Whole::wrapper));
        if (wrapper.isPresent()) {
            String lines = java.substring(java.lastIndexOf('\n') + 1).contains("//") ? "\n" : "";
            return text.insert(0, "interface " + wrapper.get() + " { ").insert(java.length(), lines + " }");
        }
        if (!permitted.isEmpty() && SEALED.matcher(java).find()) {
            for (Syntax.Type type : Syntax.types(java)) {
                Set<String> subtypes = permitted.getOrDefault(type.path(), Set.of());
                if (type.sealed() && !type.permits() && !subtypes.isEmpty()) {
                    text = text.insert(type.body(), PERMITS + String.join(", ", subtypes) + " ");
                }
            }
        }
        return text;
    }
}
