package manyjvm.parallel;

import java.io.Serializable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A function of one argument that may throw and that can travel to another JVM. Python's {@code functools.partial} is a
 * lambda here.
 *
 * <pre>{@code
 * Fn2<Integer, Integer, Integer> power = (base, exponent) -> (int) Math.pow(base, exponent);
 * Fn<Integer, Integer> square = x -> power.call(x, 2);          // partial(power, exponent=2)
 * try (var pool = new Pool(2)) {
 *     System.out.println(pool.map(square, range(4)));           // [0, 1, 4, 9]
 * }
 * }</pre>
 */
@FunctionalInterface
public interface Fn<A extends @Nullable Object, R extends @Nullable Object> extends Function<A, R>, Serializable {
    /** What the function does. */
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
