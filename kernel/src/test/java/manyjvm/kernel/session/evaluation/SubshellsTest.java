package manyjvm.kernel.session.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import manyjvm.kernel.session.Session;
import manyjvm.kernel.session.Session.Outcome;
import manyjvm.kernel.session.SessionHost;
import manyjvm.kernel.session.sampleapi.Functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cells of a subshell beside a running one: what they share, and what they may not do to it. One session serves all tests. */
@Timeout(120)
final class SubshellsTest {
    private static SessionFixture cells;
    private static Session.Subshell subshell;
    private static int count = 100;

    /** Latches that cells find under {@code gate("name")}. */
    private static final Map<String, CountDownLatch> GATES = new ConcurrentHashMap<>();

    private static final String GATE_METHODS =
            """
            void pass(String name) throws Exception {
                ((java.util.Map<String, java.util.concurrent.CountDownLatch>) System.getProperties().get("gates")).get(name).await();
            }
            void open(String name) {
                ((java.util.Map<String, java.util.concurrent.CountDownLatch>) System.getProperties().get("gates")).get(name).countDown();
            }
            """;

    /** Cells that wait for each other must not share the one thread that the common pool has on two processors. */
    private static final Executor THREADS = task -> new Thread(task).start();

    private CompletableFuture<Outcome> main = CompletableFuture.completedFuture(new Outcome.Done(Optional.empty()));

    @BeforeAll
    static void open() {
        cells = new SessionFixture();
        subshell = cells.session.openSubshell();
        System.getProperties().put("gates", GATES);
        cells.value(GATE_METHODS);
    }

    @AfterAll
    static void close() {
        subshell.close();
        cells.close();
        System.getProperties().remove("gates");
    }

    @AfterEach
    void end() throws Exception {
        GATES.values().forEach(CountDownLatch::countDown);
        main.get(60, TimeUnit.SECONDS);
    }

    /** Runs a cell of the main shell on a thread of its own; returns when its code opens the gate {@code running}. */
    private void begin(String code) throws Exception {
        for (String name : new String[] {"running", "go"}) {
            GATES.put(name, new CountDownLatch(1));
        }
        int number = ++count;
        main = CompletableFuture.supplyAsync(() -> cells.session.run(code, number, value -> {}), THREADS);
        assertThat(GATES.get("running").await(60, TimeUnit.SECONDS)).isTrue();
    }

    private Outcome finish() throws Exception {
        GATES.get("go").countDown();
        return main.get(60, TimeUnit.SECONDS);
    }

    private static Outcome beside(String code) {
        try (Session.Run run = subshell.begin(++count, () -> {})) {
            return run.run(code, value -> {});
        }
    }

