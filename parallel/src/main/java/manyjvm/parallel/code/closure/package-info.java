/**
 * What a function uses: which classes and variables its code reaches, which variables it assigns and which objects it changes.
 * Reads class files and runs no user code, but for the initializers of types whose fields are read. {@link
 * manyjvm.parallel.code.closure.Closures} is the entrance. For package {@code code} alone.
 */
@NullMarked
package manyjvm.parallel.code.closure;

import org.jspecify.annotations.NullMarked;
