package manyjvm.kernel.session.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import manyjvm.kernel.session.Session.Completeness.State;
import manyjvm.kernel.session.Session.Outcome;
import manyjvm.kernel.session.SessionSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The session's own magics around code: what is timed, and what the system's shell and files are asked for. */
@Timeout(120)
class SessionToolsTest {
    private static final SessionFixture cells = new SessionFixture();

    @AfterAll
    static void close() {
        cells.close();
    }

    @Test
    void time_ofALine_isAsIfItWereNotThere() {
        assertThat(cells.value("%time 20 + 22")).isEqualTo(42);
        assertThat(cells.out).matches("Wall time: \\S+ [nmu]?s, CPU time: \\S+ [nmu]?s\\R");
        assertThat(cells.value("%time int timed = 5; timed++;\ntimed")).isEqualTo(6);
        assertThat(cells.value("var viaTime = %time timed * 2\nviaTime")).isEqualTo(12);
        assertThat(cells.out).startsWith("Wall time: ");
        assertThat(cells.value("int inBlock() {\n  %time timed++;\nreturn timed; }\ninBlock()"))
                .isEqualTo(7);
        assertThat(cells.value("%time !true")).isNull();
        cells.value("for (int i = 0; i < 2; i++) {\n  %time for (int j = 0; j < 2; j++) timed++;\n}");
        assertThat(cells.out.lines().filter(line -> line.startsWith("Wall time: ")))
                .hasSize(2);
        Outcome.Failed failed = cells.failure("int ok = 1;\n  %time timed + missing", 71);
        assertThat(failed.message()).startsWith("In[71]:2: cannot find symbol");
        assertThat(failed.traceback().subList(1, 3))
                .containsExactly("      %time timed + missing", "                    ^^^^^^^");
        assertThat(cells.failure("%time", 72).message()).isEqualTo("In[72]:1: %time needs code: %time f(20)");
    }

    @Test
    void time_ofACell_keepsWhatItDeclares() {
        assertThat(cells.value("%%time\nint whole = 3;\nrecord Kept(int x) {}\nnew Kept(whole).x()"))
                .isEqualTo(3);
        assertThat(cells.out).startsWith("Wall time: ");
        assertThat(cells.value("whole")).isEqualTo(3);
        Outcome.Failed thrown = cells.failure("%%time\n\nint z = 0;\n  1 / z", 73);
        assertThat(thrown.traceback()).contains("In[73]:4 | 1 / z");
        assertThat(cells.out).startsWith("Wall time: ");
        assertThat(cells.failure("%%time 3\n4", 74).message()).contains("begins on the next line");
    }

    @Test
    void time_leavesTheCompilerOut() {
        StringBuilder slowToCompile = new StringBuilder("%%time\nint sum = 0;\n");
        for (int i = 0; i < 60; i++) {
            slowToCompile
                    .append("int compiled")
                    .append(i)
                    .append(" = sum + ")
                    .append(i)
                    .append(";\n");
        }
        cells.value(slowToCompile.toString());
        assertThat(cells.out).doesNotContainPattern("Wall time: [\\d.]+ s,");
    }

