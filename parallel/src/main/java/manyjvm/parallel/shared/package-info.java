/**
 * What makes one queue, pipe, lock or value of many JVMs: handles travel, {@link manyjvm.parallel.shared.SharedLinker} turns
 * them into objects, and each object talks as a {@link manyjvm.parallel.shared.RemoteObject} to its one host in the driver's
 * JVM ({@code shared.host}), or reads and writes a mapped file ({@code shared.memory}). Start with {@link
 * manyjvm.parallel.shared.SharedOperation}, the protocol.
 *
 * <pre>
 *   Queue, Lock, Value ...   in each JVM, one object per handle (SharedLinker)
 *        |  RemoteObject                           |  MappedFile, MappedLock: nanoseconds, no message
 *   SharedClient  == messages ==> SharedObjectHosts|
 *   - - - - - - - - - - - - - - - - - - - - - - - -|- - - - - - process boundary
 *                     driver: QueueHost, PipeHost, MappedHost (parks who waits, clears the locks of the dead) ...
 * </pre>
 */
@NullMarked
package manyjvm.parallel.shared;

import org.jspecify.annotations.NullMarked;
