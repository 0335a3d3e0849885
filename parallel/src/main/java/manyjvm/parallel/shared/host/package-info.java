/**
 * Where shared objects live: one host for each, in the driver's JVM. The driver enters by {@link
 * manyjvm.parallel.shared.host.SharedObjectHosts#create}; the head of {@code LocalHosts} says who keeps an object, and how long.
 */
@NullMarked
package manyjvm.parallel.shared.host;

import org.jspecify.annotations.NullMarked;
