package manyjvm.parallel;

import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.RemoteObject;
import manyjvm.parallel.shared.SharedClient;

/**
 * Named attributes that all JVMs share, made by {@link Manager#namespace}: Python's {@code multiprocessing.managers.Namespace}.
 *
 * <pre>{@code
 * try (var manager = new Manager(); var pool = new Pool(2)) {
 *     var run = manager.namespace();
 *     run.set("rate", 0.1);
 *     run.set("done", 0);
 *     pool.each(x -> run.update("done", Integer.class, done -> done + 1), range(10));
 *     System.out.println(run);                       // Namespace(done=10, rate=0.1)
 * }
 * }</pre>
 *
 * <p>Values are copied in and out, and are not null. Cost: one round trip a call from a worker, two for {@link #update}.
 */
public final class Namespace implements Shared {
    private final RemoteObject remote;
    private final ManagedMap<String, Object> attributes;

    /** Links a namespace; also one that is about to be adopted. */
    Namespace(SharedClient client, Handle handle) {
        this.remote = new RemoteObject(client, handle);
        this.attributes = new ManagedMap<>(client, handle);
    }

    /** Sets an attribute: Python's {@code namespace.name = value}. */
    public void set(String name, Object value) {
        attributes.put(name, Objects.requireNonNull(value, "An attribute is not null: remove(name) it instead."));
    }

    /** An attribute: Python's {@code namespace.name}. @throws NoSuchElementException when there is none of this name */
    public Object get(String name) {
        Object value = attributes.get(name);
        if (value == null) {
            throw new NoSuchElementException("There is no attribute \"" + name + "\"; there are " + names() + ".");
        }
        return value;
    }

    /** {@link #get} of a known type. @throws ClassCastException when the attribute is of another */
    public <T> T get(String name, Class<T> type) {
        return type.cast(get(name));
    }

    /** Whether there is an attribute of this name: Python's {@code hasattr(namespace, name)}. */
    public boolean has(String name) {
        return attributes.containsKey(name);
    }

    /**
     * Changes an attribute in one step, over all JVMs: no change of another is lost. The function runs in this JVM, and again
     * when another one came in between.
     *
     * @return the new value
     * @throws NoSuchElementException when there is none of this name
     */
    public <T> T update(String name, Class<T> type, UnaryOperator<T> change) {
        Object changed = attributes.computeIfPresent(
                name,
                (same, value) -> Objects.requireNonNull(
                        change.apply(type.cast(value)), "An attribute is not null: remove(name) it instead."));
        return changed == null ? get(name, type) : type.cast(changed);
    }

    /** Removes an attribute: Python's {@code del namespace.name}. @return whether there was one */
    public boolean remove(String name) {
        return attributes.remove(name) != null;
    }

    /** The names of this moment, sorted. */
    public Set<String> names() {
        return new TreeSet<>(attributes.keySet());
    }

    @Override
    public Handle handle() {
        return remote.handleOf(this);
    }

    @Override
    public String toString() {
        Map<String, Object> sorted = new TreeMap<>(attributes);
        return sorted.entrySet().stream().map(Object::toString).collect(Collectors.joining(", ", "Namespace(", ")"));
    }
}
