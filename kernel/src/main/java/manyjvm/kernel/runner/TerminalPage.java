package manyjvm.kernel.runner;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import manyjvm.kernel.protocol.JupyterMessage;

/**
 * Prints a notebook to a terminal, or to a file, while it runs: the source of each cell, then its output as it arrives.
 * Displays that are redrawn while the cell runs are printed at its end, once. Confined to the runner's thread.
 */
final class TerminalPage {
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

    private final PrintStream out;
    private final boolean colours;
    private final Map<String, String> redrawn = new LinkedHashMap<>();
    private boolean inLine;

    TerminalPage(PrintStream out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    void text(String source) {
        endLine();
        print(source.strip() + "\n\n");
    }

    void code(int number, String source) {
        endLine();
        String prompt = "In [" + number + "]: ";
        print(prompt + source.stripTrailing().replace("\n", "\n" + " ".repeat(prompt.length())) + "\n");
    }

    void output(JupyterMessage message) {
        switch (message.type()) {
            case "stream" -> print(message.text("text", ""));
            case "execute_result" -> bundle("Out[" + message.number("execution_count", 0) + "]: ", message);
            case "display_data" -> bundle("", message);
            case "update_display_data" ->
                NotebookOutputs.displayId(message).ifPresent(id -> redrawn.put(id, plain(message)));
            case "error" -> error(message);
            default -> {
                // Nothing to see.
            }
        }
    }

    void endCell() {
        endLine();
        redrawn.values().forEach(text -> print(text + "\n"));
        redrawn.clear();
        print("\n");
        out.flush();
    }

    void note(String line) {
        endLine();
        print(line + "\n");
        out.flush();
    }

    private void bundle(String prompt, JupyterMessage message) {
        endLine();
        String text = plain(message);
        print(prompt + text.replace("\n", "\n" + " ".repeat(prompt.length())) + "\n");
    }

    private static String plain(JupyterMessage message) {
        var data = message.object("data");
        return Optional.ofNullable(data.get("text/plain"))
                .map(NotebookFile::joined)
                .orElseGet(() -> "<" + String.join(", ", data.keySet()) + ">");
    }

    private void error(JupyterMessage message) {
        endLine();
        String traceback = Optional.ofNullable(message.content().get("traceback"))
                .filter(lines -> lines.isJsonArray() && !lines.getAsJsonArray().isEmpty())
                .map(lines -> {
                    StringBuilder all = new StringBuilder();
                    lines.getAsJsonArray()
                            .forEach(line -> all.append(line.getAsString()).append('\n'));
                    return all.toString();
                })
                .orElseGet(() -> message.text("ename", "") + ": " + message.text("evalue", "") + "\n");
        print(traceback);
    }

    private void endLine() {
        if (inLine) {
            print("\n");
        }
    }

    private void print(String text) {
        String shown = colours ? text : COLOUR.matcher(text).replaceAll("");
        if (!shown.isEmpty()) {
            out.print(shown);
            out.flush();
            inLine = !shown.endsWith("\n");
        }
    }
}
