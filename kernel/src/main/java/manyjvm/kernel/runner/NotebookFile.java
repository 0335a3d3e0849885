package manyjvm.kernel.runner;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import manyjvm.kernel.spi.IoReason;

/**
 * A notebook as a file: nbformat 4 in, nbformat 4.5 out, written the way Jupyter writes it (keys sorted, one blank of
 * indentation, text as lists of lines), so that the two make no differences of each other's files. What we do not know
 * is kept.
 */
final class NotebookFile {
    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

    private final JsonObject root;

    /** A file that is no notebook we can run; the message says why, on one line. */
    static final class NotebookFileException extends Exception {
        private static final long serialVersionUID = 1L;

        NotebookFileException(String message) {
            super(message);
        }
    }

    /** One cell; its outputs are changed in place. */
    record Cell(JsonObject json) {
        boolean isCode() {
            return text(json, "cell_type").equals("code");
        }

        String source() {
            return joined(json.get("source"));
        }

        boolean hasTag(String tag) {
            JsonElement metadata = json.get("metadata");
            JsonElement tags = metadata != null && metadata.isJsonObject()
                    ? metadata.getAsJsonObject().get("tags")
                    : null;
            return tags != null && tags.isJsonArray() && tags.getAsJsonArray().contains(new JsonPrimitive(tag));
        }

        void clear() {
            json.add("outputs", new JsonArray());
            json.add("execution_count", JsonNull.INSTANCE);
        }

        JsonArray outputs() {
            return json.getAsJsonArray("outputs");
        }

        void setExecutionCount(int count) {
            json.addProperty("execution_count", count);
        }
    }

    private NotebookFile(JsonObject root) {
        this.root = root;
    }

