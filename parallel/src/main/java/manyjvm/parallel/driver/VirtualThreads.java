package manyjvm.parallel.driver;

import java.lang.reflect.Method;
import manyjvm.parallel.ParallelException;

/** Virtual threads, by reflection: they came with JDK 21 and this library runs from JDK 17 on. */
final class VirtualThreads {
    private static final int SINCE = 21;

    private VirtualThreads() {}

    static void refuseIfMissing() {
        if (Runtime.version().feature() < SINCE) {
            throw new ParallelException("virtual threads need JDK " + SINCE + " or newer, this is JDK "
                    + Runtime.version().feature() + ": use Pool.threads(n), or a newer JDK");
        }
    }

    static Thread unstarted(String name, Runnable body) {
        refuseIfMissing();
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            Method named = type.getMethod("name", String.class);
            Method unstarted = type.getMethod("unstarted", Runnable.class);
            return (Thread) unstarted.invoke(named.invoke(builder, name), body);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("this JDK has no virtual threads: please report", impossible);
        }
    }
}
