package manyjvm.kernel.session.execution;

import java.sql.Driver;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The JDBC drivers of jars that cells add. {@code DriverManager} looks for drivers once, when it is first used: a jar that comes
 * later is never looked at. Its drivers register themselves when their classes are initialised.
 */
public final class JdbcDrivers {
    private static final String SERVICE = "META-INF/services/java.sql.Driver";

    private JdbcDrivers() {}

    public static boolean areIn(SessionLoader loader) {
        return loader.findResource(SERVICE) != null;
    }

    /** Runs code of the drivers. */
    public static void register(SessionLoader loader) {
        Iterator<ServiceLoader.Provider<Driver>> drivers =
                ServiceLoader.load(Driver.class, loader).stream().iterator();
        for (boolean more = true; more; ) {
            try {
                more = drivers.hasNext();
                if (more) {
                    Class.forName(drivers.next().type().getName(), true, loader);
                }
            } catch (ServiceConfigurationError | LinkageError | ClassNotFoundException broken) {
                System.err.println("note: a JDBC driver of the class path cannot be used: " + broken);
            }
        }
    }
}
