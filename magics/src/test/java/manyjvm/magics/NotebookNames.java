package manyjvm.magics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import manyjvm.kernel.spi.Magic.Names;

/** The names of a notebook that a test makes up. */
final class NotebookNames implements Names {
    private final Map<String, Set<Integer>> methods = new LinkedHashMap<>();
    private final Set<String> variables = new TreeSet<>();

    NotebookNames method(String name, Integer... arities) {
        methods.put(name, Set.of(arities));
        return this;
    }

    NotebookNames variable(String name) {
        variables.add(name);
        return this;
    }

    @Override
    public Set<Integer> methodArities(String methodName) {
        return methods.getOrDefault(methodName, Set.of());
    }

    @Override
    public Set<String> methods() {
        return methods.keySet();
    }

    @Override
    public Set<String> variables() {
        return variables;
    }

    @Override
    public Set<String> types() {
        return Set.of();
    }
}
