package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import manyjvm.kernel.runner.Execution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a notebook's variables and static fields hold in workers. One kernel for all; each test has its own names. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class VariablesIT {
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
    void whatAnInitializerAssigned_holdsForTheWorkersTasks() throws Exception {
        notebook.run(
                "class Given { static Map<Integer, String> table; static final List<Integer> FILLED = new ArrayList<>();"
                        + " static int level = 1; }");
        notebook.run("Object model;");
        Execution made = notebook.run(
                """
                var given = Pool.builder().workers(2).initializer(() -> {
                    Given.table = new HashMap<>(Map.of(1, "one"));
                    Given.FILLED.add(7);
                    model = "made";
                }).build();""");

        assertThat(made.stderr()).isEmpty();
        assertThat(notebook.value(
                        "given.map(x -> Given.table.get(x) + Given.FILLED + model + Given.level, List.of(1, 1, 1))"))
                .isEqualTo("[one[7]made1, one[7]made1, one[7]made1]");
        assertThat(notebook.value("Given.table + \" \" + Given.FILLED + model")).isEqualTo("null []null");
        notebook.run("Given.level = 2;");
        assertThat(notebook.value(
                        "given.map(x -> Given.table.get(x) + Given.FILLED + model + Given.level, List.of(1))"))
                .as("looked at here and changed beside it")
                .isEqualTo("[one[7]made2]");
        notebook.run("model = \"newer\";");
        assertThat(notebook.value("given.map(x -> Given.table.get(x) + model, List.of(1))"))
                .isEqualTo("[onenewer]");
        notebook.run(
                "try { given.apply(() -> Runtime.getRuntime().halt(3)); } catch (WorkerDiedException expected) {}");
        assertThat(notebook.value("new HashSet<>(given.map(x -> Given.table.get(1) + Given.FILLED, range(8)))"))
                .as("a new worker is initialized like the first")
                .isEqualTo("[one[7]]");
        notebook.run("given.close();");
    }

    @Test
    void fieldsOfEnumConstants_travel_andHoldWhatAWorkerMadeOfThem() throws Exception {
        notebook.run(
                "class Outer { enum E { A { int own; void up() { own += 2; } int own() { return own; } }, B; int n;"
                        + " final List<String> seen = new ArrayList<>(); void up() { n++; } int own() { return n; } } }");
        notebook.run("Outer.E.A.n = 5; Outer.E.A.up(); Outer.E.B.up(); Outer.E.B.seen.add(\"s\");");

        assertThat(notebook.value("pool.map(x -> Outer.E.A.n + x, range(3))")).isEqualTo("[5, 6, 7]");
        assertThat(notebook.value("pool.map(e -> e.own() + \"\" + e.seen, List.of(Outer.E.values()))"))
                .isEqualTo("[2[], 1[s]]");
        Execution changed =
                notebook.run("pool.each(x -> { Outer.E.A.n = x; Outer.E.A.seen.add(\"w\"); }, List.of(8));");
        assertThat(changed.stderr()).containsOnlyOnce("E.A is changed by code that runs in workers");
        assertThat(notebook.value("pool.map(x -> Outer.E.A.n + \"\" + Outer.E.A.seen, range(1))"))
                .isEqualTo("[8[w]]");
        notebook.run("Outer.E.A.n = 6;");
        assertThat(notebook.value("pool.map(x -> Outer.E.A.n + \"\" + Outer.E.A.seen, range(1))"))
                .isEqualTo("[6[w]]");

        notebook.run("enum Late { A { int own = 1; int own() { return own; } }; int own() { return 0; }"
                + " { System.setProperty(\"late.made\", \"yes\"); } }");
        notebook.run("enum Failing { A; int n = 1 / Integer.parseInt(\"0\"); static int constant() { return 7; } }");
        assertThat(notebook.value("pool.map(x -> Late.A.own() + x, range(2)) + System.getProperty(\"late.made\")"))
                .as("made in the worker alone")
                .isEqualTo("[1, 2]null");
        assertThat(notebook.value("pool.map(x -> x > 5 ? Failing.A.n : x, range(2))"))
                .isEqualTo("[0, 1]");
    }

    @Test
    void whatPoolMagicsAssigned_holdsForTheWorkersTasks() throws Exception {
        notebook.run("class Held { static int[] data; static int scaled(int x) { return data[0] * x; } }");
        notebook.run("String mode; double[] weights = new double[2];");
        notebook.run("void load() { Held.data = new int[] {10}; }");
        notebook.run("int scaled(int x) { return Held.scaled(x); }");
        notebook.run("String all(int x) { return mode + weights[1] + Held.scaled(x); }");
        notebook.run("%pool start 2 --init load()");

        assertThat(notebook.value("%pool map scaled 1..3")).isEqualTo("[10, 20, 30]");
        Execution each = notebook.run("%%pool each\nmode = \"fast\"; weights[1] = 2.5; Held.data[0]++;");
        assertThat(each.stderr()).containsOnlyOnce("mode");
        assertThat(notebook.value("%pool map all 1..2")).isEqualTo("[fast2.511, fast2.522]");
        notebook.run("%pool close");
    }

    @Test
    void staticInitializers_runOnceAWorkerAndNotHereForIt() throws Exception {
        notebook.run(
                """
                class Noisy {
                    static final int[] T = made();
                    static int[] made() { System.out.println("made"); return new int[3]; }
                }""");
        Execution first = notebook.run("pool.map(x -> Noisy.T.length, range(4))");
        Execution second = notebook.run("pool.map(x -> Noisy.T[0]++ + x, List.of(0))");

        assertThat(first.stdout()).isEqualTo("[1] made\n");
        assertThat(second.stdout()).isEmpty();
        assertThat(notebook.run("Noisy.T[0]").stdout()).isEqualTo("made\n");
        assertThat(notebook.value("pool.map(x -> Noisy.T[0], List.of(0))"))
                .as("the worker's own: here nothing has changed since")
                .isEqualTo("[1]");
        notebook.run("Noisy.T[0] = 40;");
        assertThat(notebook.value("pool.map(x -> Noisy.T[0], List.of(0))")).isEqualTo("[40]");
    }

    @Test
    void finalStatics_haveTheirContentInPoolsAndProcesses() throws Exception {
        notebook.run("class Tab { static final double[] T = new double[4]; static double at(int i) { return T[i]; } }");
        notebook.run("interface Names { Map<Integer, String> ALL = new TreeMap<>(); }");
        notebook.run("Arrays.fill(Tab.T, 2.5); Names.ALL.put(1, \"one\");");

        assertThat(notebook.value("pool.map(i -> Tab.at(i) + Names.ALL.get(1), range(2))"))
                .isEqualTo("[2.5one, 2.5one]");
        assertThat(notebook.run("%process System.out.println(Tab.at(3) + Names.ALL.toString())")
                        .stdout())
                .contains("2.5{1=one}");
    }

    @Test
    void assertions_areNoVariables() throws Exception {
        notebook.run("int positive(int x) { assert x > 0; return x; }");

        Execution mapped = notebook.run("pool.map(x -> positive(x), range(1, 3))");

        assertThat(mapped.stderr()).isEmpty();
        assertThat(mapped.result()).contains("[1, 2]");
    }
}
