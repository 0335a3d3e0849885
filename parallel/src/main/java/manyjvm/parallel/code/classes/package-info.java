/**
 * What the other rooms of {@code code} have in common about classes: opening their files, keeping what was found out of them,
 * and telling sources of random numbers. Depends on none of them.
 */
@NullMarked
package manyjvm.parallel.code.classes;

import org.jspecify.annotations.NullMarked;
