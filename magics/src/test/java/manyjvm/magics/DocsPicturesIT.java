package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import manyjvm.kernel.runner.Execution;
import manyjvm.magics.PageLook.Scheme;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The pictures that README.md shows. With {@code -Dmanyjvm.docs.save=true} they are made anew first: a comparison and a timeline by
 * cells in a real kernel, and the page of a saved notebook by nbconvert and Chromium. That needs a quiet machine with two processors.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DocsPicturesIT {
    private static final Path DOCS = Path.of("..", "docs");
    private static final List<String> DRAWN = List.of("compare.svg", "timeline.svg");
    private static final String NOTEBOOK = "concurrency-and-parallelism";
    private static final long MOST_BYTES = 200_000;
    private static final int HEIGHT = 1090; // so that the picture in the page is whole

    /** Eight items of some 60 ms, so that both the whole and the turns in it can be seen. */
    private static final String WORK =
            "double work(int seed) { double x = seed; for (int i = 0; i < 2_500_000; i++) { x += Math.sin(x + i); }"
                    + " return x; }";

    /** What of the notebook is shown, by the ids of its cells. */
    private static final Set<String> CELLS = Set.of("title", "compare-text", "compare", "gain-text", "gain");

    @TempDir
    Path folder;

    @BeforeAll
    static void save(@TempDir Path folder) throws Exception {
        if (Boolean.getBoolean("manyjvm.docs.save")) {
            draw();
            photograph(folder);
        }
    }

    @Test
    void saved_areThoseThatTheProgramDraws() throws Exception {
        String readme = Files.readString(Path.of("..", "README.md"));
        for (String name : DRAWN) {
            assertThat(readme).contains("docs/" + name);
            assertThat(Files.size(DOCS.resolve(name))).isLessThan(MOST_BYTES);
            assertThat(Files.readString(DOCS.resolve(name)))
                    .startsWith("<svg xmlns=")
                    .contains("viewBox=", "manyjvm-paper", "prefers-color-scheme:dark")
                    .doesNotContain("<script");
        }
        assertThat(Files.readString(DOCS.resolve("compare.svg")))
                .contains("threads on 1 processor", "threads on 2 processors", "processes on 2 processors");
        assertThat(Files.readString(DOCS.resolve("timeline.svg"))).contains("died: exit code 3", "starts in another");
        for (Scheme scheme : Scheme.values()) {
            assertThat(readme).contains("docs/" + page(scheme));
            assertThat(Files.size(DOCS.resolve(page(scheme)))).isBetween(10_000L, MOST_BYTES);
        }
    }

    @ParameterizedTest
    @EnumSource
    void saved_canBeReadOnAnyPage(Scheme scheme) throws Exception {
        for (String name : DRAWN) {
            Files.copy(DOCS.resolve(name), folder.resolve(name));
        }
        assertThat(new PageLook(folder).measure(scheme, folder, DRAWN)).matches("measured [1-9]\\d{2,} boxes");
    }

    private static String page(Scheme scheme) {
        return "notebook-" + scheme.theme + ".png";
    }

    private static void draw() throws Exception {
        try (NotebookKernel kernel = new NotebookKernel()) {
            kernel.run(WORK);
            kernel.run("%compare threads processes work 0..7 --cpus 1,2 --out compared");
            assertThat(kernel.value("compared.gain(\"threads\") >= 1.7 && compared.gain(\"processes\") >= 1.7"))
                    .as("twice as fast on two processors: is the machine quiet?")
                    .isEqualTo("true");
            save("compare.svg", kernel.run("display(compared, \"image/svg+xml\");"));
            kernel.run(
                    "var crunch = Pool.builder().name(\"crunch\").workers(2).initializer(() -> { work(0); }).build();");
            assertThat(kernel.error(
                            "crunch.map(x -> { if (x == 5) { System.exit(3); } return work(x); }, range(24), 1)"))
                    .contains("exit code 3");
            save("timeline.svg", kernel.run("display(crunch.timeline(), \"image/svg+xml\");"));
        }
    }

    private static void save(String name, Execution shown) throws Exception {
        String svg = shown.outputs("display_data").stream()
                .map(message -> message.content().getAsJsonObject("data").get("image/svg+xml"))
                .filter(data -> data != null)
                .map(data -> data.getAsString())
                .findFirst()
                .orElseThrow();
        Files.writeString(DOCS.resolve(name), svg);
    }

    private static void photograph(Path folder) throws Exception {
        JsonObject notebook = JsonParser.parseString(Files.readString(Path.of("..", "notebooks", NOTEBOOK + ".ipynb")))
                .getAsJsonObject();
        JsonArray some = new JsonArray();
        notebook.getAsJsonArray("cells").asList().stream()
                .filter(cell -> CELLS.contains(cell.getAsJsonObject().get("id").getAsString()))
                .forEach(some::add);
        assertThat(some.size()).isEqualTo(CELLS.size());
        notebook.add("cells", some);
        Path part = folder.resolve(NOTEBOOK + ".ipynb");
        Files.writeString(part, notebook.toString());
        PageLook look = new PageLook(folder);
        for (Scheme scheme : Scheme.values()) {
            Path pages = Files.createDirectory(folder.resolve(scheme.theme));
            PageLook.convert(folder, scheme, pages, List.of(part));
            look.takePicture(scheme, pages.resolve(NOTEBOOK + ".html"), 860, HEIGHT, DOCS.resolve(page(scheme)));
        }
    }
}
