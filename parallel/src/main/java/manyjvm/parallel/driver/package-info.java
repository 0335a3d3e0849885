/**
 * The driver's side: one loop that owns the submissions and the workers, from their start to their death. Made by {@link
 * manyjvm.parallel.driver.Driver}.
 *
 * <pre>
 *   PoolWork     one pool, for its callers: posts what they want
 *      |
 *      v
 *   PoolWorkers  its workers: does what its scheduler says
 *      |  what happens            ^  Command
 *      v                          |
 *   Scheduler    decides: queue, dealing, retries, replacements, the end. Pure
 *      |  given, leaves
 *      v
 *   WorkerLife   where a worker is in its life, and what it has in flight. Pure
 *      ^  cameIn, gone
 *      |
 *   Worker       its connection, its process, its text
 * </pre>
 */
@NullMarked
package manyjvm.parallel.driver;

import org.jspecify.annotations.NullMarked;
