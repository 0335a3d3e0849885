package manyjvm.kernel.display;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.WeakHashMap;
import manyjvm.kernel.api.RendererProvider;

/**
 * The looks that libraries bring. Looked for whenever a value is shown that the JDK did not make, since cells add jars at any time;
 * the services are loaded when a jar has come that names one. A worker has a new class loader for each class path, and in it the
 * classes of a library are others, which need their looks again. Safe for all threads.
 */
final class ProvidedRenderers {
    private static final String SERVICE = "META-INF/services/" + RendererProvider.class.getName();

    /** A service file that cannot be read fails at each step anew. */
    private static final int MOST_FAILURES = 1_000;

    private final Renderer registry;

    // Guarded by this, all three.
    private final Map<ClassLoader, Set<String>> places = new WeakHashMap<>(); // of the service files that were seen
    private final Set<Class<?>> providers = Collections.newSetFromMap(new WeakHashMap<>());
    private final Set<String> told = new HashSet<>();

    ProvidedRenderers(Renderer registry) {
        this.registry = registry;
    }

    /** Registers what has come. Runs code of libraries. */
    void look(Class<?> type) {
        ClassLoader own = type.getClassLoader();
        if (own == null || own == ClassLoader.getPlatformClassLoader()) {
            return;
        }
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        look(context == null ? own : context);
    }

    private synchronized void look(ClassLoader loader) {
        Set<String> seen = places.computeIfAbsent(loader, unknown -> new HashSet<>());
        boolean news = false;
        try {
            for (URL place : Collections.list(loader.getResources(SERVICE))) {
                news |= seen.add(place.toString());
            }
        } catch (IOException unreadable) {
            tell(unreadable.toString());
        }
        if (news) {
            load(loader);
        }
    }

    /** What is broken is passed over: the iteration goes on behind it. */
    private void load(ClassLoader loader) {
        Iterator<ServiceLoader.Provider<RendererProvider>> all =
                ServiceLoader.load(RendererProvider.class, loader).stream().iterator();
        int failures = 0;
        boolean more = true;
        while (more && failures < MOST_FAILURES) {
            try {
                more = all.hasNext();
                if (more) {
                    add(all.next());
                }
            } catch (ServiceConfigurationError | LinkageError | RuntimeException broken) {
                failures++;
                tell(broken.toString());
            }
        }
    }

    private void add(ServiceLoader.Provider<RendererProvider> provider) {
        if (!providers.add(provider.type())) {
            return;
        }
        try {
            provider.get().addTo(registry);
        } catch (Throwable broken) {
            if (ValueText.isStop(broken)) {
                throw broken;
            }
            tell(provider.type().getName() + ": " + broken);
        }
    }

    private void tell(String broken) {
        if (told.add(broken)) {
            System.err.println("note: a library's renderers of the class path cannot be used: " + broken);
        }
    }
}
