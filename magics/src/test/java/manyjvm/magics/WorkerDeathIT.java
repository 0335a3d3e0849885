package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import manyjvm.kernel.runner.Execution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker that dies takes one task with it, and says why. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class WorkerDeathIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run("var pool = new Pool(2);");
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    @Test
    void map_systemExitInOneTask_failsThatTaskAndThePoolGoesOn() throws Exception {
        notebook.run("int leave(int x) { if (x == 2) System.exit(3); return x; }");

        assertThat(notebook.error("pool.map(x -> leave(x), range(4), 1)")).contains("exit code 3");
        assertThat(notebook.value("pool.map(x -> x + 1, range(4))")).isEqualTo("[1, 2, 3, 4]");
    }

    @Test
    void map_workerKilledBySignal_failsThatTaskAndThePoolGoesOn() throws Exception {
        notebook.run(
                """
                int shoot(int x) throws Exception {
                    if (x == 1) {
                        new ProcessBuilder("sh", "-c", "kill -9 " + ProcessHandle.current().pid()).start().waitFor();
                        Thread.sleep(60_000);
                    }
                    return x;
                }
                """);

        assertThat(notebook.error("pool.map(x -> shoot(x), range(4), 1)")).contains("signal 9 (SIGKILL)");
        assertThat(notebook.value("pool.map(x -> x + 1, range(4))")).isEqualTo("[1, 2, 3, 4]");
    }

    @Test
    void map_workerOutOfMemory_failsThatTaskAndThePoolGoesOn() throws Exception {
        notebook.run("var small = Pool.builder().workers(2).maxHeap(\"64m\").build();");
        notebook.run(
                """
                int fill(int x) {
                    if (x == 1) {
                        List<byte[]> all = new ArrayList<>();
                        while (true) {
                            all.add(new byte[1_000_000]);
                        }
                    }
                    return x;
                }
                """);

        assertThat(notebook.error("small.map(x -> fill(x), range(4), 1)")).containsIgnoringCase("memory");
        assertThat(notebook.value("small.map(x -> x + 1, range(4))")).isEqualTo("[1, 2, 3, 4]");
        notebook.run("small.close();");
    }

    @Test
    void map_taskThrows_showsTheCellsLineOfTheWorker() throws Exception {
        notebook.run("int divide(int x) {\n    return 10 / x;\n}");

        Execution failed = notebook.client().execute("pool.map(x -> divide(x), range(2))", NotebookKernel.LONG);

        assertThat(failed.error().orElseThrow()).contains("TaskFailedException").contains("/ by zero");
        assertThat(NotebookKernel.traceback(failed))
                .containsPattern("divide\\(In\\[\\d+\\]:2\\)")
                .doesNotContain("REPL.$JShell")
                .doesNotContain("manyjvm.parallel.worker");
    }
}
