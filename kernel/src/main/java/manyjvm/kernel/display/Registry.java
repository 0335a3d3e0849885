package manyjvm.kernel.display;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.DisplayDataRenderable;
import io.github.spencerpark.jupyter.kernel.display.RenderFunction;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import io.github.spencerpark.jupyter.kernel.util.InheritanceIterator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import manyjvm.kernel.api.Content;
import org.jspecify.annotations.Nullable;

/**
 * The base library's registry, which does not tell what is registered (rendering by it costs a whole toString()), and is not made
 * for threads: here each registration makes a new one, of all registrations so far, and rendering uses the one it began with. The
 * latest registration for a type comes first.
 */
final class Registry extends Renderer {
    private final List<Consumer<Snapshot>> registrations = new ArrayList<>(); // guarded by this

    private volatile @Nullable Snapshot current; // null until the first registration

    /**
     * All registrations up to one; what renderers find in their context, too. What it does not know it shows as the kernel does: the
     * base library's own registry has looks for images.
     */
    private final class Snapshot extends Renderer {
        private final Set<Class<?>> types = new HashSet<>(); // complete before others see it

        private <T> void add(
                Set<MIMEType> supported,
                Set<MIMEType> preferred,
                Set<Class<? extends T>> registered,
                RenderFunction<T> function) {
            types.addAll(registered);
            super.register(supported, preferred, registered, function);
        }

        @Override
        public <T> void register(
                Set<MIMEType> supported,
                Set<MIMEType> preferred,
                Set<Class<? extends T>> registered,
                RenderFunction<T> function) {
            Registry.this.register(supported, preferred, registered, function);
        }

        private boolean knows(Class<?> type) {
            InheritanceIterator ancestors = new InheritanceIterator(type);
            while (ancestors.hasNext()) {
                if (types.contains(ancestors.next())) {
                    return true;
                }
            }
            return false;
        }

        private boolean isLeftToTheKernel(@Nullable Object value) {
            return value != null && !(value instanceof DisplayDataRenderable) && !knows(value.getClass());
        }

        @Override
        public DisplayData render(Object value, Map<String, Object> parameters) {
            Optional<DisplayData> known = !isLeftToTheKernel(value)
                    ? Optional.empty()
                    : value instanceof Content content ? Optional.of(Contents.data(content)) : KnownLooks.of(value);
            return known.map(data -> withText(data, value)).orElseGet(() -> super.render(value, parameters));
        }

        @Override
        public DisplayData renderAs(Object value, Map<String, Object> parameters, String... types) {
            List<String> asked = List.of(types);
            Optional<DisplayData> known = !isLeftToTheKernel(value)
                    ? Optional.empty()
                    : value instanceof Content content
                            ? Optional.of(Contents.only(Contents.data(content), asked))
                            : KnownLooks.as(value, asked);
            return known.map(data -> withText(data, value)).orElseGet(() -> super.renderAs(value, parameters, types));
        }

        private static DisplayData withText(DisplayData data, Object value) {
            if (!data.hasDataForType(MIMEType.TEXT_PLAIN)) {
                data.putText(ValueText.of(value));
            }
            return data;
        }
    }

    @Override
    public synchronized <T> void register(
            Set<MIMEType> supported,
            Set<MIMEType> preferred,
            Set<Class<? extends T>> registered,
            RenderFunction<T> function) {
        registrations.add(snapshot -> snapshot.add(supported, preferred, registered, function));
        Snapshot next = new Snapshot();
        registrations.forEach(registration -> registration.accept(next));
        current = next;
    }

    boolean knows(Class<?> type) {
        Snapshot now = current;
        return now != null && now.knows(type);
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
        Snapshot now = current;
        return now == null ? new Snapshot() : now;
    }
}
