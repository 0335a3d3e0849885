package manyjvm.parallel;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** A function of 2 arguments that may throw and that can travel to another JVM. */
@FunctionalInterface
public interface Fn2<A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
        extends Serializable {
    /** What the function does. */
    R call(A first, B second) throws Exception;
}
