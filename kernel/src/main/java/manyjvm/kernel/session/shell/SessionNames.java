package manyjvm.kernel.session.shell;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.MethodSnippet;
import jdk.jshell.TypeDeclSnippet;
import jdk.jshell.VarSnippet;
import manyjvm.kernel.session.names.FamilyMembers;
import manyjvm.kernel.spi.Magic;

/** The names that a session has at one moment. */
record SessionNames(Set<String> methods, Set<String> variables, Set<String> types, Map<String, Set<Integer>> arities)
        implements Magic.Names {
    static SessionNames of(JShell jshell, SessionVariables variables, FamilyMembers members) {
        Set<String> methods = jshell.methods().map(MethodSnippet::name).collect(Collectors.toUnmodifiableSet());
        Set<String> ofVariables =
                variables.all().stream().map(VarSnippet::name).collect(Collectors.toUnmodifiableSet());
        Set<String> types = Stream.concat(
                        members.names(),
                        jshell.types().map(TypeDeclSnippet::name).filter(name -> !members.isAround(name)))
                .collect(Collectors.toUnmodifiableSet());
        Map<String, Set<Integer>> arities = jshell.methods()
                .collect(Collectors.groupingBy(
                        MethodSnippet::name,
                        Collectors.mapping(method -> arity(method.parameterTypes()), Collectors.toUnmodifiableSet())));
        return new SessionNames(methods, ofVariables, types, arities);
    }

    @Override
    public Set<Integer> methodArities(String methodName) {
        return arities.getOrDefault(methodName, Set.of());
    }

    /** How many types a list of them has. */
    static int arity(String types) {
        int depth = 0;
        int count = types.isBlank() ? 0 : 1;
        for (char c : types.toCharArray()) {
            depth += c == '<' ? 1 : c == '>' ? -1 : 0;
            count += c == ',' && depth == 0 ? 1 : 0;
        }
        return count;
    }
}
