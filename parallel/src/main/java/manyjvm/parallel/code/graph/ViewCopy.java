package manyjvm.parallel.code.graph;

import java.io.Externalizable;
import java.io.Serializable;
import java.lang.reflect.Modifier;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is sent in the place of one of the JDK's views (a {@code subList}, a {@code keySet}), which cannot travel without what
 * it is a view of. Order and comparator are kept. The copy fits wherever the view did: whatever type a variable can have that
 * holds the view, the copy is of that type, too.
 */
enum ViewCopy {
    LIST(ArrayList.class),
    DEQUE(LinkedList.class),
    SET(LinkedHashSet.class),
    SORTED_SET(TreeSet.class),
    MAP(LinkedHashMap.class),
    SORTED_MAP(TreeMap.class),
    ENTRY(AbstractMap.SimpleEntry.class);

    private static final List<ViewCopy> ALL = List.of(values());

    private final Class<?> type;

    ViewCopy(Class<?> type) {
        this.type = type;
    }

    /** Whether this is a class of containers that says no way of its own to travel. */
    static boolean isView(Class<?> type) {
        boolean container = Collection.class.isAssignableFrom(type)
                || Map.class.isAssignableFrom(type)
                || Map.Entry.class.isAssignableFrom(type);
        // A reversed LinkedList is Serializable as a LinkedList is, and throws when asked to.
        return container && (!Serializable.class.isAssignableFrom(type) || Externalizable.class.isAssignableFrom(type));
    }

    /** The copy that fits for a view of this class; null when none does. */
    static @Nullable ViewCopy of(Class<?> view) {
        if (view.getEnclosingClass() == IdentityHashMap.class && Set.class.isAssignableFrom(view)) {
            return null; // such a set tells its elements apart in another way than any that could be sent
        }
        for (ViewCopy copy : ALL) {
            if (fits(copy.type, view)) {
                return copy;
            }
        }
        return null;
    }

    /** Whether the copy is of every type that a user can name and that the view is of. */
    private static boolean fits(Class<?> copy, Class<?> view) {
        boolean named =
                Modifier.isPublic(view.getModifiers()) && view.getModule().isExported(view.getPackageName());
        if (view.isAssignableFrom(copy) || view == Externalizable.class) {
            return true;
        }
        if (named || view.getSuperclass() != null && !fits(copy, view.getSuperclass())) {
            return false;
        }
        for (Class<?> implemented : view.getInterfaces()) {
            if (!fits(copy, implemented)) {
                return false;
            }
        }
        return true;
    }

    /** @throws GraphPlan.Refused when the copy would not have the same elements */
    Object of(Object view) {
        switch (this) {
            case LIST:
                return new ArrayList<>((Collection<?>) view);
            case DEQUE:
                return new LinkedList<>((Collection<?>) view);
            case SET:
                // As an array, since what an iterator gives of an entry set may be good for one step only.
                Object[] elements = ((Collection<?>) view).toArray();
                LinkedHashSet<Object> set = new LinkedHashSet<>(Arrays.asList(elements));
                if (set.size() != elements.length) {
                    throw new GraphPlan.Refused(
                            "is a set with elements that are equal", "send a list of them: new ArrayList<>(..)", null);
                }
                return set;
            case SORTED_SET:
                return new TreeSet<>((SortedSet<?>) view);
            case MAP:
                return new LinkedHashMap<>((Map<?, ?>) view);
            case SORTED_MAP:
                return new TreeMap<>((SortedMap<?, ?>) view);
            default:
                return new AbstractMap.SimpleEntry<>((Map.Entry<?, ?>) view);
        }
    }
}
