package manyjvm.kernel.display;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.RenderFunction;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import io.github.spencerpark.jupyter.kernel.util.InheritanceIterator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The base library's registry, which does not tell what is registered (rendering by it costs a whole toString()), and is not made
 * for threads: here each registration makes a new one, of all registrations so far, and rendering uses the one it began with. The
 * latest registration for a type comes first.
 */
final class Registry extends Renderer {
    private final List<Consumer<Renderer>> registrations = new ArrayList<>(); // guarded by this

    private record Current(Renderer renderer, Set<Class<?>> types) {}

    private volatile @Nullable Current current; // null until the first registration

    @Override
    public synchronized <T> void register(
            Set<MIMEType> supported,
            Set<MIMEType> preferred,
            Set<Class<? extends T>> registered,
            RenderFunction<T> function) {
        Current last = current;
        Set<Class<?>> types = new HashSet<>(registered);
        if (last != null) {
            types.addAll(last.types());
        }
        registrations.add(renderer -> renderer.register(supported, preferred, registered, function));
        Renderer next = new Renderer();
        registrations.forEach(registration -> registration.accept(next));
        current = new Current(next, types);
    }

    boolean knows(Class<?> type) {
        Current now = current;
        if (now == null) {
            return false;
        }
        InheritanceIterator ancestors = new InheritanceIterator(type);
        while (ancestors.hasNext()) {
            if (now.types().contains(ancestors.next())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public DisplayData render(Object value) {
        return renderer().render(value);
    }

    @Override
    public DisplayData render(Object value, Map<String, Object> parameters) {
        return renderer().render(value, parameters);
    }

    @Override
    public DisplayData renderAs(Object value, String... types) {
        return renderer().renderAs(value, types);
    }

    @Override
    public DisplayData renderAs(Object value, Map<String, Object> parameters, String... types) {
        return renderer().renderAs(value, parameters, types);
    }

    private Renderer renderer() {
        Current now = current;
        return now == null ? new Renderer() : now.renderer();
    }
}
