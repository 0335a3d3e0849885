package manyjvm.kernel.session.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import manyjvm.kernel.session.Session.Outcome;
import manyjvm.kernel.session.SessionHost.Api;
import manyjvm.kernel.session.sampleapi.Functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Variables across redefinitions, and the user's names against ours. */
@Timeout(120)
class SessionNamesTest {
    private final SessionFixture cells = new SessionFixture();

    @BeforeEach
    void offerSampleApi() {
        String sample = Functions.class.getPackageName();
        cells.api.add(new Api(Functions.class, List.of(sample)));
        for (String name : List.of("Process", "Event", "Queue")) {
            cells.imports.add("import " + sample + "." + name + ";");
        }
        cells.imports.add("import static " + sample + ".Functions.*;");
    }

    @AfterEach
    void close() {
        cells.close();
    }

    @Test
    void redefinedMethod_keepsTheVariablesThatUseIt() {
        cells.value(
                "int g(int x) { return x; }\nvar r = new ArrayList<>(List.of(g(1)));\nint n = g(5);\nString s = \"a\" + g(2);");
        cells.value("int g(int x) { return 10 * x; }");
        assertThat(cells.value("r")).isEqualTo(List.of(1));
        assertThat(cells.value("n + s")).isEqualTo("5a2");
        assertThat(cells.value("g(2)")).isEqualTo(20);
        assertThat(cells.err).isEmpty();
    }

    @Test
    void importAfterALineEnd_keepsAllVariables() {
        cells.value("var kept = new ArrayList<>(List.of(1));\nString text = \"t\";");
        cells.value("\n\n// why not\nimport java.time.*;\nimport\n   java.time.format.DateTimeFormatter;\n");
        assertThat(cells.value("kept + text + Duration.ZERO")).isEqualTo("[1]tPT0S");
    }

    @Test
    void valueOfARedefinedType_isResetAndSaidSo() {
        cells.value("record Spot(int x) {}\nSpot spot = new Spot(1);\nint other = 3;");
        cells.value("record Spot(int x, int y) {}");
        assertThat(cells.err).contains("the variable spot was reset");
        assertThat(cells.err).doesNotContain("other");
        assertThat(cells.value("spot == null && other == 3")).isEqualTo(true);
    }

    @Test
    void variableWhoseInitialiserNoLongerCompiles_keepsItsValue() {
        cells.value(
                "int h(int x) { return x; }\nint n2 = h(5);\nvar list = List.of(h(1), h(2));\nint user() { return h(3); }");
        cells.value("String h(String x) { return x; }\nint h() { return 1; }");
        cells.value("class Unit { int a; }\nUnit unit = new Unit();\nint counted = new Unit().a + 4;");
        cells.value("record Unit(int b) {}");
        assertThat(cells.err).contains("the variable unit was reset").doesNotContain("counted");
        assertThat(cells.value("counted + n2")).isEqualTo(9);
        assertThat(cells.value("list")).isEqualTo(List.of(1, 2));
    }

    @Test
    void methodThatARedefinitionBreaks_isNoted() {
        cells.value("class Tool { int use() { return 1; } }\nint work() { return new Tool().use(); }");
        cells.value("class Tool { int apply() { return 1; } }");
        assertThat(cells.err).contains("the method work() cannot be used until");
        cells.value("class Tool { int use() { return 2; } }");
        assertThat(cells.value("work()")).isEqualTo(2);
    }

    @Test
    void redeclaredVariable_startsAnew() {
        cells.value("int x = 5;");
        cells.value("int x;");
        assertThat(cells.value("x")).isEqualTo(0);
        cells.value("String x = \"now text\";");
        assertThat(cells.value("x")).isEqualTo("now text");
    }

    @Test
    void ownTypeWithAnImportedName_wins() {
        assertThat(cells.value("new Event().isSet()")).isEqualTo(false);
        cells.value("record Event(int at) {}");
        assertThat(cells.value("1 + 1")).isEqualTo(2);
        assertThat(cells.value("new Event(7).at()")).isEqualTo(7);
        assertThat(cells.value("class Queue { int own = 3; }\nnew Queue().own")).isEqualTo(3);
        assertThat(cells.value("int range(int x) { return -x; }\nrange(3)")).isEqualTo(-3);
    }

    @Test
    void ownTypeThatDoesNotCompile_leavesOursInForce() {
        cells.value("new Event()");
        cells.failure("record Event(int at) { int broken() { return \"x\"; } }");
        assertThat(cells.value("new Event().isSet()")).isEqualTo(false);
    }

    @Test
    void ownImportOfAnImportedName_wins() {
        assertThat(cells.value("new Queue().origin()")).isEqualTo("sample api");
        cells.value("import java.util.Queue;");
        assertThat(cells.value("Queue<Integer> q = new ArrayDeque<>(List.of(4));\nq.size()"))
                .isEqualTo(1);
        assertThat(cells.value("range(3)")).isEqualTo(List.of(0, 1, 2));
    }

    @Test
    void mixUpWithTheJdksProcess_isHinted() {
        assertThat(cells.value("Process p = new Process();\np.exitCode()")).isEqualTo(0);
        assertThat(SessionFixture.text(cells.failure("p.exitValue()")))
                .contains("Process means " + Functions.class.getPackageName() + ".Process here")
                .contains("java.lang.Process has exitValue");
        assertThat(cells.value("Process mine = new ProcessBuilder(\"true\").start();\nmine.waitFor()"))
                .isEqualTo(0);
        assertThat(SessionFixture.text(cells.failure("p = mine;")))
                .contains("the value is the other one")
                .contains("java.lang.Process");
    }

    @Test
    void kernelsOwnClasses_areHiddenFromCells() throws Exception {
        assertThat(cells.failure("new manyjvm.kernel.session.hidden.Internal()").name())
                .isEqualTo("CompilationError");
        assertThat(cells.failure("new com.google.gson.Gson()").name()).isEqualTo("CompilationError");
        for (String hidden : List.of("manyjvm.kernel.session.hidden.Internal", "com.google.gson.Gson")) {
            assertThat(cells.failure("Class.forName(\"" + hidden + "\")").name())
                    .isEqualTo("java.lang.ClassNotFoundException");
        }
        assertThat(cells.value("Class.forName(\"java.sql.Connection\").getSimpleName()"))
                .isEqualTo("Connection");
        assertThat(cells.value("javax.tools.ToolProvider.getSystemJavaCompiler() != null"))
                .isEqualTo(true);
    }

    @Test
    void importThatNamesNothing_saysWhoseFaultItIs() {
        try (SessionFixture other = new SessionFixture()) {
            other.imports.add("import no.such.Thing;");
            Outcome.Failed failed = other.failure("Thing t = null;");
            assertThat(failed.message()).contains("import no.such.Thing").contains("addApi");
        }
    }
}
