package manyjvm.parallel.worker;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import manyjvm.parallel.spi.WorkerApi;
import org.jspecify.annotations.Nullable;

/**
 * The parent of all shipped code: shows it the JDK and the packages that users program against, and hides the rest of this
 * JVM's class path, so that users' own versions of our dependencies never meet ours.
 */
final class ApiLoader extends ClassLoader {
    /** Where classes and resources are looked for. */
    private static final ClassLoader JDK = getPlatformClassLoader();

    private static final Set<String> API =
            Set.of("manyjvm.parallel", "manyjvm.parallel.base", "manyjvm.parallel.combine", "manyjvm.parallel.insight");

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader own;
    private volatile @Nullable Added added; // set once, before any shipped code is there; null where nothing is added

    ApiLoader(ClassLoader own) {
        // The parent by name only: ServiceLoader goes from parent to parent, and some services of the JDK are
        // provided by modules of that loader (the random number generators of JDK 17).
        super("api", getSystemClassLoader());
        this.own = own;
    }

    /** Shows what the program that opened the driver adds; nothing is loaded yet. */
    void add(WorkerApi api) {
        added = new Added(api, own);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        try {
            return JDK.loadClass(name);
        } catch (ClassNotFoundException notOfTheJdk) {
            return findClass(name);
        }
    }

    @Override
    public @Nullable URL getResource(String name) {
        return JDK.getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        return JDK.getResources(name);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        int dot = name.lastIndexOf('.');
        String inPackage = name.substring(0, Math.max(0, dot));
        if (API.contains(inPackage)) {
            return own.loadClass(name);
        }
        Added more = added;
        if (more != null && more.packages.contains(inPackage)) {
            return more.loader().loadClass(name);
        }
        throw new ClassNotFoundException(name);
    }

    /** An API with a loader of its own, which is made and started when its first class is wanted. */
    private static final class Added {
        private final WorkerApi api;
        private final Set<String> packages;
        private final ClassLoader parent;
        private @Nullable ClassLoader loader; // guarded by this; null until it has started

        Added(WorkerApi api, ClassLoader parent) {
            this.api = api;
            this.packages = Set.copyOf(api.packages());
            this.parent = parent;
        }

        synchronized ClassLoader loader() throws ClassNotFoundException {
            ClassLoader made = loader;
            if (made == null) {
                try {
                    made = new URLClassLoader("worker api", urls(api.classPath()), parent);
                    ((Runnable) made.loadClass(api.starter()).getConstructor().newInstance()).run();
                    loader = made;
                } catch (MalformedURLException | ReflectiveOperationException failure) {
                    throw new ClassNotFoundException(
                            "the program's own API cannot be used in this worker: " + failure, failure);
                }
            }
            return made;
        }

        private static URL[] urls(List<Path> paths) throws MalformedURLException {
            URL[] urls = new URL[paths.size()];
            for (int index = 0; index < urls.length; index++) {
                urls[index] = paths.get(index).toUri().toURL();
            }
            return urls;
        }
    }
}
