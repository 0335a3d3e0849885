package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import manyjvm.kernel.runner.Execution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The magics as a notebook's user meets them. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class MagicsIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run("int f(int x) { return x * x; }");
        notebook.run("int add(int a, int b) { return a + b; }");
        notebook.run("void hello(String name) { System.out.println(\"hello \" + name); }");
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    @Test
    void poolMap_assigned_isAListOfTheResultType() throws Exception {
        notebook.run("var r = %pool map f 0..9");

        assertThat(notebook.value("r")).isEqualTo("[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]");
        assertThat(notebook.value("int total = 0; for (int x : r) { total += x; } total"))
                .isEqualTo("285");
    }

    @Test
    void poolMap_allWaysToNameAFunction_agree() throws Exception {
        notebook.run("Function<Integer, Integer> twice = x -> 2 * x;");

        assertThat(notebook.value("%pool map (x -> x * 2) range(3)")).isEqualTo("[0, 2, 4]");
        assertThat(notebook.value("%pool map x -> x * 2 0..2")).isEqualTo("[0, 2, 4]");
        assertThat(notebook.value("%pool map twice List.of(0, 1, 2)")).isEqualTo("[0, 2, 4]");
        assertThat(notebook.value("%pool map Math::abs new int[] {-1, 2}")).isEqualTo("[1, 2]");
        assertThat(notebook.value("%pool map f IntStream.range(0, 3)")).isEqualTo("[0, 1, 4]");
        assertThat(notebook.value("%pool map String::length List.of(\"a b\", \"--c\")"))
                .isEqualTo("[3, 3]");
    }

    @Test
    void poolMap_withOptions_works() throws Exception {
        assertThat(notebook.value("%pool map f 0..3 --chunk 1 --timeout 60s --retries 1"))
                .isEqualTo("[0, 1, 4, 9]");
        notebook.run("%pool map f 0..3 --async --out later");
        assertThat(notebook.value("later.get()")).isEqualTo("[0, 1, 4, 9]");
        notebook.run("var unordered = %pool map f 0..3 --unordered");
        assertThat(notebook.value("unordered.stream().sorted().toList()")).isEqualTo("[0, 1, 4, 9]");
    }

    @Test
    void poolOtherCalls_work() throws Exception {
        assertThat(notebook.value("%pool starmap add zip(List.of(1, 2), repeat(10))"))
                .isEqualTo("[11, 12]");
        assertThat(notebook.value("%pool apply f 20")).isEqualTo("400");
        assertThat(notebook.value("%pool apply add 1 2")).isEqualTo("3");
        assertThat(notebook.value("%pool apply (() -> f(3) + 1)")).isEqualTo("10");
        assertThat(notebook.run("%pool apply hello \"you\"").stdout()).contains("hello you");
        notebook.run("var stream = %pool imap f Stream.iterate(0, x -> x + 1)");
        assertThat(notebook.value("List.of(stream.next(), stream.next(), stream.next())"))
                .isEqualTo("[0, 1, 4]");
        notebook.run("stream.close();");
    }

    @Test
    void poolMapCell_withReturn_isTheFunction() throws Exception {
        notebook.run("%%pool map x : 0..3 --out cubes\nint y = x * x;\nreturn y * x;");

        assertThat(notebook.value("cubes.get(3) + 1")).isEqualTo("28");
    }

    @Test
    void poolMapCell_withoutReturn_givesNulls() throws Exception {
        Execution execution = notebook.run("%%pool map x : List.of(\"a\", \"b\")\nSystem.out.println(\"item \" + x);");

        assertThat(execution.stdout()).contains("item a", "item b");
        assertThat(execution.result()).contains("[null, null]");
        Execution early =
                notebook.run("%%pool map x : 0..1\nif (x == 0) {\n    return;\n}\nSystem.out.println(\"not \" + x);");
        assertThat(early.stdout()).contains("not 1").doesNotContain("not 0");
    }

    @Test
    void poolEachCell_runsOnceOnEveryWorker() throws Exception {
        notebook.run("%pool start 2 --name pair");

        Execution execution = notebook.run("%%pool each --pool pair\nSystem.out.println(\"here\");");

        assertThat(execution.stdout().lines().sorted()).containsExactly("[1] here", "[2] here");
        notebook.run("%pool close pair");
    }

    @Test
    void poolStart_named_isAVariableAndShownByStatus() throws Exception {
        notebook.run(
                "%pool start 2 --name batch --heap 200m --init (System.setProperty(\"mark\", \"yes\")) --output grouped");

        assertThat(notebook.value("batch.map(x -> System.getProperty(\"mark\"), range(1))"))
                .isEqualTo("[yes]");
        assertThat(notebook.value("%pool map f 0..2 --pool batch")).isEqualTo("[0, 1, 4]");
        assertThat(notebook.value("batch.apply(() -> Runtime.getRuntime().maxMemory() <= 200L << 20)"))
                .isEqualTo("true");
        assertThat(notebook.value("%pool status batch")).contains("batch", "processes", "grouped");
        notebook.run("%pool output live batch");
        assertThat(notebook.value("%pool status")).containsPattern("batch +running +processes +live");
        notebook.run("%pool interrupt batch");
        notebook.run("%pool restart batch");
        assertThat(notebook.value("%pool map f 0..2 --pool batch")).isEqualTo("[0, 1, 4]");
        notebook.run("%pool terminate batch");
        assertThat(notebook.value("%pool status")).doesNotContain("batch");
        assertThat(notebook.value("batch.isShutdown()")).isEqualTo("true");
    }

    @Test
    void poolUnknownName_saysWhichThereAre() throws Exception {
        notebook.run("%pool map f 0..1");

        assertThat(notebook.error("%pool status nowhere"))
                .contains("there is no pool named 'nowhere'")
                .contains("default");
    }

    @Test
    void poolMistake_isOneErrorAndTheKernelGoesOn() throws Exception {
        assertThat(notebook.error("%pool mpa f 0..9")).contains("MagicError").contains("did you mean 'map'");
        assertThat(notebook.error("%pool map f 0..9 --chnk 2")).contains("did you mean '--chunk'");
        assertThat(notebook.error("%pool map add 0..9")).contains("starmap");
        assertThat(notebook.value("1 + 1")).isEqualTo("2");
    }

    @Test
    void process_line_runsInAnotherJvmAndWaits() throws Exception {
        Execution execution = notebook.run("%process System.out.println(\"pid \" + ProcessHandle.current().pid())");

        assertThat(execution.stdout()).matches("pid \\d+\\R");
        assertThat(execution.stdout())
                .isNotEqualTo("pid " + notebook.client().kernel().pid() + "\n");
        assertThat(execution.result()).isEmpty();
    }

    @Test
    void process_exitCodeNotZero_isAnErrorThatNamesIt() throws Exception {
        assertThat(notebook.error("%process System.exit(5)")).contains("exit code 5");
        Execution thrown = notebook.client().execute("%process f(Integer.parseInt(\"x\"))", NotebookKernel.LONG);
        assertThat(thrown.status()).isEqualTo("error");
        assertThat(thrown.stderr()).contains("NumberFormatException");
        assertThat(notebook.error("%process Thread.sleep(60_000) --timeout 500ms"))
                .contains("took longer than its --timeout of 0.5 s and was killed");
    }

    @Test
    void processCell_several_haveTheirRank() throws Exception {
        Execution execution = notebook.run("%%process -n 3\nSystem.out.println(\"rank \" + rank);");

        assertThat(execution.stdout().lines().sorted()).containsExactly("rank 0", "rank 1", "rank 2");
    }

    @Test
    void processAsync_canBeListedKilledAndJoined() throws Exception {
        notebook.run("%%process dreamer --async --out dream\nThread.sleep(600_000);");

        assertThat(notebook.value("%process list")).containsPattern("dreamer +\\d+ +runs");
        notebook.run("%process kill dreamer");
        notebook.run("%process join dream --timeout 60s");
        assertThat(notebook.value("%process list")).containsPattern("dreamer +\\d+ +failed +-9");
        assertThat(notebook.error("%process join nobody")).contains("there is no process named 'nobody'");
    }

    @Test
    void processStack_ofADeadlock_namesTheThreadsAndTheCellsLines() throws Exception {
        notebook.run(
                """
                class Account { final java.util.concurrent.CountDownLatch both; Account(java.util.concurrent.CountDownLatch both) { this.both = both; } }
                void transfer(Account from, Account to) {
                    synchronized (from) {
                        from.both.countDown();
                        try { from.both.await(); } catch (InterruptedException e) { return; }
                        synchronized (to) { System.out.println("never"); }
                    }
                }
                """);
        notebook.run(
                """
                %%process bank --async
                var both = new java.util.concurrent.CountDownLatch(2);
                var mine = new Account(both);
                var yours = new Account(both);
                var left = new Thread(() -> transfer(mine, yours), "left");
                var right = new Thread(() -> transfer(yours, mine), "right");
                left.start();
                right.start();
                left.join();
                """);
        String stack = notebook.value("%process stack bank");
        while (!stack.contains("Deadlock")) { // until both threads are there
            stack = notebook.value("%process stack bank");
        }
        assertThat(stack)
                .startsWith("bank (pid ")
                .containsPattern("\"left\" waits for Account@\\w+, which \"right\" holds")
                .containsPattern("at notebook\\.transfer\\(In\\[\\d+\\]:6\\)")
                .doesNotContain("REPL")
                .doesNotContain("manyjvm.parallel");
        notebook.run("%process kill bank");
        assertThat(notebook.error("%process stack bank")).contains("has ended");
    }

    @Test
    void processStack_ofAPoolsWorker_isByPoolAndNumber() throws Exception {
        notebook.run("%pool start 1 --name stuck");
        notebook.run("int spin(int x) {\n    while (true) { x++; }\n}");
        notebook.run("var never = stuck.applyAsync(() -> spin(1));");
        String stack = notebook.value("%process stack stuck/1");
        while (!stack.contains("spin")) {
            stack = notebook.value("%process stack stuck/1");
        }
        assertThat(stack).containsPattern("at notebook\\.spin\\(In\\[\\d+\\]:2\\)");
        assertThat(notebook.error("%process stack stuck/2")).contains("has no worker 2: its only worker is 1");
        notebook.run("%pool terminate stuck");
    }

    @Test
    void queue_isAVariableThatWorkersShare() throws Exception {
        notebook.run("%queue create jobs 10");
        notebook.run("%queue put jobs List.of(1, 2)");
        notebook.run("%process jobs.put(\"from the process\")");

        assertThat(notebook.value("%queue size jobs")).isEqualTo("2");
        assertThat(notebook.value("%queue list")).contains("jobs");
        assertThat(notebook.value("%queue get jobs")).isEqualTo("[1, 2]");
        assertThat(notebook.value("jobs.get()")).isEqualTo("from the process");
        assertThat(notebook.error("%queue get jobs --timeout 100ms"))
                .contains("TimeoutException")
                .contains("stayed empty");
        notebook.run("%queue close jobs");
        assertThat(notebook.value("%queue list")).doesNotContain("jobs");
    }

    @Test
    void usage_byQuestionMarkAndHelp_isShown() throws Exception {
        assertThat(notebook.run("%pool?").toString()).contains("%pool map FN ITEMS");
        assertThat(notebook.run("%process --help").toString()).contains("%process EXPR");
    }
}
