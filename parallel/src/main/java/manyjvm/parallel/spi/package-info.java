/**
 * What a kernel, a backend or a driver plugs in, and what the public classes stand on. Begin with {@link
 * manyjvm.parallel.spi.ParallelRuntime}, which has the two sides' ways to submit work, and {@link manyjvm.parallel.spi.Backend},
 * on which workers run. A kernel gives classes ({@link manyjvm.parallel.spi.ClassSource}), places for text ({@link
 * manyjvm.parallel.spi.OutputSink}) and what code in workers may call of it ({@link manyjvm.parallel.spi.WorkerApi}).
 */
@NullMarked
package manyjvm.parallel.spi;

import org.jspecify.annotations.NullMarked;
