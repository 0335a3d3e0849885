/**
 * The serializer: graphs of objects as bytes, with shared identity and cycles kept, user types that need not be serializable, and
 * a refusal that names the path to what cannot travel. {@link manyjvm.parallel.code.graph.ObjectCodec} is the entrance; a {@code
 * GraphPlan} says how the objects of one class travel. For package {@code code}; what it makes, and how it refuses ({@link
 * manyjvm.parallel.code.graph.Encoded}, {@link manyjvm.parallel.code.graph.Refusal}), also for {@code driver} and {@code worker}.
 */
@NullMarked
package manyjvm.parallel.code.graph;

import org.jspecify.annotations.NullMarked;
