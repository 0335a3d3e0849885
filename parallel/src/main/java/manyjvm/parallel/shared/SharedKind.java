package manyjvm.parallel.shared;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.base.Shared;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of shared objects: by which name handles have them, which is that of the class that users see, and what hosts them.
 *
 * <p>The classes stand above this room, and are found by their name when first linked: to load them all costs some 30 ms,
 * which most JVMs would pay for nothing. Each has a linking constructor {@code (SharedClient, Handle)}, which no user sees.
 */
public enum SharedKind {
    QUEUE("Queue", Host.QUEUE),
    SIMPLE_QUEUE("SimpleQueue", Host.QUEUE),
    JOINABLE_QUEUE("JoinableQueue", Host.QUEUE),
    PIPE("Pipe", Host.PIPE),
    CONNECTION("Connection", Host.PIPE),
    LOCK("Lock", Host.MAPPED),
    RLOCK("RLock", Host.MAPPED),
    SEMAPHORE("Semaphore", Host.SEMAPHORE),
    BOUNDED_SEMAPHORE("BoundedSemaphore", Host.SEMAPHORE),
    EVENT("Event", Host.EVENT),
    CONDITION("Condition", Host.CONDITION),
    BARRIER("Barrier", Host.BARRIER),
    MANAGED_MAP("ManagedMap", Host.TABLE),
    MANAGED_SET("ManagedSet", Host.TABLE),
    NAMESPACE("Namespace", Host.TABLE),
    MANAGED_LIST("ManagedList", Host.LIST),
    SHARED_MEMORY("SharedMemory", Host.HOLDERS),
    SHAREABLE_LIST("ShareableList", Host.HOLDERS),
    VALUE_OF_BOOLEAN("Value.OfBoolean", Host.MAPPED),
    VALUE_OF_BYTE("Value.OfByte", Host.MAPPED),
    VALUE_OF_SHORT("Value.OfShort", Host.MAPPED),
    VALUE_OF_CHAR("Value.OfChar", Host.MAPPED),
    VALUE_OF_INT("Value.OfInt", Host.MAPPED),
    VALUE_OF_LONG("Value.OfLong", Host.MAPPED),
    VALUE_OF_FLOAT("Value.OfFloat", Host.MAPPED),
    VALUE_OF_DOUBLE("Value.OfDouble", Host.MAPPED),
    ARRAY_OF_BOOLEAN("Array.OfBoolean", Host.MAPPED),
    ARRAY_OF_BYTE("Array.OfByte", Host.MAPPED),
    ARRAY_OF_SHORT("Array.OfShort", Host.MAPPED),
    ARRAY_OF_CHAR("Array.OfChar", Host.MAPPED),
    ARRAY_OF_INT("Array.OfInt", Host.MAPPED),
    ARRAY_OF_LONG("Array.OfLong", Host.MAPPED),
    ARRAY_OF_FLOAT("Array.OfFloat", Host.MAPPED),
    ARRAY_OF_DOUBLE("Array.OfDouble", Host.MAPPED);

    /** What an object's host does, besides knowing who holds it. */
    public enum Host {
        QUEUE,
        PIPE,
        SEMAPHORE,
        EVENT,
        CONDITION,
        BARRIER,
        /** Maps, sets and namespaces: entries by their keys. */
        TABLE,
        LIST,
        /** Parks who waits for the lock in a mapped file, and removes the file at the end. */
        MAPPED,
        /** Nothing: the object's file is there until somebody unlinks it. */
        HOLDERS
    }

    private static final Map<String, SharedKind> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(kind -> kind.inHandles, Function.identity()));

    private final String inHandles;
    private final Host host;
    private volatile @Nullable Constructor<?> linking; // null until the first is linked

    SharedKind(String inHandles, Host host) {
        this.inHandles = inHandles;
        this.host = host;
    }

    /** The kind of what a handle names. */
    public static SharedKind of(Shared.Handle handle) {
        SharedKind kind = BY_NAME.get(handle.kind());
        if (kind == null) {
            throw new IllegalStateException(
                    "No shared object is of kind " + handle.kind() + "; this is a fault of manyjvm, please report it.");
        }
        return kind;
    }

    /** Whether a handle names one of this kind. */
    public boolean is(Shared.Handle handle) {
        return inHandles.equals(handle.kind());
    }

    /**
     * The handle of an object of this kind.
     *
     * @param detail what else is needed to link it, in the kind's own words; may be empty
     */
    public Shared.Handle handle(long id, String detail) {
        return new Shared.Handle(inHandles, id, detail);
    }

    /** The lock of a condition, whose handle has the lock's {@linkplain Shared.Handle#name() name} as its detail. */
    public static Shared.Handle lockOf(Shared.Handle condition) {
        String[] lock = condition.detail().split(" ");
        return new Shared.Handle(lock[0], Long.parseLong(lock[1]), "");
    }

    public Host host() {
        return host;
    }

    Shared link(SharedClient client, Shared.Handle handle) {
        try {
            return (Shared) linking().newInstance(client, handle);
        } catch (InvocationTargetException failure) {
            if (failure.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException("Linking " + handle + " failed: " + failure.getCause(), failure.getCause());
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException(
                    "manyjvm's jar is incomplete: a " + inHandles + " cannot be linked.", failure);
        }
    }

    private Constructor<?> linking() throws ReflectiveOperationException {
        Constructor<?> present = linking;
        if (present == null) {
            present = type().getDeclaredConstructor(SharedClient.class, Shared.Handle.class);
            present.setAccessible(true);
            linking = present; // another thread may find one of its own, which is as good
        }
        return present;
    }

    /** The class, which is loaded now if nobody has used it yet. */
    Class<?> type() throws ClassNotFoundException {
        String users = ParallelException.class.getPackageName();
        return Class.forName(users + "." + inHandles.replace('.', '$'));
    }
}
