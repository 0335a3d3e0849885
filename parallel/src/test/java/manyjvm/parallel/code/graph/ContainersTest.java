package manyjvm.parallel.code.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.*;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyjvm.parallel.NotShippableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All that {@code java.util} and {@code java.util.concurrent} have to hold things, and all views of it: arrives with the same
 * content, as something that every variable can hold which held the original.
 */
class ContainersTest {
    private static final Set<String> VIEWS = Set.of(
            "keySet",
            "values",
            "entrySet",
            "reversed",
            "sequencedKeySet",
            "sequencedValues",
            "sequencedEntrySet",
            "descendingMap",
            "descendingSet",
            "descendingKeySet",
            "navigableKeySet",
            "firstEntry",
            "lastEntry");

    private final ObjectCodec codec = new ObjectCodec(new FakeHost(ContainersTest.class.getClassLoader()));

    private enum Letter {
        A,
        B,
        C
    }

    private static <M extends Map<Letter, Integer>> M filled(M map) {
        map.put(Letter.C, 3);
        map.put(Letter.A, 1);
        map.put(Letter.B, 2);
        return map;
    }

    private static <C extends Collection<Integer>> C filled(C collection) {
        collection.addAll(List.of(3, 1, 2));
        return collection;
    }

    @SuppressWarnings("JdkObsolete") // the old ones are there
    private static List<Object> containers() {
        List<Object> all = new ArrayList<>();
        Map<Letter, Integer> map = filled(new HashMap<>());
        List<Map<Letter, Integer>> maps = List.of(
                map,
                filled(new LinkedHashMap<>()),
                filled(new LinkedHashMap<>(4, 0.75f, true)),
                filled(new TreeMap<>()),
                filled(new TreeMap<>(Comparator.<Letter>reverseOrder())),
                filled(new Hashtable<>()),
                filled(new EnumMap<>(Letter.class)),
                filled(new IdentityHashMap<>()),
                filled(new ConcurrentHashMap<>()),
                filled(new ConcurrentSkipListMap<>()),
                Map.of(),
                Map.of(Letter.A, 1),
                Map.of(Letter.A, 1, Letter.B, 2),
                Collections.emptyMap(),
                Collections.emptySortedMap(),
                Collections.emptyNavigableMap(),
                Collections.singletonMap(Letter.A, 1));
        all.addAll(maps);
        for (Map<Letter, Integer> each : maps) {
            all.add(Collections.unmodifiableMap(each));
            all.add(Collections.synchronizedMap(each));
            all.add(Collections.checkedMap(each, Letter.class, Integer.class));
        }
        List<Collection<Integer>> collections = List.of(
                filled(new ArrayList<>()),
                filled(new LinkedList<>()),
                filled(new ArrayDeque<>()),
                filled(new Vector<>()),
                filled(new Stack<>()),
                filled(new PriorityQueue<>(Comparator.<Integer>reverseOrder())),
                filled(new HashSet<>()),
                filled(new LinkedHashSet<>()),
                filled(new TreeSet<>()),
                filled(new TreeSet<>(Comparator.<Integer>reverseOrder())),
                filled(new CopyOnWriteArrayList<>()),
                filled(new CopyOnWriteArraySet<>()),
                filled(new ConcurrentSkipListSet<>()),
                filled(ConcurrentHashMap.newKeySet()),
                filled(Collections.newSetFromMap(new ConcurrentHashMap<>())),
                filled(Collections.newSetFromMap(new LinkedHashMap<>())),
                filled(Collections.asLifoQueue(new ArrayDeque<>())),
                List.of(),
                List.of(1),
                List.of(1, 2, 3),
                Set.of(),
                Set.of(1),
                Set.of(1, 2, 3),
                Arrays.asList(1, null, 3),
                Collections.nCopies(3, 1),
                Collections.emptyList(),
                Collections.emptySet(),
                Collections.emptySortedSet(),
                Collections.singleton(1),
                Collections.singletonList(1),
                Stream.of(1, 2, 3).toList(),
                Stream.of(1, 2, null).toList(),
                Stream.of(1, 2).collect(Collectors.toUnmodifiableSet()));
        all.addAll(collections);
        for (Collection<Integer> each : collections) {
            all.add(Collections.unmodifiableCollection(each));
            all.add(Collections.synchronizedCollection(each));
            all.add(Collections.checkedCollection(each, Integer.class));
            if (each instanceof List<Integer> list) {
                all.add(Collections.unmodifiableList(list));
                all.add(Collections.synchronizedList(list));
                all.add(Collections.checkedList(list, Integer.class));
                all.add(list.subList(0, Math.min(2, list.size())));
            } else if (each instanceof NavigableSet<Integer> set) {
                all.add(Collections.unmodifiableNavigableSet(set));
                all.add(Collections.synchronizedNavigableSet(set));
                all.add(Collections.checkedNavigableSet(set, Integer.class));
                all.add(Collections.unmodifiableSortedSet(set));
                all.add(Collections.synchronizedSortedSet(set));
                all.add(Collections.checkedSortedSet(set, Integer.class));
            } else if (each instanceof Set<Integer> set) {
                all.add(Collections.unmodifiableSet(set));
                all.add(Collections.synchronizedSet(set));
                all.add(Collections.checkedSet(set, Integer.class));
            } else if (each instanceof Queue<Integer> queue) {
                all.add(Collections.checkedQueue(queue, Integer.class));
            }
        }
        NavigableMap<Letter, Integer> sorted = filled(new TreeMap<>());
        NavigableMap<Letter, Integer> skipping = filled(new ConcurrentSkipListMap<>());
        for (NavigableMap<Letter, Integer> each : List.of(sorted, skipping)) {
            all.add(each.headMap(Letter.C));
            all.add(each.subMap(Letter.A, false, Letter.C, true));
            all.add(each.tailMap(Letter.B).values());
            all.add(each.headMap(Letter.B, true).navigableKeySet());
            all.add(Collections.unmodifiableNavigableMap(each));
            all.add(Collections.synchronizedNavigableMap(each));
            all.add(Collections.checkedNavigableMap(each, Letter.class, Integer.class));
        }
        NavigableSet<Integer> numbers = filled(new TreeSet<>());
        all.add(numbers.headSet(3));
        all.add(filled(new ConcurrentSkipListSet<>()).subSet(1, false, 3, true));
        all.add(filled(new ArrayList<>()).subList(1, 3).subList(0, 1));
        all.add(EnumSet.of(Letter.A, Letter.C));
        all.add(EnumSet.noneOf(Letter.class));
        all.add(Map.entry(Letter.A, 1));
        all.add(new AbstractMap.SimpleEntry<>(Letter.A, 1));
        all.add(new AbstractMap.SimpleImmutableEntry<>(Letter.A, 1));
        all.add(map.entrySet().iterator().next());
        all.add(new ConcurrentHashMap<>(map).entrySet().iterator().next());
        all.add(System.getenv());
        all.add(new ProcessBuilder().environment());
        Properties properties = new Properties();
        properties.setProperty("a", "1");
        all.add(properties);
        all.add(properties.stringPropertyNames());
        BitSet bits = new BitSet();
        bits.set(3);
        all.add(bits);
        return all;
    }

