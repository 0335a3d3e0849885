/**
 * Lambdas that travel: {@link manyjvm.parallel.code.lambda.LambdaTransform} makes those of a session's class ready for it, when the
 * class is defined; {@link manyjvm.parallel.code.lambda.SerializedLambdas} takes one apart here and puts it together there. The
 * transform is for whoever defines session classes, the rest for the packages {@code code} and {@code code.graph}.
 */
@NullMarked
package manyjvm.parallel.code.lambda;

import org.jspecify.annotations.NullMarked;
