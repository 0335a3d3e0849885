/**
 * Values as bytes: what messages, items and outcomes, graphs, keys and handles are all written with, {@link
 * manyjvm.parallel.bytes.ByteOutput} and {@link manyjvm.parallel.bytes.ByteInput}; and the one table of simple values, {@link
 * manyjvm.parallel.bytes.SimpleValues}. Stands on the base alone.
 */
@NullMarked
package manyjvm.parallel.bytes;

import org.jspecify.annotations.NullMarked;
