package manyjvm.kernel.session.execution;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Defines the classes of cells, and those of the jars that cells add. Keeps each class file as it may leave this JVM, and
 * defines it with the kernel's checks woven in. May be used from any thread.
 */
public final class SessionLoader extends URLClassLoader {
    private final Map<String, byte[]> classFiles = new ConcurrentHashMap<>();
    private final Set<String> initializing = ConcurrentHashMap.newKeySet();

    public SessionLoader(CellApiLoader api) {
        super(new URL[0], api);
    }

    public void declare(String binaryName, byte[] classFile) {
        classFiles.put(binaryName, classFile);
    }

    /** Whether cells have defined a class of this name. */
    public boolean defines(String binaryName) {
        return classFiles.containsKey(binaryName);
    }

    /**
     * The class file without the kernel's checks.
     *
     * @throws IllegalArgumentException when no cell defined it
     */
    public byte[] classFile(String binaryName) {
        byte[] classFile = classFiles.get(binaryName);
        if (classFile == null) {
            throw new IllegalArgumentException(binaryName + " was not defined by a cell");
        }
        return classFile;
    }

    /** The binary names of all classes that cells have defined, also of those that newer ones have replaced. */
    public Stream<String> classFileNames() {
        return classFiles.keySet().stream();
    }

    /** @param binaryName of a class with a static initializer */
    public boolean hasBegunToInitialize(String binaryName) {
        return initializing.contains(binaryName);
    }

    void beginsToInitialize(String binaryName) {
        initializing.add(binaryName);
    }

    void add(Path jarOrFolder) {
        try {
            addURL(jarOrFolder.toUri().toURL());
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] classFile = classFiles.get(name);
        if (classFile == null) {
            return super.findClass(name);
        }
        byte[] woven = StopWeaver.weave(classFile);
        return defineClass(name, woven, 0, woven.length);
    }

    static {
        registerAsParallelCapable();
    }
}
