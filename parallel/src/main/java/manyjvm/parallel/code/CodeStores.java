package manyjvm.parallel.code;

import java.util.Optional;
import java.util.function.Function;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.graph.ObjectCodecs;
import manyjvm.parallel.spi.ClassSource;

/** Makes the worker's side of code shipping. */
public final class CodeStores {
    private CodeStores() {}

    /**
     * @param apiParent shows the JDK and the packages {@code manyjvm.parallel} and {@code manyjvm.parallel.combine} only
     * @param fetcher asks the driver for a session class that was not sent, by binary name; called from any thread, holding
     *     no lock; may block
     * @param linker links shared objects in what arrives
     */
    public static CodeStore create(
            ClassLoader apiParent, Function<String, Optional<byte[]>> fetcher, Shared.Linker linker) {
        return new ShippedStore(apiParent, fetcher, linker, ObjectCodecs::create);
    }

    /**
     * Loads and runs a submission, for practice: the JVM has then loaded and linked what the first real one needs, which is
     * most of the time that it would take. Leaves nothing behind.
     */
    public static void warmUp(ClassLoader apiParent) {
        new ShippedStore(apiParent, name -> Optional.empty(), handle -> null, ObjectCodecs::create).practise();
    }

    /** The classes that a store was sent, as the source for work that is submitted from inside a worker. */
    public static ClassSource classSource(CodeStore store) {
        if (store instanceof ShippedStore shipped) {
            return new ShippedSource(shipped);
        }
        throw new IllegalArgumentException("not a store of this class's making: " + store.getClass());
    }
}
