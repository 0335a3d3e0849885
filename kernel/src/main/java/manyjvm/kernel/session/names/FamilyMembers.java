package manyjvm.kernel.session.names;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import manyjvm.kernel.session.source.Amended;
import manyjvm.kernel.session.source.Syntax;

/**
 * The user's types that are members of an interface, which the kernel has put around a sealed family, and are called by their
 * simple names all the same. Owned by the holder of the session's lock.
 */
public final class FamilyMembers {
    private final JShell jshell;
    /** Whether the user has declared or imported a type of a name. */
    private final Predicate<String> isTaken;
    /** The types around the user's types that cells call by their simple names. */
    private final Map<String, String> members = new HashMap<>();

    FamilyMembers(JShell jshell, Predicate<String> isTaken) {
        this.jshell = jshell;
        this.isTaken = isTaken;
    }

    /** The user's types of these names are members of another from now on. */
    public void put(String around, Collection<String> names) {
        members.values().removeIf(around::equals);
        names.forEach(name -> members.put(name, around));
    }

    void forget() {
        members.clear();
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
            if (!isTaken.test(name)
                    && jshell.types().anyMatch(type -> type.name().equals(around))) {
                members.putIfAbsent(name, around);
            }
        });
    }

    /** The name of a type with the members in it written in full. */
    public String inFull(String type) {
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
    public Stream<String> names() {
        return members.keySet().stream();
    }

    /** Whether a type is known to users by its members alone. */
    public boolean isAround(String type) {
        return members.containsValue(type);
    }

    /** The whole name of a member, by its simple name; empty for what is none. */
    Optional<String> qualified(String name) {
        return Optional.ofNullable(members.get(name)).map(around -> around + "." + name);
    }
}
