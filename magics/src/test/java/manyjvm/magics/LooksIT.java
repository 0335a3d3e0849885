package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import javax.tools.ToolProvider;
import manyjvm.kernel.api.RendererProvider;
import manyjvm.kernel.protocol.JupyterMessage;
import manyjvm.kernel.runner.ExecuteRequest;
import manyjvm.kernel.runner.Execution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;

/** How values look in cells, and in cells that workers work for. One kernel, many cells. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LooksIT {
    @TempDir
    static Path folder;

    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run("%classpath "
                + Path.of(XYChart.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI()));
        notebook.run("var one = new Pool(1);");
        notebook.run("record City(String name, int people) {}");
        Files.write(folder.resolve("dot.png"), png());
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    private static byte[] png() throws Exception {
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB), "png", bytes);
        return bytes.toByteArray();
    }

    /** The data of all displays of a cell, and of its result. */
    private static List<JsonObject> shown(String code) throws Exception {
        List<JsonObject> shown = new ArrayList<>();
        for (JupyterMessage message : notebook.run(code).outputs()) {
            if (List.of("display_data", "execute_result", "update_display_data").contains(message.type())) {
                shown.add(message.object("data"));
            }
        }
        return shown;
    }

    private static JsonObject one(String code) throws Exception {
        assertThat(shown(code)).as(code).hasSize(1);
        return shown(code).get(0);
    }

    private static String of(JsonObject data, String type) {
        assertThat(data.has(type)).as(type + " in " + data.keySet()).isTrue();
        return data.get(type).isJsonPrimitive()
                ? data.get(type).getAsString()
                : data.get(type).toString();
    }

    private static BufferedImage image(JsonObject data) throws Exception {
        return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(of(data, "image/png"))));
    }

    @Test
    void helpers_asResultsAndDisplays_alsoFromWorkers() throws Exception {
        for (String frame :
                List.of("%s", "{ display(%s); }", "one.apply(() -> %s)", "one.apply(() -> { display(%s); });")) {
            assertThat(of(one(frame.formatted("html(\"<b>x</b>\")")), "text/html"))
                    .isEqualTo("<b>x</b>");
            assertThat(of(one(frame.formatted("markdown(\"*x*\")")), "text/markdown"))
                    .isEqualTo("*x*");
            assertThat(of(one(frame.formatted("latex(\"$x^2$\")")), "text/latex"))
                    .isEqualTo("$x^2$");
            assertThat(of(one(frame.formatted("svg(\"<svg/>\")")), "image/svg+xml"))
                    .isEqualTo("<svg/>");
            assertThat(of(
                            one(frame.formatted("json(Map.of(\"a\", List.of(1, new City(\"Rome\", 3))))")),
                            "application/json"))
                    .isEqualTo("{\"a\":[1,{\"name\":\"Rome\",\"people\":3}]}");
            String file = "\"" + folder.resolve("dot.png") + "\"";
            assertThat(image(one(frame.formatted("image(" + file + ")"))).getWidth())
                    .isEqualTo(3);
            assertThat(image(one(frame.formatted("image(new java.awt.image.BufferedImage(5, 5, 1))")))
                            .getWidth())
                    .isEqualTo(5);
            JsonObject table =
                    one(frame.formatted("table(IntStream.range(0, 100).mapToObj(i -> new City(\"<\" + i, i)))"));
            assertThat(of(table, "text/html")).contains("&lt;59", "the first 60 rows of more");
            assertThat(of(table, "text/plain")).startsWith("name  people\n----  ------\n<0         0\n");
        }
    }

    @Test
    void helpers_giveWayToTheUsersNames() throws Exception {
        notebook.run("String html = \"variable\"; int table = 3;");
        notebook.run("String latex(String x) { return \"own \" + x; }");
        notebook.run("record Content(int own) {}");

        assertThat(notebook.value("latex(html) + table + new Content(4)")).isEqualTo("own variable3Content[own=4]");
        assertThat(of(one("html(html)"), "text/html")).isEqualTo("variable");
    }

    @Test
    void bytesAndFiles_withAType_areTheContent_alsoFromWorkers() throws Exception {
        notebook.run("byte[] png = java.nio.file.Files.readAllBytes(Path.of(\"" + folder.resolve("dot.png") + "\"));");

        assertThat(image(one("display(png, \"image/png\")")).getWidth()).isEqualTo(3);
        assertThat(image(one("one.apply(() -> { display(png, \"image/png\"); });"))
                        .getWidth())
                .isEqualTo(3);
        assertThat(one("png").keySet()).containsExactly("text/plain");
        assertThat(notebook.run("image(png, 40)")
                        .outputs("execute_result")
                        .get(0)
                        .object("metadata")
                        .toString())
                .isEqualTo("{\"image/png\":{\"width\":40}}");
        assertThat(of(one("List.of(image(png, 40), image(png))"), "text/html"))
                .containsPattern("(?s)width=\"40\".*<img style=\"max-width:100%\" src=");
        assertThat(notebook.error("image(png, 0)")).contains("a pixel wide at least");
        assertThat(of(one("display(\"<i>a</i>\".getBytes(), \"text/html\")"), "text/html"))
                .isEqualTo("<i>a</i>");
        assertThat(notebook.error("image(\"nowhere.png\")")).contains("nowhere.png cannot be read");
        assertThat(notebook.error("json(\"{\")")).contains("not JSON");
        assertThat(notebook.error("table(42)")).contains("java.lang.Integer has no rows");
        notebook.run("class Empty { }");
        assertThat(notebook.error("table(new Empty())")).contains("A value of type Empty has no rows");
        assertThat(notebook.error("image(new Empty())")).contains("A value of type Empty is no picture");
        assertThat(notebook.error("display(new Empty(), \"image/png\")"))
                .contains("type Empty cannot be shown as image/png");
        assertThat(notebook.error("table(List.of(1), 0)")).contains("has a row at least");
    }

    @Test
    void values_thatAreTables_keepTheirText_andRunNoMoreThanItTakes() throws Exception {
        JsonObject cities = one("List.of(new City(\"Rome\", 3), new City(\"Oslo\", 1))");
        JsonObject many = one("IntStream.range(0, 10_000).mapToObj(i -> new City(\"c\" + i, i)).toList()");

        assertThat(of(cities, "text/plain")).isEqualTo("[City[name=Rome, people=3], City[name=Oslo, people=1]]");
        assertThat(of(cities, "text/html")).contains("<table", ">Rome<", ">3<");
        assertThat(of(many, "text/html"))
                .contains("20 of 10,000 rows; table(.., 100) shows more")
                .doesNotContain(">c20<");
        assertThat(of(one("new double[][] {{1, 0}, {0, 1}}"), "text/html")).contains("<table");
        assertThat(of(one("one.apply(() -> { display(List.of(new City(\"Rome\", 3))); });"), "text/html"))
                .contains(">Rome<");
        assertThat(of(one("one.map(i -> new City(\"c\" + i, i), range(3))"), "text/html"))
                .contains(">c2<");
        assertThat(one("List.of(1, 2)").keySet()).containsExactly("text/plain");
        assertThat(one("Map.of(\"a\", 1)").keySet()).containsExactly("text/plain");
        assertThat(one("List.of(new City(\"a\", 1)).stream()").keySet()).containsExactly("text/plain");
    }

    @Test
    void look_thatNeverEnds_canBeStopped_andTheSessionGoesOn() throws Exception {
        notebook.run("class Slow { public String getX() { while (true) { } } }");
        try (var cell = notebook.client().begin(new ExecuteRequest("table(List.of(new Slow()))"))) {
            notebook.client().interrupt(NotebookKernel.LONG);
            assertThat(cell.execution(NotebookKernel.LONG, message -> {}).status())
                    .isEqualTo("error");
        }
        assertThat(notebook.value("1 + 1")).isEqualTo("2");
    }

    @Test
    void chart_ofALibraryOfTheUsers_isAPicture_alsoFromWorkers() throws Exception {
        notebook.run(
                """
                import org.knowm.xchart.*;
                XYChart chart() {
                    var chart = new XYChartBuilder().width(300).height(200).build();
                    chart.addSeries("a", new double[] {1, 2, 3}, new double[] {1, 4, 9});
                    return chart;
                }""");

        assertThat(image(one("chart()")).getWidth()).isEqualTo(600);
        assertThat(image(one("image(chart())")).getWidth()).isEqualTo(600);
        assertThat(image(one("one.apply(() -> { display(chart()); });")).getWidth())
                .isEqualTo(600);
        assertThat(image(one("one.apply(() -> image(chart()))")).getWidth()).isEqualTo(600);
        assertThat(of(one("one.map(i -> image(chart()), range(2))"), "text/html"))
                .containsPattern("(?s)(<img [^>]*width=\"300\" src=\"data:image/png;base64,.*?){2}");
        Execution shown = notebook.run("one.apply(() -> { display(chart()); });");
        assertThat(shown.outputs("display_data").get(0).object("metadata").toString())
                .isEqualTo("{\"image/png\":{\"width\":300,\"height\":200}}");
    }

    @Test
    void renderers_ofUsers_areUsed_replacedAndTakenBack_andWarnedOfWhenTheTypeIsAnother() throws Exception {
        notebook.run("record Heat(int degrees) {}");
        notebook.run("Renderers.register(Heat.class, heat -> html(\"<b>\" + heat.degrees() + \"</b>\"));");
        assertThat(of(one("new Heat(20)"), "text/html")).isEqualTo("<b>20</b>");
        assertThat(of(one("new Heat(20)"), "text/plain")).isEqualTo("Heat[degrees=20]");
        assertThat(of(one("{ display(new Heat(21)); }"), "text/html")).isEqualTo("<b>21</b>");
        assertThat(of(one("var t = new Thread(() -> display(new Heat(22))); t.start(); t.join();"), "text/html"))
                .isEqualTo("<b>22</b>");
        notebook.run("Renderers.register(Heat.class, \"image/svg+xml\", heat -> \"<svg/>\");");
        assertThat(one("new Heat(20)").keySet()).containsExactlyInAnyOrder("text/plain", "text/html", "image/svg+xml");

        notebook.run("record Heat(double degrees) {}");
        Execution outdated = notebook.run("new Heat(20)");
        assertThat(outdated.outputs("execute_result").get(0).object("data").keySet())
                .containsExactly("text/plain");
        assertThat(outdated.stderr())
                .contains(
                        "the renderer of Heat is for another Heat, of the same name: one of the two was defined anew. Run the cell");
        notebook.run("Renderers.register(Heat.class, heat -> \"hot\");");
        assertThat(of(one("new Heat(20)"), "text/plain")).isEqualTo("hot");
        notebook.run("Renderers.unregister(Heat.class);");
        assertThat(of(one("new Heat(20)"), "text/plain")).isEqualTo("Heat[degrees=20.0]");
        assertThat(notebook.error("Renderers.register(Heat.class, \"html\", heat -> \"\");"))
                .contains("'html' is no MIME type");
    }

    @Test
    void renderers_inWorkers_areThoseThatTheirInitializerRegisters() throws Exception {
        notebook.run("record Cold(int degrees) {}");
        notebook.run(
                "void looks() { Renderers.register(Cold.class, cold -> html(\"<u>\" + cold.degrees() + \"</u>\")); }");
        JsonObject shown = one(
                """
                try (var cold = Pool.builder().workers(1).initializer(() -> looks()).build()) {
                    cold.apply(() -> { display(new Cold(-3)); });
                }""");

        assertThat(of(shown, "text/html")).isEqualTo("<u>-3</u>");

        notebook.run("looks();");
        Execution without = notebook.run("one.apply(() -> { display(new Cold(-4)); display(new Cold(-5)); });");
        assertThat(without.outputs("display_data"))
                .allSatisfy(
                        message -> assertThat(message.object("data").keySet()).containsExactly("text/plain"));
        assertThat(without.stderr()).containsOnlyOnce("note: a worker shows a Cold without its renderer");
    }

    @Test
    void renderers_ofTheBaseLibrary_areForItsUsers() throws Exception {
        notebook.run("class Old { public String toString() { return \"old\"; } }");
        notebook.run(
                """
                import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
                Renderers.registry().createRegistration(Old.class).preferring(MIMEType.TEXT_HTML)
                    .register((old, context) -> context.renderIfRequested(MIMEType.TEXT_HTML, () -> "<s>old</s>"));""");

        assertThat(of(one("new Old()"), "text/html")).isEqualTo("<s>old</s>");
        assertThat(of(one("new Old()"), "text/plain")).isEqualTo("old");
    }

    @Test
    void renderers_ofALibrary_comeWithItsJar_alsoInWorkers() throws Exception {
        notebook.run("1 + 1");
        notebook.run("%classpath " + library("lib"));

        assertThat(of(one("new lib.Tree(3)"), "text/html")).isEqualTo("<i>3</i>");
        assertThat(of(one("one.apply(() -> { display(new lib.Tree(4)); });"), "text/html"))
                .isEqualTo("<i>4</i>");
        Execution broken =
                notebook.run("%classpath " + jar("broken.jar", "lib.None", Path.of("nothing")) + "\nnew lib.Tree(5)");
        assertThat(broken.stderr()).contains("a library's renderers of the class path cannot be used", "lib.None");
        assertThat(of(broken.outputs("execute_result").get(0).object("data"), "text/html"))
                .isEqualTo("<i>5</i>");
        assertThat(notebook.run("new lib.Tree(6)").stderr()).isEmpty();

        // The worker has loaded the library anew, from another class path; what is broken stands before what comes now.
        Execution another = notebook.run("one.apply(() -> { display(new lib.Tree(7)); });");
        assertThat(of(another.outputs("display_data").get(0).object("data"), "text/html"))
                .isEqualTo("<i>7</i>");
        notebook.run("%classpath " + library("late"));
        assertThat(of(one("new late.Tree(8)"), "text/html")).isEqualTo("<i>8</i>");
        Execution late = notebook.run("one.apply(() -> { display(new late.Tree(9)); display(new lib.Tree(10)); });");
        assertThat(late.outputs("display_data"))
                .extracting(shown -> of(shown.object("data"), "text/html"))
                .containsExactly("<i>9</i>", "<i>10</i>");
        assertThat(late.stderr()).isEmpty(); // it was told before
    }

    private static Path library(String name) throws Exception {
        Path sources = Files.createDirectories(folder.resolve("source").resolve(name));
        Files.writeString(sources.resolve("Tree.java"), "package " + name + "; public record Tree(int height) {}");
        Files.writeString(
                sources.resolve("Looks.java"),
                "package " + name
                        + """
                ;
                import io.github.spencerpark.jupyter.kernel.display.Renderer;
                import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
                public final class Looks implements manyjvm.kernel.api.RendererProvider {
                    public void addTo(Renderer registry) {
                        registry.createRegistration(Tree.class).preferring(MIMEType.TEXT_HTML)
                            .register((tree, context) ->
                                context.renderIfRequested(MIMEType.TEXT_HTML, () -> "<i>" + tree.height() + "</i>"));
                    }
                }""");
        Path classes = Files.createDirectories(folder.resolve("classes").resolve(name));
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        sources.resolve("Tree.java").toString(),
                        sources.resolve("Looks.java").toString());
        assertThat(failed).isZero();
        return jar(name + ".jar", name + ".Looks", classes);
    }

    private static Path jar(String name, String provider, Path classes) throws Exception {
        Path jar = folder.resolve(name);
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            zip.putNextEntry(new ZipEntry("META-INF/services/" + RendererProvider.class.getName()));
            zip.write(provider.getBytes(StandardCharsets.UTF_8));
            if (Files.isDirectory(classes)) {
                try (var files = Files.walk(classes)) {
                    for (Path each : files.filter(Files::isRegularFile).toList()) {
                        zip.putNextEntry(new ZipEntry(classes.relativize(each).toString()));
                        Files.copy(each, zip);
                    }
                }
            }
        }
        return jar;
    }
}
