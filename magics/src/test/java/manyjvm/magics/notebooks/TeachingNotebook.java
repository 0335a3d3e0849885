package manyjvm.magics.notebooks;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A notebook of the folder {@code notebooks}, as a file: its cells in order, with what each has shown.
 *
 * @param metadata of the whole file
 */
record TeachingNotebook(JsonObject metadata, List<Cell> cells) {
    static final Path FOLDER = Path.of("..", "notebooks");

    private static final Pattern PROGRESS = Pattern.compile("\\w+: done in [\\d.]+ .*");

    /** @param json as the file has it */
    record Cell(JsonObject json) {
        String id() {
            return json.get("id").getAsString();
        }

        boolean isCode() {
            return json.get("cell_type").getAsString().equals("code");
        }

        String source() {
            return joined(json.get("source"));
        }

        boolean hasTag(String tag) {
            JsonElement tags = json.getAsJsonObject("metadata").get("tags");
            return tags != null
                    && tags.getAsJsonArray().asList().stream()
                            .anyMatch(each -> each.getAsString().equals(tag));
        }

        /** Empty for a cell that has not been run. */
        Optional<Integer> executionCount() {
            JsonElement count = json.get("execution_count");
            return count.isJsonNull() ? Optional.empty() : Optional.of(count.getAsInt());
        }

        /** All but the lines of progress, which stand where a cell has happened to take more than a second. */
        Stream<JsonObject> outputs() {
            return json.getAsJsonArray("outputs").asList().stream()
                    .map(JsonElement::getAsJsonObject)
                    .filter(output -> !output.has("data")
                            || !PROGRESS.matcher(joined(
                                            output.getAsJsonObject("data").get("text/plain")))
                                    .matches());
        }

        private Stream<JsonObject> outputs(String type) {
            return outputs()
                    .filter(output -> output.get("output_type").getAsString().equals(type));
        }

        String stdout() {
            return stream("stdout");
        }

        String stderr() {
            return stream("stderr");
        }

        private String stream(String name) {
            return outputs("stream")
                    .filter(output -> output.get("name").getAsString().equals(name))
                    .map(output -> joined(output.get("text")))
                    .collect(Collectors.joining());
        }

        List<String> lines() {
            return stdout().lines().toList();
        }

        /** The values that it has shown, as text, in order. */
        List<String> values() {
            return data("text/plain");
        }

        /** What it has shown in this form. */
        List<String> data(String mimeType) {
            return outputs()
                    .filter(output -> output.has("data"))
                    .map(output -> output.getAsJsonObject("data").get(mimeType))
                    .filter(data -> data != null)
                    .map(TeachingNotebook::joined)
                    .toList();
        }

        /** The error with its trace, without colours; empty when it ended well. */
        Optional<String> error() {
            return outputs("error")
                    .map(output -> output.getAsJsonArray("traceback").asList().stream()
                            .map(line -> line.getAsString().replaceAll("\u001b\\[[0-9;]*m", ""))
                            .collect(Collectors.joining("\n")))
                    .findFirst();
        }
    }

    /** The names of all, without the ending, sorted. */
    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".ipynb"))
                    .map(file -> file.replace(".ipynb", ""))
                    .sorted()
                    .toList();
        }
    }

    static Path file(String name) {
        return FOLDER.resolve(name + ".ipynb");
    }

    static TeachingNotebook read(Path file) throws IOException {
        JsonObject root = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        List<Cell> cells = new ArrayList<>();
        root.getAsJsonArray("cells").forEach(cell -> cells.add(new Cell(cell.getAsJsonObject())));
        return new TeachingNotebook(root.getAsJsonObject("metadata"), List.copyOf(cells));
    }

    List<Cell> code() {
        return cells.stream().filter(Cell::isCode).toList();
    }

    /** A notebook file holds text as a string, or as a list of lines. */
    private static String joined(JsonElement text) {
        return text instanceof JsonArray lines
                ? lines.asList().stream().map(JsonElement::getAsString).collect(Collectors.joining())
                : text.getAsString();
    }
}
