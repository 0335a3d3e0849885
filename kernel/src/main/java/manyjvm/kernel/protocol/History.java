package manyjvm.kernel.protocol;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The cells of this kernel, in memory, and those of earlier ones, in a file if the user has one ("History" of the protocol).
 * As with the Python kernel, sessions are numbered, a request may call the current one 0 and the one before it -1, results
 * are kept of the current one alone, and a cell is there as soon as it begins. Safe for all threads.
 */
public final class History implements AutoCloseable {
    private final Optional<HistoryFile> file;
    private final Map<Integer, Entry> entries = new LinkedHashMap<>(); // guarded by this

    /** @param output the text of the cell's result */
    private record Entry(int session, int line, String input, Optional<String> output) {
        Entry in(int number) {
            return new Entry(number, line, input, output);
        }
    }

    /** @param file where the inputs of all sessions are kept; empty where they are not. Is neither read nor made yet */
    public History(Optional<Path> file) {
        this.file = file.map(HistoryFile::new);
    }

    /** A cell begins. */
    void add(int line, String input) {
        synchronized (this) {
            entries.put(line, new Entry(0, line, input, Optional.empty()));
        }
        file.ifPresent(kept -> kept.add(line, input));
    }

    /** A cell that began has a result. */
    synchronized void addOutput(int line, String output) {
        entries.computeIfPresent(line, (same, one) -> new Entry(0, line, one.input(), Optional.of(output)));
    }

    /** Writes what is not written yet; waits a few seconds at most. */
    @Override
    public void close() {
        file.ifPresent(HistoryFile::close);
    }

    /**
     * May wait a few seconds for the file.
     *
     * @return the content of the {@code history_reply}
     */
    JsonObject answer(JupyterMessage request) {
        HistoryFile.Content kept = file.map(HistoryFile::read).orElse(new HistoryFile.Content(List.of(), 1));
        List<Entry> all = new ArrayList<>();
        kept.inputs().stream()
                .filter(input -> input.session() != kept.session())
                .map(input -> new Entry(input.session(), input.line(), input.text(), Optional.empty()))
                .sorted(Comparator.comparingInt(Entry::session))
                .forEach(all::add);
        synchronized (this) {
            entries.values().forEach(entry -> all.add(entry.in(kept.session())));
        }
        String access = request.text("hist_access_type", "");
        List<Entry> found =
                switch (access) {
                    case "tail" -> last(all, request.number("n", all.size()));
                    case "range" -> range(all, kept.session(), request);
                    case "search" -> search(all, request);
                    default ->
                        throw new IllegalArgumentException(
                                "hist_access_type is '" + access + "'; it may be tail, range or search");
                };
        boolean withOutput = request.flag("output", false);
        JsonArray history = new JsonArray();
        found.forEach(entry -> history.add(json(entry, withOutput)));
        JsonObject content = new JsonObject();
        content.add("history", history);
        return content;
    }

    private static JsonArray json(Entry entry, boolean withOutput) {
        JsonArray item = new JsonArray();
        item.add(entry.session());
        item.add(entry.line());
        if (withOutput) {
            JsonArray pair = new JsonArray();
            pair.add(entry.input());
            pair.add(entry.output().<JsonElement>map(JsonPrimitive::new).orElse(JsonNull.INSTANCE));
            item.add(pair);
        } else {
            item.add(entry.input());
        }
        return item;
    }

    /** From {@code start} on and before {@code stop}; negative ones count from the end, as in a slice of Python's. */
    private static List<Entry> range(List<Entry> all, int current, JupyterMessage request) {
        int asked = request.number("session", 0);
        int session = asked > 0 ? asked : current + asked;
        List<Entry> cells =
                all.stream().filter(entry -> entry.session() == session).toList();
        int behind = cells.stream().mapToInt(Entry::line).max().orElse(0) + 1;
        int start = fromEnd(request.number("start", 0), behind);
        int stop = fromEnd(request.number("stop", Integer.MAX_VALUE), behind);
        return cells.stream()
                .filter(entry -> entry.line() >= start && entry.line() < stop)
                .toList();
    }

    private static int fromEnd(int line, int behind) {
        return line < 0 ? line + behind : line;
    }

    private static List<Entry> search(List<Entry> all, JupyterMessage request) {
        Pattern pattern = glob(request.text("pattern", "*"));
        List<Entry> found = all.stream()
                .filter(entry -> pattern.matcher(entry.input()).matches())
                .toList();
        if (request.flag("unique", false)) {
            Map<String, Entry> latest = new LinkedHashMap<>();
            for (Entry entry : found) {
                latest.remove(entry.input());
                latest.put(entry.input(), entry);
            }
            found = List.copyOf(latest.values());
        }
        return last(found, request.number("n", found.size()));
    }

    private static List<Entry> last(List<Entry> list, int count) {
        return List.copyOf(list.subList(Math.max(0, list.size() - Math.max(0, count)), list.size()));
    }

    /** SQLite's GLOB: {@code *}, {@code ?}, and {@code [a-z]} or {@code [^a-z]}. */
    static Pattern glob(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            int close = c == '[' ? glob.indexOf(']', i + 2) : -1;
            if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else if (close > 0) {
                String body = glob.substring(i + 1, close);
                boolean negated = body.startsWith("^");
                regex.append(negated ? "[^" : "[")
                        .append((negated ? body.substring(1) : body).replaceAll("[\\\\\\[\\]&^]", "\\\\$0"))
                        .append(']');
                i = close;
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
