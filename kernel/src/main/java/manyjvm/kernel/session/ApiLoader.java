package manyjvm.kernel.session;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What cells see besides their own classes and jars: the JDK with all its modules, and of the kernel's class path the API
 * packages alone. A user's own Gson or Guava thus never meets ours.
 */
final class ApiLoader extends ClassLoader {
    private final Map<String, ClassLoader> loaderOfPackage = new HashMap<>();

    ApiLoader(List<SessionHost.Api> api) {
        super(ClassLoader.getPlatformClassLoader());
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
        return owner == null ? super.loadClass(name, resolve) : owner.loadClass(name);
    }

    static {
        registerAsParallelCapable();
    }
}
