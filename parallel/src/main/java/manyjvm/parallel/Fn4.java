package manyjvm.parallel;

import java.io.Serializable;

/** A function of 4 arguments that may throw and that can travel to another JVM. */
@FunctionalInterface
public interface Fn4<A, B, C, D, R> extends Serializable {
    /** What the function does. */
    R call(A first, B second, C third, D fourth) throws Exception;
}
