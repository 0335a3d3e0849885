package manyjvm.parallel;

import java.io.Serializable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Work on an item, without a result, that may throw and that can travel to another JVM. */
@FunctionalInterface
public interface ItemAction<A extends @Nullable Object> extends Consumer<A>, Serializable {
    /** What is done with an item. */
    void go(A item) throws Exception;

    /** {@link #go}, with checked exceptions thrown as they are. */
    @Override
    default void accept(A item) {
        try {
            go(item);
        } catch (Exception failure) {
            throw Thrower.asUnchecked(failure);
        }
    }
}
