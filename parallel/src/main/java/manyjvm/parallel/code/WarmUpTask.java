package manyjvm.parallel.code;

import java.lang.invoke.MethodHandles;
import java.util.List;
import manyjvm.parallel.Fn;
import manyjvm.parallel.code.lambda.LambdaTransform;

/**
 * Stands in for a class of a session when a worker loads a submission to warm up: it has a lambda, and what {@link
 * LambdaTransform} would add to it.
 */
final class WarmUpTask {
    private WarmUpTask() {}

    static Fn<Object, Object> task(int captured) {
        return argument -> List.of(argument, captured);
    }

    /** Named as {@link LambdaTransform#ACCESSOR}. */
    @SuppressWarnings("unused") // called by name
    private static MethodHandles.Lookup $manyjvm$lookup() {
        return MethodHandles.lookup();
    }
}
