package manyjvm.parallel.code;

import java.util.List;
import java.util.Set;
import manyjvm.parallel.spi.Shared;

/**
 * A graph of objects as bytes.
 *
 * @param bytes the graph; not copied, do not change
 * @param classes session classes that the reader needs
 * @param handles shared objects in the graph, in order of appearance
 */
public record Encoded(byte[] bytes, Set<Class<?>> classes, List<Shared.Handle> handles) {}