    @Test
    void timeit_saysMeanSpreadAndWarmUp() {
        cells.value("int doubled(int x) { return 2 * x; }\nint three = 3;");
        cells.value("%timeit -n 1000 -r 2 doubled(three)");
        assertThat(cells.out)
                .matches(
                        "(?s)[\\d.]+ [nmu]?s \\+- [\\d.]+ % per loop \\(2 runs of 1,000 loops, after 2\\.\\d\\d s of warm-up\\)\\R.*");
        assertThat(cells.value(
                        "var measured = %timeit -r 1 -n 2 List.of(three, 4)\nmeasured.loops() + measured.runs()"))
                .isEqualTo(3L);
        cells.value(
                "%%timeit -n 10 -r 1 int[] numbers = {1, 2, 3}\nint sum = 0;\nfor (int n : numbers) sum += n;\nreturn sum;");
        assertThat(cells.out).contains("(1 run of 10 loops, ");
        cells.value("new manyjvm.kernel.api.Timing(3, 0, 7, 1_000, 2_000_000_000L, false).print();");
        assertThat(cells.out)
                .startsWith("3.00 ns +- 0 % per loop (7 runs of 1,000 loops, after 2.00 s of warm-up)\n")
                .contains("the JVM leaves out what nobody reads");
        cells.value("new manyjvm.kernel.api.Timing(3, 0.012, 1, 1, 0, true).print();");
        assertThat(cells.out).isEqualTo("3.00 ns +- 0.4 % per loop (1 run of 1 loop, after 0.00 ns of warm-up)\n");
        assertThat(cells.failure("%timeit -x 3 doubled(1)", 75).message())
                .isEqualTo("In[75]:1: %timeit has no option -x: did you mean -n?");
        assertThat(cells.failure("%timeit -n f(3)", 76).message()).contains("needs a number from 1 on");
        assertThat(cells.failure("%timeit missing(3)", 77).message()).startsWith("In[77]:1: cannot find symbol");
        Outcome.Failed thrown = cells.failure("%timeit Integer.parseInt(\"x\")", 78);
        assertThat(thrown.name()).isEqualTo("java.lang.NumberFormatException");
    }

    @Test
    void command_printsAndStopsTheCellWhenItFails() {
        cells.value("var folder = Path.of(\"a b\");\nint number = 7;\nString nothing = null;");
        cells.value("!echo \"$folder $number ${number}0 [$nothing]\"; echo oh >&2");
        assertThat(cells.out).isEqualTo("a b 7 70 []\n");
        assertThat(cells.err).isEqualTo("oh\n");
        Outcome.Failed failed = cells.failure("!exit 3\nSystem.out.println(\"not reached\");", 80);
        assertThat(failed.message()).isEqualTo("In[80]:1: 'exit 3' ended with exit code 3");
        assertThat(cells.out).isEmpty();
        cells.value(
                "%%bash\nread line || echo no input\nfor x in 1 2; do\n  echo $((x * $number))  # % and ' are bash's\ndone");
        assertThat(cells.out).isEqualTo("no input\n7\n14\n");
        assertThat(cells.failure("%%bash\nset -e\nfalse\necho more", 81).message())
                .isEqualTo("In[81]:1: the bash script ended with exit code 1");
        assertThat(cells.failure("%%bash x\nls", 82).message()).contains("begins on the next line");
        assertThat(cells.failure("%bash ls", 83).message()).contains("one line is run by !ls");
        assertThat(cells.value("var printed = %sx echo \"$number \\\"x\\\"\"; echo b\nprinted"))
                .isEqualTo(List.of("7 \"x\"", "b"));
        assertThat(cells.failure("for (int i = 0; i < 2; i++) {\n  !ls\n}", 84).name())
                .isEqualTo("CompilationError");
    }

    @Test
    void command_whatTheSystemCannotTake_isNamed() {
        cells.value("String data = \"\\u00e9\".repeat(60_000);\nString withZero = \"a\\0b\";");
        assertThat(cells.failure("!echo $data | wc -c").message())
                .contains("$data has 120000 bytes, and a variable of a command may have 100000: write it into a file");
        assertThat(cells.failure("!echo $withZero").message()).contains("$withZero contains a character 0, which");
        assertThat(cells.failure("manyjvm.kernel.api.Command.of(\"sh\", \"echo \" + data).run()")
                        .message())
                .contains("the script has 120005 bytes, and a command may have 100000");
        assertThat(cells.failure("manyjvm.kernel.api.Command.of(\"sh\", withZero).run()")
                        .message())
                .contains("the script contains a character 0");
        cells.value("var many = manyjvm.kernel.api.Command.of(\"sh\", \"true\");\n"
                + "for (int i = 0; i < 100; i++) many.with(\"many\" + i, \"x\".repeat(90_000));");
        assertThat(cells.failure("many.run()").message())
                .contains("'true' and its variables are more than the system hands to a command");
        cells.value("!echo still here");
        assertThat(cells.out).isEqualTo("still here\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "boolean done = true;!done~false",
                "!Boolean.TRUE~false",
                "!List.of().isEmpty()~false",
                "!(1 > 2)~true",
                "var flags = new boolean[] {true};!flags[0]~false",
                "boolean a = true, b = true;!a || b~true"
            })
    void negation_staysJava(String code, boolean value) {
        assertThat(cells.value(code.replace(";!", ";\n!"))).isEqualTo(value);
    }

