/**
 * Python's {@code multiprocessing} for Java: work in worker JVMs, and what they share. Begin with {@link manyjvm.parallel.Pool}
 * for many small pieces of work and {@link manyjvm.parallel.Process} for one that goes on; the functions of {@link
 * manyjvm.parallel.Parallel} are made to be imported statically.
 *
 * <table>
 * <caption>What to use</caption>
 * <tr><th>to</th><th>use</th></tr>
 * <tr><td>call a function for many items, or once</td><td>{@link manyjvm.parallel.Calls}, which each pool has</td></tr>
 * <tr><td>hand over objects</td><td>{@link manyjvm.parallel.Queue}, {@link manyjvm.parallel.Pipe}</td></tr>
 * <tr><td>share numbers, in nanoseconds</td><td>{@link manyjvm.parallel.Value}, {@link manyjvm.parallel.Array}</td></tr>
 * <tr><td>share maps, lists and sets</td><td>{@link manyjvm.parallel.Manager}</td></tr>
 * <tr><td>share bytes by a name</td><td>{@link manyjvm.parallel.SharedMemory}</td></tr>
 * <tr><td>wait for each other</td><td>{@link manyjvm.parallel.Lock}, {@link manyjvm.parallel.Condition}, {@link
 *     manyjvm.parallel.Semaphore}, {@link manyjvm.parallel.Event}, {@link manyjvm.parallel.Barrier}</td></tr>
 * </table>
 *
 * <p>A function travels with the classes and variables that it uses, as they are at the call; from a plain {@code main} it has
 * to be a lambda of this package's functional types ({@link manyjvm.parallel.Fn}, {@link manyjvm.parallel.Task}, {@link
 * manyjvm.parallel.Action} and their kin). What goes wrong is a {@link manyjvm.parallel.ParallelException}, unchecked, or the
 * JDK's own exception where it has one. What is closed may be closed again. All but builders may be used by any thread, unless
 * the class says otherwise. Null is allowed where a type says
 * {@code @Nullable}.
 */
@NullMarked
package manyjvm.parallel;

import org.jspecify.annotations.NullMarked;
