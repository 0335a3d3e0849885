package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Containers of the JDK in variables and fields of every type that they fit, in real workers. One kernel for all. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ContainersIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run("var pool = new Pool(1);");
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    @Test
    void views_ofEachType_arriveWithTheSameContent() throws Exception {
        notebook.run(
                """
                class Kept {
                    static final Map<String, Integer> MAP = new LinkedHashMap<>(Map.of("a", 1));
                    static final NavigableMap<String, Integer> SORTED = new TreeMap<>(Map.of("b", 2, "a", 1));
                    static final NavigableMap<String, Integer> SKIP = new ConcurrentSkipListMap<>(SORTED);
                    static Set<String> keys = MAP.keySet();
                    static AbstractSet<String> abstractKeys = (AbstractSet<String>) MAP.keySet();
                    static Collection<Integer> values = MAP.values();
                    static AbstractCollection<Integer> sortedValues = (AbstractCollection<Integer>) SORTED.values();
                    static Set<Map.Entry<String, Integer>> entries = MAP.entrySet();
                    static Map.Entry<String, Integer> entry = MAP.entrySet().iterator().next();
                    static NavigableSet<String> down = SORTED.descendingKeySet();
                    static SortedSet<String> skipKeys = SKIP.navigableKeySet();
                    static ConcurrentNavigableMap<String, Integer> skipHead =
                            (ConcurrentNavigableMap<String, Integer>) SKIP.headMap("b");
                    static SortedMap<String, Integer> tail = SORTED.tailMap("b");
                    static List<Integer> part = new ArrayList<>(List.of(1, 2, 3)).subList(1, 3);
                    static AbstractList<Integer> linkedPart =
                            (AbstractList<Integer>) new LinkedList<>(List.of(1, 2, 3)).subList(1, 3);
                    static RandomAccess quick = (RandomAccess) List.of(1, 2, 3).subList(1, 3);
                    static Queue<Integer> stack = Collections.asLifoQueue(new ArrayDeque<>(List.of(1, 2)));
                    static ConcurrentHashMap.KeySetView<Integer, Boolean> found = ConcurrentHashMap.newKeySet();
                    static Map<String, Integer> fixed = Collections.unmodifiableMap(SORTED.headMap("b"));
                    static Map<String, String> environment = new TreeMap<>(System.getenv()).headMap("");
                    Deque<Integer> ownDeque = new ArrayDeque<>(List.of(1, 2));
                    Set<String> own = MAP.keySet();
                    static String text() throws Exception {
                        var all = new StringBuilder();
                        for (var field : Kept.class.getDeclaredFields()) {
                            if (java.lang.reflect.Modifier.isStatic(field.getModifiers())) {
                                all.append(field.getName()).append('=').append(field.get(null)).append(' ');
                            }
                        }
                        return all.toString();
                    }
                    static String use() {
                        return keys.size() + abstractKeys.toString() + values + sortedValues + entries + entry.getKey()
                                + down.first() + skipKeys.first() + skipHead.firstKey() + tail.firstKey() + part.get(0)
                                + linkedPart.get(1) + quick + stack.peek() + found.getMappedValue() + fixed + environment;
                    }
                }""");
        assertThat(notebook.value("pool.apply(() -> Kept.use() + Kept.text()).equals(Kept.use() + Kept.text())"))
                .isEqualTo("true");
        notebook.run("var kept = new Kept();");
        assertThat(notebook.value("pool.apply(() -> kept.own.toString() + kept.ownDeque.peekLast())"))
                .isEqualTo("[a]2");
    }

    @Test
    void reversedViews_arriveAsWhatTheyAreDeclared() throws Exception {
        if (Runtime.version().feature() < 21) {
            return;
        }
        notebook.run("Deque<Integer> back = new ArrayDeque<>(List.of(1, 2, 3)).reversed();"
                + " LinkedList<Integer> linked = new LinkedList<>(List.of(1, 2, 3)).reversed();"
                + " SequencedSet<Integer> set = new LinkedHashSet<>(List.of(1, 2)).reversed();"
                + " SequencedMap<Integer, Integer> map = new LinkedHashMap<>(Map.of(1, 2)).reversed();"
                + " SequencedCollection<Integer> values = map.sequencedValues(); List<Integer> list = List.of(1, 2).reversed();"
                + " NavigableSet<Integer> tree = new TreeSet<>(List.of(1, 2)).reversed();");
        assertThat(notebook.value(
                        "pool.apply(() -> back.pollLast() + \" \" + linked.pollLast() + set.getFirst() + map + values.getLast()"
                                + " + list + tree.first())"))
                .isEqualTo("1 12{1=2}2[2, 1]2");
    }

    @Test
    void whatWouldArriveAsAnother_isRefusedBeforeAnythingRuns() throws Exception {
        notebook.run(
                "WeakHashMap<String, Integer> weak = new WeakHashMap<>(Map.of(\"a\", 1)); Map<String, Integer> hidden = weak;"
                        + " var same = new IdentityHashMap<TimeUnit, Integer>(); var sameKeys = same.keySet();"
                        + " var ran = Value.of(0);");
        for (String use : new String[] {"weak.size()", "hidden.size()"}) {
            assertThat(notebook.error("pool.map(x -> { ran.set(1); return " + use + "; }, range(2))"))
                    .contains("cannot send notebook variable " + use.replace(".size()", ""))
                    .contains("is a java.util.WeakHashMap (used by the lambda): ")
                    .contains("new HashMap<>(..)");
        }
        assertThat(notebook.error("pool.apply(() -> sameKeys.size())")).contains("sameKeys is a java.util.Identity");
        assertThat(notebook.value("pool.apply(() -> same.size())")).isEqualTo("0");
        assertThat(notebook.error(
                        "{ var local = new WeakHashMap<String, Integer>(); pool.apply(() -> local.size()); }"))
                .contains("a value that the lambda captured")
                .contains("WeakHashMap");
        assertThat(notebook.error("pool.apply(() -> new WeakHashMap<String, Integer>())"))
                .contains("WeakHashMap")
                .contains("new HashMap<>(..)");
        assertThat(notebook.value("ran.get()")).isEqualTo("0");
    }
}
