package manyjvm.kernel.display;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import manyjvm.kernel.api.RendererProvider;

/**
 * The looks that libraries bring. Looked for whenever a value is shown that the JDK did not make, since cells add jars at any time;
 * the services are loaded when a jar has come that names one. Safe for all threads.
 */
final class ProvidedRenderers {
    private static final String SERVICE = "META-INF/services/" + RendererProvider.class.getName();

    private final Renderer registry;
    private final Set<String> seen = new HashSet<>(); // guarded by this: places of service files, names of providers

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
        boolean news = false;
        try {
            for (URL place : Collections.list(loader.getResources(SERVICE))) {
                news |= seen.add(place.toString());
            }
        } catch (IOException unreadable) {
            tell(unreadable);
        }
        if (news) {
            load(loader);
        }
    }

    private void load(ClassLoader loader) {
        List<ServiceLoader.Provider<RendererProvider>> providers;
        try {
            providers =
                    ServiceLoader.load(RendererProvider.class, loader).stream().toList();
        } catch (ServiceConfigurationError | LinkageError broken) {
            tell(broken);
            return;
        }
        for (ServiceLoader.Provider<RendererProvider> provider : providers) {
            if (seen.add(provider.type().getName())) {
                try {
                    provider.get().addTo(registry);
                } catch (ServiceConfigurationError | LinkageError | RuntimeException broken) {
                    tell(broken);
                }
            }
        }
    }

    private static void tell(Throwable broken) {
        System.err.println("note: a library's renderers of the class path cannot be used: " + broken);
    }
}
