package manyjvm.parallel.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whose value a variable has in a worker: the notebook's, or what the worker has made of it; and what final statics hold. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class WorkerStateTest extends NotebookAndWorker {
    private void does(String statements) throws Exception {
        call("{ " + statements + " return null; }");
    }

    // ------------------------------------------------------------ what a worker has assigned

    @Test
    void staticThatTheWorkerAssigned_holdsForLaterSubmissions() throws Exception {
        notebook.run("class G { static Map<Integer, String> table; static int n; static double[] big; }");

        does("G.table = new HashMap<>(Map.of(1, \"one\")); G.n = 5; G.big = new double[100_000]; G.big[7] = 1;");

        assertThat(call("G.table.get(1) + G.n + G.big[7]")).isEqualTo("one51.0");
        does("G.table.put(2, \"two\");");
        assertThat(call("G.table.get(2) + G.n")).isEqualTo("two5");
        assertThat(notebook.run("G.table")).isNull();
    }

    @Test
    void variableThatTheWorkerAssigned_holdsUntilTheNotebookChangesIt() throws Exception {
        notebook.run("Object model; int level = 1; int other = 1; List<Integer> list = new ArrayList<>();");

        does("model = List.of(1); level = 2; list.add(3);");
        assertThat(call("model + \" \" + level + \" \" + list")).isEqualTo("[1] 2 [3]");
        notebook.run("level = 9; other = 4;");
        assertThat(call("model + \" \" + level + \" \" + other + \" \" + list")).isEqualTo("[1] 9 4 [3]");
        notebook.run("list.add(1); model = 0;");
        assertThat(call("model + \" \" + list")).isEqualTo("0 [1]");
    }

    @Test
    void variableOfLambdas_goesOnAsTheWorkerMadeIt() throws Exception {
        notebook.run(
                "int base = 1; Function<Integer, Integer> f = x -> x + base; List<Function<Integer, Integer>> all = null;");

        does("f = x -> x * 10 + base; all = List.of(f);");

        assertThat(call("f.apply(2) + all.get(0).apply(3)")).isEqualTo(21 + 31);
    }

    @Test
    void redefinedClass_startsAnew() throws Exception {
        notebook.run("class G { static Integer n; }");
        does("G.n = 5;");
        notebook.run("class G { static Integer n; static int more; }");

        assertThat(call("G.n")).isNull();
    }

    @Test
    void variable_isKeptWhenOtherCodeIsRedefined() throws Exception {
        notebook.run("Map<String, Integer> cache = null; int f() { return 1; }");
        does("cache = new HashMap<>(Map.of(\"a\", f()));");
        notebook.run("int f() { return 2; }");

        assertThat(call("cache.get(\"a\") + f()")).isEqualTo(3);
    }

    @Test
    void valueThatCannotGoToNewClasses_isToldByItsName(@TempDir Path folder) throws Exception {
        notebook.run("Object x = null;");
        does("x = new Object[] {1, Thread.currentThread()};");
        notebook.addToClassPath(folder);

        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertThat(call("x == null ? 2 : 0")).isEqualTo(2);
        } finally {
            System.setErr(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .startsWith(
                        "warning: this worker's own value of x is lost, because classes or libraries of the notebook"
                                + " have changed and it cannot be copied: x[1] is a java.lang.Thread")
                .doesNotContain("root");
    }

    @Test
    void jarAddedLater_takesTheWorkersOwnAlong(@TempDir Path folder) throws Exception {
        notebook.run("class G { static Map<Integer, Item> table; record Item(String name) {} }");
        does("G.table = new HashMap<>(Map.of(1, new G.Item(\"one\")));");
        notebook.addToClassPath(folder);

        assertThat(call("G.table.get(1).name()")).isEqualTo("one");
    }

    @Test
    void objectsThatVariablesShare_stayShared() throws Exception {
        notebook.run("class Node { int hits; } var nodes = new ArrayList<>(List.of(new Node(), new Node()));");
        notebook.run("var current = nodes.get(0); Object extra = null;");
        notebook.run("int at() { return nodes.indexOf(current); }");

        assertThat(call("nodes.size()")).isEqualTo(2);
        assertThat(call("at()")).isEqualTo(0);
        does("nodes.get(0).hits = 4;");
        assertThat(call("current.hits")).isEqualTo(4);
        assertThat(call("at() * 10 + current.hits")).isEqualTo(4);
        notebook.run("current = nodes.get(1);");
        assertThat(call("at() * 10 + nodes.get(0).hits")).isEqualTo(10);
    }

    @Test
    void variableThatSharesObjects_keepsWhatTheWorkerAssigned() throws Exception {
        notebook.run("class Node { int hits; } Node a = new Node(); Node b = a; Object c = List.of(a);");

        does("a = new Node(); a.hits = 7;");
        assertThat(call("a.hits + \" \" + b.hits + \" \" + (c != null)")).isEqualTo("7 0 true");
        notebook.run("c = List.of(a, b);");
        assertThat(call("a.hits + \" \" + b.hits + \" \" + (((List<?>) c).get(1) == b)"))
                .isEqualTo("7 0 true");
    }

    /** A cell whose submission fills a loader with classes. */
    private void runManyClasses(int number) throws Exception {
        String classes = IntStream.range(0, ShippedLoader.MOST_CLASSES)
                .mapToObj(i -> "static class A" + i + " {}")
                .collect(Collectors.joining(" "));
        notebook.run("class Many" + number + " { " + classes + " int n() { return new A1().hashCode(); } }");
        does("new Many" + number + "().n();");
    }

    /** A cell whose submission fills a loader with a variable. */
    private void runLargeVariable(int number) throws Exception {
        notebook.run("byte[] large" + number + " = new byte[" + (ShippedLoader.MOST_BROUGHT + number) + "];");
        does("large" + number + "[0]++;");
    }

    private void assignsWhatSharesObjects() throws Exception {
        notebook.run("class Item { String name; Item(String n) { name = n; } }"
                + " class G { static Map<Integer, Item> table; static Item first; static int n; static Object none; }"
                + " Item top = null; List<Integer> list = new ArrayList<>(); int level = 1; int same = 3;");
        notebook.run("G.none = new Object[] {1};");
        does("G.table = new HashMap<>(Map.of(1, new Item(\"one\"))); G.first = G.table.get(1); G.n = 5; G.none = null;"
                + " top = G.first; list.add(level + same); level = 2;");
    }

    private void expectsWhatWasAssigned() throws Exception {
        assertThat(call("G.table.get(1).name + G.n + G.none + list + level + same"))
                .isEqualTo("one5null[4]23");
        does("top.name = \"two\";");
        assertThat(call("G.first.name + (G.table.get(1) == top) + (top == G.first)"))
                .isEqualTo("twotruetrue");
        notebook.run("level = 7; list.add(9);");
        assertThat(call("list + \" \" + level + G.n")).isEqualTo("[9] 75");
    }

    @Test
    void loaderFullOfClasses_handsOnWhatTheWorkerAssigned() throws Exception {
        assignsWhatSharesObjects();
        runManyClasses(1);
        does("G.n += 0;");

        expectsWhatWasAssigned();
    }

    @Test
    void loaderThatIsLetGo_handsOnWhatTheWorkerAssigned() throws Exception {
        assignsWhatSharesObjects();
        for (int i = 0; i < 7; i++) {
            runLargeVariable(i);
        }

        expectsWhatWasAssigned();
        assertThat(call("large0[0]")).isEqualTo((byte) 1);
    }

    @Test
    void submissionsThatTakeTurnsInTwoLoaders_haveTheSameVariables() throws Exception {
        notebook.run("int[] hits = null; List<int[]> all = null; int at() { return all.indexOf(hits); }");
        Object older = notebook.run("(Callable<Object>) () -> ++hits[0]");
        does("hits = new int[1]; all = List.of(hits);");
        assertThat(worker.call(older)).isEqualTo(1);
        runManyClasses(1);

        assertThat(call("++hits[0] + at()")).isEqualTo(2);
        assertThat(worker.call(older)).isEqualTo(3);
        assertThat(call("++all.get(0)[0] + at()")).isEqualTo(4);
    }

    @Test
    void largeVariableThatEachCellUses_keepsItsLoader() throws Exception {
        notebook.run("byte[] large = new byte[" + 2 * ShippedLoader.MOST_BROUGHT + "]; int n = 0;");
        Object first = call("large.length + n");
        for (int i = 1; i < 4; i++) {
            notebook.run("n = " + i + ";");
            assertThat(call("large.length + n")).isEqualTo((int) first + i);
        }

        assertThat(worker.loaders()).isEqualTo(1);
    }

    @Test
    void contentThatIsDropped_leavesWhatTheWorkerMadeOfIt() throws Exception {
        notebook.run(
                "long[] large = new long[100_000]; class T { static final Map<Integer, Integer> M = new HashMap<>(); }");
        Bundle bundle =
                packer.pack(notebook.run("(Callable<Object>) () -> large[0] += 1 + T.M.merge(1, 1, Integer::sum)"));
        assertThat(worker.run(bundle)).isEqualTo(2L);

        worker.dropAll();

        assertThat(call("large[0] * 10 + T.M.get(1)")).isEqualTo(21L);
        assertThat(worker.run(bundle)).isEqualTo(5L);
    }

    @Test
    void nestedWorkers_getTheWorkersOwn() throws Exception {
        notebook.run(
                "class G { static int[] n; static final int[] T = new int[2]; } interface I { int[] U = new int[1]; }");
        notebook.run("G.T[1] = 3; I.U[0] = 4;");
        notebook.run("Callable<Object> make() { return () -> G.n[0] + G.T[1] + I.U[0]; }");
        does("G.n = new int[] {100}; G.T[1] += 10; I.U[0] += 1000;");
        CodeStore.LoadedCode code = worker.load(packer.pack(notebook.run("(Callable<Object>) () -> make()")));
        code.bind();
        Object inWorker = WorkerSide.invoke(code.function());

        assertThat(new WorkerSide(WorkerSide.packer(worker.store().classSource())).call(inWorker))
                .isEqualTo(100 + 13 + 1004);
    }

    @Test
    void argumentThatBringsVariables_doesNotUndoTheWorkersOwn() throws Exception {
        notebook.run("class G { static Integer n; } interface Part { Object size(); }");
        notebook.run("class Wheel implements Part { public Object size() { return G.n; } }");
        does("G.n = 5;");
        Bundle bundle = packer.pack(notebook.run("(Function<Part, Object>) part -> part.size()"));
        CodeStore.LoadedCode code = worker.load(bundle);
        code.bind();

        assertThat(bundle.fields()).isEmpty();
        Object argument = worker.argument(code, notebook.run("new Wheel()"));
        assertThat(WorkerSide.invoke(code.function(), argument)).isEqualTo(5);
    }

    @Test
    void argument_doesNotRepeatTheFunctionsVariables() {
        notebook.run("record Row(int n) { static final double[] T = new double[50_000]; double f() { return T[n]; } }");
        Bundle bundle = packer.pack(notebook.run("(Function<Row, Object>) row -> row.f()"));
        Object row = notebook.run("new Row(1)");

        assertThat(packer.encode(row, bundle).bytes().length).isLessThan(500);
    }

    // ------------------------------------------------------------ final statics

    @Test
    void finalStatic_travelsWithItsContent() throws Exception {
        notebook.run("class Tab { static final double[] T = new double[4]; static final Map<String, Integer> M ="
                + " new ConcurrentHashMap<>(); static final List<int[]> L = new ArrayList<>(); static final long AT ="
                + " System.nanoTime(); static final String NAME = \"n\"; static final Function<Integer, Integer> F = x ->"
                + " x + M.size(); private static final StringBuilder TEXT = new StringBuilder(\"a\");"
                + " static String text() { return TEXT.toString(); } static void grow() { TEXT.append(\"b\"); } }");
        notebook.run("Tab.T[1] = 5; Tab.M.put(\"a\", 6); Tab.L.add(new int[] {7}); Tab.grow();");

        assertThat(call("Tab.T[1] + Tab.M.get(\"a\") + Tab.L.get(0)[0] + Tab.NAME + Tab.F.apply(1) + Tab.text()"))
                .isEqualTo("18.0n2ab");
        assertThat(call("Tab.AT")).isEqualTo(notebook.run("Tab.AT"));
        notebook.run("Tab.T[1] = 8;");
        assertThat(call("Tab.T[1]")).isEqualTo(8.0);
    }

    @Test
    void finalStatic_ofInterfacesEnumsRecordsAndNestedTypes_travels() throws Exception {
        notebook.run("interface Shape { double[] SIZES = new double[2]; List<String> NAMES = new ArrayList<>();"
                + " static double first() { return SIZES[0]; } default double second() { return SIZES[1]; } }");
        notebook.run("class Square implements Shape { double own() { return SIZES[0]; } }");
        notebook.run("enum Level { LOW, HIGH; static final Map<Level, Integer> COUNT = new EnumMap<>(Level.class);"
                + " int count() { return COUNT.getOrDefault(this, 0); } }");
        notebook.run("record Row(int n) { static final Set<Integer> SEEN = new TreeSet<>();"
                + " static class Holder { static final Row ONE = new Row(1); static final int[] N = {0}; } }");
        notebook.run("Shape.SIZES[0] = 3; Shape.SIZES[1] = 4; Shape.NAMES.add(\"s\"); Level.COUNT.put(Level.HIGH, 2);"
                + " Row.SEEN.add(9); Row.Holder.N[0] = 8;");

        assertThat(call("Shape.first() + \" \" + new Square().second() + \" \" + new Square().own() + Square.NAMES"))
                .isEqualTo("3.0 4.0 3.0[s]");
        assertThat(call("Level.HIGH.count() + \" \" + Level.LOW.count() + Level.COUNT"))
                .isEqualTo("2 0{HIGH=2}");
        assertThat(call("Row.SEEN + \" \" + Row.Holder.N[0] + Row.Holder.ONE")).isEqualTo("[9] 8Row[n=1]");
        does("Shape.SIZES[0] = 30;");
        assertThat(call("Shape.first() + new Square().own()")).isEqualTo(60.0);
        notebook.run("Shape.SIZES[1] = 5;");
        assertThat(call("Shape.first() + new Square().second()")).isEqualTo(8.0);
    }

    @Test
    void finalStatics_thatAreOneObject_stayOne() throws Exception {
        notebook.run("class A { static final List<Integer> L = new ArrayList<>(); static final List<Integer> VIEW ="
                + " Collections.unmodifiableList(L); } class B { static final List<Integer> SAME = A.L; }");
        notebook.run("A.L.add(1);");

        assertThat(call("{ A.L.add(2); return A.VIEW + \" \" + (B.SAME == A.L); }"))
                .isEqualTo("[1, 2] true");
    }

    @Test
    void finalStatic_thatCannotTravel_isMadeAnew() throws Exception {
        notebook.run(
                "class Log { static final System.Logger LOG = System.getLogger(\"x\"); static final Thread T = new"
                        + " Thread(); static final ExecutorService E = new ForkJoinPool(1); static final Object LOCK = new Object();"
                        + " static final ThreadLocal<Integer> LOCAL = ThreadLocal.withInitial(() -> 3); static final"
                        + " java.util.concurrent.locks.ReentrantLock LOCKED = new java.util.concurrent.locks.ReentrantLock(); }");

        assertThat(call("{ synchronized (Log.LOCK) { Log.LOCKED.lock(); Log.LOCKED.unlock(); return"
                        + " Log.E.submit(() -> 5).get() + Log.LOCAL.get() + (Log.T.isAlive() ? 1 : 0) +"
                        + " (Log.LOG == null ? 1 : 0); } }"))
                .isEqualTo(8);
    }

    @Test
    void unseededRandom_thatIsFinal_isOfEachWorkersOwn() throws Exception {
        notebook.run(
                "class R { static final Random RND = new Random(); static long next() { return RND.nextLong(); } }");
        notebook.run("long here = new Random(1).nextLong(); R.next();");
        Object function = notebook.run("(Callable<Object>) () -> R.next()");

        assertThat(worker.call(function)).isNotEqualTo(new WorkerSide(packer).call(function));
    }

    @Test
    void assertions_areNobodysVariables() throws Exception {
        notebook.run("int checked(int x) { assert x > 0 : \"small\"; return x; }");
        notebook.run(
                "enum Color { RED, GREEN } class P { int f(Color c) { assert c != null;"
                        + " switch (c) { case RED: return 1; default: return 2; } } class Inner { int g() { return f(Color.RED); } } }");
        notebook.run("int hue(Color c) { return switch (c) { case RED -> 10; case GREEN -> 20; }; }");

        Bundle bundle = packer.pack(
                notebook.run("(Callable<Object>) () -> checked(1) + new P().new Inner().g() + hue(Color.GREEN)"));

        assertThat(bundle.written()).isEmpty();
        assertThat(bundle.fields()).isEmpty();
        assertThat(worker.run(bundle)).isEqualTo(22);
    }

    @Test
    void largeVariable_goesOnceForEachContent() throws Exception {
        notebook.run("class Big { static final Map<Integer, String> M = new HashMap<>(); }"
                + " for (int i = 0; i < 20_000; i++) Big.M.put(i, \"value \" + i);");
        Object function = notebook.run("(Callable<Object>) () -> Big.M.get(7)");

        Bundle first = packer.pack(function);
        Bundle again = packer.pack(function);

        assertThat(first.graph().length).isLessThan(2_000);
        assertThat(first.blobs()).hasSize(1).isEqualTo(again.blobs());
        assertThat(List.of(worker.run(first), worker.run(again))).containsOnly("value 7");
    }
}
