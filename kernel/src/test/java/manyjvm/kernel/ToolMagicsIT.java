package manyjvm.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import manyjvm.kernel.runner.ExecuteRequest;
import manyjvm.kernel.runner.Execution;
import manyjvm.kernel.runner.JupyterClient;
import manyjvm.kernel.runner.KernelCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The session's own magics as a front end sees them, in one kernel. */
@Timeout(180)
final class ToolMagicsIT {
    private static final Duration SOON = Duration.ofSeconds(90);

    private static JupyterClient client;

    @BeforeAll
    static void startKernel() throws Exception {
        client = JupyterClient.start(KernelCommand.ofThisJvm());
    }

    @AfterAll
    static void stopKernel() {
        if (client != null) {
            client.close();
        }
    }

    private static Execution execute(String code) throws Exception {
        Execution execution = client.execute(code, SOON);
        assertThat(execution.error()).isEmpty();
        return execution;
    }

    @Test
    void load_asksTheFrontEndToReplaceTheCell(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("a.jsh"), "1 + 1\n");

        JsonObject payload = execute("%load " + file)
                .reply()
                .content()
                .getAsJsonArray("payload")
                .get(0)
                .getAsJsonObject();

        assertThat(payload.get("source").getAsString()).isEqualTo("set_next_input");
        assertThat(payload.get("replace").getAsBoolean()).isTrue();
        assertThat(payload.get("text").getAsString()).isEqualTo("// %load " + file + "\n1 + 1\n");
        assertThat(execute("2").reply().content().getAsJsonArray("payload")).isEmpty();
    }

    @Test
    void command_printsWhileItRuns_andAStopEndsAllOfIt() throws Exception {
        String code = "%%bash\necho begun\n(sleep 4720; echo never) | cat\necho never";
        try (var running = client.begin(new ExecuteRequest(code))) {
            while (!running.next(SOON).message().text("text", "").contains("begun")) {
                continue; // busy and input come before it, and the text while the command goes on
            }
            assertThat(client.kernel().descendants()).isNotEmpty();
            client.interrupt(SOON);
            Execution execution = running.execution(SOON, message -> {});
            assertThat(execution.error()).contains("Interrupted: the cell was interrupted");
            assertThat(execution.stdout()).doesNotContain("never");
        }
        assertThat(client.kernel().descendants()).isEmpty();
        assertThat(execute("!cat; echo \"no input: $?\"").stdout()).isEqualTo("no input: 0\n");
    }

    @Test
    void measuring_canBeStopped() throws Exception {
        execute("int slow() throws Exception { Thread.sleep(20); System.out.println(\"in\"); return 1; }");
        try (var running = client.begin(new ExecuteRequest("%timeit slow()"))) {
            while (!running.next(SOON).message().type().equals("stream")) {
                continue;
            }
            client.interrupt(SOON);
            assertThat(running.execution(SOON, message -> {}).error())
                    .contains("Interrupted: the cell was interrupted");
        }
        try (var running =
                client.begin(new ExecuteRequest("System.out.println(\"in\");\n%timeit -n 100_000_000_000 1 + 1"))) {
            while (!running.next(SOON).message().type().equals("stream")) {
                continue;
            }
            client.interrupt(SOON);
            assertThat(running.execution(SOON, message -> {}).error())
                    .contains("Interrupted: the cell was interrupted");
        }
    }

    @Test
    void times_areOfTheCode() throws Exception {
        Execution timed = execute("%%time\nThread.sleep(300);\n\"done\"");
        assertThat(timed.result()).contains("done");
        assertThat(timed.stdout()).startsWith("Wall time: 3");
        assertThat(execute("var t = %timeit -r 2 -n 1 Thread.sleep(30)\nt.nanos() >= 30e6")
                        .result())
                .contains("true");
    }
}
