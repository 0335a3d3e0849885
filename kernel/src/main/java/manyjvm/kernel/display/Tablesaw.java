package manyjvm.kernel.display;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.UUID;
import manyjvm.kernel.display.picture.Foreign;
import org.jspecify.annotations.Nullable;

/** What Tablesaw's objects are asked, by reflection. */
final class Tablesaw {
    private Tablesaw() {}

    /** @param value a table or a column */
    static TableView table(Object value, OptionalInt mostRows) {
        List<Object> all = new ArrayList<>();
        if (has(value, "columns")) {
            all.addAll((List<?>) call(value, "columns"));
        } else {
            all.add(value);
        }
        List<Object> columns = all.subList(0, Math.min(all.size(), mostRows.isPresent() ? all.size() : Tables.COLUMNS));
        int total = all.isEmpty() ? 0 : (int) call(all.get(0), "size");
        int most = Math.min(total, mostRows.orElse(total > Tables.WHOLE ? Tables.FIRST : Tables.WHOLE));
        List<TableView.Column> headings = new ArrayList<>();
        for (Object column : columns) {
            boolean number = most > 0 && get(column, "get", 0) instanceof Number;
            headings.add(new TableView.Column((String) call(column, "name"), number));
        }
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            List<Object> row = new ArrayList<>();
            for (Object column : columns) {
                row.add(get(column, "getString", i));
            }
            rows.add(Tables.cells(row));
        }
        String count = most < total ? String.format("%,d", total) : "";
        return new TableView(headings, rows, false, Tables.note(most, count, columns.size(), all.size()));
    }

    /**
     * A figure is drawn by Plotly in the browser, which the library's own page fetches from the network: it stands in a frame, and can
     * do nothing to the notebook around it.
     */
    static DisplayData figure(Object figure) {
        String id = "figure-" + UUID.randomUUID();
        String page = "<!DOCTYPE html><html><head><meta charset=\"utf-8\">"
                + "<script src=\"https://cdn.plot.ly/plotly-1.58.5.min.js\"></script></head><body style=\"margin:0\"><div id=\""
                + id
                + "\"></div>" + get(figure, "asJavascript", id) + "</body></html>";
        DisplayData data = new DisplayData("a figure of Tablesaw, which Plotly draws in the browser");
        data.putHTML(
                "<iframe sandbox=\"allow-scripts\" style=\"width:100%;min-width:40em;height:34em;border:0;background:white\" srcdoc=\""
                        + page.replace("&", "&amp;").replace("\"", "&quot;") + "\"></iframe>");
        return data;
    }

    private static boolean has(Object value, String method) {
        try {
            value.getClass().getMethod(method);
            return true;
        } catch (NoSuchMethodException none) {
            return false;
        }
    }

    private static Object call(Object of, String method) {
        return Objects.requireNonNull(Foreign.call(of, method), method);
    }

    private static @Nullable Object get(Object of, String method, Object argument) {
        Class<?> type = argument instanceof Integer ? int.class : String.class;
        return Foreign.call(of, method, new Class<?>[] {type}, argument);
    }
}
