package manyjvm.parallel;

import java.io.Serializable;

/** A function of 3 arguments that may throw and that can travel to another JVM. */
@FunctionalInterface
public interface Fn3<A, B, C, R> extends Serializable {
    /** What the function does. */
    R call(A first, B second, C third) throws Exception;
}
