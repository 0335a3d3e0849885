package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import manyjvm.kernel.runner.ExecuteRequest;
import manyjvm.kernel.runner.Execution;
import manyjvm.kernel.runner.JupyterClient.Conversation;
import manyjvm.kernel.runner.JupyterClient.Received;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cells in code that heeds no interrupt: a stop says so, and where. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StuckCellIT {
    private static final String REST =
            ". Java cannot end a thread from outside: this cell, and those after it, wait until it ends"
                    + " by itself or the kernel is restarted. Run by %process, any code can be stopped.\n";

    @TempDir
    Path folder;

    private interface Release {
        void run() throws Exception;
    }

    @Test
    void stop_ofCodeThatHeedsNoInterrupt_tellsOnceWhereItIs() throws Exception {
        Path pipe = folder.resolve("pipe");
        Path freed = folder.resolve("freed");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        try (NotebookKernel notebook = new NotebookKernel()) {
            int port = Integer.parseInt(notebook.value("var server = new ServerSocket(0);\nserver.getLocalPort()"));
            assertStuck(
                    notebook,
                    "int accepted() throws Exception {\n    System.out.println(\"there\"); return server.accept().getPort();\n}\naccepted();",
                    ":2 is still running: java.net.ServerSocket.accept ignores interrupts" + REST,
                    () -> new Socket(InetAddress.getLoopbackAddress(), port).close());
            assertStuck(
                    notebook,
                    "{ System.out.println(\"there\"); new FileInputStream(\"" + pipe + "\").read(); }",
                    ":1 is still running: new java.io.FileInputStream ignores interrupts" + REST,
                    () -> {
                        try (OutputStream out = Files.newOutputStream(pipe)) {
                            out.write(1);
                        }
                    });
            notebook.run(
                    "var held = new java.util.concurrent.locks.ReentrantLock();\nvar taken = new CountDownLatch(1);\n"
                            + "Thread holder = new Thread(() -> {\n    held.lock();\n    synchronized (held) {\n        taken.countDown();\n"
                            + "        while (!Files.exists(Path.of(\"" + freed
                            + "\"))) { Thread.onSpinWait(); }\n    }\n    held.unlock();\n"
                            + "}, \"holder\");\nholder.start();\ntaken.await();");
            assertStuck(
                    notebook,
                    "{ System.out.println(\"there\");\nsynchronized (held) { System.out.println(2); } }",
                    ":2 is still running, and the java.util.concurrent.locks.ReentrantLock that it waits for is held by the thread holder"
                            + REST,
                    () -> Files.createFile(freed));
            List<ProcessHandle> workers = notebook.workers();
            try (Conversation endless = notebook.client()
                    .begin(new ExecuteRequest(
                            "{ System.out.println(\"there\"); LongStream.range(0, Long.MAX_VALUE).sum(); }"))) {
                stopAndAwait(
                        notebook,
                        endless,
                        ":1 is still running: java.util.stream.LongPipeline.sum ignores interrupts" + REST);
                assertThat(notebook.client().shutdown(NotebookKernel.LONG)).isZero();
            }
            for (ProcessHandle worker : workers) {
                worker.onExit().get(60, TimeUnit.SECONDS);
            }
        }
    }

    /** What the words promise. */
    @Test
    void stop_ofAProcessThatHeedsNoInterrupt_endsIt() throws Exception {
        try (NotebookKernel notebook = new NotebookKernel();
                Conversation cell = notebook.client()
                        .begin(
                                new ExecuteRequest(
                                        "%process { System.out.println(\"there\"); new java.net.ServerSocket(0).accept(); }"))) {
            awaitText(cell, "there");
            notebook.client().interrupt(NotebookKernel.LONG);
            Execution execution = cell.execution(NotebookKernel.LONG, message -> {});
            assertThat(execution.error()).contains("Interrupted: the cell was interrupted");
            assertThat(notebook.value("1 + 1")).isEqualTo("2");
        }
    }

    private static void assertStuck(NotebookKernel notebook, String code, String words, Release release)
            throws Exception {
        try (Conversation cell = notebook.client().begin(new ExecuteRequest(code))) {
            String told = stopAndAwait(notebook, cell, words);
            notebook.client().interrupt(NotebookKernel.LONG);
            release.run();
            Execution execution = cell.execution(NotebookKernel.LONG, message -> {});
            assertThat(execution.error()).contains("Interrupted: the cell was interrupted");
            assertThat(told + execution.stderr()).containsOnlyOnce("is still running");
        }
    }

    /** Stops the cell once it says that it is there, and gives what it wrote to standard error until the words came. */
    private static String stopAndAwait(NotebookKernel notebook, Conversation cell, String words) throws Exception {
        awaitText(cell, "there");
        notebook.client().interrupt(NotebookKernel.LONG);
        StringBuilder told = new StringBuilder();
        while (told.indexOf(words) < 0) {
            Received received = cell.next(NotebookKernel.LONG);
            assertThat(received.message().type())
                    .as(() -> told + "; " + received.message().content())
                    .isNotEqualTo("execute_reply");
            if (received.message().text("name", "").equals("stderr")) {
                told.append(received.message().text("text", ""));
            }
        }
        return told.toString();
    }

    private static void awaitText(Conversation cell, String text) throws Exception {
        StringBuilder seen = new StringBuilder();
        while (seen.indexOf(text) < 0) {
            Received received = cell.next(NotebookKernel.LONG);
            assertThat(received.message().type()).as(() -> seen.toString()).isNotEqualTo("execute_reply");
            seen.append(received.message().text("text", ""));
        }
    }
}
