package manyjvm.parallel.shared;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyjvm.parallel.Array;
import manyjvm.parallel.Barrier;
import manyjvm.parallel.BoundedSemaphore;
import manyjvm.parallel.Condition;
import manyjvm.parallel.Connection;
import manyjvm.parallel.Event;
import manyjvm.parallel.JoinableQueue;
import manyjvm.parallel.Lock;
import manyjvm.parallel.Namespace;
import manyjvm.parallel.Pipe;
import manyjvm.parallel.Queue;
import manyjvm.parallel.RLock;
import manyjvm.parallel.Semaphore;
import manyjvm.parallel.ShareableList;
import manyjvm.parallel.SharedMemory;
import manyjvm.parallel.SimpleQueue;
import manyjvm.parallel.Value;
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
    /** The linking constructors {@code (SharedClient, Handle)}: private to their packages, so that no user sees them. */
    private static final Map<String, Constructor<?>> KINDS = Stream.of(
                    Queue.class,
                    SimpleQueue.class,
                    JoinableQueue.class,
                    Pipe.class,
                    Connection.class,
                    Lock.class,
                    RLock.class,
                    Semaphore.class,
                    BoundedSemaphore.class,
                    Event.class,
                    Condition.class,
                    Barrier.class,
                    ManagedMap.class,
                    ManagedList.class,
                    ManagedSet.class,
                    Namespace.class,
                    SharedMemory.class,
                    ShareableList.class,
                    Value.OfBoolean.class,
                    Value.OfByte.class,
                    Value.OfShort.class,
                    Value.OfChar.class,
                    Value.OfInt.class,
                    Value.OfLong.class,
                    Value.OfFloat.class,
                    Value.OfDouble.class,
                    Array.OfBoolean.class,
                    Array.OfByte.class,
                    Array.OfShort.class,
                    Array.OfChar.class,
                    Array.OfInt.class,
                    Array.OfLong.class,
                    Array.OfFloat.class,
                    Array.OfDouble.class)
            .collect(Collectors.toUnmodifiableMap(SharedLinker::kindOf, SharedLinker::linkingConstructor));

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
        Constructor<?> constructor = KINDS.get(handle.kind());
        if (constructor == null) {
            throw new IllegalStateException(
                    "No shared object is of kind " + handle.kind() + ": please report this fault of manyjvm.");
        }
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

    private static Constructor<?> linkingConstructor(Class<? extends Shared> type) {
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
