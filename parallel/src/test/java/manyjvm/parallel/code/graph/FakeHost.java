package manyjvm.parallel.code.graph;

import java.util.HashMap;
import java.util.Map;
import manyjvm.parallel.base.Shared;

/**
 * A codec's surroundings: classes of one loader, of which the fixtures count as the session's; shared objects and blobs from
 * maps.
 */
final class FakeHost implements ObjectCodec.Host {
    final Map<Long, Object> shared = new HashMap<>();
    final Map<String, Object> blobs = new HashMap<>();
    private final ClassLoader loader;

    FakeHost(ClassLoader loader) {
        this.loader = loader;
    }

    @Override
    public Class<?> find(String binaryName) throws ClassNotFoundException {
        return Class.forName(binaryName, false, loader);
    }

    @Override
    public ClassLoader loader() {
        return loader;
    }

    @Override
    public boolean isSessionClass(Class<?> type) {
        return type.getName().startsWith(Fixtures.class.getName())
                || type.getName().startsWith(LibraryObjectsTest.class.getName());
    }

    @Override
    public boolean isLibrary(Class<?> type) {
        return type.getName().startsWith(LibraryFixtures.class.getName());
    }

    @Override
    public Object link(Shared.Handle handle) {
        return shared.get(handle.id());
    }

    @Override
    public Object blob(String hash) {
        return blobs.get(hash);
    }

    /** A loader that defines the fixtures anew, as a worker's does with the session's classes. */
    static ClassLoader anotherLoader() {
        return new ClassLoader(FakeHost.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (!name.startsWith(Fixtures.class.getName())) {
                    return super.loadClass(name, resolve);
                }
                synchronized (getClassLoadingLock(name)) {
                    Class<?> loaded = findLoadedClass(name);
                    if (loaded != null) {
                        return loaded;
                    }
                    try (var file = getResourceAsStream(name.replace('.', '/') + ".class")) {
                        byte[] bytes = file.readAllBytes();
                        return defineClass(name, bytes, 0, bytes.length);
                    } catch (java.io.IOException unreadable) {
                        throw new ClassNotFoundException(name, unreadable);
                    }
                }
            }
        };
    }
}
