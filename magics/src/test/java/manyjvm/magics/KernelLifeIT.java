package manyjvm.magics;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
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
            assertThat(allGone).succeedsWithin(Duration.ofSeconds(ORPHAN_SECONDS));
            awaitNothingShared(notebook.client().kernel().pid());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "new Pool(3); System.out.println(\"now\"); Thread.sleep(600_000);", // workers are spawned, some say
                // hello
                "Pool.builder().workers(2).initializer(() -> { System.out.println(\"now\"); while (true) { } }).build().map(x -> x, range(9))",
                "%pool map (x -> { System.out.println(\"now\"); while (true) { } }) range(9)",
                "var p = Pool.builder().workers(2).exitHook(() -> { System.out.println(\"now\"); while (true) { } }).build();"
                        + " p.map(x -> x, range(9)); p.close();",
                "%process { System.out.println(\"now\"); while (true) { } }"
            })
    void sigkillOfTheKernel_inAnyPhase_leavesNoWorkers(String cell) throws Exception {
        try (NotebookKernel notebook = new NotebookKernel()) {
            try (Conversation running = notebook.client().begin(new ExecuteRequest(cell))) {
                awaitText(running, "now");
                long kernel = notebook.client().kernel().pid();
                List<ProcessHandle> workers = notebook.workers();

                notebook.client().kernel().destroyForcibly();

                notebook.client().kernel().onExit().get(30, TimeUnit.SECONDS);
                CompletableFuture<?>[] exits =
                        workers.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
                assertThat(CompletableFuture.allOf(exits)).succeedsWithin(Duration.ofSeconds(ORPHAN_SECONDS));
                assertThat(workersOf(kernel)).isEmpty();
            }
        }
    }

    /** Workers that came up too late to be seen as the kernel's children: each knows the folder it was to work in. */
    private static List<String> workersOf(long kernel) throws Exception {
        String folder = "/dev/shm/manyjvm-" + kernel + "-";
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ORPHAN_SECONDS);
        List<String> left = List.of();
        do {
            left = ProcessHandle.allProcesses()
                    .filter(process -> {
                        try {
                            return Files.readString(Path.of("/proc/" + process.pid() + "/maps"), ISO_8859_1)
                                    .contains(folder);
                        } catch (IOException goneOrNotOurs) {
                            return false;
                        }
                    })
                    .map(process -> process.pid() + " " + process.info())
                    .toList();
        } while (!left.isEmpty() && System.nanoTime() < deadline);
        return left;
    }

    private static void awaitNothingShared(long kernel) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ORPHAN_SECONDS);
        List<Path> folders = foldersOf(kernel);
        while (!folders.isEmpty() && System.nanoTime() < deadline) {
            folders = foldersOf(kernel);
        }
        assertThat(folders).isEmpty();
    }

    private static List<Path> foldersOf(long kernel) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/dev/shm"))) {
            return all.filter(path -> path.getFileName().toString().startsWith("manyjvm-" + kernel + "-"))
                    .toList();
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
