package manyjvm.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import manyjvm.kernel.runner.ExecuteRequest;
import manyjvm.kernel.runner.Execution;
import manyjvm.kernel.runner.JupyterClient;
import manyjvm.kernel.runner.KernelCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole kernel with its real language, as a front end sees it. One kernel serves all tests. */
@Timeout(120)
final class JavaKernelIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private static final ByteArrayOutputStream LOG = new ByteArrayOutputStream();
    private static JupyterClient client;

    @BeforeAll
    static void startKernel() throws Exception {
        client = JupyterClient.start(
                KernelCommand.ofThisJvm(),
                Path.of("").toAbsolutePath(),
                Map.of(),
                new PrintStream(LOG, true, UTF_8),
                Duration.ofSeconds(90));
    }

    @AfterAll
    static void stopKernel() {
        if (client != null) {
            client.close();
        }
        assertThat(LOG.toString(UTF_8)).as("a kernel that works says nothing").isEmpty();
    }

    private static Execution execute(String code) throws Exception {
        Execution execution = client.execute(code, SOON);
        assertThat(execution.error()).isEmpty();
        return execution;
    }

    @Test
    void results_ofJavaExpressions_areReadable() throws Exception {
        assertThat(execute("1 + 1").result()).contains("2");
        assertThat(execute("new int[][] {{1, 2}, {3}}").result()).contains("[[1, 2], [3]]");
        assertThat(execute("int quiet = 3;").result()).isEmpty();
        assertThat(execute("record Point(int x, int y) {}\nnew Point(1, 2)").result())
                .contains("Point[x=1, y=2]");
    }

    @Test
    void valueWhoseToStringThrows_always_isAClearText() throws Exception {
        String code =
                "class Mute { public String toString() { throw new IllegalStateException(\"mute\"); } }\nnew Mute()";

        assertThat(execute(code).result().orElseThrow()).contains("its toString() threw", "mute");
    }

    @Test
    void displayDataRenderable_ofTheUsers_isRendered() throws Exception {
        Execution execution = execute(
                """
                import io.github.spencerpark.jupyter.kernel.display.*;
                class Bold implements DisplayDataRenderable {
                    public void render(RenderContext context) {
                        context.getOutputContainer().putHTML("<b>x</b>");
                    }
                }
                new Bold()
                """);

        JsonObject data = execution.outputs("execute_result").get(0).object("data");
        assertThat(data.get("text/html").getAsString()).isEqualTo("<b>x</b>");
    }

    @Test
    void display_inACell_showsAndUpdates() throws Exception {
        Execution execution = execute("var shown = display(\"*a*\", \"text/markdown\");\nshown.update(\"b\");\nshown");

        assertThat(execution.outputs("display_data").get(0).object("data").has("text/markdown"))
                .isTrue();
        assertThat(execution.outputs("update_display_data")).hasSize(1);
        assertThat(execution.result()).isEmpty();
    }

    @Test
    void image_asAResult_isAPng() throws Exception {
        Execution execution =
                execute("new java.awt.image.BufferedImage(2, 2, java.awt.image.BufferedImage.TYPE_INT_RGB)");

        assertThat(execution.outputs("execute_result").get(0).object("data").has("image/png"))
                .isTrue();
    }

    @Test
    void printing_fromThreadsOfTheCell_isInTheCell() throws Exception {
        Execution execution = execute(
                """
                java.util.stream.IntStream.range(0, 100).parallel().forEach(i -> System.out.println("p" + i));
                var thread = new Thread(() -> System.out.println("from a thread"));
                thread.start();
                thread.join();
                """);

        assertThat(execution.stdout().lines()).hasSize(101).contains("p0", "p99", "from a thread");
    }

    @Test
    void scanner_onStandardInput_asksTheFrontEnd() throws Exception {
        String code =
                """
                var scanner = new java.util.Scanner(System.in);
                System.out.print("Your name: ");
                String name = scanner.nextLine();
                "Hello " + name
                """;
        Execution execution =
                client.execute(new ExecuteRequest(code, false, true, Map.of(), true, true), SOON, received -> {
                    if (received.message().type().equals("input_request")) {
                        client.answer("Ada");
                    }
                });

        assertThat(execution.result()).contains("Hello Ada");
        assertThat(execution.stdout()).isEqualTo("Your name: ");
    }

    @Test
    void interrupt_ofABusyLoop_endsTheCell() throws Exception {
        try (var running = client.begin(new ExecuteRequest("System.out.println(\"in\");\nwhile (true) { }"))) {
            while (!running.next(SOON).message().type().equals("stream")) {
                // The busy and the input come before it.
                continue;
            }
            client.interrupt(SOON);

            assertThat(running.execution(SOON, message -> {}).error())
                    .contains("Interrupted: the cell was interrupted");
        }
        assertThat(execute("1 + 1").result()).contains("2");
    }

    @Test
    void failingCell_always_showsTheUsersFrame() throws Exception {
        Execution execution =
                client.execute("int fail() {\n    throw new IllegalStateException(\"here\");\n}\nfail()", SOON);

        assertThat(execution.error().orElseThrow()).contains("IllegalStateException", "here");
        assertThat(execution.outputs("error").get(0).content().get("traceback").toString())
                .contains("In[");
    }
}
