/**
 * What the types that users name stand on, and cells must therefore see, though nobody types it. Every room may use it; it
 * uses none.
 */
@NullMarked
package manyjvm.parallel.base;

import org.jspecify.annotations.NullMarked;
