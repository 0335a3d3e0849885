package manyjvm.parallel;

import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.RemoteObject;
import manyjvm.parallel.shared.SharedClient;

/** A Manager's set: the keys of a map. Safe for use by any thread. */
final class ManagedSet<E> extends AbstractSet<E> implements Shared {
    private final RemoteObject remote;
    private final ManagedMap<E, Boolean> elements;

    /** Links a set; also one that is about to be adopted. */
    ManagedSet(SharedClient client, Handle handle) {
        this.remote = new RemoteObject(client, handle);
        this.elements = new ManagedMap<>(client, handle);
    }

    @Override
    public Handle handle() {
        return remote.handleOf(this);
    }

    @Override
    public int size() {
        return elements.size();
    }

    @Override
    public boolean contains(Object element) {
        return elements.containsKey(element);
    }

    @Override
    public boolean add(E element) {
        return elements.putIfAbsent(element, true) == null;
    }

    /** All at once: one round trip, and nobody sees a part of them. */
    @Override
    public boolean addAll(Collection<? extends E> added) {
        Map<E, Boolean> all = new LinkedHashMap<>();
        added.forEach(element -> all.put(element, true));
        return elements.putEach(all) > 0;
    }

    @Override
    public boolean remove(Object element) {
        return elements.remove(element) != null;
    }

    @Override
    public void clear() {
        elements.clear();
    }

    @Override
    public Iterator<E> iterator() {
        return elements.keySet().iterator();
    }
}