    static Stream<Arguments> containersAndViews() {
        Map<Object, String> found = new IdentityHashMap<>();
        List<Object> all = new ArrayList<>();
        for (Object container : containers()) {
            add(container, container.getClass().getName(), 2, found, all);
        }
        return all.stream().map(each -> Arguments.of(found.get(each), each));
    }

    private static void add(Object container, String name, int depth, Map<Object, String> found, List<Object> all) {
        if (found.putIfAbsent(container, name) != null) {
            return;
        }
        all.add(container);
        if (depth == 0) {
            return;
        }
        for (Method method : container.getClass().getMethods()) {
            if (VIEWS.contains(method.getName()) && method.getParameterCount() == 0) {
                view(container, method.getName())
                        .ifPresent(view -> add(view, name + "." + method.getName() + "()", depth - 1, found, all));
            }
        }
    }

    /** Called by an interface, for the class is closed. */
    private static Optional<Object> view(Object container, String method) {
        for (Class<?> type : publicTypes(container.getClass())) {
            try {
                return Optional.ofNullable(type.getMethod(method).invoke(container));
            } catch (NoSuchMethodException another) {
                continue;
            } catch (InvocationTargetException notOfThisOne) {
                return Optional.empty();
            } catch (IllegalAccessException impossible) {
                throw new AssertionError(impossible);
            }
        }
        return Optional.empty();
    }

