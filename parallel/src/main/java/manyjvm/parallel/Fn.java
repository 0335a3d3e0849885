package manyjvm.parallel;

import java.io.Serializable;
import java.util.function.Function;

/** A function of one argument that may throw and that can travel to another JVM. */
@FunctionalInterface
public interface Fn<A, R> extends Function<A, R>, Serializable {
    R call(A argument) throws Exception;

    /** {@link #call}, with checked exceptions thrown as they are. */
    @Override
    default R apply(A argument) {
        try {
            return call(argument);
        } catch (Exception failure) {
            throw Thrower.asUnchecked(failure);
        }
    }
}
