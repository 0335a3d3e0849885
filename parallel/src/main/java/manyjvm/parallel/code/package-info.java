/**
 * How code and values get from the JVM that submits work to the JVMs that do it: packing on the submitting side, loaders and
 * variables on the receiving side. Start at {@link manyjvm.parallel.code.CodePacker} (submitting) and {@link
 * manyjvm.parallel.code.CodeStore} (receiving); the essay at the head of {@code SessionPacker} explains what is hard about it.
 *
 * <pre>
 *   code ---&gt; closure   what a function uses ---------------------------------&gt; classes   what all have in common
 *        ---&gt; graph     objects as bytes ---&gt; lambda   lambdas that travel ---&gt;
 * </pre>
 *
 * Arrows go to the right only: a test holds it. {@code code} itself enters them all.
 */
@NullMarked
package manyjvm.parallel.code;

import org.jspecify.annotations.NullMarked;
