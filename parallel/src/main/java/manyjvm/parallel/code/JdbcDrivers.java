package manyjvm.parallel.code;

import java.net.URLClassLoader;
import java.sql.Driver;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The JDBC drivers of a worker's class path. {@code DriverManager} looks for drivers once, when it is first used: with a class path
 * that comes later it finds none. Its drivers register themselves when their classes are initialised.
 */
final class JdbcDrivers {
    private static final String SERVICE = "META-INF/services/java.sql.Driver";

    private JdbcDrivers() {}

    /** Runs code of the drivers, where there are any. */
    static void register(URLClassLoader jars) {
        if (jars.findResource(SERVICE) == null) {
            return;
        }
        Iterator<ServiceLoader.Provider<Driver>> drivers =
                ServiceLoader.load(Driver.class, jars).stream().iterator();
        for (boolean more = true; more; ) {
            try {
                more = drivers.hasNext();
                if (more) {
                    Class.forName(drivers.next().type().getName(), true, jars);
                }
            } catch (ServiceConfigurationError | LinkageError | ClassNotFoundException broken) {
                System.err.println("note: a JDBC driver of the class path cannot be used: " + broken);
            }
        }
    }
}
