package manyjvm.parallel;

import java.lang.ref.Reference;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.KeyForm;
import manyjvm.parallel.shared.Parts;
import manyjvm.parallel.shared.RemoteObject;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedOperation;
import org.jspecify.annotations.Nullable;

/**
 * A Manager's map. Functions run here, in the JVM that calls: what they give is put if the entry still has the version that
 * they were given, else they run again. Safe for use by any thread.
 */
final class ManagedMap<K, V> extends AbstractMap<K, V> implements ConcurrentMap<K, V>, Shared {
    /** The parts of an entry in {@link SharedOperation#ENTRIES}. */
    private static final int KEY_AND_VALUE = 2;

    private final RemoteObject remote;

    /** What the host has for a key; version 0 and no value for nothing. */
    private record Present<V>(long version, @Nullable V value) {}

    /** Links a map; also one that is about to be adopted, or that another object is made of. */
    ManagedMap(SharedClient client, Handle handle) {
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
    public boolean isEmpty() {
        return size() == 0;
    }

    @Override
    public void clear() {
        remote.ask(SharedOperation.EMPTY);
    }

    @Override
    public @Nullable V get(Object key) {
        return present(form(key)).value();
    }

    @Override
    public boolean containsKey(Object key) {
        return remote.ask(SharedOperation.ENTRY, 0, form(key)).isDone();
    }

    @Override
    public @Nullable V put(K key, V value) {
        return present(remote.ask(SharedOperation.PUT_ENTRY, 0, entry(form(key), key, value)))
                .value();
    }

    /** All entries at once: one round trip, and nobody sees a part of them. */
    @Override
    public void putAll(Map<? extends K, ? extends V> entries) {
        putEach(entries);
    }

    /** @return how many keys are new */
    long putEach(Map<? extends K, ? extends V> entries) {
        List<byte[]> parts = new ArrayList<>(entries.size() * Parts.OF_ENTRY);
        entries.forEach((key, value) -> {
            parts.add(form(key));
            parts.add(remote.encode(key));
            parts.add(encode(value));
        });
        return remote.ask(SharedOperation.PUT_ENTRIES, 0, Parts.join(parts)).number();
    }

    @Override
    public @Nullable V remove(Object key) {
        return present(remote.ask(SharedOperation.REMOVE_ENTRY, 0, form(key))).value();
    }

    // ---- ConcurrentMap

    @Override
    public @Nullable V putIfAbsent(K key, V value) {
        Present<V> other = putIf(form(key), key, 0, value);
        return other == null ? null : other.value();
    }

    @Override
    public boolean remove(Object key, Object value) {
        byte[] form = form(key);
        Present<V> present = present(form);
        while (present != null && present.version() != 0) {
            if (!Objects.equals(present.value(), value)) {
                return false;
            }
            present = removeIf(form, present.version());
        }
        return present == null;
    }

    @Override
    public boolean replace(K key, V expected, V value) {
        byte[] form = form(key);
        Present<V> present = present(form);
        while (present != null && present.version() != 0) {
            if (!Objects.equals(present.value(), expected)) {
                return false;
            }
            present = putIf(form, key, present.version(), value);
        }
        return present == null;
    }

    @Override
    public @Nullable V replace(K key, V value) {
        byte[] form = form(key);
        Present<V> present = present(form);
        while (present.version() != 0) {
            Present<V> other = putIf(form, key, present.version(), value);
            if (other == null) {
                return present.value();
            }
            present = other;
        }
        return null;
    }

    @Override
    public @Nullable V computeIfAbsent(K key, Function<? super K, ? extends @Nullable V> function) {
        byte[] form = form(key);
        Present<V> present = present(form);
        if (present.version() != 0) {
            return present.value();
        }
        V value = function.apply(key);
        if (value == null) {
            return null;
        }
        Present<V> other = putIf(form, key, 0, value);
        return other == null ? value : other.value();
    }

    @Override
    public @Nullable V computeIfPresent(K key, BiFunction<? super K, ? super V, ? extends @Nullable V> function) {
        byte[] form = form(key);
        return settle(form, key, present(form), present -> {
            return present.version() == 0 ? null : function.apply(key, present.value());
        });
    }

    @Override
    public @Nullable V compute(K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
        byte[] form = form(key);
        return settle(form, key, present(form), present -> function.apply(key, present.value()));
    }

    @Override
    public @Nullable V merge(K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
        byte[] form = form(key);
        Present<V> other = putIf(form, key, 0, value); // often the first, which saves a round trip
        return other == null
                ? value
                : settle(
                        form,
                        key,
                        other,
                        present -> present.version() == 0 ? value : function.apply(present.value(), value));
    }

    /** Puts what the function makes of the present value, null for no entry, until nobody has come in between. */
    private @Nullable V settle(byte[] form, K key, Present<V> first, Function<Present<V>, @Nullable V> function) {
        Present<V> present = first;
        while (true) {
            V value = function.apply(present);
            if (value == null && present.version() == 0) {
                return null;
            }
            Present<V> other =
                    value == null ? removeIf(form, present.version()) : putIf(form, key, present.version(), value);
            if (other == null) {
                return value;
            }
            present = other;
        }
    }

    // ---- views: the entries of one moment

    @Override
    public Set<Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<K, V>> iterator() {
                return entries();
            }

            @Override
            public int size() {
                return ManagedMap.this.size();
            }

            @Override
            public void clear() {
                ManagedMap.this.clear();
            }
        };
    }

    private Iterator<Entry<K, V>> entries() {
        SharedAnswer entries = remote.ask(SharedOperation.ENTRIES);
        List<byte[]> parts = Parts.split(entries.body());
        return new Iterator<>() {
            private int next;
            private @Nullable K last;

            @Override
            public boolean hasNext() {
                return next < parts.size();
            }

            @Override
            public Entry<K, V> next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                last = remote.decode(parts.get(next));
                V value = remote.decode(parts.get(next + 1));
                Reference.reachabilityFence(entries); // it keeps what the parts refer to
                next += KEY_AND_VALUE;
                return Map.entry(last, value);
            }

            @Override
            public void remove() {
                if (last == null) {
                    throw new IllegalStateException("next() comes before remove()");
                }
                ManagedMap.this.remove(last);
                last = null;
            }
        };
    }

    // ---- the host

    private Present<V> present(byte[] form) {
        return present(remote.ask(SharedOperation.ENTRY, 0, form));
    }

    private Present<V> present(SharedAnswer answer) {
        return answer.number() == 0 ? new Present<>(0, null) : new Present<>(answer.number(), remote.decode(answer));
    }

    /** @return null when it was put, else what is there instead */
    private @Nullable Present<V> putIf(byte[] form, K key, long version, V value) {
        SharedAnswer answer = remote.ask(SharedOperation.PUT_ENTRY_IF, version, entry(form, key, value));
        return answer.isDone() ? null : present(answer);
    }

    /** @return null when it was removed, else what is there instead */
    private @Nullable Present<V> removeIf(byte[] form, long version) {
        SharedAnswer answer = remote.ask(SharedOperation.REMOVE_ENTRY_IF, version, form);
        return answer.isDone() ? null : present(answer);
    }

    private byte[] entry(byte[] form, K key, V value) {
        return Parts.join(form, remote.encode(key), encode(value));
    }

    private byte[] form(@Nullable Object key) {
        Objects.requireNonNull(key, "A Manager's map or set holds no null: leave it out, or use a sentinel.");
        return KeyForm.of(key, remote::encode);
    }

    private byte[] encode(@Nullable Object value) {
        Objects.requireNonNull(value, "A Manager's map holds no null: remove(key) instead.");
        return remote.encode(value);
    }
}
