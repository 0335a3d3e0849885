package manyjvm.parallel.worker;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Tells a worker that was asked to end by SIGTERM from one that called {@code System.exit(143)}, and keeps it alive when a
 * terminal sends Ctrl-C to the whole group: its driver decides what that means. By reflection, since {@code sun.misc.Signal}
 * is no API of the JDK; where it is missing, both cases above look alike.
 */
final class Signals {
    private static final int SIGTERM_STATUS = 143;

    private Signals() {}

    /** @param terminating told before the JVM ends for a SIGTERM */
    static void install(Runnable terminating) {
        handle("TERM", () -> {
            terminating.run();
            System.exit(SIGTERM_STATUS);
        });
        handle("INT", () -> {});
    }

    private static void handle(String signal, Runnable action) {
        try {
            Class<?> type = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            InvocationHandler call = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    action.run();
                    return null;
                }
                return method.getName().equals("equals") ? (Object) (proxy == arguments[0]) : (Object) 0;
            };
            Object handler = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handlerType}, call);
            type.getMethod("handle", type, handlerType)
                    .invoke(null, type.getConstructor(String.class).newInstance(signal), handler);
        } catch (ReflectiveOperationException | IllegalArgumentException absent) {
            // no such signal or no such class here: the JVM's own handling stays, as the class comment says
        }
    }
}
