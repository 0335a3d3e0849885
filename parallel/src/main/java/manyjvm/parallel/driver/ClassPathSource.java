package manyjvm.parallel.driver;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import manyjvm.parallel.spi.ClassSource;

/** The code of a plain program: workers get its class path, no class travels as bytes. */
final class ClassPathSource implements ClassSource {
    private final List<Path> classPath;

    /** @param own what workers have anyway */
    ClassPathSource(List<Path> own) {
        Set<Path> known = Set.copyOf(own);
        classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty())
                .map(entry -> Path.of(entry).toAbsolutePath())
                .filter(entry -> !known.contains(entry) && Files.exists(entry))
                .toList();
    }

    @Override
    public boolean defines(Class<?> type) {
        return false;
    }

    /** The program's own classes are those in folders, and in the first jar of the class path. */
    @Override
    public boolean isLibrary(Class<?> type) {
        CodeSource origin = type.getProtectionDomain().getCodeSource();
        if (origin == null || origin.getLocation() == null) {
            return false;
        }
        String place = origin.getLocation().getPath();
        return place.endsWith(".jar")
                && (classPath.isEmpty() || !classPath.get(0).toUri().getPath().equals(place));
    }

    @Override
    public boolean isWrapper(Class<?> type) {
        return false;
    }

    @Override
    public byte[] bytes(Class<?> type) {
        throw new IllegalArgumentException(type + " is on the class path: it does not travel");
    }

    @Override
    public Class<?> find(String binaryName) throws ClassNotFoundException {
        return Class.forName(binaryName, false, loader());
    }

    @Override
    public ClassLoader loader() {
        return ClassLoader.getSystemClassLoader();
    }

    @Override
    public List<Path> classPath() {
        return classPath;
    }

    @Override
    public StackTraceElement locate(StackTraceElement frame) {
        return frame;
    }
}