    /** All types that a variable can have which holds an object of the class. */
    private static Set<Class<?>> publicTypes(Class<?> type) {
        Set<Class<?>> types = new LinkedHashSet<>();
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            types.add(each);
            for (Class<?> implemented : each.getInterfaces()) {
                types.addAll(publicTypes(implemented));
            }
        }
        types.remove(java.io.Externalizable.class); // how, not what
        types.removeIf(each ->
                !Modifier.isPublic(each.getModifiers()) || !each.getModule().isExported(each.getPackageName()));
        return types;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("containersAndViews")
    void roundTrip_container_fitsEachVariableAndHoldsTheSame(String name, Object container) {
        Object[] back;
        try {
            back = (Object[])
                    codec.decode(codec.encode(new Object[] {container}).bytes());
        } catch (NotShippableException refused) {
            assertThat(refused).hasMessageMatching("(?s)cannot send it: root\\[0\\].* is an? .*: .+");
            // The second is a reversed Vector, which the JDK itself will not write.
            assertThat(refused).hasMessageMatching("(?s).*(IdentityHashMap\\$|SynchronizedList that could not).*");
            return;
        }
        for (Class<?> declared : publicTypes(container.getClass())) {
            assertThat(back[0]).as(name).isInstanceOf(declared);
        }
        if (container instanceof Collection<?> collection) {
            assertThat(elements(name, (Collection<?>) back[0])).isEqualTo(elements(name, collection));
        } else if (container instanceof Map<?, ?> map) {
            assertThat(elements(name, ((Map<?, ?>) back[0]).entrySet())).isEqualTo(elements(name, map.entrySet()));
        } else {
            assertThat(back[0]).isEqualTo(container);
        }
    }

    /** In its order where the original has one; entries as such, since some say that they are equal to none but their like. */
    private static Collection<?> elements(String name, Collection<?> collection) {
        List<Object> elements = new ArrayList<>();
        for (Object element : collection) {
            elements.add(element instanceof Map.Entry<?, ?> entry ? new AbstractMap.SimpleEntry<>(entry) : element);
        }
        if (name.matches(".*(Tree|Linked|Skip|List|Array(List|Deque)|Vector|Stack|Enum).*")) {
            return elements;
        }
        Map<Object, Integer> counts = new HashMap<>();
        elements.forEach(element -> counts.merge(element, 1, Integer::sum));
        return counts.entrySet();
    }

    @Test
    void encode_weakMap_isRefusedWithTheCure() {
        Map<String, Integer> weak = new WeakHashMap<>(Map.of("a", 1));
        for (Object holder : List.of(
                List.of(weak),
                List.of(Collections.unmodifiableMap(weak)),
                List.of(Collections.newSetFromMap(new WeakHashMap<Object, Boolean>())),
                List.of(new WeakHashMap<>(weak) {}))) {
            assertThatThrownBy(() -> codec.encode(holder))
                    .isInstanceOf(NotShippableException.class)
                    .hasMessageContaining("WeakHashMap")
                    .hasMessageContaining("new HashMap<>(..)");
        }
        assertThatThrownBy(() -> codec.encode(List.of(new java.util.jar.Attributes())))
                .hasMessageContaining("root[0] is a java.util.jar.Attributes, which the JDK does not let travel: ");
    }

    @Test
    @SuppressWarnings("BoxedPrimitiveEquality") // so that it takes what is equal for two
    void encode_setWhoseElementsAreEqual_isRefused() {
        SortedMap<Integer, Integer> byHand = new TreeMap<>((one, other) -> one == other ? 0 : 1);
        byHand.put(1000, 1);
        byHand.put(Integer.valueOf(2000) / 2, 1);
        assertThatThrownBy(() -> codec.encode(byHand.entrySet())).hasMessageContaining("elements that are equal");
    }
}
