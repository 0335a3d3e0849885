package manyjvm.kernel.session.evaluation;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import manyjvm.kernel.session.execution.SessionLoader;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.text.CellFrames;
import manyjvm.kernel.session.text.ObjectNames;
import manyjvm.kernel.spi.SessionClasses;

/** The view of the session's classes for extensions; from any thread. Asked before the session has started, it starts it. */
final class DefinedClasses implements SessionClasses {
    private final Supplier<Shell> started;

    DefinedClasses(Supplier<Shell> started) {
        this.started = started;
    }

    @Override
    public boolean defines(Class<?> type) {
        SessionLoader loader = started.get().loader();
        return type.getClassLoader() == loader && loader.defines(type.getName());
    }

    @Override
    public boolean isWrapper(Class<?> type) {
        return ObjectNames.snippet(type.getName()).isPresent() && defines(type);
    }

    @Override
    public byte[] bytes(Class<?> type) {
        if (!defines(type)) {
            throw new IllegalArgumentException(type + " was not defined by a cell");
        }
        return started.get().loader().classFile(type.getName()).clone();
    }

    @Override
    public boolean isInitialized(Class<?> type) {
        return started.get().loader().hasBegunToInitialize(type.getName());
    }

    @Override
    public ClassLoader loader() {
        return started.get().loader();
    }

    @Override
    public Optional<String> variable(Object held) {
        return started.get().engine().nameOf(held);
    }

    @Override
    public List<Path> classPath() {
        return started.get().userClassPath();
    }

    @Override
    public StackTraceElement locate(StackTraceElement frame) {
        return CellFrames.locate(frame);
    }
}
