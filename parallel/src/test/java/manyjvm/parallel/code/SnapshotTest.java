package manyjvm.parallel.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.NotShippableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which variables travel with a function, in which state, and which are refused. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SnapshotTest extends NotebookAndWorker {
    @Test
    void variable_changedLater_travelsAsItWasAtSubmission() throws Exception {
        notebook.run("int x = 1; List<Integer> list = new ArrayList<>(List.of(1));");
        Object function = notebook.run("(Callable<Object>) () -> x + list.size()");
        CodeStore.LoadedCode code = worker.load(packer.pack(function));
        notebook.run("x = 50; list.add(2);");

        code.bind();
        assertThat(WorkerSide.invoke(code.function())).isEqualTo(2);
        assertThat(worker.call(function)).isEqualTo(52);
    }

    @Test
    void variable_readThroughOtherCells_travels() throws Exception {
        notebook.run("double rate = 0.5;");
        notebook.run("double g(double x) { return x * rate; }");
        notebook.run("double f(double x) { return g(x) + 1; }");

        assertThat(call("f(4)")).isEqualTo(3.0);
    }

    @Test
    void variable_ofRecords_travels() throws Exception {
        notebook.run("record Item(String name, int price) {}");
        notebook.run("var items = List.of(new Item(\"a\", 2), new Item(\"b\", 5));");

        assertThat(call("items.stream().mapToInt(Item::price).sum() + items.get(0).name()"))
                .isEqualTo("7a");
    }

    @Test
    void variable_insideALambdaInsideAVariable_travels() throws Exception {
        notebook.run("int deep = 7;");
        notebook.run("List<Supplier<Integer>> suppliers = new ArrayList<>(); suppliers.add(() -> deep);");
        notebook.run("Map<String, List<Supplier<Integer>>> table = new HashMap<>(Map.of(\"a\", suppliers));");

        assertThat(call("table.get(\"a\").get(0).get()")).isEqualTo(7);
        assertThat(worker.fetched).isEmpty();
    }

    @Test
    void variable_behindAnInterface_bringsItsClassAndThatClassesVariables() throws Exception {
        notebook.run("int unit = 3; interface Part { int size(); }");
        notebook.run("class Wheel implements Part { public int size() { return 2 * unit; } }");
        notebook.run("Part[] parts = { new Wheel() }; Object hidden = List.of(new Wheel());");

        assertThat(call("parts[0].size() + ((List<Part>) hidden).get(0).size()"))
                .isEqualTo(12);
        assertThat(worker.fetched).isEmpty();
    }

    @Test
    void capturedLocal_travels() throws Exception {
        notebook.run("Supplier<Integer> make() { var local = new int[] {5}; return () -> local[0]; }");

        assertThat(worker.call(notebook.run("make()"))).isEqualTo(5);
    }

    @Test
    void capturedObject_thatAVariableHoldsToo_staysOne() throws Exception {
        notebook.run("List<Integer> shared = new ArrayList<>();");
        notebook.run("Map<String, List<Integer>> holder = new HashMap<>(); holder.put(\"s\", shared);");
        notebook.run("Callable<Object> make(List<Integer> captured) {"
                + " return () -> { captured.add(1); return shared.size() * 10 + holder.get(\"s\").size(); }; }");

        assertThat(worker.call(notebook.run("make(shared)"))).isEqualTo(11);
    }

    @Test
    void recursiveLambda_readsItself() throws Exception {
        notebook.run("Function<Integer, Integer> factorial = null;");
        Object function = notebook.run("factorial = n -> n < 2 ? 1 : n * factorial.apply(n - 1);");

        assertThat(worker.call(function, 5)).isEqualTo(120);
    }

    @Test
    void staticOfAUsersType_travelsLikeAVariable() throws Exception {
        notebook.run("class Settings { static int level = 1; static String name; }");
        notebook.run("Settings.level = 9; Settings.name = \"n\";");

        assertThat(call("Settings.level + Settings.name")).isEqualTo("9n");
    }

    @Test
    void staticInitializer_thatReadsVariables_seesThem() throws Exception {
        notebook.run("int seed = 5; List<Integer> seeds = List.of(1, 2);");
        notebook.run("int seeded() { return seed; }");
        notebook.run(
                "class Config { static final int SEED = seeded(); static final int COUNT = seeds.size(); int own = 1; }");
        notebook.run("var config = new Config();");

        assertThat(call("config.own + Config.SEED * 10 + Config.COUNT * 100")).isEqualTo(251);
    }

    @Test
    void argument_withALambda_bringsItsVariables() throws Exception {
        notebook.run("int offset = 4; record Step(Supplier<Integer> work) {}");
        CodeStore.LoadedCode code =
                worker.load(packer.pack(notebook.run("(Function<Step, Integer>) step -> step.work().get()")));

        Object argument = worker.argument(code, notebook.run("new Step(() -> offset * 2)"));

        code.bind();
        assertThat(WorkerSide.invoke(code.function(), argument)).isEqualTo(8);
    }

    @Test
    void argumentsOfOneSubmission_eachBringTheirVariablesAsTheyWereThen() throws Exception {
        notebook.run("int k = 0; int own = 1;");
        CodeStore.LoadedCode code =
                worker.load(packer.pack(notebook.run("(Function<Supplier<Integer>, Integer>) g -> g.get() + own")));

        for (int value : new int[] {10, 20, 20, 10, 30}) {
            notebook.run("k = " + value + ";");
            notebook.run("own = " + value + ";");
            Object argument = worker.argument(code, notebook.run("(Supplier<Integer>) () -> k + 1000 * own"));
            code.bind();
            assertThat(WorkerSide.invoke(code.function(), argument)).isEqualTo(value + 1001);
        }
    }

    @Test
    void result_ofASessionClass_isDecodedInTheSession() throws Exception {
        notebook.run("record Answer(int value) {}");
        CodeStore.LoadedCode code = worker.load(packer.pack(notebook.run("(Supplier<Answer>) () -> new Answer(3)")));
        Object there = WorkerSide.invoke(code.function());

        Object here = packer.decode(code.encode(there).bytes());

        assertThat(here).isEqualTo(notebook.run("new Answer(3)")).isNotEqualTo(there);
    }

    @Test
    void writtenVariables_areTold() {
        notebook.run("int counter = 0; int other = 0; void bump() { counter++; }");

        Bundle bundle = packer.pack(notebook.run("(Callable<Object>) () -> { bump(); return other; }"));

        assertThat(bundle.written()).containsExactly("counter");
    }

    @Test
    void unusedVariables_stayAtHome() {
        notebook.run(
                "Thread thread = new Thread(); int used = 1; int f() { return used; } int g() { return thread.getPriority(); }");

        Bundle bundle = packer.pack(notebook.run("(Callable<Object>) () -> f()"));

        assertThat(bundle.fields()).extracting(Bundle.StaticField::fieldName).containsExactly("used");
    }

    @Test
    void variable_thatCannotTravel_isRefusedByNameWithItsPathAndUse() {
        notebook.run("class Client { java.net.Socket socket = new java.net.Socket(); }");
        notebook.run("class Order { Client client = new Client(); }");
        notebook.run("Order order = new Order(); int g() { return order.hashCode(); } int f() { return g(); }");
        Object function = notebook.run("(Callable<Object>) () -> f()");

        assertThatThrownBy(() -> packer.pack(function))
                .isInstanceOf(NotShippableException.class)
                .hasMessageStartingWith("cannot send notebook variable order: order.client.socket is a java.net.Socket"
                        + " (used by f -> g)");
    }

    @Test
    void variable_thatIsAThread_isRefusedByName() {
        notebook.run("Thread worker = new Thread();");
        Object function = notebook.run("(Callable<Object>) () -> worker.isAlive()");

        assertThatThrownBy(() -> packer.pack(function))
                .isInstanceOf(NotShippableException.class)
                .hasMessageStartingWith(
                        "cannot send notebook variable worker: worker is a java.lang.Thread (used by the lambda)");
    }

    @Test
    void capturedValue_thatCannotTravel_isRefused() {
        notebook.run("Callable<Object> make(Thread thread) { return () -> thread.isAlive(); }");
        Object function = notebook.run("make(new Thread())");

        assertThatThrownBy(() -> packer.pack(function))
                .isInstanceOf(NotShippableException.class)
                .hasMessageStartingWith(
                        "cannot send a value that the lambda captured: captured[0] is a java.lang.Thread");
    }

    @Test
    void staticField_thatCannotTravel_isRefusedByName() {
        notebook.run(
                "class Log { static Thread writer = new Thread(); static boolean on() { return writer.isAlive(); } }");
        Object function = notebook.run("(Callable<Object>) () -> Log.on()");

        assertThatThrownBy(() -> packer.pack(function))
                .isInstanceOf(NotShippableException.class)
                .hasMessageStartingWith(
                        "cannot send static field Log.writer: Log.writer is a java.lang.Thread (used by Log)");
    }

    @Test
    void lambdaMadeInsideTheJdk_isRefusedByItsMaker() {
        java.util.function.Predicate<String> own = String::isEmpty;
        Object function = own.negate();

        assertThatThrownBy(() -> packer.pack(function))
                .isInstanceOf(NotShippableException.class)
                .hasMessageStartingWith("cannot send the function: it is a lambda made inside"
                        + " java.util.function.Predicate, which cannot be sent. Write your own lambda: x -> ...");
    }

    @Test
    void largeArray_travelsAsABlob_onceForEachContent() throws Exception {
        notebook.run("double[] big = new double[100_000]; Arrays.fill(big, 2); double[] same = big;");
        Object function =
                notebook.run("(Callable<Object>) () -> { big[0]++; return big[0] + (same == big ? 100 : 0); }");

        Bundle first = packer.pack(function);
        Bundle again = packer.pack(function);
        notebook.run("big[1] = 5;");
        Bundle changed = packer.pack(function);

        assertThat(first.blobs()).hasSize(1);
        assertThat(first.blobs().get(0).bytes()).isBetween(800_000L, 800_100L);
        assertThat(first.graph().length).isLessThan(10_000);
        assertThat(again.blobs()).isEqualTo(first.blobs());
        assertThat(packer.blob(again, again.blobs().get(0)))
                .isSameAs(packer.blob(first, first.blobs().get(0)));
        assertThat(changed.blobs()).isNotEqualTo(first.blobs());
        assertThat(worker.run(first)).isEqualTo(103.0);
        assertThat(worker.run(again))
                .as("the same content: what this worker has made of it")
                .isEqualTo(104.0);
        assertThat(worker.run(changed)).as("the notebook's newer content").isEqualTo(103.0);
        assertThat(worker.run(first)).as("content that the notebook has again").isEqualTo(103.0);
    }

    @Test
    void concurrentPacking_keepsSubmissionsApart() throws Exception {
        notebook.run("int a = 1; int b = 2; Map<String, Callable<Integer>> as = Map.of(\"a\", () -> a);"
                + " Map<String, Callable<Integer>> bs = Map.of(\"b\", () -> b);");
        Object readsA = notebook.run("(Callable<Object>) () -> as.get(\"a\").call()");
        Object readsB = notebook.run("(Callable<Object>) () -> bs.get(\"b\").call()");
        Callable<Boolean> packA = () -> fieldsOf(packer.pack(readsA)).equals(List.of("a", "as"));
        Callable<Boolean> packB = () -> fieldsOf(packer.pack(readsB)).equals(List.of("b", "bs"));

        var pool = java.util.concurrent.Executors.newFixedThreadPool(4);
        try {
            var tasks = java.util.stream.Stream.generate(() -> List.of(packA, packB))
                    .limit(200)
                    .flatMap(List::stream)
                    .toList();
            for (var done : pool.invokeAll(tasks)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
            assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static List<String> fieldsOf(Bundle bundle) {
        return bundle.fields().stream()
                .map(Bundle.StaticField::fieldName)
                .sorted()
                .toList();
    }
}
