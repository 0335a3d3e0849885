package manyjvm.parallel.code;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import manyjvm.parallel.spi.ClassSource;

/** A worker as a source of classes, for workers of its own: the session's classes are those it was sent. */
final class ShippedSource implements ClassSource {
    private final ShippedStore store;

    ShippedSource(ShippedStore store) {
        this.store = store;
    }

    @Override
    public boolean defines(Class<?> type) {
        return !type.isHidden() && !type.isArray() && type.getClassLoader() instanceof ShippedLoader;
    }

    @Override
    public boolean isWrapper(Class<?> type) {
        return defines(type) && ((ShippedLoader) type.getClassLoader()).isWrapper(type);
    }

    @Override
    public byte[] bytes(Class<?> type) {
        if (!defines(type)) {
            throw new IllegalArgumentException(type.getName() + " was not sent to this worker");
        }
        return ((ShippedLoader) type.getClassLoader()).classFile(type.getName());
    }

    /** Answers of this worker's own workers are read on threads that no task runs on, hence the look through all. */
    @Override
    public Class<?> find(String binaryName) throws ClassNotFoundException {
        Optional<ShippedLoader> current = store.currentLoader().filter(loader -> loader.knows(binaryName));
        ClassLoader loader = current.or(() -> store.loaderOf(binaryName))
                .map(ClassLoader.class::cast)
                .orElseGet(this::loader);
        return Class.forName(binaryName, false, loader);
    }

    @Override
    public ClassLoader loader() {
        return store.currentLoader().map(ClassLoader.class::cast).orElseGet(store::apiParent);
    }

    @Override
    public List<Path> classPath() {
        return store.currentLoader().map(ShippedLoader::classPath).orElse(List.of()).stream()
                .map(Path::of)
                .toList();
    }

    /** Frames keep the session's names; the driver at the root knows where they were written. */
    @Override
    public StackTraceElement locate(StackTraceElement frame) {
        return frame;
    }
}
