package manyjvm.parallel.code.lambda;

import org.jspecify.annotations.Nullable;

/**
 * A lambda or method reference, taken apart so that it can be rebuilt under another loader.
 *
 * @param captured captured values, receiver first; these are values of the graph that the lambda is part of
 */
public record LambdaForm(LambdaSite site, @Nullable Object[] captured) {}
