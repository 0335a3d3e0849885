package manyjvm.kernel.display.picture;

import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;

/** Asks objects of libraries that this module is built without: by the names of their public methods. */
public final class Foreign {
    private Foreign() {}

    public static @Nullable Object call(Object of, String method) {
        return call(of, method, new Class<?>[0]);
    }

    /** @throws IllegalStateException when the class has no such method; what the method throws is thrown on */
    public static @Nullable Object call(Object of, String method, Class<?>[] types, Object... arguments) {
        try {
            return of.getClass().getMethod(method, types).invoke(of, arguments);
        } catch (InvocationTargetException failure) {
            Throwable cause = failure.getCause();
            if (cause instanceof Error error) {
                throw error;
            }
            throw cause instanceof RuntimeException own ? own : new IllegalStateException(cause);
        } catch (ReflectiveOperationException unknown) {
            throw new IllegalStateException(
                    "this version of the library of " + of.getClass().getName() + " is not known: " + unknown, unknown);
        }
    }
}
