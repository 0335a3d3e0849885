package manyjvm.parallel.code;

import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Set;

/**
 * Everything of the session that some code needs elsewhere. Says nothing of values: those are read at each submission.
 *
 * @param classes session classes to ship
 * @param variables static fields whose values travel
 * @param written names of notebook variables that the code assigns
 * @param early indices of the variables that static initializers of the user's types read
 */
record Closure(Set<Class<?>> classes, List<Variable> variables, Set<String> written, Set<Integer> early) {

    /**
     * A static field whose value travels.
     *
     * @param ofWrapper whether it is a notebook variable, rather than a field of a user's type
     * @param usedBy the chain of methods and types that leads to its use: {@code f -> g}; empty for the lambda itself
     */
    record Variable(Class<?> owner, String name, VarHandle handle, boolean ofWrapper, String usedBy) {
        String shownName() {
            return ofWrapper ? name : owner.getSimpleName() + "." + name;
        }

        Bundle.StaticField reference() {
            return new Bundle.StaticField(owner.getName(), name);
        }
    }
}
