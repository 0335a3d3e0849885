package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import manyjvm.kernel.runner.ExecuteRequest;
import manyjvm.kernel.runner.JupyterClient.Channel;
import manyjvm.kernel.runner.JupyterClient.Conversation;
import manyjvm.kernel.runner.JupyterClient.Received;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers never outlive what they work for, and never hold it up. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KernelLifeIT {
    private static final int ORPHAN_SECONDS = 3;

    @ParameterizedTest
    @ValueSource(
            strings = {
                // A task that heeds interrupts, one that is deaf to them, and work that the cell does not wait for.
                "pool.map(x -> { System.out.println(\"busy\"); Thread.sleep(60_000); return x; }, range(8))",
                "pool.map(x -> { System.out.println(\"busy\"); long n = 0; while (n >= 0) { n = (n + 1) & 0xff; } return n; }, range(8))",
                "pool.applyAsync(() -> { System.out.println(\"busy\"); Thread.sleep(60_000); return 1; }).get()"
            })
    void interrupt_cellWaitsForBusyWorkers_kernelIsUsableAtOnce(String busy) throws Exception {
        try (NotebookKernel notebook = new NotebookKernel()) {
            notebook.run("var pool = new Pool(2);");
            try (Conversation cell = notebook.client().begin(new ExecuteRequest(busy))) {
                awaitText(cell, "busy");
                notebook.client().interrupt(NotebookKernel.LONG);

                assertThat(cell.execution(NotebookKernel.LONG, message -> {}).status())
                        .isEqualTo("error");
            }
            assertThat(notebook.value("1 + 1")).isEqualTo("2");
            assertThat(notebook.value("pool.map(x -> x + 1, range(3))")).isEqualTo("[1, 2, 3]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shutdown", "restart", "SIGKILL", "SIGTERM"})
    void end_ofTheKernel_leavesNoWorkers(String how) throws Exception {
        try (NotebookKernel notebook = new NotebookKernel()) {
            notebook.run("var pool = new Pool(2); pool.map(x -> x, range(4), 1);");
            notebook.run("var process = new Process(() -> Thread.sleep(600_000)).start();");
            notebook.run("var later = pool.applyAsync(() -> { while (true) { } });");
            List<ProcessHandle> workers = notebook.workers();
            assertThat(workers).hasSizeGreaterThanOrEqualTo(3);

            end(notebook, how);

            CompletableFuture<?>[] exits =
                    workers.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
            CompletableFuture<Void> allGone = CompletableFuture.allOf(exits);
            notebook.client().kernel().onExit().get(30, TimeUnit.SECONDS);
            assertThat(allGone).succeedsWithin(java.time.Duration.ofSeconds(ORPHAN_SECONDS));
        }
    }

    @Test
    void close_unusedPool_leavesTheKernelQuickToEnd() throws Exception {
        try (NotebookKernel notebook = new NotebookKernel()) {
            notebook.run("var pool = new Pool(1);");

            assertThat(notebook.client().shutdown(NotebookKernel.LONG)).isZero();
        }
    }

    @Test
    void pool_afterTheNotebookRested_isMadeOfJvmsThatStoodBy() throws Exception {
        try (NotebookKernel notebook = new NotebookKernel()) {
            notebook.run("1 + 1");
            List<ProcessHandle> standbys = notebook.workers();
            while (standbys.isEmpty()) { // the time limit of this class ends it
                TimeUnit.MILLISECONDS.sleep(20);
                standbys = notebook.workers();
            }
            String pid = notebook.value("new Pool(1).apply(() -> ProcessHandle.current().pid())");
            assertThat(standbys)
                    .extracting(standby -> String.valueOf(standby.pid()))
                    .contains(pid);
        }
    }

    private static void end(NotebookKernel notebook, String how) {
        switch (how) {
            case "SIGKILL" -> notebook.client().kernel().destroyForcibly();
            case "SIGTERM" -> notebook.client().kernel().destroy();
            default -> {
                JsonObject content = new JsonObject();
                content.addProperty("restart", how.equals("restart"));
                notebook.client().send(Channel.CONTROL, "shutdown_request", content);
            }
        }
    }

    private static void awaitText(Conversation cell, String text) throws InterruptedException, TimeoutException {
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf(text) < 0) {
            Received received = cell.next(NotebookKernel.LONG);
            if (received.message().type().equals("execute_reply")) {
                throw new AssertionError("the cell ended: " + received.message().content());
            }
            if (received.message().type().equals("stream")) {
                seen.append(received.message().text("text", ""));
            }
        }
    }
}
