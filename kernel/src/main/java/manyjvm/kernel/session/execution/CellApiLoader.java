package manyjvm.kernel.session.execution;

import java.io.IOException;
import java.net.URL;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import manyjvm.kernel.session.SessionHost;

/**
 * What cells see besides their own classes and jars: the JDK with all its modules, and of the kernel's class path the API
 * packages alone. A user's own Gson or Guava thus never meets ours.
 */
public final class CellApiLoader extends ClassLoader {
    /** Where classes and resources are looked for. */
    private static final ClassLoader JDK = ClassLoader.getPlatformClassLoader();

    private final Map<String, ClassLoader> loaderOfPackage = new HashMap<>();

    public CellApiLoader(List<SessionHost.Api> api) {
        // The parent by name only: ServiceLoader goes from parent to parent, and some services of the JDK are
        // provided by modules of that loader (the random number generators of JDK 17).
        super(ClassLoader.getSystemClassLoader());
        for (SessionHost.Api part : api) {
            for (String name : part.packages()) {
                loaderOfPackage.put(name, part.anchor().getClassLoader());
            }
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.equals(CellGuard.class.getName())) {
            return CellGuard.class;
        }
        ClassLoader owner = loaderOfPackage.get(name.substring(0, Math.max(0, name.lastIndexOf('.'))));
        return (owner == null ? JDK : owner).loadClass(name);
    }

    @Override
    public URL getResource(String name) {
        return JDK.getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        return JDK.getResources(name);
    }

    static {
        registerAsParallelCapable();
    }
}
