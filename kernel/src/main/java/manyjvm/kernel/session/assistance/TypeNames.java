package manyjvm.kernel.session.assistance;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import jdk.jshell.ImportSnippet;
import jdk.jshell.Snippet;
import manyjvm.kernel.session.shell.Shell;

/** The classes that JShell names in what it tells. Used by the holder of the session's lock. */
final class TypeNames {
    private final Shell shell;

    TypeNames(Shell shell) {
        this.shell = shell;
    }

    /** A class by the name that JShell gives it: in full, or as the session lets one write it; without type arguments. */
    Optional<Class<?>> type(String written) {
        String name = shell.familyMembers().inFull(written);
        String first = name.contains(".") ? name.substring(0, name.indexOf('.')) : name;
        String rest = name.substring(first.length());
        Set<String> candidates = new LinkedHashSet<>();
        shell.jshell()
                .types()
                .filter(one -> one.name().equals(first))
                .forEach(one -> candidates.add(shell.analysis().wrapper(one).fullClassName() + "$" + name));
        shell.imports().qualified(first).ifPresent(whole -> candidates.add(whole + rest));
        candidates.add(name);
        candidates.add("java.lang." + name);
        shell.jshell()
                .imports()
                .filter(one -> !one.isStatic())
                .flatMap(one -> meaning(one, first).stream())
                .forEach(whole -> candidates.add(whole + rest));
        return candidates.stream().flatMap(one -> load(one).stream()).findFirst();
    }

    private static Optional<String> meaning(ImportSnippet one, String simpleName) {
        if (one.subKind() == Snippet.SubKind.TYPE_IMPORT_ON_DEMAND_SUBKIND) {
            String all = one.fullname();
            return Optional.of(all.substring(0, all.lastIndexOf('.') + 1) + simpleName);
        }
        return one.name().equals(simpleName) ? Optional.of(one.fullname()) : Optional.empty();
    }

    private Optional<Class<?>> load(String name) {
        String binary = name;
        while (true) {
            try {
                return Optional.of(Class.forName(binary, false, shell.loader()));
            } catch (ClassNotFoundException | LinkageError none) {
                int dot = binary.lastIndexOf('.');
                if (dot < 0) {
                    return Optional.empty();
                }
                // Perhaps a member of a class.
                binary = binary.substring(0, dot) + "$" + binary.substring(dot + 1);
            }
        }
    }
}
