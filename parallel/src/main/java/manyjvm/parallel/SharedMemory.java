package manyjvm.parallel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.RemoteObject;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedKind;
import manyjvm.parallel.shared.memory.NamedMemory;
import manyjvm.parallel.spi.ParallelRuntime;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that all JVMs of the program see, known by a name: Python's {@code multiprocessing.shared_memory.SharedMemory}. It may
 * be used in any lambda or process target, or opened by its name.
 *
 * <pre>{@code
 * try (var memory = SharedMemory.create(800)) {
 *     memory.buffer().putDouble(0, 3.14);
 *     new Process(() -> memory.buffer().putDouble(8, 2 * memory.buffer().getDouble(0))).start().join();
 *     System.out.println(memory.buffer().getDouble(8));            // 6.28
 *     memory.unlink();
 * }
 * }</pre>
 *
 * <p>As in Python, the memory is there until somebody calls {@link #unlink}, or the program ends. Nothing orders what two JVMs
 * do with it at the same time: use a {@link Lock} or {@link Event}. For numbers, {@link Array} and {@link Value} are
 * simpler, and go by themselves.
 *
 * <p>Cost: making it writes zeros once; reading and writing is as fast as any direct buffer. Programs of other drivers do not
 * see it: the file is in the driver's private folder, readable by its owner only.
 */
public final class SharedMemory implements AutoCloseable, Shared {
    private final RemoteObject remote;
    private volatile @Nullable ByteBuffer memory; // until closed

    private SharedMemory(@Nullable String name, int bytes) {
        SharedClient client = ParallelRuntime.current().shared();
        long id = client.newId();
        remote = new RemoteObject(client, SharedKind.SHARED_MEMORY.handle(id, name == null ? "memory-" + id : name));
        memory = bytes < 0
                ? NamedMemory.open(client.folder(), name())
                : NamedMemory.create(client.folder(), name(), bytes);
        remote.adopt(this);
    }

    /** Links a memory that exists. */
    SharedMemory(SharedClient client, Handle handle) {
        remote = new RemoteObject(client, handle);
        memory = NamedMemory.open(client.folder(), name());
    }

    /**
     * New memory, all zeros, with a name of its own.
     *
     * @param bytes at least 1; at most what an {@code int} can count, as a buffer has it
     * @throws IllegalArgumentException for less
     * @throws ParallelException when there is not so much shared memory
     */
    public static SharedMemory create(int bytes) {
        return new SharedMemory(null, checked(bytes));
    }

    /**
     * New memory of a given name: letters, digits, dots, dashes and underscores.
     *
     * @throws ParallelException when there is one of this name
     */
    public static SharedMemory create(String name, int bytes) {
        Objects.requireNonNull(name, "name");
        return new SharedMemory(name, checked(bytes));
    }

    /** The memory of this name. @throws ParallelException when there is none */
    public static SharedMemory open(String name) {
        Objects.requireNonNull(name, "name");
        return new SharedMemory(name, -1);
    }

    private static int checked(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("A SharedMemory has at least 1 byte, not " + bytes + ".");
        }
        return bytes;
    }

    /**
     * The bytes, in the processor's own order, as one and the same memory in all JVMs; position and limit belong to the
     * returned buffer. Python's {@code buf}. It stays usable after {@link #close}; its memory is given back when no buffer of
     * it is left.
     *
     * @throws ParallelException after {@link #close}
     */
    public ByteBuffer buffer() {
        ByteBuffer present = memory;
        if (present == null) {
            throw new ParallelException(
                    "SharedMemory \"" + name() + "\" was closed in this JVM: open(\"" + name() + "\") it again.");
        }
        return present.duplicate().order(ByteOrder.nativeOrder());
    }

    /** By which any JVM can {@link #open} it: the one given, or {@code memory-7}. */
    public String name() {
        return remote.handle().detail();
    }

    /** In bytes, exactly as created. @throws ParallelException after {@link #close} */
    public int size() {
        return buffer().capacity();
    }

    /** Ends the use of this object in this JVM; the memory remains. May be called twice. */
    @Override
    public void close() {
        memory = null;
    }

    /**
     * Removes the name: who has the memory open keeps it, nobody else can open it. May be called twice, by any JVM, before
     * or after {@link #close}.
     */
    public void unlink() {
        NamedMemory.remove(remote.client().folder(), name());
    }

    @Override
    public Handle handle() {
        return remote.handleOf(this);
    }

    @Override
    public String toString() {
        ByteBuffer present = memory;
        return "SharedMemory \"" + name() + "\" ("
                + (present == null ? "closed" : present.capacity() + (present.capacity() == 1 ? " byte" : " bytes"))
                + ")";
    }
}
