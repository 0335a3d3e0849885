/**
 * The worker's side: a JVM that its driver started, which runs what the driver sends. Starts in {@link
 * manyjvm.parallel.worker.WorkerMain}; {@link manyjvm.parallel.worker.TaskRunner} runs the tasks.
 */
@NullMarked
package manyjvm.parallel.worker;

import org.jspecify.annotations.NullMarked;
