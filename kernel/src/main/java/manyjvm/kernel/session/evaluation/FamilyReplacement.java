package manyjvm.kernel.session.evaluation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.SnippetEvent;
import jdk.jshell.TypeDeclSnippet;
import jdk.jshell.VarSnippet;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.execution.CodeOrigin;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.source.MagicScanner;
import manyjvm.kernel.session.source.Piece;
import manyjvm.kernel.session.source.SealedFamilies;
import manyjvm.kernel.session.source.Syntax;

/**
 * Sealed families that a cell declares anew. A new sealed type does not go with old subtypes, and JShell takes one type at a time.
 * So the old types of a family go before the first of the new ones comes, once the compiler has accepted all of these: a cell
 * that it refuses changes nothing. Confined like the {@link CellEvaluation} that it is a part of.
 */
final class FamilyReplacement {
    /** JShell takes {@code private record R() {}}, and no interface may have it. */
    private static final Set<String> OF_MEMBERS_ALONE =
            Set.of("compiler.err.mod.not.allowed.here", "compiler.err.illegal.combination.of.modifiers");

    private final Shell shell;
    private final CellRun run;
    private final CellNotes notes;
    private final Function<Piece, CodeOrigin> origins;
    /** The families of which the old types are gone and the new ones are not yet there. */
    private final Map<SealedFamilies.Whole, Replaced> replacing = new HashMap<>();

    /**
     * What waits for the new types of a family.
     *
     * @param types names of the old ones
     */
    private record Replaced(Set<String> types, List<VarSnippet> variables) {}

    /** @param origins where a piece of the cell was written */
    FamilyReplacement(Shell shell, CellRun run, CellNotes notes, Function<Piece, CodeOrigin> origins) {
        this.shell = shell;
        this.run = run;
        this.notes = notes;
        this.origins = origins;
    }

    /** Whether half a family is there. */
    boolean isUnderWay() {
        return !replacing.isEmpty();
    }

    /** Whether the session has older types of these names, which may have to go first. */
    boolean isOfKnownTypes(SealedFamilies.Whole family) {
        return !MagicScanner.PLACEHOLDER.matcher(family.joined().source()).find()
                && shell.jshell().types().anyMatch(type -> family.names().contains(type.name()));
    }

    /**
     * What the compiler has against a family as a whole.
     *
     * @param errors its errors where all types of the family are members of one
     * @return empty where the types may do one by one, since one of another cell may belong to them
     */
    static Optional<List<Diag>> refusal(List<Diag> errors) {
        List<Diag> refusal = errors.stream()
                .filter(error -> !OF_MEMBERS_ALONE.contains(error.getCode()))
                .toList();
        return refusal.stream().anyMatch(CompileErrors::isOfSealedTypes) ? Optional.empty() : Optional.of(refusal);
    }

    /** Takes the old types out of the session, with those that the new ones do not permit any more. */
    void begin(SealedFamilies.Whole family) {
        List<TypeDeclSnippet> old = shell.jshell()
                .types()
                .filter(type -> family.names().contains(type.name()))
                .toList();
        dropTypes(type -> type.name().equals(family.wrapper()));
        Map<String, String> left = notPermitted(family, old);
        left.forEach((type, top) -> System.err.println(
                "note: the type " + type + " is gone, because " + top + " does not permit it any more"));
        List<VarSnippet> variables = dropTypes(type -> old.contains(type) || left.containsKey(type.name()));
        replacing.put(
                family, new Replaced(old.stream().map(TypeDeclSnippet::name).collect(Collectors.toSet()), variables));
    }

    /** The other types that have an old sealed one above them, by name, with that one: the new family compiles without these. */
    private Map<String, String> notPermitted(SealedFamilies.Whole family, List<TypeDeclSnippet> old) {
        Set<String> sealed = Syntax.types(family.joined().source()).stream()
                .filter(Syntax.Type::sealed)
                .map(Syntax.Type::path)
                .filter(name -> old.stream().anyMatch(type -> type.name().equals(name)))
                .collect(Collectors.toSet());
        Map<String, String> left = new TreeMap<>();
        shell.jshell().types().filter(type -> !old.contains(type)).forEach(type -> Syntax.types(type.source()).stream()
                .limit(1)
                .flatMap(one -> one.supertypes().stream().filter(sealed::contains))
                .findFirst()
                .ifPresent(top -> left.put(type.name(), top)));
        return left;
    }

    /** Returns the variables that cannot be used any more. */
    private List<VarSnippet> dropTypes(Predicate<TypeDeclSnippet> which) {
        List<VarSnippet> variables = new ArrayList<>();
        for (SnippetEvent event :
                shell.drop(shell.jshell().types().filter(which).toList(), run)) {
            if (event.snippet() instanceof VarSnippet variable) {
                variables.add(variable);
            } else if (event.snippet() instanceof DeclarationSnippet declaration) {
                notes.perhapsUnresolved(declaration);
            }
        }
        return variables;
    }

    /** A piece has been evaluated. With all of its family there, what is not declared again by now needs more than that. */
    void evaluated(Piece piece, SealedFamilies families) {
        Map.copyOf(replacing).forEach((family, replaced) -> {
            if (families.endsWith(piece, family)) {
                replacing.remove(family);
                keepVariables(replaced, piece);
            }
        });
    }

    /** The cell has ended, with an import or a magic between the types of a family, say, before all of these were there. */
    void end() {
        Map.copyOf(replacing).forEach((family, replaced) -> {
            replacing.remove(family);
            replaced.types().stream()
                    .filter(name ->
                            shell.jshell().types().noneMatch(type -> type.name().equals(name)))
                    .sorted()
                    .forEach(
                            name -> System.err.println(
                                    "note: the type " + name
                                            + " is gone, because the cell that redefines its sealed family stopped before it: run that cell again"));
            keepVariables(replaced, family.joined());
        });
    }

    private void keepVariables(Replaced replaced, Piece piece) {
        shell.keepUnresolved(replaced.variables(), origins.apply(piece), run);
        notes.changedVariables();
    }
}