    @Test
    void processesLeftInTheBackground_areEndedAndNamed() throws Exception {
        cells.value("!sleep 4711 & (setsid sleep 4712 &) ; echo started");
        assertThat(cells.out).isEqualTo("started\n");
        assertThat(cells.err).contains("left 2 processes running, which were ended", "sleep 4711", "sleep 4712");
        assertThat(sleepers("4711") + sleepers("4712")).isZero();
    }

    private static long sleepers(String seconds) {
        return ProcessHandle.allProcesses()
                .filter(one -> one.info().commandLine().orElse("").endsWith("sleep " + seconds))
                .count();
    }

    @Test
    void stop_endsTheWholeTree() throws Exception {
        Thread stopper = new Thread(() -> {
            while (sleepers("4713") == 0) {
                Thread.onSpinWait();
            }
            cells.session.interrupt();
        });
        stopper.start();
        Outcome outcome = cells.run("%%bash\ntrap '' TERM\nbash -c 'trap \"\" TERM; sleep 4713; true'\ntrue");
        stopper.join();
        assertThat(outcome).isInstanceOf(Outcome.Interrupted.class);
        assertThat(sleepers("4713")).isZero();
        assertThat(cells.value("1 + 1")).isEqualTo(2);
    }

    @Test
    void env_isThatOfCommands() {
        cells.value("%env TOOLS_TEST=a b");
        assertThat(cells.out).startsWith("env: TOOLS_TEST=a b for !");
        cells.value("!echo $TOOLS_TEST");
        assertThat(cells.out).isEqualTo("a b\n");
        cells.value("%env TOOLS_TEST");
        assertThat(cells.out).isEqualTo("a b\n");
        cells.value("%env");
        assertThat(cells.out).contains("TOOLS_TEST=a b\n");
        assertThat(cells.failure("%env TOOLS_TETS", 90).message()).contains("did you mean 'TOOLS_TEST'?");
    }

