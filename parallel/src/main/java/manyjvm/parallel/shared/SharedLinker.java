package manyjvm.parallel.shared;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import manyjvm.parallel.base.Shared;
import org.jspecify.annotations.Nullable;

/**
 * The shared objects of this JVM, each once and weakly held; turns handles into objects. Safe for use by any thread.
 *
 * <p>Tells the hosts what this JVM holds, by numbers, as the head of {@code LocalHosts} has it: each object, from before
 * anybody can have it until the garbage collector has found that nobody does; and what {@link #hold} is asked to.
 */
public final class SharedLinker implements Shared.Linker {
    private final SharedClient client;

    private final AtomicLong tickets = new AtomicLong();

    private final Waits waits = new Waits();

    /** The numbers by which the hosts know what this JVM holds. */
    private final AtomicLong numbers = new AtomicLong();

    private final ConcurrentHashMap<Shared.Handle, WeakReference<Shared>> objects = new ConcurrentHashMap<>();

    /** The list of shared objects met by the encoding that this thread runs, null while it runs none. */
    private final ThreadLocal<@Nullable List<Shared>> travellers = new ThreadLocal<>();

    /** What this thread has encoded and not yet sent: until then nobody else may hold it. */
    private final ThreadLocal<@Nullable List<Shared>> unsent = new ThreadLocal<>();

    public SharedLinker(SharedClient client) {
        this.client = client;
    }

    @Override
    public Object link(Shared.Handle handle) {
        Optional<Shared> linked = known(handle);
        if (linked.isPresent()) {
            return linked.get();
        }
        Shared made = SharedKind.of(handle).link(client, handle);
        WeakReference<Shared> reference = new WeakReference<>(made);
        // Before another thread can have it, and drop it.
        long number = tellOfObject(handle, SharedOperation.LINKED);
        Shared[] kept = {made};
        objects.merge(handle, reference, (present, ours) -> {
            Shared other = present.get();
            if (other == null) {
                return ours; // its cleaner is still to come, or has just run
            }
            kept[0] = other;
            return present;
        });
        if (kept[0] == made) {
            watch(made, handle, reference, number);
        } else {
            tell(handle, SharedOperation.RELEASED, number); // the other one's number is known to the host
        }
        return kept[0];
    }

    /** Takes in an object made in this JVM. To be called at the end of its constructor. */
    public void adopt(Shared object) {
        Shared.Handle handle = object.handle();
        WeakReference<Shared> reference = new WeakReference<>(object);
        long number = tellOfObject(handle, SharedOperation.CREATED);
        objects.put(handle, reference);
        watch(object, handle, reference, number);
    }

    private long tellOfObject(Shared.Handle handle, SharedOperation operation) {
        long number = numbers.incrementAndGet();
        tell(handle, operation, number);
        return number;
    }

    private void watch(Shared object, Shared.Handle handle, WeakReference<Shared> reference, long number) {
        Hold.watch(object, () -> {
            objects.remove(handle, reference);
            tell(handle, SharedOperation.RELEASED, number);
        });
    }

    /** Holds these for something encoded that this JVM has, as long as the hold is reachable. */
    public Hold hold(Collection<Shared.Handle> handles) {
        if (handles.isEmpty()) {
            return Hold.NONE;
        }
        long number = numbers.incrementAndGet();
        handles.forEach(handle -> tell(handle, SharedOperation.HELD, number));
        return Hold.until(() -> handles.forEach(handle -> tell(handle, SharedOperation.RELEASED, number)));
    }

    /** An answer for this JVM as the asking thread gets it: what was granted with it is let go of with it. */
    public SharedAnswer received(Shared.Handle asked, SharedAnswer answer) {
        long grant = answer.grant();
        return grant == 0 ? answer : answer.heldBy(Hold.until(() -> tell(asked, SharedOperation.LET_GO, grant)));
    }

    /** To be called by each object's {@link Shared#handle()}: its handle may be about to travel inside an element. */
    public void noteTraveller(Shared object) {
        List<Shared> noted = travellers.get();
        if (noted != null) {
            noted.add(object);
        }
    }

    /** @return what {@link #stopNotingTravellers} needs */
    @Nullable
    List<Shared> startNotingTravellers() {
        List<Shared> before = travellers.get();
        travellers.set(new ArrayList<>(0));
        return before;
    }

    /** @return the objects, which stay reachable until {@link #sent} */
    List<Shared> stopNotingTravellers(@Nullable List<Shared> before) {
        List<Shared> noted = travellers.get();
        if (before == null) {
            travellers.remove();
        } else {
            travellers.set(before);
        }
        if (!noted.isEmpty()) {
            List<Shared> soFar = unsent.get();
            if (soFar == null) {
                unsent.set(new ArrayList<>(noted));
            } else {
                soFar.addAll(noted);
            }
        }
        return noted;
    }

    /** This thread has sent what it encoded. */
    void sent() {
        if (unsent.get() != null) {
            unsent.remove();
        }
    }

    /** What the threads of this JVM wait for. */
    public Waits waits() {
        return waits;
    }

    /** The object of a handle if this JVM has it. */
    public Optional<Shared> known(Shared.Handle handle) {
        WeakReference<Shared> linked = objects.get(handle);
        return linked == null ? Optional.empty() : Optional.ofNullable(linked.get());
    }

    /** The object that a handle is a part of, as a value's lock is: it has the same number. */
    public Optional<Shared> knownOwner(Shared.Handle part) {
        return objects.keySet().stream()
                .filter(handle -> handle.id() == part.id() && !handle.equals(part))
                .findFirst()
                .flatMap(this::known);
    }

    /** A ticket for a waiting request, unique in this JVM. */
    public long newTicket() {
        return tickets.incrementAndGet();
    }

    private void tell(Shared.Handle handle, SharedOperation operation, long number) {
        client.tell(new SharedRequest(handle, operation, number));
    }
}
