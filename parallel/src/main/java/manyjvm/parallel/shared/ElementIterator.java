package manyjvm.parallel.shared;

import java.lang.ref.Reference;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a queue or list as they were at one moment, each decoded when it is asked for. {@link #remove} removes the
 * element itself, wherever it stands now; nothing when it is gone. For one thread.
 */
public final class ElementIterator<E extends @Nullable Object> implements Iterator<E> {
    private final RemoteObject remote;
    private final SharedAnswer snapshot;
    private final Iterator<Elements.Element> elements;
    private Elements.@Nullable Element last; // what remove() would remove

    /** Asks for the elements of this moment. */
    public ElementIterator(RemoteObject remote) {
        this.remote = remote;
        snapshot = remote.ask(SharedOperation.SNAPSHOT);
        elements = Elements.of(snapshot.body()).iterator();
    }

    @Override
    public boolean hasNext() {
        return elements.hasNext();
    }

    @Override
    public E next() {
        last = elements.next();
        E element = remote.decode(last.body());
        Reference.reachabilityFence(snapshot); // it keeps what the elements refer to
        return element;
    }

    @Override
    public void remove() {
        removeIfThere();
    }

    /** As {@link #remove()}. @return whether it was still there */
    public boolean removeIfThere() {
        if (last == null) {
            throw new IllegalStateException("next() comes before remove()");
        }
        boolean removed = remote.ask(SharedOperation.REMOVE, last.sequence()).isDone();
        last = null;
        return removed;
    }
}
