package manyjvm.parallel.code.closure;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything of the session that some code needs elsewhere. Says nothing of values: those are read at each submission. */
public final class Closure {
    private final Set<Class<?>> classes;
    private final List<Variable> variables;
    private final Set<String> written;
    private final Set<Integer> early;
    private final Supplier<List<Changed>> finder;
    private volatile @Nullable List<Changed> changed; // null until it was asked for

    /** @param finder called when {@link #changed} is first asked for, and by several threads when these are as fast */
    Closure(
            Set<Class<?>> classes,
            List<Variable> variables,
            Set<String> written,
            Set<Integer> early,
            Supplier<List<Changed>> finder) {
        this.classes = classes;
        this.variables = variables;
        this.written = written;
        this.early = early;
        this.finder = finder;
    }

    /** Session classes to ship. */
    public Set<Class<?>> classes() {
        return classes;
    }

    /** Static fields whose values travel. */
    public List<Variable> variables() {
        return variables;
    }

    /** Names of notebook variables that the code assigns. */
    public Set<String> written() {
        return written;
    }

    /** Indices of the variables that static initializers of the user's types read. */
    public Set<Integer> early() {
        return early;
    }

    /**
     * What the code changes of what it is sent; what is told first comes first. Cost: once for each closure, another walk over the
     * code, method by method.
     */
    public List<Changed> changed() {
        List<Changed> found = changed;
        if (found == null) {
            found = finder.get();
            changed = found;
        }
        return found;
    }

    /** An object that the code changes, or whose monitor it enters: a worker's copy, not the original. */
    public sealed interface Changed {
        How how();

        /**
         * What a variable holds.
         *
         * @param owner the class that declares it
         */
        record OfVariable(Class<?> owner, String name, How how) implements Changed {}

        /** What a parameter of the code's first method holds, which may be one that a lambda captured. */
        record OfParameter(Root.OfMethod method, int index, How how) implements Changed {}
    }

    /**
     * @param inside whether it is an object inside that one
     * @param locked whether its monitor is entered, and nothing else seen
     */
    public record How(boolean inside, boolean locked) {}

    /**
     * A static field whose value travels, or an instance field of an enum's constant: {@code A.n} of {@code E}.
     *
     * @param ofWrapper whether it is a notebook variable, rather than a field of a user's type
     * @param isFinal whether it is declared final: then its class's initializer makes a value in each JVM, and what cannot
     *     travel is left as that made it
     * @param isRead whether the code reads it; what is only assigned need not travel, but workers must know which value it
     *     had before
     * @param usedBy the chain of methods and types that leads to its use: {@code f -> g}; empty for the lambda itself
     */
    public record Variable(
            Class<?> owner,
            String name,
            String descriptor,
            StaticHandle handle,
            boolean ofWrapper,
            boolean isFinal,
            boolean isRead,
            String usedBy) {
        public String shownName() {
            return ofWrapper ? name : Closures.shownName(owner, name);
        }

        /** The class whose initializer makes its first value. */
        public Class<?> initialized() {
            return name.startsWith(".") ? owner.getSuperclass() : owner;
        }

        /** Whether it is an instance field of an enum's constant. */
        public boolean ofConstant() {
            return StaticHandle.isOfConstant(name);
        }
    }
}
