/**
 * What the machine gives: a folder that goes with its owner ({@link manyjvm.parallel.machine.PrivateFolder}), how much memory
 * there is and is used, and why it gave nothing ({@link manyjvm.parallel.machine.IoReason}). Stands on exceptions alone. Not
 * called {@code host}, which here is where a shared object lives.
 */
@NullMarked
package manyjvm.parallel.machine;

import org.jspecify.annotations.NullMarked;
