package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import manyjvm.kernel.runner.KernelCommand;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The teaching notebook does what it says: run once by the embedded runner, then looked at cell by cell. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MultiprocessingNotebookIT {
    private static final Path NOTEBOOK = Path.of("../notebooks/multiprocessing.ipynb");
    private static final Map<String, Cell> CELLS = new LinkedHashMap<>();

    /** @param results the text of its values, in order */
    private record Cell(String stdout, String stderr, List<String> results) {
        List<String> lines() {
            return stdout.lines().toList();
        }

        List<String> linesWithoutWorker() {
            return stdout.lines()
                    .map(line -> line.replaceFirst("^\\[\\d+\\] ", ""))
                    .toList();
        }
    }

    @BeforeAll
    static void run() throws Exception {
        Path folder = Files.createTempDirectory("manyjvm-notebook-");
        Path executed = folder.resolve("executed.ipynb");
        Path log = folder.resolve("log.txt");
        try {
            List<String> words = new ArrayList<>(KernelCommand.ofThisJvm().words());
            words.addAll(List.of("run", NOTEBOOK.toString(), "--out", executed.toString(), "--timeout", "120s"));
            java.lang.Process runner = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.to(log.toFile()))
                    .start();
            boolean ended = runner.waitFor(8, TimeUnit.MINUTES);
            if (!ended) {
                runner.descendants().forEach(ProcessHandle::destroyForcibly);
                runner.destroyForcibly().waitFor();
            }
            assertThat(ended && runner.exitValue() == 0)
                    .as(() -> "the run ended well:\n" + read(log))
                    .isTrue();
            load(executed);
        } finally {
            Files.deleteIfExists(executed);
            Files.deleteIfExists(log);
            Files.delete(folder);
        }
    }

    /** A cell that is added needs a check of its own below, and its name here. */
    @Test
    void cells_areThoseThatTheTestsLookAt() {
        assertThat(CELLS)
                .containsOnlyKeys(
                        "show-all",
                        "two-values",
                        "processors",
                        "start-methods",
                        "pool-map",
                        "pool-raw",
                        "pool-magic",
                        "process-array",
                        "pids",
                        "queue",
                        "pipe",
                        "shared",
                        "race",
                        "methods-measure",
                        "methods",
                        "callback",
                        "examples",
                        "partial",
                        "threads-demo-memory",
                        "threads-demo-walls",
                        "threads-demo-time");
    }

    @Test
    void showAll_everyExpressionsValueIsShown() {
        assertThat(cell("show-all").results()).isEmpty();
        assertThat(cell("two-values").results()).containsExactly("2", "3");
        assertThat(cell("processors").lines()).singleElement().asString().matches("processors: [1-9]\\d*");
    }

    @Test
    void startMethods_onlySpawn_andForkIsExplained() {
        assertThat(cell("start-methods").results()).containsExactly("[spawn]");
        assertThat(cell("start-methods").stdout()).contains("fork", "spawn", "JVM");
    }

    @Test
    void poolMap_printsOfBothWorkersAndOrderedResult() {
        List<String> lines = cell("pool-map").lines();
        assertThat(lines).hasSize(11).last().isEqualTo("[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]");
        assertThat(lines.subList(0, 10)).allMatch(line -> line.matches("\\[[12]\\] x=\\d"));
        assertThat(cell("pool-map").linesWithoutWorker().subList(0, 10))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 10).mapToObj(i -> "x=" + i).toList());
    }

    @Test
    void poolRaw_allPiecesArrive() {
        String text = cell("pool-raw").stdout();
        assertThat(text.strip()).endsWith("[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]");
        String mess = text.substring(0, text.lastIndexOf('['));
        assertThat(mess.chars().filter(Character::isDigit).sorted().mapToObj(Character::toString))
                .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertThat(mess.chars().filter(c -> c == '=').count()).isEqualTo(10);
    }

    @Test
    void poolMagic_valueIsAJavaValue() {
        assertThat(cell("pool-magic").results()).containsExactly("81");
        assertThat(cell("pool-magic").linesWithoutWorker()).hasSize(10).contains("x=0", "x=9");
    }

    @Test
    void processWithArray_isOneCall() {
        assertThat(cell("process-array").stdout()).isEqualTo("x=[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n");
        assertThat(cell("process-array").results()).containsExactly("0");
    }

    @Test
    void pids_childsParentIsTheKernel() {
        Matcher matcher = Pattern.compile(
                        "Hello\nparent process: (\\d+)\nprocess id: (\\d+)\n\nWorld\nparent process: (\\d+)\nprocess id: (\\d+)\n")
                .matcher(cell("pids").stdout());
        assertThat(matcher.matches()).as(cell("pids").stdout()).isTrue();
        assertThat(matcher.group(3)).isEqualTo(matcher.group(2));
        assertThat(matcher.group(4)).isNotIn(matcher.group(1), matcher.group(2));
    }

    @Test
    void queueAndPipe_carryTheList() {
        assertThat(cell("queue").stdout()).isEqualTo("[42, null, hello]\n");
        assertThat(cell("pipe").stdout()).isEqualTo("[42, null, hello]\n");
    }

    @Test
    void sharedMemory_childsWritesAreSeen() {
        assertThat(cell("shared").stdout()).isEqualTo("3.1415927\n[0, -1, -2, -3, -4, -5, -6, -7, -8, -9]\n");
        assertThat(cell("race").lines()).first().isEqualTo("with the lock: 40000");
        assertThat(cell("race").lines()).last().asString().startsWith("without it: at most as many");
    }

    @Test
    void methodTable_isMeasured() {
        assertThat(cell("methods-measure").results()).isEmpty();
        assertThat(cell("methods").lines())
                .containsExactly(
                        "method        | several arguments | parallel | waits | ordered list of results",
                        "map           | no                | yes      | yes   | yes",
                        "mapAsync      | no                | yes      | no    | yes",
                        "apply         | yes               | no       | yes   | no",
                        "applyAsync    | yes               | yes      | no    | no",
                        "starmap       | yes               | yes      | yes   | yes",
                        "starmapAsync  | yes               | yes      | no    | yes");
    }

    @Test
    void callbacks_collectAllResults() {
        assertThat(cell("callback").stdout()).isEqualTo("[0, 1, 4, 9]\n");
    }

    @Test
    void examples_resultAndPids() {
        List<String> lines = cell("examples").lines();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).isEqualTo("[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]");
        assertThat(lines.get(1)).isEqualTo("400");
        assertThat(lines.get(2)).matches("\\d+");
        assertThat(lines.get(3)).matches("\\[\\d+(, \\d+){3}\\]");
        assertThat(List.of(lines.get(3).replaceAll("[\\[\\]]", "").split(", ")).stream()
                        .distinct())
                .hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void partial_threeWaysAgree() {
        assertThat(cell("partial").stdout()).isEqualTo("[[2, 3, 4], [2, 3, 4], [2, 3, 4]]\nall the same: true\n");
    }

    @Test
    void threadsAndProcesses_differInWhatTheyShare() {
        assertThat(cell("threads-demo-memory").stdout())
                .isEqualTo("threads left 4 elements here\nprocesses left 0 elements here\n");
        assertThat(cell("threads-demo-memory").stderr()).containsOnlyOnce("warning: seen is changed");
        assertThat(cell("threads-demo-walls").stdout()).isEqualTo("failed: true\nand the pool goes on: [1, 2, 3, 4]\n");
        assertThat(cell("threads-demo-time").stdout())
                .matches("one after the other \\d+ ms, 2 threads \\d+ ms, 2 processes \\d+ ms\n");
    }

    @Test
    void notebook_isOneOfThisKernel() throws IOException {
        JsonObject metadata = JsonParser.parseString(Files.readString(NOTEBOOK))
                .getAsJsonObject()
                .getAsJsonObject("metadata");
        JsonObject kernel = metadata.getAsJsonObject("kernelspec");
        assertThat(kernel.get("name").getAsString()).isEqualTo("manyjvm");
        assertThat(kernel.get("display_name").getAsString()).isEqualTo("Java (manyjvm)");
        assertThat(kernel.get("language").getAsString()).isEqualTo("java");
    }

    private static Cell cell(String id) {
        assertThat(CELLS).containsKey(id);
        return CELLS.get(id);
    }

    private static void load(Path executed) throws IOException {
        JsonArray cells = JsonParser.parseString(Files.readString(executed))
                .getAsJsonObject()
                .getAsJsonArray("cells");
        for (JsonElement element : cells) {
            JsonObject cell = element.getAsJsonObject();
            if (cell.get("cell_type").getAsString().equals("code")) {
                CELLS.put(cell.get("id").getAsString(), outputs(cell.getAsJsonArray("outputs")));
            }
        }
    }

    private static Cell outputs(JsonArray outputs) {
        StringBuilder stdout = new StringBuilder();
        StringBuilder stderr = new StringBuilder();
        List<String> results = new ArrayList<>();
        for (JsonElement element : outputs) {
            JsonObject output = element.getAsJsonObject();
            switch (output.get("output_type").getAsString()) {
                case "stream" ->
                    (output.get("name").getAsString().equals("stdout") ? stdout : stderr)
                            .append(text(output.get("text")));
                case "execute_result", "display_data" ->
                    results.add(text(output.getAsJsonObject("data").get("text/plain")));
                default -> throw new AssertionError("unexpected output: " + output);
            }
        }
        return new Cell(stdout.toString(), stderr.toString(), results);
    }

    /** A notebook file holds text as a string, or as a list of lines. */
    private static String text(JsonElement text) {
        return text.isJsonArray()
                ? String.join(
                        "",
                        StreamSupport.stream(text.getAsJsonArray().spliterator(), false)
                                .map(JsonElement::getAsString)
                                .toList())
                : text.getAsString();
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException unreadable) {
            return "(its log cannot be read: " + unreadable + ")";
        }
    }
}
