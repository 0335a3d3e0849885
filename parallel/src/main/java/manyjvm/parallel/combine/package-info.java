/**
 * What woven session code calls instead of the JDK's combining methods, so that their results can travel; the one package
 * beside {@code manyjvm.parallel} that session classes must be able to see, in the notebook and in workers. Start at
 * {@link manyjvm.parallel.combine.Combinators}.
 */
@NullMarked
package manyjvm.parallel.combine;

import org.jspecify.annotations.NullMarked;
