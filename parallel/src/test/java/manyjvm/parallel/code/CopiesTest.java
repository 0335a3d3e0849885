package manyjvm.parallel.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told of objects of which each worker has a copy. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CopiesTest {
    private static NotebookSession notebook;
    private static CodePacker packer;

    @BeforeAll
    static void open() {
        notebook = new NotebookSession();
        packer = WorkerSide.packer(notebook);
        notebook.run("import java.util.concurrent.atomic.*;");
        notebook.run("AtomicInteger at = new AtomicInteger(); LongAdder adder = new LongAdder();"
                + " AtomicReference<String> reference = new AtomicReference<>();"
                + " AtomicIntegerArray cells = new AtomicIntegerArray(3);"
                + " ConcurrentHashMap<Integer, Integer> map = new ConcurrentHashMap<>();"
                + " Map<Integer, List<Integer>> lists = new HashMap<>(Map.of(1, new ArrayList<>()));"
                + " List<Integer> seen = Collections.synchronizedList(new ArrayList<>());"
                + " Object monitor = new String[0]; int[] array = new int[3]; int[][] grid = new int[2][2];"
                + " StringBuilder text = new StringBuilder(); Queue<Integer> queue = new PriorityQueue<>();"
                + " BitSet bits = new BitSet(); List<AtomicInteger> counters = List.of(new AtomicInteger());");
        notebook.run("class Counter implements Serializable { int n; synchronized int up() { return ++n; }"
                + " int get() { return n; } }");
        notebook.run("class Mine extends ArrayList<Integer> {} Mine mine = new Mine();");
        notebook.run("class Registry { static final List<Integer> ALL = new ArrayList<>(); static int next = 1;"
                + " static void add(int x) { ALL.add(x); } static int size() { return ALL.size() + next; } }");
        notebook.run("Registry.size();");
        notebook.run("record Box(List<Integer> content) {} Box box = new Box(new ArrayList<>());");
        notebook.run("Counter counter = new Counter();");
        notebook.run("void fill(int[] into) { into[1] = 5; } int[] found() { return array; }");
        notebook.run("void put(Integer x) { if (x > 1) map.put(x, x); else map.merge(x, 1, Integer::sum); }");
        notebook.run("Random rnd = new Random(42); double draw() { return rnd.nextDouble(); }");
        notebook.run("class Simulation implements Serializable { Random source = new Random(1); }"
                + " Simulation simulation = new Simulation();");
        notebook.run("java.security.SecureRandom secure = new java.security.SecureRandom();");
        notebook.run(
                "var maybe = Optional.of(1); java.util.function.Predicate<Integer> even = y -> y % 2 == 0, odd = y -> true;");
    }

    @AfterAll
    static void close() {
        notebook.close();
    }

    private static List<String> copied(String lambda) {
        Bundle bundle = packer.pack(notebook.run("(Fn<Integer, Object>) " + lambda + ""));
        return bundle.copied().stream().map(Copied::warning).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x -> at.incrementAndGet() | at | Value",
                "x -> { adder.increment(); return 1; } | adder | Value",
                "x -> { reference.set(\"a\"); return 1; } | reference | Value",
                "x -> cells.addAndGet(x, 1) | cells | Array",
                "x -> map.put(x, 1) | map | new Manager().map()",
                "x -> { put(x); return 1; } | map | new Manager().map()",
                "x -> seen.add(x) | seen | new Manager().list() or a Queue",
                "seen::add | seen | new Manager().list() or a Queue",
                "x -> queue.offer(x) | queue | a Queue",
                "x -> { synchronized (monitor) { return x; } } | monitor | a Lock",
                "x -> array[x] += x | array | Array",
                "x -> grid[0][x] = x | grid | Value, Array",
                "x -> { fill(array); return 1; } | array | Array",
                "x -> { found()[0] = x; return 1; } | array | Array",
                "x -> { Arrays.fill(array, x); return 1; } | array | Array",
                "x -> text.append(x).append(\";\").length() | text | Value",
                "x -> { bits.set(x); return 1; } | bits | Value",
                "x -> counter.up() | counter | Value",
                "x -> { mine.add(x); return 1; } | mine | new Manager().list()",
                "x -> { for (var each : counters) each.incrementAndGet(); return 1; } | counters | Value",
                "x -> lists.computeIfAbsent(x, absent -> new ArrayList<>()).add(x) | lists | Manager",
                "x -> box.content().add(x) | box | Value",
                "x -> { List.of(x).forEach(seen::add); return 1; } | seen | new Manager().list()",
                "x -> { List.of(x).forEach(each -> seen.add(each)); return 1; } | seen | new Manager().list()",
                "x -> { List<Integer> to = x > 1 ? seen : null; to.add(x); return 1; } | seen | new Manager().list()",
                "x -> { Registry.add(x); return 1; } | Registry.ALL | new Manager().list()",
                "x -> Registry.next++ | Registry.next | Value",
                "x -> draw() | rnd | random(seed, item)",
                "x -> simulation.source.nextInt() | simulation | random(seed, item)",
            })
    void change_isToldByNameWithItsCure(String lambda, String name, String cure) {
        List<String> told = copied(lambda);

        assertThat(told).isNotEmpty().allMatch(each -> each.startsWith(name + " "));
        assertThat(told.get(0)).contains("each worker has its own copy of it").contains(cure);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x -> at.get() + adder.sum() + cells.get(0) + map.size() + seen.size() + array[0] + counter.get()",
                "x -> { var own = new AtomicInteger(); return own.incrementAndGet() + at.get(); }",
                "x -> { var own = new ArrayList<>(seen); own.add(x); return own; }",
                "x -> { int[] own = array.clone(); own[0] = x; fill(own); return own; }",
                "x -> { var own = new Counter(); own.up(); return own.get(); }",
                "x -> { Object own = new String[0]; synchronized (own) { return monitor == null; } }",
                "x -> Registry.size()",
                "x -> seen.stream().map(each -> each + 1).toList()",
                "x -> text.toString() + text + lists.getOrDefault(x, List.of())",
                "x -> new StringBuilder().append(text).append(x).toString()",
                "x -> secure != null",
                "x -> maybe.or(() -> Optional.of(2)).get() + x",
                "x -> even.or(odd).and(odd).test(x)",
            })
    void reading_andTheTasksOwnObjects_areNot(String lambda) {
        assertThat(copied(lambda)).isEmpty();
    }

    @Test
    void capturedLocals_areToldByTheirType() {
        notebook.run(
                "Fn<Integer, Object> counting() { var own = new AtomicInteger(); return x -> own.incrementAndGet(); }"
                        + " Fn<Integer, Object> reading() { var own = new AtomicInteger(); return x -> own.get(); }"
                        + " Fn<Integer, Object> drawing() { var own = new Random(1); return x -> own.nextInt(); }");

        assertThat(copied("counting()")).singleElement().asString().contains("AtomicInteger that the lambda captured");
        assertThat(copied("reading()")).isEmpty();
        assertThat(copied("drawing()")).isNotEmpty().first().asString().contains("random(seed, item)");
    }
}
