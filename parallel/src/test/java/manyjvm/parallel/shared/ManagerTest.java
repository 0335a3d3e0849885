package manyjvm.parallel.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.Manager;
import manyjvm.parallel.Namespace;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.Queue;
import manyjvm.parallel.base.Shared;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class ManagerTest {
    @RegisterExtension
    final FakeDriver driver = new FakeDriver();

    private record Point(int x, List<String> names) implements Serializable {}

    private enum Color {
        RED,
        GREEN
    }

    /** Equal by an equals of its own, and neither a record nor of the JDK. */
    private static final class Word implements Serializable {
        private static final long serialVersionUID = 1L;

        private final String text;

        Word(String text) {
            this.text = text;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Word word && word.text.equals(text);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }

    /** The object of one JVM in another. */
    @SuppressWarnings("unchecked") // a handle links to an object of the same class
    private <T> T in(FakeDriver.Jvm jvm, T object) {
        return (T) jvm.receive((Shared) object);
    }

    @Test
    void map_isOneInAllJvms_andAMapLikeAnyOther() {
        ConcurrentMap<String, Integer> map = new Manager().map(Map.of("a", 1));
        ConcurrentMap<String, Integer> there = in(driver.newJvm(), map);
        assertThat(there.put("b", 2)).isNull();
        assertThat(there.put("b", 3)).isEqualTo(2);
        assertThat(map).isEqualTo(Map.of("a", 1, "b", 3)).hasSize(2).hasToString("{a=1, b=3}");
        assertThat(map.get("b")).isEqualTo(3);
        assertThat(map.get("c")).isNull();
        assertThat(map.get((Object) 1)).isNull();
        assertThat(there.getOrDefault("c", 7)).isEqualTo(7);
        assertThat(there.containsKey("a")).isTrue();
        assertThat(there.containsValue(3)).isTrue();
        assertThat(there.remove("a")).isEqualTo(1);
        assertThat(there.remove("a")).isNull();
        there.putAll(Map.of("x", 8, "y", 9));
        assertThat(map.keySet()).containsExactlyInAnyOrder("b", "x", "y");
        assertThat(map.values()).containsExactlyInAnyOrder(3, 8, 9);
        assertThat(map.keySet().remove("x")).isTrue();
        assertThat(map.entrySet().removeIf(entry -> entry.getValue() == 9)).isTrue();
        assertThat(there).isEqualTo(Map.of("b", 3));
        map.clear();
        assertThat(there.isEmpty()).isTrue();
        assertThatThrownBy(() -> map.put("k", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("remove(key)");
        assertThatThrownBy(() -> map.get(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void concurrentMap_methods_doWhatTheyDoInAnyConcurrentMap() {
        ConcurrentMap<String, Integer> map = new Manager().map();
        ConcurrentMap<String, Integer> there = in(driver.newJvm(), map);
        assertThat(there.putIfAbsent("a", 1)).isNull();
        assertThat(there.putIfAbsent("a", 2)).isEqualTo(1);
        assertThat(there.replace("a", 5, 6)).isFalse();
        assertThat(there.replace("a", 1, 6)).isTrue();
        assertThat(there.replace("b", 1, 6)).isFalse();
        assertThat(there.replace("b", 1)).isNull();
        assertThat(there.replace("a", 7)).isEqualTo(6);
        assertThat(there.remove("a", 6)).isFalse();
        assertThat(there.remove("a", 7)).isTrue();
        assertThat(there.remove("a", 7)).isFalse();
        assertThat(there.computeIfAbsent("c", key -> null)).isNull();
        assertThat(there.computeIfAbsent("c", String::length)).isEqualTo(1);
        assertThat(there.computeIfAbsent("c", key -> 9)).isEqualTo(1);
        assertThat(there.computeIfPresent("d", (key, value) -> 9)).isNull();
        assertThat(there.computeIfPresent("c", (key, value) -> value + 1)).isEqualTo(2);
        assertThat(there.computeIfPresent("c", (key, value) -> null)).isNull();
        assertThat(there.compute("e", (key, value) -> value == null ? 1 : 9)).isEqualTo(1);
        assertThat(there.compute("e", (key, value) -> null)).isNull();
        assertThat(there.compute("e", (key, value) -> null)).isNull();
        assertThat(there.merge("f", 1, Integer::sum)).isEqualTo(1);
        assertThat(there.merge("f", 1, Integer::sum)).isEqualTo(2);
        assertThat(map).isEqualTo(Map.of("f", 2));
        there.replaceAll((key, value) -> value * 10);
        assertThat(map.get("f")).isEqualTo(20);
        assertThat(there.merge("f", 1, (one, two) -> null)).isNull();
        assertThat(map).isEmpty();
    }

    @Test
    void merge_fromManyJvms_losesNothing() throws Exception {
        ConcurrentMap<String, Integer> map = new Manager().map();
        int rounds = 300;
        List<Threads<Void>> threads = new ArrayList<>();
        for (int number = 0; number < 3; number++) {
            ConcurrentMap<String, Integer> there = in(driver.newJvm(), map);
            threads.add(Threads.run(() -> {
                for (int round = 0; round < rounds; round++) {
                    there.merge("merged", 1, Integer::sum);
                    there.compute("computed", (key, value) -> value == null ? 1 : value + 1);
                    int now = there.computeIfAbsent("replaced", key -> 0);
                    while (!there.replace("replaced", now, now + 1)) {
                        now = there.get("replaced");
                    }
                }
                return null;
            }));
        }
        for (Threads<Void> thread : threads) {
            thread.get();
        }
        assertThat(map).isEqualTo(Map.of("merged", 3 * rounds, "computed", 3 * rounds, "replaced", 3 * rounds));
    }

    @Test
    void merge_whoseEntryWasChangedInBetween_runsItsFunctionAgain() {
        ConcurrentMap<String, Integer> map = new Manager().map(Map.of("a", 1));
        ConcurrentMap<String, Integer> there = in(driver.newJvm(), map);
        List<Integer> seen = new ArrayList<>();
        int result = there.merge("a", 10, (present, added) -> {
            seen.add(present);
            if (seen.size() == 1) {
                map.put("a", 2);
            } else if (seen.size() == 2) {
                map.put("a", 2); // the same value, but another one: no ABA
            }
            return present + added;
        });
        assertThat(result).isEqualTo(12);
        assertThat(seen).containsExactly(1, 2, 2);
        assertThat(there.compute("a", (key, value) -> {
                    map.remove("a");
                    return value == null ? 1 : null;
                }))
                .isEqualTo(1);
    }

    @Test
    void keys_areComparedByContent() {
        ConcurrentMap<Object, String> map = new Manager().map();
        ConcurrentMap<Object, String> there = in(driver.newJvm(), map);
        String a = "a";
        List<Object> keys = List.of(
                "text",
                1,
                1L,
                1.0,
                'c',
                (byte) 1,
                (short) 1,
                1f,
                true,
                Color.GREEN,
                LocalDate.of(2024, 2, 29),
                new BigDecimal("1.0"),
                String.class,
                List.of(a, a, 1),
                Set.of("x", "y", "z"),
                Map.of("k", List.of(1)),
                new AbstractMap.SimpleImmutableEntry<>("k", 1),
                new Point(1, List.of("n")),
                new Word("own"));
        for (Object key : keys) {
            map.put(key, key.toString());
        }
        assertThat(map).hasSize(keys.size());
        List<Object> equals = List.of(
                "te".concat("xt"),
                Integer.valueOf("1"),
                Long.valueOf("1"),
                Double.valueOf("1"),
                'c',
                (byte) 1,
                (short) 1,
                1f,
                true,
                Color.valueOf("GREEN"),
                LocalDate.parse("2024-02-29"),
                new BigDecimal("1.0"),
                String.class,
                new ArrayList<>(Arrays.asList("a", String.valueOf('a'), 1)),
                new LinkedHashSet<>(List.of("z", "y", "x")),
                new LinkedHashMap<>(Map.of("k", Arrays.asList(1))),
                new AbstractMap.SimpleEntry<>("k", 1),
                new Point(1, Arrays.asList("n")),
                new Word("own"));
        for (int index = 0; index < keys.size(); index++) {
            assertThat(there.get(equals.get(index)))
                    .as("key " + index)
                    .isEqualTo(keys.get(index).toString());
        }
        assertThat(there.get(new BigDecimal("1.00"))).isNull();
        assertThat(KeyForm.of(Optional.of("o"), key -> new byte[0]))
                .isEqualTo(KeyForm.of(Optional.of(String.valueOf('o')), key -> new byte[0]))
                .isNotEqualTo(KeyForm.of(Optional.empty(), key -> new byte[0]));
        assertThat(there.get("text ")).isNull();
    }

    @Test
    void key_thatEqualsOnlyItself_isRefused() {
        Map<Object, Integer> map = new Manager().map();
        assertThatThrownBy(() -> map.put(new int[] {1}, 1))
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("int[]")
                .hasMessageContaining("List");
        assertThatThrownBy(() -> map.put(new Object(), 1))
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("java.lang.Object")
                .hasMessageContaining("record");
        assertThatThrownBy(() -> map.put("k", null)).isInstanceOf(NullPointerException.class);
        assertThat(map).isEmpty();
    }

    @Test
    void value_isACopy_andWhatCannotTravelIsRefused() {
        Map<String, List<Integer>> map = new Manager().map();
        List<Integer> value = new ArrayList<>(List.of(1));
        map.put("k", value);
        value.add(2);
        map.get("k").add(3);
        assertThat(map.get("k")).containsExactly(1);
        map.computeIfPresent("k", (key, present) -> {
            present.add(4);
            return present;
        });
        assertThat(map.get("k")).containsExactly(1, 4);
        Map<String, Object> any = new Manager().map();
        assertThatThrownBy(() -> any.put("t", new Thread())).isInstanceOf(NotShippableException.class);
        assertThat(any).isEmpty();
    }

    @Test
    void list_isOneInAllJvms_andAListLikeAnyOther() {
        List<Integer> list = new Manager().list(List.of(3, 1, 2));
        List<Integer> there = in(driver.newJvm(), list);
        there.add(5);
        there.add(0, null);
        assertThat(list).containsExactly(null, 3, 1, 2, 5).hasToString("[null, 3, 1, 2, 5]");
        assertThat(there.remove(0)).isNull();
        assertThat(there.set(3, 4)).isEqualTo(5);
        assertThat(there.get(3)).isEqualTo(4);
        there.sort(null);
        assertThat(list).isEqualTo(List.of(1, 2, 3, 4));
        assertThat(list.hashCode()).isEqualTo(List.of(1, 2, 3, 4).hashCode());
        there.sort(Comparator.reverseOrder());
        assertThat(list).containsExactly(4, 3, 2, 1);
        there.replaceAll(x -> x * 10);
        assertThat(there.removeIf(x -> x == 30)).isTrue();
        assertThat(there.removeIf(x -> x == 30)).isFalse();
        assertThat(list).containsExactly(40, 20, 10);
        assertThat(there.addAll(List.of(20, 50))).isTrue();
        assertThat(there.addAll(1, List.of(7, 8))).isTrue();
        assertThat(there.addAll(List.of())).isFalse();
        assertThat(list).containsExactly(40, 7, 8, 20, 10, 20, 50);
        assertThat(there.indexOf(20)).isEqualTo(3);
        assertThat(there.lastIndexOf(20)).isEqualTo(5);
        assertThat(there.contains(50)).isTrue();
        assertThat(there.remove((Object) 20)).isTrue();
        assertThat(there.remove((Object) 99)).isFalse();
        assertThat(there.subList(1, 3)).containsExactly(7, 8);
        there.subList(1, 3).clear();
        assertThat(list).containsExactly(40, 10, 20, 50);
        assertThat(there.retainAll(List.of(10, 20, 50))).isTrue();
        assertThat(there.removeAll(List.of(50))).isTrue();
        assertThat(list.toArray(new Integer[0])).containsExactly(10, 20);
        assertThat(there.stream().mapToInt(x -> x).sum()).isEqualTo(30);
        list.clear();
        assertThat(there.isEmpty()).isTrue();
    }

    @Test
    void list_wrongIndex_isTheJdksError() {
        List<Integer> list = new Manager().list(List.of(1));
        assertThatThrownBy(() -> list.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.set(1, 9)).hasMessage("Index 1 out of bounds for length 1");
        assertThatThrownBy(() -> list.remove(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.add(-1, 9)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> list.add(2, 9)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(list).containsExactly(1);
    }

    @Test
    void list_iterator_showsOneMoment_andRemovesOnlyWhatIsStillThere() {
        List<String> list = new Manager().list(List.of("a", "b"));
        Iterator<String> iterator = list.iterator();
        list.add("c");
        assertThat(iterator.next()).isEqualTo("a");
        list.remove(0);
        list.add(0, "a");
        iterator.remove();
        assertThatThrownBy(iterator::remove).isInstanceOf(IllegalStateException.class);
        assertThat(iterator.next()).isEqualTo("b");
        iterator.remove();
        assertThat(iterator.hasNext()).isFalse();
        assertThat(list).containsExactly("a", "c");
    }

    @Test
    void list_changedByManyJvms_losesNothing() throws Exception {
        List<Integer> list = new Manager().list();
        int rounds = 100;
        List<Threads<Void>> threads = new ArrayList<>();
        for (int number = 0; number < 3; number++) {
            List<Integer> there = in(driver.newJvm(), list);
            threads.add(Threads.run(() -> {
                for (int round = 0; round < rounds; round++) {
                    there.add(round);
                    there.sort(null);
                }
                return null;
            }));
        }
        for (Threads<Void> thread : threads) {
            thread.get();
        }
        assertThat(list).hasSize(3 * rounds).isSorted();
    }

    @Test
    void set_isOneInAllJvms_andASetLikeAnyOther() {
        Set<String> set = new Manager().set(List.of("a", "b"));
        Set<String> there = in(driver.newJvm(), set);
        assertThat(there.add("a")).isFalse();
        assertThat(there.add("c")).isTrue();
        assertThat(there.addAll(List.of("c", "d"))).isTrue();
        assertThat(there.addAll(List.of("c", "d"))).isFalse();
        assertThat(there.remove("b")).isTrue();
        assertThat(there.remove("b")).isFalse();
        assertThat(set).containsExactly("a", "c", "d").isEqualTo(Set.of("a", "c", "d"));
        assertThat(set.contains("d")).isTrue();
        assertThat(there.removeIf(element -> element.equals("d"))).isTrue();
        assertThat(there.retainAll(Set.of("a"))).isTrue();
        assertThat(set).hasToString("[a]");
        there.clear();
        assertThat(set).isEmpty();
        assertThatThrownBy(() -> set.add(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void namespace_hasNamedAttributes() throws Exception {
        Namespace namespace = new Manager().namespace();
        Namespace there = in(driver.newJvm(), namespace);
        there.set("count", 1);
        there.set("name", "x");
        assertThat(namespace.get("count")).isEqualTo(1);
        assertThat(namespace.get("count", Integer.class) + 1).isEqualTo(2);
        assertThat(namespace.has("other")).isFalse();
        assertThat(namespace.names()).isEqualTo(new TreeSet<>(Set.of("count", "name")));
        assertThat(namespace).hasToString("Namespace(count=1, name=x)");
        assertThatThrownBy(() -> there.get("cuont"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("There is no attribute \"cuont\"; there are [count, name].");
        assertThatThrownBy(() -> there.get("name", Integer.class)).isInstanceOf(ClassCastException.class);
        assertThatThrownBy(() -> there.update("cuont", Integer.class, x -> x + 1))
                .isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> there.set("count", null)).hasMessageContaining("remove(name)");
        Threads<Void> other = Threads.run(() -> {
            for (int round = 0; round < 500; round++) {
                there.update("count", Integer.class, x -> x + 1);
            }
            return null;
        });
        for (int round = 0; round < 500; round++) {
            namespace.update("count", Integer.class, x -> x + 1);
        }
        other.get();
        assertThat(there.get("count")).isEqualTo(1001);
        assertThat(there.remove("count")).isTrue();
        assertThat(there.remove("count")).isFalse();
    }

    @Test
    void sharedObjects_canBeValues_andMapsCanTravelInside() {
        Manager manager = new Manager();
        Map<String, Object> outer = manager.map();
        Map<String, Integer> inner = manager.map(Map.of("k", 1));
        Queue<String> queue = new Queue<>();
        Map<String, Object> there = in(driver.newJvm(), outer);
        outer.put("inner", inner);
        outer.put("queue", queue);
        @SuppressWarnings("unchecked") // put above
        Map<String, Integer> innerThere = (Map<String, Integer>) there.get("inner");
        innerThere.put("k", 2);
        assertThat(inner.get("k")).isEqualTo(2);
        assertThat(outer.get("inner")).isSameAs(inner);
        assertThat(outer.get("queue")).isSameAs(queue);
        assertThat(inner.keySet()).isNotInstanceOf(Shared.class);
    }

    private static Queue<Integer> filled() {
        Queue<Integer> queue = new Queue<>();
        queue.put(7);
        return queue;
    }

    @Test
    void looks_inTheDriver_keepWhatTheValuesReferTo() throws Exception {
        Manager manager = new Manager();
        ConcurrentMap<String, Queue<Integer>> map = manager.map();
        List<Queue<Integer>> list = manager.list();
        Namespace namespace = manager.namespace();
        map.put("q", filled());
        list.add(filled());
        namespace.set("q", filled());
        for (int look = 0; look < 2; look++) {
            assertThat(map.get("q").size()).isEqualTo(1);
            assertThat(map.putIfAbsent("q", filled()).size()).isEqualTo(1);
            assertThat(map.replace("q", filled(), filled())).isFalse();
            assertThat(map.computeIfAbsent("q", absent -> filled()).size()).isEqualTo(1);
            assertThat(map.values().iterator().next().size()).isEqualTo(1);
            assertThat(list.get(0).size()).isEqualTo(1);
            assertThat(list.iterator().next().size()).isEqualTo(1);
            assertThat(((Queue<?>) namespace.get("q")).size()).isEqualTo(1);
            Garbage.collect();
        }
        assertThat(map.remove("q").get()).isEqualTo(7);
        assertThat(list.remove(0).get()).isEqualTo(7);
    }

    @Test
    void close_endsWhatTheManagerMade_inAllJvms() {
        Manager manager = new Manager();
        Map<String, Integer> map = manager.map(Map.of("a", 1));
        List<Integer> list = manager.list();
        Map<String, Integer> there = in(driver.newJvm(), map);
        manager.close();
        manager.close();
        assertThatThrownBy(() -> there.get("a"))
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("ManagedMap 1 has ended: its Manager was closed");
        assertThatThrownBy(list::size).isInstanceOf(ParallelException.class);
        assertThatThrownBy(manager::set).isInstanceOf(ParallelException.class).hasMessageContaining("closed");
        assertThat(new Manager().<String, Integer>map()).isEmpty();
    }

    @Test
    void driverClose_isOneClearError() {
        Map<String, Integer> map = new Manager().map();
        driver.hosts().close();
        assertThatThrownBy(map::size).hasMessageContaining("the driver that hosts it was closed");
    }

    @Test
    void simpleAndJoinableQueue_areQueuesByPythonsNames() throws Exception {
        manyjvm.parallel.SimpleQueue<String> simple = new manyjvm.parallel.SimpleQueue<>();
        in(driver.newJvm(), simple).put("hello");
        assertThat(simple.poll(30, TimeUnit.SECONDS)).isEqualTo("hello");
        assertThat(simple.toString()).startsWith("SimpleQueue ");
        manyjvm.parallel.JoinableQueue<Integer> joinable = new manyjvm.parallel.JoinableQueue<>(1);
        manyjvm.parallel.JoinableQueue<Integer> there = in(driver.newJvm(), joinable);
        there.put(1);
        assertThat(joinable.isFull()).isTrue();
        assertThat(joinable.get()).isEqualTo(1);
        there.taskDone();
        joinable.join();
        assertThat(joinable.toString()).startsWith("JoinableQueue ").endsWith("(capacity 1)");
    }
}
