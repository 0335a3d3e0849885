package manyjvm.parallel;

import java.io.Serializable;

/** Work without a result that may throw and that can travel to another JVM. */
@FunctionalInterface
public interface Action extends Runnable, Serializable {
    /** What is done. */
    void go() throws Exception;

    /** {@link #go}, with checked exceptions thrown as they are. */
    @Override
    default void run() {
        try {
            go();
        } catch (Exception failure) {
            throw Thrower.asUnchecked(failure);
        }
    }
}