    @Test
    void files_areWrittenAndLoaded(@TempDir Path folder) throws IOException {
        cells.value("%%writefile " + folder + "/a.txt\none %nomagic \"\n");
        cells.value("%%writefile -a \"" + folder + "/a.txt\"\ntwo");
        assertThat(folder.resolve("a.txt")).hasContent("one %nomagic \"\ntwo\n");
        assertThat(cells.failure("%%writefile " + folder + "/no/a.txt\nx", 91).message())
                .contains("cannot be written");
        assertThat(cells.failure("%load " + folder + "/b.txt", 92).message())
                .contains("there is no file", "did you mean 'a.txt'?");
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    void run_bringsAFilesCodeIntoTheSession(@TempDir Path folder) throws IOException {
        Path script = Files.writeString(
                folder.resolve("tools.jsh"),
                "import java.time.*;\n/set feedback mode silent\nint half(int x) {\n    return x / 2;\n}\n%time half(8)\n"
                        + "int fails(int x) {\n    return 1 / x;\n}\nint two = 2, list = 4;\n"
                        + "int quotient = 84\n  /two;\nint other = 84\n  /list + 1;\n/exit\n");
        assertThat(cells.value("%run " + script + "\nhalf(84)")).isEqualTo(42);
        assertThat(cells.out).startsWith("Wall time: ");
        assertThat(cells.err)
                .contains("tools.jsh:2: /set is a command of the jshell tool", "tools.jsh:15: /exit is a command");
        assertThat(cells.value("quotient + other")).isEqualTo(42 + 22);
        assertThat(cells.failure("fails(0)", 100).traceback())
                .contains("tools.jsh:8 | return 1 / x;", "    at fails(tools.jsh:8)", "    at In[100]:1");
        Files.writeString(script, "int good = 1;\nint bad = missing;\n");
        assertThat(cells.failure("%run " + script, 101).message()).startsWith("tools.jsh:2: cannot find symbol");
        Files.writeString(script, "%run " + script);
        assertThat(cells.failure("%run " + script, 102).message()).startsWith("tools.jsh:1: tools.jsh runs itself");
        assertThat(cells.failure("%run " + script + " 1", 103).message()).contains("takes arguments");
    }

    @Test
    void run_ofAProgram_callsItsMain(@TempDir Path folder) throws IOException {
        Path program = Files.writeString(
                folder.resolve("Hello.java"),
                "package some.where;\n\npublic class Hello {\n    public static void main(String[] args) {\n"
                        + "        System.out.println(\"Hello \" + String.join(\" and \", args));\n    }\n}\n");
        String cell = "%run " + program + " Ada \"Grace H.\"";
        cells.value(cell, 920);
        assertThat(cells.out).isEqualTo("Hello Ada and Grace H.\n");
        assertThat(cells.value("new Hello() != null")).isEqualTo(true);
        cells.value("%history 920", 921);
        assertThat(cells.out).isEqualTo(cell + "\n");
    }

    @Test
    void run_ofANotebook_runsItsCodeCells(@TempDir Path folder) throws IOException {
        Path notebook = Files.writeString(
                folder.resolve("lib.ipynb"),
                """
                {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
                {"cell_type": "markdown", "source": "# %no"},
                {"cell_type": "code", "source": ["int fromNotebook = 5;\\n", "fromNotebook"]},
                {"cell_type": "code", "source": "%%bash\\necho in bash"},
                {"cell_type": "code", "source": "int more = 1;\\nmore / (more - 1)"}]}
                """);
        Outcome.Failed failed = cells.failure("%run " + notebook, 104);
        assertThat(cells.out).isEqualTo("in bash\n");
        assertThat(failed.traceback()).contains("lib.ipynb, cell 3:2 | more / (more - 1)");
        assertThat(cells.value("fromNotebook + more")).isEqualTo(6);
        Files.writeString(notebook, "{");
        assertThat(cells.failure("%run " + notebook, 105).message()).contains("is no notebook");
    }

    @Test
    void startUp_runsBeforeTheFirstCell_andItsErrorsAreSaid(@TempDir Path folder) throws IOException {
        Path good = Files.writeString(
                folder.resolve("good.jsh"),
                "import java.time.*;\nint fromStartUp() {\n    return 1 / zero;\n}\nint zero = 1;\n");
        Path bad = Files.writeString(folder.resolve("bad.jsh"), "int first = 1;\nint second = missing;\n");
        SessionSettings settings = new SessionSettings(
                List.of("-Xlint:deprecation"),
                List.of(bad, folder.resolve("absent.jsh"), good),
                List.of("something is wrong"));
        try (SessionFixture session = new SessionFixture(settings)) {
            assertThat(session.value("fromStartUp() + first")).isEqualTo(2);
            assertThat(session.err)
                    .contains(
                            "note: something is wrong",
                            bad + " did not come to its end:",
                            "bad.jsh:2: cannot find symbol")
                    .contains(folder.resolve("absent.jsh") + " did not come to its end:");
            session.value("zero = 0;");
            assertThat(session.err).isEmpty();
            assertThat(session.failure("fromStartUp()", 7).traceback()).contains("good.jsh:3 | return 1 / zero;");
            session.value("\nint old = new Integer(\"3\");", 8);
            assertThat(session.err).contains("In[8]:2: warning: ", "Integer");
        }
    }

    @Test
    void startUp_thatWasStopped_isSaid(@TempDir Path folder) throws Exception {
        Path slow = Files.writeString(
                folder.resolve("slow.jsh"),
                "System.setProperty(\"manyjvm.test.slow\", \"\");\nThread.sleep(100_000);\nint late = 1;\n");
        try (SessionFixture session = new SessionFixture(new SessionSettings(List.of(), List.of(slow), List.of()))) {
            Thread stopper = stopWhenSet(session, "manyjvm.test.slow");
            assertThat(session.run("1 + 1")).isInstanceOf(Outcome.Interrupted.class);
            stopper.join();
            assertThat(session.err)
                    .contains(
                            slow + " did not come to its end:", "it was stopped; %run \"" + slow + "\" runs it again");
            assertThat(session.value("1 + 1")).isEqualTo(2);
        }
    }

    /** Code of the session's sets the property, which is removed. */
    private static Thread stopWhenSet(SessionFixture session, String property) {
        Thread stopper = new Thread(() -> {
            while (System.clearProperty(property) == null) {
                Thread.onSpinWait();
            }
            session.session.interrupt();
        });
        stopper.start();
        return stopper;
    }

    @Test
    void javac_processorsThatFailOrHang_areNamedAndStopped(@TempDir Path folder) throws Exception {
        String head = "package own;\n@javax.annotation.processing.SupportedAnnotationTypes(\"*\")\n"
                + "public class P extends javax.annotation.processing.AbstractProcessor {\n"
                + "public boolean process(java.util.Set<? extends javax.lang.model.element.TypeElement> types,"
                + " javax.annotation.processing.RoundEnvironment round) {\n";
        String throwing = processor(folder.resolve("a"), head + "throw new IllegalStateException(\"own fault\"); }}");
        String sleeping = processor(
                folder.resolve("b"),
                head + "System.setProperty(\"manyjvm.test.processing\", \"\");\n"
                        + "try { Thread.sleep(100_000); } catch (InterruptedException e) { throw new RuntimeException(e); }\n"
                        + "return false; }}");
        try (SessionFixture session = new SessionFixture()) {
            long before = compiledFolders();
            assertThat(session.failure("%%javac -processorpath " + throwing + "\npackage a;\nclass A {}")
                            .message())
                    .contains(
                            "an annotation processor of the added jars failed: java.lang.IllegalStateException: own fault");
            Thread stopper = stopWhenSet(session, "manyjvm.test.processing");
            assertThat(session.run("%%javac -processorpath " + sleeping + "\npackage a;\nclass A {}"))
                    .isInstanceOf(Outcome.Interrupted.class);
            stopper.join();
            session.failure("%%javac\npackage a;\nclass A { int x = missing; }");
            assertThat(compiledFolders()).isEqualTo(before);
            session.value("%%javac\npackage a;\nclass A {}");
            assertThat(compiledFolders()).isEqualTo(before + 1);
        }
    }

    /** A folder with the compiled processor {@code own.P} and its registration. */
    private static String processor(Path folder, String source) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve("javax.annotation.processing.Processor"), "own.P");
        Path file = Files.writeString(folder.resolve("P.java"), source);
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-proc:none", "-d", folder.toString(), file.toString()))
                .isZero();
        return folder.toString();
    }

    private static long compiledFolders() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("manyjvm-classes-"))
                    .count();
        }
    }

    @Test
    void reset_forgetsAllThatCellsHaveDefined() throws Exception {
        try (SessionFixture session = new SessionFixture()) {
            session.imports.add("import java.time.Duration;");
            session.value(
                    "import java.awt.Point;\nimport java.awt.geom.*;\nint count = 3;\nint twice(int x) { return x * count; }\n"
                            + "record Duration(int x) {}\nvar held = new Object() {};\nsealed interface Tree {}\nrecord Leaf() implements Tree {}\n"
                            + "record Node(Tree a) implements Tree {}\nvar weak = new java.lang.ref.WeakReference<>(new int[1 << 20]);\n"
                            + "var strong = weak.get();\ntwice(2)");
            var weak = (java.lang.ref.WeakReference<?>) session.value("weak");
            assertThat(session.failure("%reset").message()).contains("%reset -f");
            assertThat(session.value("%reset -f\n1 + 1")).isEqualTo(2);
            assertThat(session.out).startsWith("Forgotten: ");
            session.value("%who");
            assertThat(session.out).isEmpty();
            for (String gone :
                    List.of("count", "twice(1)", "held", "new Leaf()", "new Point(1, 2)", "Area a = null;", "$1")) {
                assertThat(session.failure(gone).message()).as(gone).contains("cannot find symbol");
            }
            assertThat(session.value("Duration.ofSeconds(3).toMillis()")).isEqualTo(3000L);
            assertThat(session.value(
                            "String count = \"new\";\nint twice(String s) { return 2 * s.length(); }\ntwice(count)"))
                    .isEqualTo(6);
            for (int i = 0; weak.get() != null && i < 100; i++) {
                System.gc();
                Thread.sleep(10);
            }
            assertThat(weak.get()).isNull();
        }
    }

    @Test
    void javac_runsLomboksProcessor_whichCellsCannot() throws Exception {
        try (SessionFixture session = new SessionFixture()) {
            session.value("%classpath \"" + System.getProperty("manyjvm.lombok") + "\"");
            session.value(
                    "%%javac\npackage people;\nimport lombok.*;\n@Data public class Person {\n    private final String name;\n"
                            + "    private int age;\n}\n@Value class Place { int x, y; }");
            assertThat(session.out).isEqualTo("compiled people.Person, people.Place; import people.*;\n");
            assertThat(session.value(
                            "import people.*;\nvar ada = new Person(\"Ada\");\nada.setAge(36);\nada.toString()"))
                    .isEqualTo("Person(name=Ada, age=36)");
            assertThat(session.failure("%%javac\npackage people;\npublic class Person { int other; }")
                            .message())
                    .contains("people.Person is there already");
            Outcome.Failed failed =
                    session.failure("%%javac\npackage people;\n\nclass Wrong {\n    int x = missing;\n}", 9);
            assertThat(failed.message()).isEqualTo("In[9]:1: javac found 1 error");
            assertThat(failed.traceback().stream().map(String::strip))
                    .contains("In[9]:5: cannot find symbol", "int x = missing;", "^^^^^^^");
            assertThat(session.failure("%%javac\nclass NoPackage {}").message()).contains("needs a package");
            assertThat(session.failure("%%javac --no-such\npackage a;\nclass A {}")
                            .message())
                    .contains("--no-such");
            session.value("import lombok.*;\n@Data class Here { int age; }");
            assertThat(session.failure("new Here().getAge()").traceback().toString())
                    .contains("compile the class by %%javac");
        }
    }

    @Test
    void history_listsTheCells() {
        cells.run("// a cell\nint seven = 7;", 907);
        cells.run("seven++", 908);
        cells.run("%history 907-908", 909);
        assertThat(cells.out).isEqualTo("// a cell\nint seven = 7;\nseven++\n");
        cells.run("%history -n -l 2", 910);
        assertThat(cells.out).isEqualTo("In[908]: seven++\nIn[909]: %history 907-908\n");
        cells.run("%history -g SEVEN -l 2", 911);
        assertThat(cells.out).contains("int seven = 7;");
        assertThat(cells.failure("%history -x", 912).message()).contains("%history has no -x");
    }

    @Test
    void impossibleAndHelp_areSaid() {
        assertThat(cells.failure("%cd /tmp", 93).message()).contains("a JVM cannot change its working directory");
        cells.value("%pwd");
        assertThat(cells.out).isEqualTo(Path.of("").toAbsolutePath() + "\n");
        cells.value("%help");
        assertThat(cells.out).contains("!COMMAND", "%timeit [-n", "%%writefile");
        cells.value("%help timeit");
        assertThat(cells.out).startsWith("%timeit [-n");
        assertThat(cells.failure("%help timit", 94).message()).endsWith("did you mean %timeit?");
        assertThat(cells.session.isComplete("!ls -l").state()).isEqualTo(State.COMPLETE);
        assertThat(cells.session.complete("%%wri", 5).matches()).containsExactly("%%writefile");
    }
}
