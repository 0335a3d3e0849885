package manyjvm.kernel.session.shell;

import java.util.Map;
import java.util.Set;
import manyjvm.kernel.spi.Magic;

/** The names that a session has at one moment. */
record SessionNames(Set<String> methods, Set<String> variables, Set<String> types, Map<String, Set<Integer>> arities)
        implements Magic.Names {
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
