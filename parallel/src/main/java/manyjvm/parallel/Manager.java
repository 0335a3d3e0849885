package manyjvm.parallel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.RemoteObject;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedKind;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.spi.ParallelRuntime;
import org.jspecify.annotations.Nullable;

/**
 * Makes maps, lists, sets and namespaces that all JVMs share: Python's {@code multiprocessing.Manager}. What it makes may be
 * used in any lambda or process target.
 *
 * <pre>{@code
 * try (var manager = new Manager(); var pool = new Pool(2)) {
 *     ConcurrentMap<String, Integer> counts = manager.map();
 *     pool.each(word -> counts.merge(word, 1, Integer::sum), List.of("to", "be", "or", "not", "to", "be"));
 *     System.out.println(new TreeMap<>(counts));     // {be=2, not=1, or=1, to=2}
 *
 *     List<Integer> squares = manager.list();
 *     pool.each(x -> squares.add(x * x), range(4));
 *     squares.sort(null);
 *     System.out.println(squares);                   // [0, 1, 4, 9]
 * }
 * }</pre>
 *
 * <p><b>Copies.</b> The content lies with the driver, encoded; each {@code get} gives a copy. So a change <i>inside</i> a value
 * ({@code map.get(key).add(1)}) stays in that copy, as in Python: put the changed value back, {@code map.compute(key, ..)}.
 * Iterating, {@code toString} and the like show the elements of one moment, and {@code Map.Entry.setValue} and {@code
 * ListIterator.set} are not supported.
 *
 * <p><b>Atomic.</b> Every method of {@link ConcurrentMap} ({@code merge}, {@code compute}, {@code putIfAbsent}, {@code
 * replace} ..) is atomic over all JVMs, as are a list's {@code sort}, {@code replaceAll} and {@code removeIf}. A function that
 * is passed to one runs in the JVM that calls, and again when another JVM came in between: it must have no side effects.
 * Two calls in a row ({@code if (!list.contains(x)) list.add(x)}) are not atomic: use one call, or a {@link Lock}.
 *
 * <p><b>Keys</b>, and elements of sets, are compared by content, never by calling their {@code equals}: strings, numbers,
 * characters, enums, classes, the values of {@code java.time}, and lists, sets, maps and records of such compare as they do
 * in any map (a record by its components). Objects of other classes are the same key when they are encoded to the same bytes.
 * Those that equal nothing but themselves, arrays for one, are refused. Values are compared by their {@code equals}, in
 * the JVM that calls. Keys and values of maps and sets are not null; a list may hold null.
 *
 * <p><b>Cost.</b> A call from a worker is one round trip to the driver, some 50 microseconds; {@code compute}, {@code
 * replace}, {@code remove(key, value)} and a {@code merge} into what is there are two, and one more for each JVM that came in
 * between. {@code putAll} and {@code addAll} take one for all elements, and so does going over a map, list or set, which
 * copies all of it. Where that is too slow: {@link Value} and {@link Array} take nanoseconds.
 *
 * <p>Python's {@code Manager().Queue()}, {@code Lock()}, {@code Value()} ... need no manager here: {@code new Queue<>()}.
 * Safe for use by any thread, in a worker too; but the manager itself does not travel, only what it makes.
 */
public final class Manager implements AutoCloseable {
    private final SharedClient client = ParallelRuntime.current().shared();
    private final List<Shared.Handle> made = new ArrayList<>(); // guarded by this
    private boolean closed; // guarded by this

    /** A manager that has made nothing yet. Cost: none; no process is started, unlike Python's. */
    public Manager() {}

    /** A new map, in which entries keep the order of their first coming. Python's {@code manager.dict()}. */
    public <K, V> ConcurrentMap<K, V> map() {
        return make(SharedKind.MANAGED_MAP, ManagedMap<K, V>::new);
    }

    /** A new map with these entries. */
    public <K, V> ConcurrentMap<K, V> map(Map<? extends K, ? extends V> content) {
        ConcurrentMap<K, V> map = map();
        map.putAll(content);
        return map;
    }

    /** A new list. Python's {@code manager.list()}. */
    public <E extends @Nullable Object> List<E> list() {
        return make(SharedKind.MANAGED_LIST, ManagedList<E>::new);
    }

    /** A new list with these elements: {@code manager.list(range(10))}. */
    public <E extends @Nullable Object> List<E> list(Iterable<? extends E> content) {
        List<E> list = list();
        list.addAll(collected(content));
        return list;
    }

    /** A new set, in which elements keep the order of their coming. Python's {@code manager.set()}. */
    public <E> Set<E> set() {
        return make(SharedKind.MANAGED_SET, ManagedSet<E>::new);
    }

    /** A new set with these elements. */
    public <E> Set<E> set(Iterable<? extends E> content) {
        Set<E> set = set();
        set.addAll(collected(content));
        return set;
    }

    /** New named attributes. Python's {@code manager.Namespace()}. */
    public Namespace namespace() {
        return make(SharedKind.NAMESPACE, Namespace::new);
    }

    /**
     * Ends what this manager made, in all JVMs: any later use is a {@link ParallelException}. Python's {@code shutdown()}.
     * Without it, a map ends when no JVM can reach it any more. May be called twice.
     */
    @Override
    public synchronized void close() {
        closed = true;
        made.forEach(handle -> new RemoteObject(client, handle).tell(SharedOperation.END, 0));
        made.clear();
    }

    @Override
    public synchronized String toString() {
        int count = made.size();
        return "Manager (" + (closed ? "closed" : count + (count == 1 ? " object" : " objects")) + ")";
    }

    private synchronized <S extends Shared> S make(SharedKind kind, BiFunction<SharedClient, Shared.Handle, S> maker) {
        if (closed) {
            throw new ParallelException("This Manager was closed: make a new one.");
        }
        Shared.Handle handle = kind.handle(client.newId(), "");
        S object = maker.apply(client, handle);
        client.linker().adopt(object);
        made.add(handle);
        return object;
    }

    private static <E extends @Nullable Object> List<E> collected(Iterable<? extends E> content) {
        List<E> all = new ArrayList<>();
        content.forEach(all::add);
        return all;
    }
}
