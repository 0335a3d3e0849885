package manyjvm.kernel.session.names;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import manyjvm.kernel.session.source.Amended;
import manyjvm.kernel.session.source.Syntax;

/** A snippet and what can be told of it by parsing. */
final class NamedSnippet {
    final String source;
    final Syntax.Frame frame;
    final Syntax.Names names;
    /** What the simple names mean, by their offsets, in a class that imports these meanings; where it has been asked for. */
    final Map<Map<String, String>, Map<Integer, String>> resolved = new HashMap<>();

    /** @param types names whose calls are no matter of these choices */
    NamedSnippet(String source, Syntax.Frame frame, Set<String> types) {
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
        String here = known.get(use.offset());
        return here != null && !here.equals(meanings.get(use.name()));
    }

    Amended written(Map<String, String> meanings, Set<String> variables) {
        Amended text = Amended.nothingIn(source);
        for (Syntax.Name use : uses(meanings.keySet(), variables)) {
            if (!isItsOwn(use, meanings)) {
                text = text.insert(
                        use.place(),
                        qualifier(
                                use.name(),
                                Objects.requireNonNull(
                                        meanings.get(use.name()), "only names with a meaning are looked for")));
            }
        }
        return text;
    }

    /** What stands in front of a name that is written in full. */
    static String qualifier(String name, String meaning) {
        return meaning.substring(0, meaning.length() - name.length());
    }
}
