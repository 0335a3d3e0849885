package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import manyjvm.kernel.runner.Execution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cells whose objects are copied to workers, though they look as if there were one for all. One kernel for all. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CopiesIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run("import java.util.concurrent.atomic.*; import java.util.random.*;");
        notebook.run("var pool = new Pool(1);");
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    @Test
    void aCountInACopy_isToldOnceInTheCellThatSubmits() throws Exception {
        notebook.run("var at = new AtomicInteger(); Map<Integer, Integer> found = new ConcurrentHashMap<>();");
        Execution first = notebook.run("pool.each(x -> at.incrementAndGet(), range(3));");
        Execution second = notebook.run("pool.each(x -> at.incrementAndGet(), range(3));");
        Execution other = notebook.run("pool.each(x -> found.put(x, x), range(3));");

        assertThat(first.stderr())
                .isEqualTo("warning: at is changed by code that runs in workers: each worker has its own copy of it,"
                        + " and yours does not change. Use Value to share it.\n");
        assertThat(second.stderr()).isEmpty();
        assertThat(other.stderr()).contains("found is changed").contains("new Manager().map()");
    }

    @Test
    void localsOfACell_areToldToo() throws Exception {
        Execution local = notebook.run("{ var sum = new LongAdder(); pool.each(x -> sum.add(x), range(3)); }");
        Execution method = notebook.run("List<Integer> all = new ArrayList<>(); pool.each(all::add, range(3));");

        assertThat(local.stderr())
                .contains("LongAdder that the lambda captured")
                .contains("Use Value");
        assertThat(method.stderr()).startsWith("warning: all is changed");
    }

    @Test
    void aMonitor_isToldToBeALock() throws Exception {
        notebook.run("int[] monitor = {};");
        Execution locked = notebook.run("pool.map(x -> { synchronized (monitor) { return x; } }, range(3))");

        assertThat(locked.stderr())
                .containsOnlyOnce("warning: monitor is locked")
                .contains("Use a Lock");
    }

    @Test
    void whatIsShared_readOrTheTasksOwn_isNotTold() throws Exception {
        notebook.run("var known = new ArrayList<>(List.of(1, 2)); var total = Value.of(0);"
                + " BlockingQueue<Integer> queue = new Queue<>(); ConcurrentMap<Integer, Integer> map = new Manager().map();"
                + " List<BlockingQueue<Integer>> queues = List.of(queue);");
        Execution quiet = notebook.run(
                """
                pool.each(x -> {
                    var own = new ArrayList<>(known);
                    own.add(x);
                    total.set(own.size());
                    queue.put(x);
                    queues.get(0).put(x);
                    map.put(x, x);
                }, range(3));""");
        notebook.run("var count = new AtomicInteger(); var threads = Pool.threads(2);");
        Execution threads = notebook.run("threads.each(x -> count.incrementAndGet(), range(3)); count.get()");

        assertThat(quiet.stderr()).isEmpty();
        assertThat(threads.stderr()).isEmpty();
        assertThat(threads.result()).contains("3");
        assertThat(notebook.value("total.get() + \" \" + map.size()")).isEqualTo("3 3");
    }

    @Test
    void randomNumbers_areToldToRepeat_andComeApartByItem() throws Exception {
        notebook.run("var rnd = new Random(42); double draw() { return rnd.nextDouble(); }");
        Execution drawn = notebook.run("pool.map(x -> draw(), range(3))");
        Execution again = notebook.run("pool.map(x -> draw(), range(3))");

        assertThat(drawn.stderr())
                .isEqualTo(
                        "warning: rnd gives random numbers to code that runs in workers: each worker has its own copy"
                                + " of it, and all copies give the same numbers. Make one for each item instead:"
                                + " random(seed, item).\n");
        assertThat(again.stderr()).isEmpty();
        Execution apart = notebook.run("new HashSet<>(pool.map(x -> random(42, x).nextLong(), range(100))).size()");
        assertThat(apart.stderr()).isEmpty();
        assertThat(apart.result()).contains("100");
        assertThat(notebook.value(
                        "pool.map(x -> random(42, x).nextLong(), range(3)).equals(List.of(random(42, 0).nextLong(),"
                                + " random(42, 1).nextLong(), random(42, 2).nextLong()))"))
                .isEqualTo("true");
        notebook.run("record Drawer(Random source) {} var drawer = new Drawer(new Random(1));");
        assertThat(notebook.run("pool.map(x -> drawer.source().nextInt(), range(2))")
                        .stderr())
                .contains("drawer gives random");
    }

    @Test
    void randomNumbersOfFinalFields_areToldToo_unlessNobodyCanForeseeThem() throws Exception {
        notebook.run(
                """
                class Dice { static final Random SEEDED = new Random(42); }
                class Late { static final SplittableRandom MADE = make(); static SplittableRandom make() { return new SplittableRandom(1); } }
                class Fair { static final Random FRESH = new Random(); static final RandomGenerator OTHER = RandomGenerator.getDefault(); }
                interface Const { Random R = new Random(7); }
                class Held { static final List<Random> ALL = List.of(new Random(1)); }""");
        assertThat(notebook.run("pool.map(x -> Dice.SEEDED.nextInt(), range(3))")
                        .stderr())
                .startsWith("warning: Dice.SEEDED gives random numbers")
                .contains("random(seed, item)");
        assertThat(notebook.run("Dice.SEEDED.nextInt(); pool.map(x -> Dice.SEEDED.nextInt(), range(3))")
                        .stderr())
                .isEmpty();
        assertThat(notebook.run("pool.map(x -> Late.MADE.nextInt() + Const.R.nextInt(), range(3))")
                        .stderr())
                .contains("Late.MADE gives random", "Const.R gives random");
        assertThat(notebook.run("Held.ALL.size(); pool.map(x -> Held.ALL.get(0).nextInt(), range(3))")
                        .stderr())
                .contains("Held.ALL gives random");
        Execution fair = notebook.run("Fair.FRESH.nextInt(); pool.map(x -> Fair.FRESH.nextInt() + Fair.OTHER.nextInt()"
                + " + ThreadLocalRandom.current().nextInt() + Math.random(), range(3))");
        assertThat(fair.stderr()).isEmpty();
    }

    @Test
    void generatorsThatCannotTravel_areRefusedWithTheCure() throws Exception {
        notebook.run(
                "var split = new SplittableRandom(1); var mine = ThreadLocalRandom.current();"
                        + " var named = RandomGenerator.of(\"L64X128MixRandom\"); var secure = new java.security.SecureRandom();");
        for (String name : List.of("split", "named")) {
            assertThat(notebook.error("pool.map(x -> " + name + ".nextInt(), range(2))"))
                    .contains("cannot send notebook variable " + name)
                    .contains("random(seed, item)");
        }
        assertThat(notebook.error("pool.map(x -> mine.nextInt(), range(2))"))
                .contains("cannot send notebook variable mine")
                .contains("ThreadLocalRandom.current()");
        assertThat(notebook.run("pool.map(x -> secure.nextInt(), range(2))").stderr())
                .isEmpty();
        notebook.run("var old = java.security.SecureRandom.getInstance(\"SHA1PRNG\"); old.setSeed(1);");
        assertThat(notebook.run("pool.map(x -> old.nextInt(), range(2))").stderr())
                .contains("old gives random numbers");
        assertThat(
                        notebook.value(
                                "pool.apply(() -> RandomGenerator.of(\"L64X128MixRandom\").nextInt(5) < 5"
                                        + " && RandomGenerator.getDefault().nextInt(5) < 5 && RandomGeneratorFactory.all().count() > 10)"))
                .isEqualTo("true");
    }

    @Test
    void containersOfFinalFields_withSomethingThatStays_areToldOnceByName() throws Exception {
        notebook.run(
                """
                class Registry { static final Map<String, Object> ALL = new HashMap<>(Map.of("a", 1)); static final Thread T = new Thread(); }
                class Own { final Object[] parts = {null}; }
                class Holder { static final Own OWN = new Own(); static final List<Integer> FINE = new ArrayList<>(); }""");
        assertThat(notebook.run("pool.apply(() -> Registry.ALL.size())").stderr())
                .isEmpty();
        notebook.run("Registry.ALL.put(\"t\", new Thread()); Holder.OWN.parts[0] = new Thread(); Holder.FINE.add(1);");
        Execution told = notebook.run("pool.apply(() -> Registry.ALL.size() + (Registry.T.isAlive() ? 10 : 20))");
        assertThat(told.stderr())
                .startsWith(
                        "warning: Registry.ALL does not travel, and each worker has what its class makes at its start: "
                                + "Registry.ALL.get(\"t\") is a java.lang.Thread: ")
                .doesNotContain("Registry.T ");
        assertThat(notebook.run("pool.apply(() -> Registry.ALL.size())").stderr())
                .isEmpty();
        Execution other = notebook.run("pool.apply(() -> Holder.FINE.size() + Holder.OWN.parts.length)");
        assertThat(other.stderr()).containsOnlyOnce("warning: ").contains("Holder.OWN.parts[0] is a java.lang.Thread");
        assertThat(other.result()).contains("2");
    }
}
