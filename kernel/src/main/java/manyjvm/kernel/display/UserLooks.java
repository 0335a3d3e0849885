package manyjvm.kernel.display;

import io.github.spencerpark.jupyter.kernel.util.InheritanceIterator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

    /** Of which it was said that they miss something. */
    private final Set<Class<?>> told = ConcurrentHashMap.newKeySet();

    @SuppressWarnings("unchecked") // only what is of the type is handed to it
    synchronized <T> void register(Class<T> type, String mimeType, Function<? super T, ?> look) {
        looks.keySet().removeIf(other -> other != type && isNamesake(other, type));
        told.removeIf(other -> other != type && isNamesake(other, type));
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
        Optional<Class<?>> namesake = looks.keySet().stream()
                .filter(registered -> isNamesake(registered, type))
                .findFirst();
        if (namesake.isPresent() && told.add(namesake.get())) {
            System.err.println("note: the renderer of " + name(type) + " is for another " + name(type)
                    + ", of the same name: one of the two was defined anew. Run the cell that registers it again, or"
                    + " the one that makes this value.");
        }
        return Map.of();
    }

    /**
     * The types that a look may have been registered for in another JVM, by name: a class with its ancestors and interfaces that are
     * none of the JDK's.
     */
    static List<String> names(Class<?> type) {
        List<String> names = new ArrayList<>();
        InheritanceIterator ancestors = new InheritanceIterator(type);
        while (ancestors.hasNext()) {
            Class<?> each = ancestors.next();
            if (each.getClassLoader() != null) {
                names.add(name(each));
            }
        }
        return names;
    }

    /** What to say of a value that another JVM has shown without a look that is registered here; once for a type. */
    Optional<String> missing(List<String> types) {
        return looks.keySet().stream()
                .filter(type -> types.contains(name(type)) && told.add(type))
                .map(type ->
                        "note: a worker shows a " + name(type) + " without its renderer, which is registered in the"
                                + " notebook's JVM alone. Call Renderers.register in the initializer of the pool, or in the function,"
                                + " too.\n")
                .findFirst();
    }

    /** Whether cells have defined both types, by the same name. */
    private static boolean isNamesake(Class<?> registered, Class<?> type) {
        return !ObjectNames.wrapperOf(registered.getName()).isEmpty()
                && !ObjectNames.wrapperOf(type.getName()).isEmpty()
                && name(registered).equals(name(type));
    }

    private static String name(Class<?> type) {
        return ObjectNames.plain(type.getName());
    }
}
