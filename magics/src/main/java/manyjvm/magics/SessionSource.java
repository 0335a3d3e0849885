package manyjvm.magics;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import manyjvm.kernel.spi.SessionClasses;
import manyjvm.parallel.spi.ClassSource;

/** The notebook's classes, as workers get them. */
final class SessionSource implements ClassSource {
    private final SessionClasses classes;

    SessionSource(SessionClasses classes) {
        this.classes = classes;
    }

    @Override
    public boolean defines(Class<?> type) {
        return classes.defines(type);
    }

    @Override
    public boolean isWrapper(Class<?> type) {
        return classes.isWrapper(type);
    }

    @Override
    public byte[] bytes(Class<?> type) {
        return classes.bytes(type);
    }

    @Override
    public boolean isInitialized(Class<?> type) {
        return classes.isInitialized(type);
    }

    @Override
    public Class<?> find(String binaryName) throws ClassNotFoundException {
        return Class.forName(binaryName, false, classes.loader());
    }

    @Override
    public ClassLoader loader() {
        return classes.loader();
    }

    @Override
    public List<Path> classPath() {
        return classes.classPath();
    }

    @Override
    public Optional<String> variable(Object held) {
        return classes.variable(held);
    }

    @Override
    public StackTraceElement locate(StackTraceElement frame) {
        return classes.locate(frame);
    }
}
