package manyjvm.parallel.code.graph;

import java.util.List;
import java.util.Set;
import manyjvm.parallel.base.Shared;

/**
 * A graph of objects as bytes.
 *
 * @param bytes the graph; not copied, do not change
 * @param classes session classes that the reader needs
 * @param shared the shared objects in the graph: whoever has this, has them
 */
public record Encoded(byte[] bytes, Set<Class<?>> classes, List<Shared> shared) {
    public List<Shared.Handle> handles() {
        return shared.stream().map(Shared::handle).toList();
    }
}
