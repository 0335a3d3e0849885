package manyjvm.parallel.code;

import java.util.List;

/**
 * A lambda or method reference, taken apart so that it can be rebuilt under another loader.
 *
 * @param capturingClass the class whose code made it
 * @param functionalInterface binary name of the interface it was made for
 * @param markers further interfaces of the object, by binary name (intersection casts); {@code java.io.Serializable} aside
 * @param methodName the interface's method
 * @param erasedSignature the interface method's erased descriptor
 * @param instantiatedSignature the descriptor after type substitution
 * @param implementationKind a {@link java.lang.invoke.MethodHandleInfo} reference kind
 * @param implementationClass binary name
 * @param captured captured values, receiver first; these are values of the graph that the lambda is part of
 */
public record LambdaForm(
        String capturingClass,
        String functionalInterface,
        List<String> markers,
        String methodName,
        String erasedSignature,
        String instantiatedSignature,
        int implementationKind,
        String implementationClass,
        String implementationName,
        String implementationSignature,
        Object[] captured) {}
