package manyjvm.parallel.spi;

import java.util.ServiceLoader;
import manyjvm.parallel.shared.SharedClient;

/**
 * What the public classes stand on in this JVM: the driver in the program that the user runs, the worker's side in a worker.
 * The one default runtime is the only static state of the library.
 */
public abstract class ParallelRuntime {
    private static volatile ParallelRuntime current;

    /** The runtime of this JVM; a program that never made one gets a driver with text on its own standard output. */
    public static ParallelRuntime current() {
        ParallelRuntime runtime = current;
        if (runtime != null) {
            return runtime;
        }
        synchronized (ParallelRuntime.class) {
            if (current == null) {
                current = ServiceLoader.load(Provider.class, ParallelRuntime.class.getClassLoader())
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException(
                                "manyjvm's jar is incomplete: it names no " + Provider.class.getName()))
                        .create();
            }
            return current;
        }
    }

    /** Makes a runtime the JVM's own: by a worker's main, by a notebook kernel, or null to forget a closed one. */
    public static void install(ParallelRuntime runtime) {
        synchronized (ParallelRuntime.class) {
            current = runtime;
        }
    }

    /** This JVM's way to the homes of shared objects. */
    public abstract SharedClient shared();

    /** Makes the default runtime; found by {@link ServiceLoader}. */
    public interface Provider {
        ParallelRuntime create();
    }
}
