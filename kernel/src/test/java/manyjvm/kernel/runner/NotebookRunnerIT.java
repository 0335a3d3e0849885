package manyjvm.kernel.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class NotebookRunnerIT {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream page = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @AfterEach
    void noKernelIsLeft() {
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    private int run(Path notebook, Optional<Path> executed, Optional<Duration> timeout) {
        return new NotebookRunner(
                        KernelCommand.ofThisJvm("manyjvm.kernel.FakeKernelMain"),
                        new PrintStream(page, true, UTF_8),
                        new PrintStream(errors, true, UTF_8),
                        false)
                .run(notebook, executed, timeout);
    }

    private Path notebook(JsonObject... cells) throws IOException {
        JsonObject root = new JsonObject();
        JsonArray list = new JsonArray();
        List.of(cells).forEach(list::add);
        root.add("cells", list);
        root.addProperty("nbformat", 4);
        root.addProperty("nbformat_minor", 2);
        Path file = folder.resolve("notebook.ipynb");
        Files.writeString(file, root.toString());
        return file;
    }

    private static JsonObject code(String source, String... tags) {
        JsonObject metadata = new JsonObject();
        JsonArray list = new JsonArray();
        List.of(tags).forEach(list::add);
        metadata.add("tags", list);
        JsonObject cell = new JsonObject();
        cell.addProperty("cell_type", "code");
        cell.add("metadata", metadata);
        cell.addProperty("source", source);
        cell.addProperty("execution_count", 99);
        JsonArray outputs = new JsonArray();
        outputs.add("stale");
        cell.add("outputs", outputs);
        return cell;
    }

    private static JsonObject markdown(String source) {
        JsonObject cell = new JsonObject();
        cell.addProperty("cell_type", "markdown");
        cell.addProperty("source", source);
        return cell;
    }

    private static JsonArray cells(Path executed) throws IOException {
        return JsonParser.parseString(Files.readString(executed))
                .getAsJsonObject()
                .getAsJsonArray("cells");
    }

    private static JsonObject output(JsonArray cells, int cell, int output) {
        return cells.get(cell)
                .getAsJsonObject()
                .getAsJsonArray("outputs")
                .get(output)
                .getAsJsonObject();
    }

    @Test
    void run_ofAGoodNotebook_printsAndWritesEachCell() throws Exception {
        Path file = notebook(markdown("# Title"), code("print one\nprint two\nvalue 3"), code("both 1"));
        Path executed = folder.resolve("executed.ipynb");

        assertThat(run(file, Optional.of(executed), Optional.empty()))
                .as(errors.toString(UTF_8))
                .isZero();

        assertThat(page.toString(UTF_8))
                .contains(
                        "# Title",
                        "In [1]: print one\n        print two\n",
                        "\none\ntwo\n",
                        "Out[1]: 3\n",
                        "In [2]: both 1");
        JsonArray cells = cells(executed);
        assertThat(output(cells, 1, 0).get("text").toString()).isEqualTo("[\"one\\n\",\"two\\n\"]");
        assertThat(output(cells, 1, 1).get("output_type").getAsString()).isEqualTo("execute_result");
        assertThat(output(cells, 1, 1).get("execution_count").getAsInt()).isEqualTo(1);
        assertThat(cells.get(2).getAsJsonObject().get("execution_count").getAsInt())
                .isEqualTo(2);
        assertThat(output(cells, 2, 1).get("name").getAsString()).isEqualTo("stderr");
        JsonObject root = JsonParser.parseString(Files.readString(executed)).getAsJsonObject();
        assertThat(root.get("nbformat_minor").getAsInt()).isEqualTo(5);
        assertThat(cells.get(0).getAsJsonObject().get("id").getAsString()).isNotEmpty();
        assertThat(root.getAsJsonObject("metadata")
                        .getAsJsonObject("language_info")
                        .get("name")
                        .getAsString())
                .isEqualTo("java");
    }

    @Test
    void run_withAFailingCell_stopsThereAndStillWrites() throws Exception {
        Path file = notebook(code("fail on purpose"), code("print never"));
        Path executed = folder.resolve("executed.ipynb");

        assertThat(run(file, Optional.of(executed), Optional.empty())).isEqualTo(1);

        assertThat(page.toString(UTF_8)).contains("Cell 1 failed").doesNotContain("never");
        assertThat(output(cells(executed), 0, 0).get("evalue").getAsString()).isEqualTo("on purpose");
        assertThat(cells(executed).get(1).getAsJsonObject().getAsJsonArray("outputs"))
                .isEmpty();
    }

    @Test
    void run_withAnExpectedFailure_goesOn() throws Exception {
        Path file = notebook(code("fail on purpose", "raises-exception"), code("print after"));

        assertThat(run(file, Optional.empty(), Optional.empty())).isZero();
        assertThat(page.toString(UTF_8)).contains("after\n");
    }

    @Test
    void run_whenTheKernelDies_saysSo() throws Exception {
        assertThat(run(notebook(code("exit 7")), Optional.empty(), Optional.empty()))
                .isEqualTo(1);
        assertThat(errors.toString(UTF_8)).contains("exit code 7");
    }

    @Test
    void run_beyondTheTimeout_interruptsTheCellAndFails() throws Exception {
        int code =
                run(notebook(code("wait"), code("print never")), Optional.empty(), Optional.of(Duration.ofSeconds(1)));

        assertThat(code).isEqualTo(1);
        assertThat(page.toString(UTF_8))
                .contains("longer than 1 s and is being interrupted")
                .doesNotContain("never\n\n");
    }

    @Test
    void run_withDisplays_redrawsThemInTheFile() throws Exception {
        Path executed = folder.resolve("executed.ipynb");

        assertThat(run(notebook(code("display-update x")), Optional.of(executed), Optional.empty()))
                .isZero();
        JsonObject output = output(cells(executed), 0, 0);
        assertThat(output.getAsJsonObject("data").get("text/plain").toString()).isEqualTo("[\"x again\"]");
        assertThat(output.has("transient")).isFalse();
    }

    @Test
    void run_withLateOutput_putsItIntoItsCell() throws Exception {
        Path executed = folder.resolve("executed.ipynb");

        assertThat(run(
                        notebook(code("late hello"), code("release\nprint second")),
                        Optional.of(executed),
                        Optional.empty()))
                .isZero();
        assertThat(output(cells(executed), 0, 0).get("text").toString()).isEqualTo("[\"hello\\n\"]");
    }

    @Test
    void run_ofWhatIsNoNotebook_isOneLineAndExitCode2() throws Exception {
        Path text = folder.resolve("text.ipynb");
        Files.writeString(text, "not a notebook");

        assertThat(run(text, Optional.empty(), Optional.empty())).isEqualTo(2);
        assertThat(errors.toString(UTF_8).lines()).hasSize(1).first().asString().contains("is not JSON");
        errors.reset();
        assertThat(run(folder.resolve("missing.ipynb"), Optional.empty(), Optional.empty()))
                .isEqualTo(2);
        assertThat(errors.toString(UTF_8).lines()).hasSize(1).first().asString().contains("There is no file");
    }
}
