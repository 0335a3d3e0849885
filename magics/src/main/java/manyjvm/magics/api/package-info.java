/**
 * What rewritten magics call in the kernel's JVM: pools, processes and queues by name. Users see the results, and rarely the
 * classes; start reading at {@link manyjvm.magics.api.Magics}.
 */
@NullMarked
package manyjvm.magics.api;

import org.jspecify.annotations.NullMarked;
