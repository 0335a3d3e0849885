package manyjvm.parallel.shared;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.spi.Shared;

/**
 * The shared objects of this JVM, each once and weakly held; turns handles into objects. Safe for use by any thread.
 *
 * <p>Objects that became unreachable are reported to their homes when the next object is made or linked, which needs no
 * thread of its own. A report may overtake a handle that is just being sent to this JVM again; then linking fails with the
 * advice to keep the object while work that uses it is under way. (The home keeps files while their maker holds them, so
 * this takes a maker that drops the object between submitting the work and its start.)
 */
public final class SharedLinker implements Shared.Linker {
    /**
     * The kinds there are. Their classes are found by name when first linked: to load them all costs some 30 ms, which most
     * JVMs would pay for nothing.
     */
    static final Set<String> KINDS = Set.of(
            "Queue",
            "SimpleQueue",
            "JoinableQueue",
            "Pipe",
            "Connection",
            "Lock",
            "RLock",
            "Semaphore",
            "BoundedSemaphore",
            "Event",
            "Condition",
            "Barrier",
            "ManagedMap",
            "ManagedList",
            "ManagedSet",
            "Namespace",
            "SharedMemory",
            "ShareableList",
            "Value.OfBoolean",
            "Value.OfByte",
            "Value.OfShort",
            "Value.OfChar",
            "Value.OfInt",
            "Value.OfLong",
            "Value.OfFloat",
            "Value.OfDouble",
            "Array.OfBoolean",
            "Array.OfByte",
            "Array.OfShort",
            "Array.OfChar",
            "Array.OfInt",
            "Array.OfLong",
            "Array.OfFloat",
            "Array.OfDouble");

    /** The linking constructors {@code (SharedClient, Handle)} of the kinds linked so far: no user sees them. */
    private static final ConcurrentHashMap<String, Constructor<?>> CONSTRUCTORS = new ConcurrentHashMap<>();

    private final SharedClient client;

    private final AtomicLong tickets = new AtomicLong();

    private final ConcurrentHashMap<Shared.Handle, Linked> objects = new ConcurrentHashMap<>();
    private final ReferenceQueue<Shared> unreachable = new ReferenceQueue<>();

    /** The list of shared objects met by the encoding that this thread runs, null while it runs none. */
    private final ThreadLocal<List<Shared>> travellers = new ThreadLocal<>();

    public SharedLinker(SharedClient client) {
        this.client = client;
    }

    /** The kind in the handles of a class: its name within its package, {@code Queue} or {@code Value.OfInt}. */
    public static String kindOf(Class<? extends Shared> type) {
        return type.getCanonicalName().substring(type.getPackageName().length() + 1);
    }

    @Override
    public Object link(Shared.Handle handle) {
        releaseUnreachable();
        while (true) {
            Linked linked = objects.get(handle);
            Shared object = linked == null ? null : linked.get();
            if (object != null) {
                return object;
            }
            Shared made = make(handle);
            boolean first = linked == null
                    ? objects.putIfAbsent(handle, new Linked(made, unreachable)) == null
                    : objects.replace(handle, linked, new Linked(made, unreachable));
            if (first) {
                tell(handle, SharedOperation.LINKED);
                return made;
            }
        }
    }

    /** Takes in an object made in this JVM. To be called at the end of its constructor. */
    public void adopt(Shared object) {
        releaseUnreachable();
        objects.put(object.handle(), new Linked(object, unreachable));
        tell(object.handle(), SharedOperation.CREATED);
    }

    /** To be called by each object's {@link Shared#handle()}: its handle may be about to travel inside an element. */
    public void noteTraveller(Shared object) {
        List<Shared> noted = travellers.get();
        if (noted != null) {
            noted.add(object);
        }
    }

    /** @return what {@link #stopNotingTravellers} needs */
    List<Shared> startNotingTravellers() {
        List<Shared> before = travellers.get();
        travellers.set(new ArrayList<>(0));
        return before;
    }

    List<Shared> stopNotingTravellers(List<Shared> before) {
        List<Shared> noted = travellers.get();
        if (before == null) {
            travellers.remove();
        } else {
            travellers.set(before);
        }
        return noted;
    }

    /** A ticket for a waiting request, unique in this JVM. */
    public long newTicket() {
        return tickets.incrementAndGet();
    }

    private void releaseUnreachable() {
        for (Reference<? extends Shared> gone; (gone = unreachable.poll()) != null; ) {
            Linked linked = (Linked) gone;
            if (objects.remove(linked.handle, linked)) {
                tell(linked.handle, SharedOperation.RELEASED);
            }
        }
    }

    private void tell(Shared.Handle handle, SharedOperation operation) {
        client.tell(new SharedRequest(handle, operation.ordinal(), 0, new byte[0]));
    }

    private Shared make(Shared.Handle handle) {
        if (!KINDS.contains(handle.kind())) {
            throw new IllegalStateException(
                    "No shared object is of kind " + handle.kind() + ": please report this fault of manyjvm.");
        }
        Constructor<?> constructor =
                CONSTRUCTORS.computeIfAbsent(handle.kind(), kind -> linkingConstructor(classOf(kind)));
        try {
            return (Shared) constructor.newInstance(client, handle);
        } catch (InvocationTargetException failure) {
            if (failure.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException("Linking " + handle + " failed.", failure.getCause());
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException("Linking " + handle + " failed.", failure);
        }
    }

    /** The class of one of the {@link #KINDS}; what a {@code Manager} makes has its class in this package. */
    static Class<?> classOf(String kind) {
        Class<?> here = SharedLinker.class;
        String home = kind.startsWith("Managed") ? here.getPackageName() : ParallelException.class.getPackageName();
        try {
            return Class.forName(home + "." + kind.replace('.', '$'), true, here.getClassLoader());
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException("manyjvm's jar is incomplete: it has no " + kind, missing);
        }
    }

    private static Constructor<?> linkingConstructor(Class<?> type) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(SharedClient.class, Shared.Handle.class);
            constructor.setAccessible(true);
            return constructor;
        } catch (NoSuchMethodException missing) {
            throw new IllegalStateException(type + " lacks its linking constructor", missing);
        }
    }

    private static final class Linked extends WeakReference<Shared> {
        private final Shared.Handle handle;

        Linked(Shared object, ReferenceQueue<Shared> unreachable) {
            super(object, unreachable);
            this.handle = object.handle();
        }
    }
}
