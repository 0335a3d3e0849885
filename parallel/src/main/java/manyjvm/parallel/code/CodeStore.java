package manyjvm.parallel.code;

import java.util.Optional;
import java.util.function.Function;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.graph.Encoded;
import manyjvm.parallel.spi.ClassSource;
import org.jspecify.annotations.Nullable;

/**
 * The worker's side of class and variable shipping: keeps classes and blobs by content, and makes a submission's function
 * out of them. A redefined class gets a fresh loader, so that a worker never runs stale code. Used by the worker's wire
 * thread ({@code add*}) and its task threads ({@code load} and what it returns).
 */
public interface CodeStore {
    /**
     * @param apiParent shows the JDK and the packages {@code manyjvm.parallel} and {@code manyjvm.parallel.combine} only
     * @param fetcher asks the driver for a session class that was not sent, by binary name; called from any thread, holding
     *     no lock; may block
     * @param linker links shared objects in what arrives
     */
    static CodeStore create(ClassLoader apiParent, Function<String, Optional<byte[]>> fetcher, Shared.Linker linker) {
        return new ShippedStore(apiParent, fetcher, linker);
    }

    /**
     * Loads and runs a submission of its own making: the JVM has then loaded and linked what the first real one needs, which is
     * most of the time that it would take. Leaves nothing behind.
     */
    static void warmUp(ClassLoader apiParent) {
        Shared.Linker none = handle -> {
            throw new IllegalStateException("what warms up has no shared objects");
        };
        new ShippedStore(apiParent, name -> Optional.empty(), none).warmUp();
    }

    /** The classes that this store was sent, as the source for work that is submitted from inside a worker. */
    ClassSource classSource();

    void addClass(Bundle.ClassReference reference, byte[] classFile);

    void addBlob(Bundle.BlobReference reference, byte[] content);

    /** Lets a class file or a blob go. What was loaded with it stays as it is. */
    void drop(String hash);

    /**
     * Makes the function ready to run. Loaders are shared between bundles that agree on their classes, so code stays warm.
     *
     * @throws manyjvm.parallel.NotShippableException when something in the bundle cannot be loaded or rebuilt here
     */
    LoadedCode load(Bundle bundle);

    /** One submission's code in this worker. */
    interface LoadedCode {
        /** The function, as an instance of the interface it was submitted as. Not to be asked for after {@link #release}. */
        Object function();

        /**
         * Sets the static fields to this submission's values, unless they are its already. Called before each run of tasks,
         * since submissions that share a loader may take turns.
         */
        void bind();

        /**
         * The submission has ended and none of its tasks runs: lets its function go. Threads that it has left behind may go on
         * to decode and encode.
         */
        void release();

        /** The loader to set as the context class loader while tasks run. */
        ClassLoader loader();

        @Nullable
        Object decode(byte[] bytes);

        /** @throws manyjvm.parallel.NotShippableException naming the type and the path */
        Encoded encode(@Nullable Object value);
    }
}
