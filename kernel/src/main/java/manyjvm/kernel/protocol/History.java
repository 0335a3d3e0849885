package manyjvm.kernel.protocol;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The cells of this kernel, in memory ("History" of the protocol). There is one session, numbered 1, which requests may
 * also call 0, the current one. Safe for all threads.
 */
final class History {
    private static final int SESSION = 1;

    private final List<Entry> entries = new ArrayList<>();

    /** @param output the text of the cell's result */
    private record Entry(int line, String input, Optional<String> output) {}

    synchronized void add(int line, String input, Optional<String> output) {
        entries.add(new Entry(line, input, output));
    }

    /** @return the content of the {@code history_reply} */
    synchronized JsonObject answer(JupyterMessage request) {
        String access = request.text("hist_access_type", "");
        List<Entry> found =
                switch (access) {
                    case "tail" -> last(entries, request.number("n", entries.size()));
                    case "range" -> range(request);
                    case "search" -> search(request);
                    default ->
                        throw new IllegalArgumentException(
                                "hist_access_type is '" + access + "'; it may be tail, range or search");
                };
        boolean withOutput = request.flag("output", false);
        JsonArray history = new JsonArray();
        for (Entry entry : found) {
            JsonArray item = new JsonArray();
            item.add(SESSION);
            item.add(entry.line());
            if (withOutput) {
                JsonArray pair = new JsonArray();
                pair.add(entry.input());
                pair.add(entry.output().<JsonElement>map(JsonPrimitive::new).orElse(JsonNull.INSTANCE));
                item.add(pair);
            } else {
                item.add(entry.input());
            }
            history.add(item);
        }
        JsonObject content = new JsonObject();
        content.add("history", history);
        return content;
    }

    private List<Entry> range(JupyterMessage request) {
        int session = request.number("session", 0);
        if (session != 0 && session != SESSION) {
            return List.of();
        }
        int start = request.number("start", 0);
        int stop = request.number("stop", Integer.MAX_VALUE);
        return entries.stream()
                .filter(entry -> entry.line() >= start && entry.line() < stop)
                .toList();
    }

    private List<Entry> search(JupyterMessage request) {
        Pattern pattern = glob(request.text("pattern", "*"));
        List<Entry> found = entries.stream()
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
