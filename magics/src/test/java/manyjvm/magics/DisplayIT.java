package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.imageio.ImageIO;
import manyjvm.kernel.protocol.JupyterMessage;
import manyjvm.kernel.runner.ExecuteRequest;
import manyjvm.kernel.runner.Execution;
import manyjvm.kernel.runner.JupyterClient.Channel;
import manyjvm.kernel.runner.JupyterClient.Conversation;
import manyjvm.kernel.runner.JupyterClient.Received;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What workers display arrives in the cell that submitted the work, in order with what they print. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DisplayIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run("var pool = new Pool(2);");
        notebook.run("var one = new Pool(1);");
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    @Test
    void display_inAMap_bringsAllMimeTypes() throws Exception {
        Execution execution = notebook.run(
                """
                int show(int x) { display("<b>" + x + "</b>", "text/html"); return x; }
                pool.map(x -> show(x), range(4))""");

        assertThat(execution.result()).contains("[0, 1, 2, 3]");
        assertThat(execution.outputs("display_data"))
                .hasSize(4)
                .allSatisfy(message -> assertThat(message.object("data").keySet())
                        .containsExactlyInAnyOrder("text/plain", "text/html"))
                .extracting(message -> message.object("data").get("text/html").getAsString())
                .containsExactlyInAnyOrder("<b>0</b>", "<b>1</b>", "<b>2</b>", "<b>3</b>");
    }

    @Test
    void display_betweenPrints_keepsTheOrder() throws Exception {
        Execution execution = notebook.run(
                """
                one.apply(() -> {
                    System.out.println("a");
                    display(1);
                    System.out.print("half ");
                    display(2);
                    System.err.println("b");
                    display(3);
                    System.out.println("c");
                    return 0;
                });""");

        assertThat(outline(execution))
                .containsExactly("out [1] a", "1", "out [1] half ", "2", "err [1] b", "3", "out [1] c");
    }

    @Test
    void display_valuesOfAllKinds_areRenderedInTheWorker() throws Exception {
        notebook.run("record Point(int x, int y) {}");
        notebook.run("class Where { public String toString() { return \"\" + ProcessHandle.current().pid(); } }");
        notebook.run("class Broken { public String toString() { throw new IllegalStateException(\"no\"); } }");
        notebook.run(
                """
                import io.github.spencerpark.jupyter.kernel.display.*;
                import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
                class Fancy implements DisplayDataRenderable {
                    public Set<MIMEType> getSupportedRenderTypes() { return Set.of(MIMEType.TEXT_HTML); }
                    public void render(RenderContext context) {
                        context.renderIfRequested(MIMEType.TEXT_HTML, () -> "<i>fancy</i>");
                    }
                }""");

        Execution execution = notebook.run(
                """
                var pid = one.apply(() -> {
                    display(new Point(1, 2));
                    display(new int[] {1, 2});
                    display(null);
                    display(Thread.currentThread().getThreadGroup() == null ? "" : "text");
                    display(new Where());
                    display(new Broken());
                    display(new Fancy());
                    display("{\\"a\\": [1]}", "application/json");
                    return ProcessHandle.current().pid();
                });""");

        List<JupyterMessage> shown = execution.outputs("display_data");
        String pid = notebook.value("pid");
        assertThat(outline(execution))
                .hasSize(8)
                .startsWith("Point[x=1, y=2]", "[1, 2]", "null", "text", pid)
                .element(5)
                .asString()
                .contains("its toString() threw java.lang.IllegalStateException: no");
        assertThat(shown.get(6).object("data").get("text/html").getAsString()).isEqualTo("<i>fancy</i>");
        assertThat(shown.get(7).object("data").get("application/json").toString())
                .isEqualTo("{\"a\":[1]}");
    }

    @Test
    void display_largeImage_arrivesWholeThoughTheWorkerHalts() throws Exception {
        notebook.run(
                """
                import java.awt.image.BufferedImage;
                int paint() {
                    var image = new BufferedImage(700, 500, BufferedImage.TYPE_INT_RGB);
                    var random = new Random(1);
                    for (int y = 0; y < 500; y++) for (int x = 0; x < 700; x++) image.setRGB(x, y, random.nextInt());
                    display(image);
                    Runtime.getRuntime().halt(3);
                    return 0;
                }""");

        Execution execution = notebook.client().execute("new Pool(1).apply(() -> paint())", NotebookKernel.LONG);

        assertThat(execution.error())
                .hasValueSatisfying(error -> assertThat(error).contains("WorkerDiedException"));
        String png = execution
                .outputs("display_data")
                .get(0)
                .object("data")
                .get("image/png")
                .getAsString();
        assertThat(png).hasSizeGreaterThan(1_000_000);
        BufferedImage image =
                ImageIO.read(new ByteArrayInputStream(Base64.getMimeDecoder().decode(png)));
        assertThat(image.getRGB(0, 0) & 0xFFFFFF).isEqualTo(new java.util.Random(1).nextInt() & 0xFFFFFF);
    }

    @Test
    void updates_ofDisplaysOfTheCell_andOfTheWorker_redrawInPlace() throws Exception {
        notebook.run("var progress = display(\"0 %\");");

        Execution execution = notebook.run(
                """
                var made = one.apply(() -> {
                    progress.update("50 %");
                    updateDisplay(progress.id(), "<b>100 %</b>", "text/html");
                    return display("new");
                });
                made.update("newer");
                made""");

        List<JupyterMessage> updates = execution.outputs("update_display_data");
        assertThat(updates)
                .extracting(message -> text(message) + " " + id(message))
                .containsExactly(
                        "50 % " + notebook.value("progress.id()"),
                        "<b>100 %</b> " + notebook.value("progress.id()"),
                        "newer " + notebook.value("made.id()"));
        assertThat(execution.outputs("display_data")).hasSize(1);
        assertThat(execution.result()).isEmpty();
    }

    @Test
    void clearOutput_inAWorker_clearsTheSubmittingCell() throws Exception {
        Execution execution = notebook.run(
                """
                one.apply(() -> { System.out.println("gone"); clearOutput(); clearOutput(true); display("left"); return 0; });""");

        assertThat(outline(execution)).containsExactly("out [1] gone", "clear false", "clear true", "left");
    }

    @ParameterizedTest
    @ValueSource(strings = {"input(\"name? \")", "password(\"? \")"})
    void input_inAWorker_saysThatItHasNoKeyboard(String question) throws Exception {
        String error = notebook.error("one.apply(() -> " + question + ")");

        assertThat(error).contains("A worker has no keyboard").contains("in the cell");
    }

    @Test
    void systemIn_inAWorker_isAtItsEnd() throws Exception {
        assertThat(notebook.value("one.apply(() -> System.in.read())")).isEqualTo("-1");
    }

    @Test
    void display_thatCannotBe_isTheTasksFailure() throws Exception {
        assertThat(notebook.error("one.apply(() -> { display(new Object(), \"image/png\"); return 1; })"))
                .contains("java.lang.Object cannot be shown as image/png");
        assertThat(notebook.value("one.apply(() -> 1)")).isEqualTo("1");
    }

    @Test
    void display_inGroupedMode_comesWithItsTasksText() throws Exception {
        notebook.run("var turn = new Event();");
        Execution execution = notebook.run(
                """
                try (var grouped = Pool.builder().workers(2).output(OutputMode.GROUPED).build()) {
                    grouped.map(x -> {
                        System.out.println("before " + x);
                        if (x == 0) turn.await(); else if (x == 2) turn.set();
                        display(x);
                        System.out.println("after " + x);
                        return x;
                    }, range(3), 1);
                }""");

        assertThat(String.join("; ", outline(execution)).replace("\n", "; "))
                .isEqualTo("out before 0; 0; out after 0; before 1; 1; out after 1; before 2; 2; out after 2");
    }

    @Test
    void display_inRawMode_andFromNestedPools_andProcesses_andThreads() throws Exception {
        assertThat(outline(notebook.run("try (var raw = Pool.builder().workers(1).output(OutputMode.RAW).build()) {"
                        + " raw.apply(() -> { System.out.print(\"x\\n\"); display(1); return 0; }); }")))
                .containsExactly("out x", "1");
        assertThat(
                        outline(
                                notebook.run(
                                        "one.apply(() -> { try (var inner = new Pool(1)) { return inner.apply(() -> { display(\"deep\"); return 1; }); } });")))
                .containsExactly("deep");
        assertThat(outline(notebook.run("one.apply(() -> { IntStream.range(0, 1).parallel().forEach(i -> display(i));"
                        + " ForkJoinPool.commonPool().submit(() -> display(\"lent\")).get(); return 0; });")))
                .containsExactly("0", "lent");
        assertThat(
                        outline(
                                notebook.run(
                                        "one.apply(() -> { ForkJoinPool.commonPool().submit(() -> display(\"again\")).get(); return 0; });")))
                .containsExactly("again");
        assertThat(outline(notebook.run("%process display(\"of a process\")"))).contains("of a process");
        assertThat(outline(notebook.run("%%pool each\ndisplay(\"each\");"))).contains("each");
        assertThat(outline(notebook.run("one.apply(() -> { var t = new Thread(() -> display(\"thread\")); t.start();"
                        + " t.join(); return 0; });")))
                .containsExactly("thread");
        assertThat(outline(notebook.run(
                        "try (var init = Pool.builder().workers(1).initializer(() -> display(\"first\")).build()) {"
                                + " init.apply(() -> 1); }")))
                .containsExactly("first");
    }

    @Test
    void display_afterTheCell_goesToThatCell() throws Exception {
        notebook.run("var threads = Pool.threads(1); threads.apply(() -> 1);");
        notebook.run("var go = new Event();");
        for (String pool : List.of("one", "threads")) {
            notebook.run("go.clear();");
            String code = "var later = " + pool
                    + ".applyAsync(() -> { go.await(); display(\"late\"); System.out.println(\"text\"); return 1; });";
            try (Conversation cell = notebook.client().begin(new ExecuteRequest(code))) {
                assertThat(cell.execution(NotebookKernel.LONG, message -> {}).status())
                        .isEqualTo("ok");
                Execution next = notebook.run("go.set(); later.get()");

                assertThat(next.result()).contains("1");
                assertThat(outline(next)).isEmpty();
                assertThat(until(cell, "text")).contains("late");
            }
        }
        notebook.run("threads.close();");
    }

    @Test
    void display_byAThreadThatOutlivesItsTask_goesToThatTasksCell() throws Exception {
        String code =
                "var t2 = new Event(); one.apply(() -> { new Thread(() -> { t2.await(); display(\"outlived\"); }).start();"
                        + " return 1; });";
        try (Conversation cell = notebook.client().begin(new ExecuteRequest(code))) {
            assertThat(cell.execution(NotebookKernel.LONG, message -> {}).status())
                    .isEqualTo("ok");
            Execution next = notebook.run("one.apply(() -> 2); t2.set();");

            assertThat(outline(next)).isEmpty();
            assertThat(until(cell, "outlived")).contains("outlived");
        }
    }

    private static List<String> until(Conversation cell, String last) throws InterruptedException, TimeoutException {
        List<String> lines = new ArrayList<>();
        while (lines.stream().noneMatch(line -> line.contains(last))) {
            Received received = cell.next(Duration.ofSeconds(60));
            if (received.channel() == Channel.IOPUB) {
                lines.add(line(received.message()));
            }
        }
        return lines;
    }

    /** All outputs but the result, text with its stream and without the last line's end. */
    private static List<String> outline(Execution execution) {
        return execution.outputs().stream()
                .filter(message -> !message.type().equals("execute_result")
                        && !message.type().equals("execute_input"))
                .map(DisplayIT::line)
                .toList();
    }

    private static String line(JupyterMessage message) {
        return switch (message.type()) {
            case "stream" ->
                message.text("name", "").substring(3) + " "
                        + message.text("text", "").replaceAll("\n$", "");
            case "display_data" -> text(message);
            case "update_display_data" -> "update " + text(message);
            case "clear_output" -> "clear " + message.flag("wait", false);
            default -> message.type();
        };
    }

    private static String text(JupyterMessage message) {
        return message.object("data").get("text/plain").getAsString();
    }

    private static String id(JupyterMessage message) {
        JsonObject transients = message.object("transient");
        return transients.get("display_id").getAsString();
    }
}
