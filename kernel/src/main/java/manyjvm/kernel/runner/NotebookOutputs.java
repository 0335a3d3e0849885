package manyjvm.kernel.runner;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import manyjvm.kernel.protocol.JupyterMessage;

/**
 * Turns IOPub messages into a notebook's outputs as nbclient does: adjacent text of one stream becomes one output,
 * {@code clear_output} empties the cell, now or with the next output, and {@code update_display_data} redraws in every
 * cell. One per notebook; confined to the runner's thread.
 */
final class NotebookOutputs {
    private final Map<String, List<JsonObject>> displays = new HashMap<>();
    private final Map<NotebookFile.Cell, Boolean> toBeCleared = new HashMap<>();

    void add(NotebookFile.Cell cell, JupyterMessage message) {
        switch (message.type()) {
            case "stream" -> addStream(outputs(cell), message);
            case "display_data", "execute_result" -> addBundle(outputs(cell), message);
            case "update_display_data" -> update(message);
            case "error" -> addError(outputs(cell), message);
            case "clear_output" -> {
                if (message.flag("wait", false)) {
                    toBeCleared.put(cell, true);
                } else {
                    clear(cell);
                }
            }
            default -> {
                // Statuses, inputs and comm messages are no outputs.
            }
        }
    }

    private JsonArray outputs(NotebookFile.Cell cell) {
        if (toBeCleared.remove(cell) != null) {
            clear(cell);
        }
        return cell.outputs();
    }

    private static void clear(NotebookFile.Cell cell) {
        while (!cell.outputs().isEmpty()) {
            cell.outputs().remove(0);
        }
    }

    private static void addStream(JsonArray outputs, JupyterMessage message) {
        String name = message.text("name", "stdout");
        JsonObject last = outputs.isEmpty()
                ? new JsonObject()
                : outputs.get(outputs.size() - 1).getAsJsonObject();
        if (last.has("name") && last.get("name").getAsString().equals(name)) {
            last.addProperty("text", last.get("text").getAsString() + message.text("text", ""));
            return;
        }
        JsonObject output = output("stream");
        output.addProperty("name", name);
        output.addProperty("text", message.text("text", ""));
        outputs.add(output);
    }

    private void addBundle(JsonArray outputs, JupyterMessage message) {
        JsonObject output = output(message.type());
        output.add("data", message.object("data"));
        output.add("metadata", message.object("metadata"));
        if (message.type().equals("execute_result")) {
            output.add("execution_count", message.content().get("execution_count"));
        }
        outputs.add(output);
        displayId(message).ifPresent(id -> displays.computeIfAbsent(id, any -> new ArrayList<>())
                .add(output));
    }

    private void update(JupyterMessage message) {
        displayId(message)
                .map(displays::get)
                .ifPresent(outputs -> outputs.forEach(output -> {
                    output.add("data", message.object("data"));
                    output.add("metadata", message.object("metadata"));
                }));
    }

    static Optional<String> displayId(JupyterMessage message) {
        JsonElement id = message.object("transient").get("display_id");
        return id == null || !id.isJsonPrimitive() ? Optional.empty() : Optional.of(id.getAsString());
    }

    private static void addError(JsonArray outputs, JupyterMessage message) {
        JsonObject output = output("error");
        output.add("ename", message.content().get("ename"));
        output.add("evalue", message.content().get("evalue"));
        output.add("traceback", message.content().get("traceback"));
        outputs.add(output);
    }

    private static JsonObject output(String type) {
        JsonObject output = new JsonObject();
        output.addProperty("output_type", type);
        return output;
    }
}