    private static Object value(Outcome outcome) {
        assertThat(outcome).as(() -> SessionFixture.text(outcome)).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done) outcome).value().orElse(null);
    }

    @Test
    void statements_besideARunningCell_readAssignAndDefine() throws Exception {
        cells.value("int seen = 1; int twice(int x) { return 2 * x; }");
        begin("seen = 2; open(\"running\"); pass(\"go\"); seen + fresh");

        // The last line of the cell is compiled when the others have run: it knows what came to be meanwhile.
        assertThat(value(beside("int fresh = 40; twice(seen)"))).isEqualTo(4);
        assertThat(value(beside("seen = 5; record Pair(int a, int b) {}\nnew Pair(seen, 1).toString()")))
                .isEqualTo("Pair[a=5, b=1]");
        assertThat(value(finish())).isEqualTo(45);
    }

    @Test
    void results_ofCellsThatOverlap_haveNamesOfTheirOwn() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        GATES.put("running", running);
        GATES.put("go", go);
        try (SessionFixture fresh = new SessionFixture();
                Session.Subshell other = fresh.session.openSubshell()) {
            fresh.value(GATE_METHODS);
            fresh.value("int slow() throws Exception { open(\"running\"); pass(\"go\"); return 7; }");
            CompletableFuture<Outcome> slow =
                    CompletableFuture.supplyAsync(() -> fresh.session.run("slow()", 10, value -> {}), THREADS);
            assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 2; i++) {
                try (Session.Run run = other.begin(11 + i, () -> {})) {
                    assertThat(value(run.run("100 + " + i, value -> {}))).isEqualTo(100 + i);
                    // What is evaluated besides leaves no name behind, whatever runs.
                    assertThat(value(run.evaluate("1000 + " + i))).isEqualTo(1000 + i);
                }
            }
            go.countDown();
            assertThat(value(slow.get(60, TimeUnit.SECONDS))).isEqualTo(7);
            assertThat(fresh.value("\"next\"")).isEqualTo("next");

            assertThat(fresh.value("$1")).isEqualTo(7);
            assertThat(fresh.value("$2")).isEqualTo(100);
            assertThat(fresh.value("$4")).isEqualTo(101);
            assertThat(fresh.value("$6")).isEqualTo("next");
            assertThat(fresh.failure("$3").message()).contains("cannot find symbol");
        }
    }

    @Test
    void failure_ofOneCell_isNotToldOfTheOther() throws Exception {
        begin("open(\"running\"); pass(\"go\"); 1 + 1");
        Outcome failed = beside("int[] none = {}; none[3]");

        assertThat(((Outcome.Failed) failed).message()).contains("Index 3 out of bounds");
        assertThat(value(finish())).isEqualTo(2);

        begin("open(\"running\"); pass(\"go\"); throw new IllegalStateException(\"mine\");");
        assertThat(value(beside("3 + 4"))).isEqualTo(7);
        assertThat(((Outcome.Failed) finish()).message()).isEqualTo("mine");
    }

    @Test
    void run_ofAFileThatAnotherShellRuns_isNoneOfItself(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("shared.jsh"), "if (first.getAndSet(false)) { open(\"running\"); pass(\"go\"); }");
        cells.value("var first = new java.util.concurrent.atomic.AtomicBoolean(true);");
        begin("%run \"" + file + "\"");

        assertThat(value(beside("%run \"" + file + "\"\n5"))).isEqualTo(5);
        finish();
        assertThat(cells.value("%run \"" + file + "\"\n6")).isEqualTo(6);
    }

    @Test
    void compileError_besideARunningCell_isToldThere() throws Exception {
        begin("open(\"running\"); pass(\"go\"); 5");

        assertThat(((Outcome.Failed) beside("int wrong = undefined;")).name()).isEqualTo("CompilationError");
        assertThat(value(finish())).isEqualTo(5);
    }

    @Test
    void declaringAnew_whatARunningCellMayUse_isRefusedAndNothingIsLost() throws Exception {
        cells.value("int total = 0; int step() { return 1; } class Kind { }");
        begin("open(\"running\"); pass(\"go\"); for (int i = 0; i < 10; i++) { total += step(); }");

        Outcome.Failed variable = (Outcome.Failed) beside("int total = 5;");
        assertThat(variable.name()).isEqualTo("RedeclarationError");
        assertThat(variable.message())
                .matches("In\\[\\d+\\]:1: total may be in use by In\\[\\d+\\], which runs in another shell:"
                        + " assign it \\(total = \\.\\.\\), or run this cell again when that has ended");
        assertThat(String.join("\n", variable.traceback())).contains("    int total = 5;\n        ^^^^^");
        assertThat(((Outcome.Failed) beside("1 + 1;\nint step() { return 2; }")).message())
                .contains(":2: step() may be in use by")
                .contains("give it another name");
        assertThat(((Outcome.Failed) beside("class Kind { int x; }")).message()).contains("Kind may be in use by");
        assertThat(((Outcome.Failed)
                                beside("sealed interface Shape permits Kind {}\nfinal class Kind implements Shape {}"))
                        .message())
                .as("a family is one piece")
                .contains("Kind may be in use by");
        assertThat(value(beside("int step(int n) { return n; }\nstep(3)")))
                .as("an overload is no redeclaration")
                .isEqualTo(3);
        finish();

        assertThat(cells.value("total")).isEqualTo(10);
        assertThat(value(beside("int total = 5; total"))).isEqualTo(5);
    }

    @Test
    void declaringAnew_besideACellThatEndsSoon_waitsForIt() throws Exception {
        cells.value("int again = 1;");
        begin("open(\"running\"); pass(\"go\");");
        CompletableFuture<Outcome> second =
                CompletableFuture.supplyAsync(() -> beside("int again = 2; again"), THREADS);
        finish();

        assertThat(value(second.get(60, TimeUnit.SECONDS))).isEqualTo(2);
    }

    @Test
    void stop_ofOneRun_leavesTheOther() throws Exception {
        begin("open(\"running\"); pass(\"go\");"
                + " java.util.stream.IntStream.range(0, 100_000).parallel().map(x -> x % 2).sum()");
        CountDownLatch begun = new CountDownLatch(1);
        GATES.put("begun", begun);
        CompletableFuture<Session.Run> run = new CompletableFuture<>();
        CompletableFuture<Outcome> stopped = CompletableFuture.supplyAsync(
                () -> {
                    try (Session.Run own = subshell.begin(++count, () -> {})) {
                        run.complete(own);
                        return own.run("open(\"begun\"); while (true) { }", value -> {});
                    }
                },
                THREADS);
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        run.get().interrupt(() -> {});

        assertThat(stopped.get(60, TimeUnit.SECONDS)).isInstanceOf(Outcome.Interrupted.class);
        assertThat(value(finish())).isEqualTo(50_000);
    }

    @Test
    void stop_ofAllRuns_endsTheWaitingDeclarationToo() throws Exception {
        cells.value("int kept = 1;");
        begin("open(\"running\"); while (true) { }");
        CompletableFuture<Outcome> second = CompletableFuture.supplyAsync(() -> beside("int kept = 2;"), THREADS);
        Outcome other = null;
        while (other == null || !(other instanceof Outcome.Interrupted)) {
            cells.session.interrupt();
            other = main.get(60, TimeUnit.SECONDS);
        }
        Outcome declared = second.get(60, TimeUnit.SECONDS);

        // Stopped, or let through by the end of the other, by whichever came first: never refused, never half done.
        assertThat(declared).isNotInstanceOf(Outcome.Failed.class);
        assertThat(cells.value("kept")).isEqualTo(declared instanceof Outcome.Done ? 2 : 1);
    }

    /** A method of the kernel's gives way to the cell's own, and a variable whose initialiser calls it is compiled anew. */
    @Test
    void variable_thatMovesNevertheless_isTold() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        GATES.put("running", running);
        GATES.put("go", new CountDownLatch(1));
        String sample = Functions.class.getPackageName();
        try (SessionFixture fresh = new SessionFixture();
                Session.Subshell other = fresh.session.openSubshell()) {
            fresh.api.add(new SessionHost.Api(Functions.class, List.of(sample)));
            fresh.imports.add("import static " + sample + ".Functions.range;");
            fresh.value(GATE_METHODS);
            fresh.value("var held = range(3);");
            CompletableFuture<Outcome> busy = CompletableFuture.supplyAsync(
                    () -> fresh.session.run("open(\"running\"); pass(\"go\"); held = null;", 10, value -> {}), THREADS);
            assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
            PrintStream before = System.err;
            ByteArrayOutputStream told = new ByteArrayOutputStream();
            System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
            try (Session.Run run = other.begin(11, () -> {})) {
                value(run.run("List<Integer> range(int end) { return List.of(end); }", value -> {}));
            } finally {
                System.setErr(before);
            }
            GATES.get("go").countDown();
            busy.get(60, TimeUnit.SECONDS);

            assertThat(told.toString(StandardCharsets.UTF_8))
                    .contains("note: the variable held was compiled anew while a cell of another shell was running");
        }
    }
}
