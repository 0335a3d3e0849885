package manyjvm.parallel.code.lambda;

import java.util.Optional;

/** Takes lambdas apart and puts them together; the codec's hook for lambdas inside object graphs. */
public interface Lambdas {
    /** Whether the object is a lambda or method reference, of whoever's making. */
    boolean isLambda(Object object);

    /** Its parts; empty when nothing can take it apart (made inside a library, not serializable). */
    Optional<LambdaForm> takeApart(Object lambda);

    /** @throws ReflectiveOperationException when the class or method it names is not there */
    Object rebuild(LambdaForm form, ClassLoader loader) throws ReflectiveOperationException;
}
