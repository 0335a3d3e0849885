/**
 * What crosses between driver and worker, and its bytes. Start with {@link manyjvm.parallel.wire.Message}; the connection that
 * carries it is in {@code wire.connect}.
 */
@NullMarked
package manyjvm.parallel.wire;

import org.jspecify.annotations.NullMarked;
