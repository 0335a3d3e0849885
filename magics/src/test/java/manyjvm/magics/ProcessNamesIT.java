package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import manyjvm.kernel.runner.Execution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code %%process} gives back, and how pools and processes are named and listed, whoever made them. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ProcessNamesIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run("int f(int x) { return x * x; }");
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    @Test
    void cellThatReturnsAValue_givesIt() throws Exception {
        notebook.run("%%process --out got\nreturn 11;");
        assertThat(notebook.value("got + 1")).isEqualTo("12");
        assertThat(notebook.value("%%process\nreturn Map.of(\"a\", f(2));")).isEqualTo("{a=4}");
        notebook.run("%%process --out some\nif (f(2) > 5) {\n    return List.of(1);\n}");
        assertThat(notebook.value("some == null")).isEqualTo("true");
        notebook.run("%%process -n 2 --out many\nreturn rank * 10;");
        assertThat(notebook.value("many")).isEqualTo("[0, 10]");
    }

    @Test
    void cellThatReturnsAValue_asynchronously_canBeWaitedFor() throws Exception {
        notebook.run("%%process dozer --async --out later\nThread.sleep(50);\nreturn f(7);");
        assertThat(notebook.value("later.get()")).isEqualTo("49");
        assertThat(notebook.value("later")).isEqualTo("dozer (exit code 0): 49");
        notebook.run("%%process -n 2 --out all --async\nreturn rank;");
        assertThat(notebook.value("all.get(0).get() + all.get(1).get()")).isEqualTo("1");
        notebook.run("%%process --out never --async\nThread.sleep(600_000);\nreturn 1;");
        notebook.run("%process kill never");
        assertThat(notebook.error("never.get()"))
                .contains("was ended by signal 9 (SIGKILL). If nobody killed it, the system ran out of memory");
    }

    @Test
    void cellThatReturnsNothing_givesItsProcess() throws Exception {
        notebook.run("%%process --out early\nif (f(2) > 3) {\n    return;\n}\nSystem.out.println(\"no\");");
        assertThat(notebook.value("early")).contains("exit code 0");
        notebook.run("%%process --out inner\nSupplier<Integer> s = () -> { return 3; };\nSystem.out.println(s.get());");
        assertThat(notebook.value("inner")).contains("exit code 0");
        assertThat(notebook.error("%%process --out bad\nif (f(1) == 1) throw new Exception(\"boo\");\nreturn 3;"))
                .contains("exit code 1");
        assertThat(notebook.error("%%process\nif (f(1) == 1) return;\nreturn 5;"))
                .contains("returns a value in one place and nothing in another");
    }

    @Test
    void processLine_takesExpressionsAndStatements() throws Exception {
        notebook.run("%process 1 + 1");
        notebook.run("%process () -> 1 + 1");
        notebook.run("%process ( () -> \"a\" + 1 )");
        notebook.run("%process () -> { int one = 1; System.out.println(one); }");
        notebook.run("%process \"text\"");
        notebook.run("%process int y = f(5)");
        assertThat(notebook.run("%process for (int i = 0; i < 2; i++) System.out.println(\"at \" + i)")
                        .stdout())
                .contains("at 0", "at 1");
        assertThat(notebook.error("%process 1 +")).contains("not valid Java").doesNotContain("manyjvm.magics");
        assertThat(notebook.error("%process throw new IllegalStateException(\"x\")"))
                .contains("exit code 1");
    }

    @Test
    void namesThatTheListShows_canBeUsed() throws Exception {
        String name = notebook.value("%process Thread.sleep(600_000) --async").replaceAll(" .*", "");
        assertThat(name).matches("Process-\\d+");
        assertThat(notebook.value("%process list")).containsPattern(name + " +\\d+ +runs");
        assertThat(notebook.value("%process stack " + name)).startsWith(name + " (pid ");
        assertThat(notebook.value("%process stack \"" + name + "\"")).startsWith(name + " (pid ");
        notebook.run("%process interrupt " + name);
        notebook.run("%process join " + name + " --timeout 60s");
        assertThat(notebook.value("%process list")).containsPattern(name + " +\\d+ +failed +1 ");

        notebook.run("var mine = new Process(() -> Thread.sleep(600_000)).start();");
        notebook.run(
                "var other = Process.builder().name(\"sleepy head\").target(() -> Thread.sleep(600_000)).start();");
        notebook.run("int sleeper = 3;\n"
                + "var third = Process.builder().name(\"sleeper\").target(() -> Thread.sleep(600_000)).start();");
        notebook.run("mine.kill();\nmine.join();");
        notebook.run("%process terminate sleepy head");
        notebook.run("%process join 'sleepy head'");
        notebook.run("%process kill sleeper\nthird.join();");
        assertThat(notebook.value("%process list"))
                .containsPattern("Process-\\d+ +\\d+ +failed +-9 +SIGKILL")
                .containsPattern("sleepy head +\\d+ +failed +-15 +SIGTERM")
                .containsPattern("sleeper +\\d+ +failed +-9 +SIGKILL");
        assertThat(notebook.error("%process kill nobody"))
                .contains("there is no process named 'nobody'", "%process list");
        notebook.run("int number = 5;");
        assertThat(notebook.error("%process join number")).contains("the variable 'number' does not hold a process");
    }

    @Test
    void everyPoolOfTheSession_isListedAndNamed() throws Exception {
        notebook.run("var two = new Pool(2);\nfor (int i = 0; i < 2; i++) { new Pool(1); }");
        notebook.run(
                "var threads = Pool.threads(1);\nvar called = Pool.builder().name(\"my pool\").workers(1).build();");
        String status = notebook.value("%pool status");
        assertThat(status).contains("Pool-1", "Pool-2", "Pool-3", "threads", "my pool");
        assertThat(notebook.value("%pool status Pool-1")).contains("Pool-1").doesNotContain("Pool-2");
        assertThat(notebook.value("%pool map f 1..2 --pool Pool-2")).isEqualTo("[1, 4]");
        assertThat(notebook.value("%process list")).containsPattern("Pool-2/1 +\\d+ +idle");
        assertThat(notebook.value("%process stack Pool-2/1")).contains("Pool-2 worker 1");
        assertThat(notebook.error("%process join Pool-2/1")).contains("is a worker of a pool");
        notebook.run("%process kill Pool-2/1");
        assertThat(notebook.value("%pool map f 1..2 --pool \"Pool-2\"")).isEqualTo("[1, 4]");
        notebook.run("%pool terminate \"Pool-2\"");
        notebook.run("%pool close my pool\n%pool close Pool-3");
        notebook.run("two.close();\nthreads.close();");
        assertThat(notebook.value("%pool status")).doesNotContain("Pool-", "my pool");
        notebook.run("int count = 3;");
        assertThat(notebook.error("%pool status count"))
                .contains("the variable 'count' does not hold a pool: it is of type int");
        assertThat(notebook.error("%queue put count 1")).contains("the variable 'count' does not hold a queue");
    }

    @Test
    void queueName_mayStandInQuotes() throws Exception {
        Execution size = notebook.run("%queue create jobs\n%queue put \"jobs\" 1\n%queue size 'jobs'");
        assertThat(size.result()).contains("1");
    }

    @Test
    void whatIsNoExpression_isRunWhereItIsClear_elseExplained() throws Exception {
        notebook.run("int triple(int x) { System.out.println(\"tripled \" + x); return x * 3; }");
        assertThat(notebook.run("%process () -> triple(2)").stdout()).contains("tripled 2");
        assertThat(notebook.run("%process (() -> { triple(4); })").stdout()).contains("tripled 4");
        assertThat(notebook.error("%process x -> x"))
                .contains("calls a lambda without arguments, so x would have no value", "an expression such as f(3)");
        assertThat(notebook.error("%process triple 3")).contains("write the call, as in %process triple(3)");
        assertThat(notebook.error("%process kil Process-1")).contains("did you mean 'kill'?");
        assertThat(notebook.error("%process triple(1) --name here")).doesNotContain("did you mean");
        assertThat(
                        notebook.error(
                                "%%process --heap 40m\nvar all = new ArrayList<byte[]>(); while (true) all.add(new byte[1 << 20]);"))
                .contains("out of memory");
        assertThat(notebook.error("List.of(new Process(() -> {})).forEach(Process::join);"))
                .doesNotContain("neither fits");
    }
}
