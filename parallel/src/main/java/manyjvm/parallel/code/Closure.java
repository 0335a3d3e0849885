package manyjvm.parallel.code;

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
     * @param isFinal whether it is declared final: then its class's initializer makes a value in each JVM, and what cannot
     *     travel is left as that made it
     * @param isRead whether the code reads it; what is only assigned need not travel, but workers must know which value it
     *     had before
     * @param usedBy the chain of methods and types that leads to its use: {@code f -> g}; empty for the lambda itself
     */
    record Variable(
            Class<?> owner,
            String name,
            String descriptor,
            StaticHandle handle,
            boolean ofWrapper,
            boolean isFinal,
            boolean isRead,
            String usedBy) {
        String shownName() {
            return ofWrapper ? name : owner.getSimpleName() + "." + name;
        }
    }
}
