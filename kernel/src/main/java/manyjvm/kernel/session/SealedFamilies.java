package manyjvm.kernel.session;

import java.util.ArrayDeque;
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
import jdk.jshell.Diag;

/**
 * The sealed types of a cell and their subtypes. In a file a sealed type needs no {@code permits}, and the order does not
 * matter. JShell compiles each type in a file of its own: there a sealed type must name its subtypes, and stand before them.
 *
 * <p>While the subtypes are still to come the sealed type is known to JShell as not complete. So it cannot have subtypes that are
 * members of types, nor {@code non-sealed} ones, unless the whole family lies within one type; {@link CompileErrors} says so.
 */
final class SealedFamilies {
    private static final Pattern SEALED = Pattern.compile("\\bsealed\\b");

    private static final String PERMITS = " permits ";

    private final List<Shell.Piece> pieces;
    /** The subtypes that a sealed type of the cell has in other pieces and does not name itself, by its path. */
    private final Map<String, Set<String>> permitted = new HashMap<>();

    private SealedFamilies(List<Shell.Piece> pieces) {
        this.pieces = pieces;
    }

    /** @param stays whether no other piece may be moved from behind this one to the front of it, but for a sealed type */
    static SealedFamilies of(List<Shell.Piece> pieces, Predicate<Shell.Piece> stays) {
        if (pieces.stream().noneMatch(piece -> SEALED.matcher(piece.source()).find())) {
            return new SealedFamilies(pieces);
        }
        Map<String, Declared> types = new LinkedHashMap<>();
        Set<String> twice = new LinkedHashSet<>();
        for (Shell.Piece piece : pieces) {
            for (Syntax.Type type : Syntax.types(piece.source())) {
                if (types.put(type.path(), new Declared(type, piece)) != null) {
                    twice.add(type.path());
                }
            }
        }
        types.keySet().removeAll(twice);
        Map<Shell.Piece, Set<Shell.Piece>> above = new HashMap<>();
        Map<String, Set<String>> subtypes = new HashMap<>();
        Set<String> withMembers = new HashSet<>();
        for (Declared one : types.values()) {
            for (String name : one.type.supertypes()) {
                Optional<Declared> sealed =
                        resolve(name, one.type.path(), types).filter(known -> known.type.sealed());
                if (sealed.isEmpty()) {
                    continue;
                }
                Declared top = sealed.get();
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
        SealedFamilies families = new SealedFamilies(inOrder(pieces, above, stays));
        families.permitted.putAll(subtypes);
        return families;
    }

    private record Declared(Syntax.Type type, Shell.Piece piece) {}

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
    private static List<Shell.Piece> inOrder(
            List<Shell.Piece> pieces, Map<Shell.Piece, Set<Shell.Piece>> above, Predicate<Shell.Piece> stays) {
        Set<Shell.Piece> ordered = new LinkedHashSet<>();
        for (int i = 0; i < pieces.size(); i++) {
            Shell.Piece piece = pieces.get(i);
            if (ordered.contains(piece)) {
                continue;
            }
            place(piece, above, ordered, new LinkedHashSet<>());
            Set<Shell.Piece> family = family(piece, above);
            for (Shell.Piece later : pieces.subList(i + 1, pieces.size())) {
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
    private static void place(
            Shell.Piece piece,
            Map<Shell.Piece, Set<Shell.Piece>> above,
            Set<Shell.Piece> ordered,
            Set<Shell.Piece> underWay) {
        if (underWay.add(piece)) {
            above.getOrDefault(piece, Set.of()).forEach(top -> place(top, above, ordered, underWay));
            ordered.add(piece);
        }
    }

    private static Set<Shell.Piece> family(Shell.Piece member, Map<Shell.Piece, Set<Shell.Piece>> above) {
        Set<Shell.Piece> family = new LinkedHashSet<>();
        Deque<Shell.Piece> open = new ArrayDeque<>(List.of(member));
        while (!open.isEmpty()) {
            Shell.Piece piece = open.pop();
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
    List<Shell.Piece> pieces() {
        return pieces;
    }

    /** Whether an error is that a subtype is still to come, which is no fault of a type that has others. */
    static boolean isForNow(Diag error, Amended text) {
        return error.getCode().startsWith("compiler.err.cant.resolve")
                && text.wordsAt((int) error.getPosition()).startsWith(PERMITS);
    }

    /** Tells the sealed types in the Java of a piece which types they permit. */
    Amended withPermits(String java) {
        Amended text = Amended.nothingIn(java);
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
