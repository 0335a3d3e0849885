/** The program: a Jupyter kernel for Java, and a runner of notebooks. Start reading at {@link manyjvm.kernel.Main}. */
@NullMarked
package manyjvm.kernel;

import org.jspecify.annotations.NullMarked;
