package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import manyjvm.kernel.runner.ExecuteRequest;
import manyjvm.kernel.runner.Execution;
import manyjvm.kernel.runner.JupyterClient.Conversation;
import manyjvm.kernel.runner.JupyterClient.Received;
import manyjvm.parallel.Parallel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * {@code %%compare} in a real kernel. What it measures on several processors depends on what else they do, so here it is held
 * against itself; on one processor tasks take turns however busy the machine is.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CompareIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run(
                "double slow(int seed) { double x = seed; for (int i = 0; i < 2_000_000; i++) { x += Math.sin(x + i); }"
                        + " return x; }");
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    private static double number(String java) throws Exception {
        return Double.parseDouble(notebook.value(java));
    }

    @Test
    void onOneProcessor_tasksTakeTurns() throws Exception {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "the system cannot pin");
        Execution execution =
                notebook.run("%compare sequential threads processes slow 0..7 --cpus 1 --repeat 2 --out one");
        Execution shown = notebook.run("one");

        for (String way : List.of("threads", "processes")) {
            String run = "one.row(\"" + way + "\", 1).get().median()";
            assertThat(number(run + ".underWay()")).isBetween(1.4, 2.05);
            assertThat(number(run + ".running()")).isBetween(0.2, 1.1);
        }
        assertThat(number("one.row(\"sequential\", 1).get().median().underWay()"))
                .isBetween(0.5, 1.01);
        assertThat(execution.result().or(shown::result).orElseThrow())
                .startsWith("8 items, 2 workers")
                .contains("threads on 1 processor: ", "took turns", "warm-up", "2 times each");
        assertThat(shown.outputs("execute_result").get(0).content().toString())
                .contains("<svg", "currentColor", "item 7: ", "<table>")
                .doesNotContain("<script");
    }

    @Test
    void onOneAndOnAll_rowsAreComplete_andTimesFitTheSpans() throws Exception {
        notebook.run("%%compare threads x : [5, 6, 7, 8] --repeat 1 --out both\nreturn slow(x);");

        int all = Math.min(8, Parallel.cpuCount());
        assertThat(notebook.value("both.rows().stream().map(r -> r.title()).toList()"))
                .isEqualTo(
                        all == 1
                                ? "[threads on 1 processor]"
                                : "[threads on 1 processor, threads on " + all + " processors]");
        assertThat(notebook.value("both.rows().stream().allMatch(r -> r.median().spans().size() == 4"
                        + " && r.median().running() <= r.processors() + 0.1"
                        + " && r.lanes().size() <= Math.max(2, " + all + "))"))
                .isEqualTo("true");
    }

    @Test
    void virtual_needsJdk21_orRuns() throws Exception {
        if (Runtime.version().feature() < 21) {
            assertThat(notebook.error("%compare virtual slow 0..3")).contains("need JDK 21 or newer");
            assertThat(notebook.value("%compare virtual threads slow 0..1 --cpus 1 --repeat 1"))
                    .contains("virtual is left out: virtual threads need JDK 21");
        } else {
            notebook.run("%%compare virtual x : 0..3 --cpus 1 --repeat 1 --out v\nThread.sleep(50);");
            String run = "v.row(\"virtual\", 1).get().median()";
            assertThat(number(run + ".underWay()")).isBetween(1.4, 2.05);
            assertThat(number(run + ".running()")).isLessThan(0.5);
        }
    }

    @Test
    void functionThatFails_endsItWithItsTrace_andLeavesNoProcess() throws Exception {
        notebook.run("int fails(int x) { if (x == 2) { throw new IllegalStateException(\"two\"); } return x; }");
        Execution execution =
                notebook.client().execute("%compare sequential fails 0..3 --cpus 1 --repeat 1", NotebookKernel.LONG);

        assertThat(execution.status()).isEqualTo("error");
        assertThat(execution.stderr()).contains("IllegalStateException: two", "fails(In[");
        assertThat(execution.error().orElseThrow()).contains("the comparison was not finished");
    }

    @Test
    void usedWrongly_saysWhatToWrite() throws Exception {
        assertThat(notebook.error("%compare slow 0..3 --cpus 0")).contains("--cpus says on how many processors");
        assertThat(notebook.error("%compare slow 0..3 --cpus 9999")).contains("not 9999");
        assertThat(notebook.error("%compare slow new ArrayList<Integer>()")).contains("ITEMS is empty");
        assertThat(notebook.error("%compare slwo 0..3")).contains("did you mean 'slow'?");
        assertThat(notebook.error("%%compare x : 7\nreturn x;")).contains("ITEMS is '7'");
        assertThat(notebook.run("%compare?").stdout()).contains("WAYS", "after a");
    }

    @Test
    void interrupted_endsItsProcesses() throws Exception {
        ExecuteRequest endless = new ExecuteRequest("%%compare processes x : 0..3 --cpus 1\n"
                + "System.out.println(\"pid \" + ProcessHandle.current().pid()); Thread.sleep(600_000);");
        long worker;
        try (Conversation cell = notebook.client().begin(endless)) {
            String text = "";
            while (!text.matches("(?s).*pid \\d+\\R.*")) {
                Received received = cell.next(NotebookKernel.LONG);
                assertThat(received.message().type()).isNotEqualTo("execute_reply");
                text += received.message().type().equals("stream")
                        ? received.message().text("text", "")
                        : "";
            }
            worker = Long.parseLong(text.replaceFirst("(?s).*?pid (\\d+)\\R.*", "$1"));
            notebook.client().interrupt(NotebookKernel.LONG);

            assertThat(cell.execution(NotebookKernel.LONG, message -> {}).status())
                    .isEqualTo("error");
        }
        CompletableFuture<?> end = ProcessHandle.of(worker)
                .<CompletableFuture<?>>map(ProcessHandle::onExit)
                .orElse(CompletableFuture.completedFuture(null));
        assertThat(end).succeedsWithin(Duration.ofSeconds(30));
    }
}
