package manyjvm.parallel.worker;

import java.util.Set;

/**
 * The parent of all shipped code: shows it the JDK and the packages that users program against, and hides the rest of this
 * JVM's class path, so that users' own versions of our dependencies never meet ours.
 */
final class ApiLoader extends ClassLoader {
    private static final Set<String> API = Set.of("manyjvm.parallel", "manyjvm.parallel.combine");

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader own;

    ApiLoader(ClassLoader own) {
        super("api", getPlatformClassLoader());
        this.own = own;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        int dot = name.lastIndexOf('.');
        if (dot < 0 || !API.contains(name.substring(0, dot))) {
            throw new ClassNotFoundException(name);
        }
        return own.loadClass(name);
    }
}
