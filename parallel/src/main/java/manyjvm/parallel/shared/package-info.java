/**
 * What makes one queue, pipe, lock or value of many JVMs: handles travel, {@link manyjvm.parallel.shared.SharedLinker} turns
 * them into objects, and each object talks over a {@link manyjvm.parallel.shared.Line} to its one home in the driver's JVM,
 * or reads and writes a mapped file. Start with {@link manyjvm.parallel.shared.SharedOperation}, the protocol; the driver
 * enters by {@link manyjvm.parallel.shared.SharedHomes#create}.
 *
 * <pre>
 *   Queue, Lock, Value ...   in each JVM, one object per handle (SharedLinker)
 *        |  Line                                   |  MappedFile, MappedLock: nanoseconds, no message
 *   SharedClient  == messages ==> SharedHomes      |
 *   - - - - - - - - - - - - - - - - - - - - - - - -|- - - - - - process boundary
 *                     driver: QueueHome, PipeHome, MappedHome (parks who waits, clears the locks of the dead) ...
 * </pre>
 */
package manyjvm.parallel.shared;
