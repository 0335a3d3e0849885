/** Files that all JVMs of a driver have mapped: values, arrays, and the locks in front of them. */
@NullMarked
package manyjvm.parallel.shared.memory;

import org.jspecify.annotations.NullMarked;
