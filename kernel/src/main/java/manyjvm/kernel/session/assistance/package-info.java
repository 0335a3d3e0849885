/**
 * Answers about code that does not run: completion, inspection, whether a cell is complete.
 */
@NullMarked
package manyjvm.kernel.session.assistance;

import org.jspecify.annotations.NullMarked;