    static NotebookFile read(Path file) throws NotebookFileException {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw new NotebookFileException("There is no file " + file + ".");
        } catch (IOException unreadable) {
            throw new NotebookFileException("Cannot read " + file + ": " + IoReason.of(unreadable) + ".");
        }
        JsonElement json;
        try {
            json = JsonParser.parseString(text);
        } catch (JsonParseException notJson) {
            throw new NotebookFileException(file + " is not a notebook: it is not JSON. A notebook ends in .ipynb.");
        }
        if (!json.isJsonObject()) {
            throw notNotebook(file, "it is not a JSON object");
        }
        check(file, json.getAsJsonObject());
        NotebookFile notebook = new NotebookFile(json.getAsJsonObject());
        notebook.upgrade();
        return notebook;
    }

    private static void check(Path file, JsonObject root) throws NotebookFileException {
        if (!root.has("nbformat") || number(root, "nbformat") != 4) {
            throw notNotebook(file, "its nbformat is not 4; open and save it in Jupyter once");
        }
        if (!root.has("cells") || !root.get("cells").isJsonArray()) {
            throw notNotebook(file, "it has no list of cells");
        }
        if (root.has("metadata") && !root.get("metadata").isJsonObject()) {
            throw notNotebook(file, "its metadata is not an object");
        }
        for (JsonElement cell : root.getAsJsonArray("cells")) {
            if (!cell.isJsonObject() || !isText(cell.getAsJsonObject().get("source"))) {
                throw notNotebook(file, "one of its cells has no source");
            }
        }
    }

    private static boolean isText(JsonElement source) {
        if (source == null || source.isJsonObject() || source.isJsonNull()) {
            return false;
        }
        return source.isJsonPrimitive()
                || source.getAsJsonArray().asList().stream().allMatch(JsonElement::isJsonPrimitive);
    }

    private static NotebookFileException notNotebook(Path file, String reason) {
        return new NotebookFileException(file + " is not a notebook of format 4: " + reason + ".");
    }

    /** To 4.5, which gives each cell an id. */
    private void upgrade() {
        root.addProperty("nbformat", 4);
        root.addProperty("nbformat_minor", Math.max(5, number(root, "nbformat_minor")));
        if (!root.has("metadata")) {
            root.add("metadata", new JsonObject());
        }
        Set<String> ids = new HashSet<>();
        for (Cell cell : cells()) {
            if (!cell.json().has("metadata")) {
                cell.json().add("metadata", new JsonObject());
            }
            if (!ids.add(text(cell.json(), "id")) || text(cell.json(), "id").isEmpty()) {
                cell.json().addProperty("id", UUID.randomUUID().toString().substring(0, 8));
            }
        }
    }

    List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        root.getAsJsonArray("cells").forEach(cell -> cells.add(new Cell(cell.getAsJsonObject())));
        return cells;
    }

    void setLanguage(JsonObject languageInfo) {
        JsonObject metadata = root.getAsJsonObject("metadata");
        metadata.add("language_info", languageInfo);
        if (!metadata.has("kernelspec")) {
            JsonObject kernelspec = new JsonObject();
            kernelspec.addProperty("name", "manyjvm");
            kernelspec.addProperty("display_name", "Java (manyjvm)");
            kernelspec.addProperty("language", "java");
            metadata.add("kernelspec", kernelspec);
        }
    }

    void write(Path file) throws IOException {
        JsonObject copy = root.deepCopy();
        for (JsonElement element : copy.getAsJsonArray("cells")) {
            JsonObject cell = element.getAsJsonObject();
            splitLines(cell, "source");
            if (cell.has("outputs")) {
                cell.getAsJsonArray("outputs").forEach(output -> splitOutput(output.getAsJsonObject()));
            }
        }
        StringWriter text = new StringWriter();
        JsonWriter writer = GSON.newJsonWriter(text);
        writer.setIndent(" ");
        GSON.toJson(sorted(copy), writer);
        Files.write(file, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void splitOutput(JsonObject output) {
        splitLines(output, "text");
        JsonElement data = output.get("data");
        if (data == null || !data.isJsonObject()) {
            return;
        }
        for (String type : List.copyOf(data.getAsJsonObject().keySet())) {
            if (type.startsWith("text/") || type.equals("image/svg+xml") || type.equals("application/javascript")) {
                splitLines(data.getAsJsonObject(), type);
            }
        }
    }

    private static void splitLines(JsonObject holder, String name) {
        JsonElement value = holder.get(name);
        if (value == null || !value.isJsonPrimitive()) {
            return;
        }
        JsonArray lines = new JsonArray();
        String text = value.getAsString();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end + 1;
            lines.add(text.substring(start, end));
            start = end;
        }
        holder.add(name, lines);
    }

    private static JsonElement sorted(JsonElement element) {
        if (element.isJsonObject()) {
            Map<String, JsonElement> entries =
                    new TreeMap<>(element.getAsJsonObject().asMap());
            JsonObject copy = new JsonObject();
            entries.forEach((name, value) -> copy.add(name, sorted(value)));
            return copy;
        }
        if (element.isJsonArray()) {
            JsonArray copy = new JsonArray();
            element.getAsJsonArray().forEach(item -> copy.add(sorted(item)));
            return copy;
        }
        return element;
    }

    /** A string, or the list of lines that nbformat makes of one. */
    static String joined(JsonElement text) {
        if (text == null || text.isJsonNull()) {
            return "";
        }
        if (!text.isJsonArray()) {
            return text.isJsonPrimitive() ? text.getAsString() : text.toString();
        }
        StringBuilder all = new StringBuilder();
        text.getAsJsonArray().forEach(line -> all.append(line.getAsString()));
        return all.toString();
    }

    private static String text(JsonObject object, String name) {
        JsonElement value = object.get(name);
        return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
    }

    private static int number(JsonObject object, String name) {
        JsonElement value = object.get(name);
        return value != null
                        && value.isJsonPrimitive()
                        && value.getAsJsonPrimitive().isNumber()
                ? value.getAsInt()
                : 0;
    }
}
