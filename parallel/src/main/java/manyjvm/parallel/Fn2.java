package manyjvm.parallel;

import java.io.Serializable;

/** A function of 2 arguments that may throw and that can travel to another JVM. */
@FunctionalInterface
public interface Fn2<A, B, R> extends Serializable {
    /** What the function does. */
    R call(A first, B second) throws Exception;
}
