package manyjvm.kernel.display;

import io.github.spencerpark.jupyter.kernel.util.InheritanceIterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import manyjvm.kernel.session.text.ObjectNames;

/**
 * What users have registered for types. A type that a cell defines anew is another class, whose objects the old function cannot take:
 * they are shown without it, which is said once. Safe for all threads.
 */
final class UserLooks {
    /** By type, then by MIME type; that of a whole look is empty. Each map is replaced, never changed. */
    private final Map<Class<?>, Map<String, Function<Object, ?>>> looks = new ConcurrentHashMap<>();

    private final Set<Class<?>> told = ConcurrentHashMap.newKeySet();

    @SuppressWarnings("unchecked") // only what is of the type is handed to it
    synchronized <T> void register(Class<T> type, String mimeType, Function<? super T, ?> look) {
        looks.keySet().removeIf(older -> older != type && isOlder(older, type));
        Map<String, Function<Object, ?>> all = new LinkedHashMap<>(looks.getOrDefault(type, Map.of()));
        all.put(mimeType, (Function<Object, ?>) (Function<?, ?>) look);
        looks.put(type, all);
    }

    synchronized void unregister(Class<?> type) {
        looks.remove(type);
        told.remove(type);
    }

    /** What is registered for the nearest of a class, its interfaces and its ancestors. */
    Map<String, Function<Object, ?>> of(Class<?> type) {
        if (looks.isEmpty()) {
            return Map.of();
        }
        InheritanceIterator ancestors = new InheritanceIterator(type);
        while (ancestors.hasNext()) {
            Map<String, Function<Object, ?>> found = looks.get(ancestors.next());
            if (found != null) {
                return found;
            }
        }
        Optional<Class<?>> older = looks.keySet().stream()
                .filter(registered -> isOlder(registered, type))
                .findFirst();
        if (older.isPresent() && told.add(older.get())) {
            System.err.println("note: the renderer of " + name(type) + " is for the " + name(type)
                    + " before it was defined anew: run the cell that registers it again.");
        }
        return Map.of();
    }

    /** Whether a cell has defined the first type, and then the second one by the same name. */
    private static boolean isOlder(Class<?> registered, Class<?> type) {
        return !ObjectNames.wrapperOf(registered.getName()).isEmpty()
                && !ObjectNames.wrapperOf(type.getName()).isEmpty()
                && name(registered).equals(name(type));
    }

    private static String name(Class<?> type) {
        return ObjectNames.plain(type.getName());
    }
}
