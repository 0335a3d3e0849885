package manyjvm.parallel;

import java.lang.ref.Reference;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.ElementIterator;
import manyjvm.parallel.shared.Elements;
import manyjvm.parallel.shared.Parts;
import manyjvm.parallel.shared.RemoteObject;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedOperation;
import org.jspecify.annotations.Nullable;

/**
 * A Manager's list. What concerns one place is one request; what concerns all of it ({@code sort}, {@code removeIf}) is done
 * here on a copy, which becomes the content if nobody has changed the list in between, and is done again otherwise. Not
 * {@code RandomAccess}: who goes over it shall take the iterator, which asks once. Safe for use by any thread.
 */
final class ManagedList<E extends @Nullable Object> extends AbstractList<E> implements Shared {
    private static final int END = -1;

    private final RemoteObject remote;

    /** An element and its encoded form, which is sent back as it is. */
    private record Item<E extends @Nullable Object>(E value, byte[] body) {}

    /** Links a list; also one that is about to be adopted. */
    ManagedList(SharedClient client, Handle handle) {
        remote = new RemoteObject(client, handle);
    }

    @Override
    public Handle handle() {
        return remote.handleOf(this);
    }

    @Override
    public int size() {
        return (int) remote.ask(SharedOperation.SIZE).number();
    }

    @Override
    public E get(int index) {
        return element(index, remote.ask(SharedOperation.AT, index));
    }

    @Override
    public E set(int index, E element) {
        return element(index, remote.ask(SharedOperation.SET_AT, index, remote.encode(element)));
    }

    @Override
    public boolean add(E element) {
        return insert(END, List.of(remote.encode(element)));
    }

    @Override
    public void add(int index, E element) {
        insert(notNegative(index), List.of(remote.encode(element)));
    }

    /** All at once: one round trip, and nobody sees a part of them. */
    @Override
    public boolean addAll(Collection<? extends E> elements) {
        return insert(END, encoded(elements));
    }

    @Override
    public boolean addAll(int index, Collection<? extends E> elements) {
        return insert(notNegative(index), encoded(elements));
    }

    @Override
    public E remove(int index) {
        return element(index, remote.ask(SharedOperation.REMOVE_AT, index));
    }

    @Override
    public boolean remove(Object element) {
        while (true) {
            ElementIterator<E> elements = new ElementIterator<>(remote);
            boolean found = false;
            while (!found && elements.hasNext()) {
                found = Objects.equals(elements.next(), element);
            }
            if (!found || elements.removeIfThere()) {
                return found; // when somebody else has removed it meanwhile, look for another
            }
        }
    }

    @Override
    public void clear() {
        remote.ask(SharedOperation.EMPTY);
    }

    @Override
    public boolean removeIf(Predicate<? super E> filter) {
        return change(items ->
                items.stream().filter(item -> !filter.test(item.value())).toList());
    }

    @Override
    public boolean removeAll(Collection<?> elements) {
        return removeIf(elements::contains);
    }

    @Override
    public boolean retainAll(Collection<?> elements) {
        return removeIf(element -> !elements.contains(element));
    }

    @Override
    public void replaceAll(UnaryOperator<E> operator) {
        change(items -> items.stream()
                .map(item -> {
                    E value = operator.apply(item.value());
                    return new Item<>(value, remote.encode(value));
                })
                .toList());
    }

    @Override
    public void sort(Comparator<? super E> order) {
        Comparator<Item<E>> byValue = Comparator.comparing(Item::value, order == null ? natural() : order);
        change(items -> items.stream().sorted(byValue).toList());
    }

    @Override
    protected void removeRange(int from, int to) {
        change(items -> {
            Objects.checkFromToIndex(from, to, items.size());
            List<Item<E>> left = new ArrayList<>(items.subList(0, from));
            left.addAll(items.subList(to, items.size()));
            return left;
        });
    }

    // ---- the elements of one moment

    @Override
    public int lastIndexOf(Object element) {
        return copy().lastIndexOf(element);
    }

    @Override
    public Object[] toArray() {
        return copy().toArray();
    }

    @Override
    public <T> T[] toArray(T[] array) {
        return copy().toArray(array);
    }

    /** {@code remove} does nothing to an element that somebody removed or replaced since. */
    @Override
    public Iterator<E> iterator() {
        return new ElementIterator<>(remote);
    }

    @Override
    public ListIterator<E> listIterator(int index) {
        return Collections.unmodifiableList(copy()).listIterator(index);
    }

    private List<E> copy() {
        List<E> copy = new ArrayList<>();
        iterator().forEachRemaining(copy::add);
        return copy;
    }

    // ---- the host

    private boolean insert(int index, List<byte[]> bodies) {
        SharedAnswer answer = remote.ask(SharedOperation.INSERT_AT, index, Parts.join(bodies));
        if (!answer.isDone()) {
            throw outside(index, answer);
        }
        return !bodies.isEmpty();
    }

    /** @return whether there are more or fewer elements now */
    private boolean change(UnaryOperator<List<Item<E>>> change) {
        while (true) {
            SharedAnswer snapshot = remote.ask(SharedOperation.SNAPSHOT);
            List<Item<E>> items = items(snapshot);
            List<Item<E>> changed = change.apply(items);
            byte[] body = Parts.join(changed.stream().map(Item::body).toList());
            boolean replaced = remote.ask(SharedOperation.REPLACE_IF, snapshot.number(), body)
                    .isDone();
            Reference.reachabilityFence(snapshot); // until the host holds anew what goes back to it
            if (replaced) {
                return changed.size() != items.size();
            }
        }
    }

    private List<byte[]> encoded(Collection<? extends E> elements) {
        List<byte[]> bodies = new ArrayList<>(elements.size());
        elements.forEach(element -> bodies.add(remote.encode(element)));
        return bodies;
    }

    private List<Item<E>> items(SharedAnswer snapshot) {
        List<Item<E>> items = new ArrayList<>();
        for (Elements.Element element : Elements.of(snapshot.body())) {
            items.add(new Item<>(remote.decode(element.body()), element.body()));
        }
        Reference.reachabilityFence(snapshot); // it keeps what the elements refer to
        return items;
    }

    private E element(int index, SharedAnswer answer) {
        if (!answer.isDone()) {
            throw outside(index, answer);
        }
        return remote.decode(answer);
    }

    private static int notNegative(int index) {
        if (index < 0) {
            throw new IndexOutOfBoundsException("Index " + index + " is negative");
        }
        return index;
    }

    private static IndexOutOfBoundsException outside(int index, SharedAnswer answer) {
        return new IndexOutOfBoundsException("Index " + index + " out of bounds for length " + answer.number());
    }

    @SuppressWarnings("unchecked") // as List.sort(null) has it: elements that are not Comparable fail when compared
    private static <E> Comparator<? super E> natural() {
        return (Comparator<? super E>) Comparator.naturalOrder();
    }
}
