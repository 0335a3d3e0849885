package manyjvm.kernel.display;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.util.ArrayList;
import java.util.List;

/**
 * Tables as HTML and as text. The colours are the page's own, light or dark: nothing here has one but the lines, which are grey and let
 * the ground through.
 */
final class TableLook {
    /**
     * A box in which a wide table can be scrolled. It asks for no width of its own: where outputs are flex items, as on exported pages,
     * it would otherwise be as wide as the table, and what stands around it, too. MathJax, which pages run over outputs, is to take no
     * two dollars for a formula: by one class in its version 2, by the other in those since.
     */
    private static final String BOX =
            "<div class=\"tex2jax_ignore mathjax_ignore\" style=\"overflow-x:auto;width:0;min-width:100%\">";

    private static final String TABLE = "<table style=\"border-collapse:collapse;table-layout:auto;margin:0.3em 0;"
            + "overflow-wrap:break-word;font-variant-numeric:tabular-nums\">";

    /** Short, since each cell has one of them: front ends have a style of their own for cells, which is stronger than a row's. */
    private static final String LEFT = "text-align:left;max-width:32em";

    private static final String RIGHT = "text-align:right;white-space:nowrap";
    private static final int WIDEST = 60;

    private TableLook() {}

    static DisplayData withText(TableView table) {
        DisplayData data = new DisplayData(text(table));
        data.putHTML(html(table));
        return data;
    }

    static String html(TableView table) {
        StringBuilder html = new StringBuilder();
        if (!table.columns().isEmpty()) {
            appendTable(html, table);
        }
        if (!table.note().isEmpty()) {
            html.append("<div style=\"font-size:0.9em;opacity:0.75\">")
                    .append(escaped(table.note()))
                    .append("</div>");
        }
        return html.toString();
    }

    private static void appendTable(StringBuilder html, TableView table) {
        html.append(BOX).append(TABLE).append("<thead><tr>");
        for (TableView.Column column : table.columns()) {
            cell(html, "th", column.number(), column.heading());
        }
        html.append("</tr></thead><tbody>");
        for (List<String> row : table.rows()) {
            html.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                String tag = i == 0 && table.heads() ? "th" : "td";
                cell(html, tag, table.columns().get(i).number(), row.get(i));
            }
            html.append("</tr>");
        }
        html.append("</tbody></table></div>");
    }

    private static void cell(StringBuilder html, String tag, boolean number, String text) {
        html.append('<')
                .append(tag)
                .append(" style=\"")
                .append(number ? RIGHT : LEFT)
                .append("\">");
        html.append(escaped(text)).append("</").append(tag).append('>');
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    static String text(TableView table) {
        if (table.columns().isEmpty()) {
            return table.note();
        }
        List<List<String>> lines = new ArrayList<>();
        lines.add(table.columns().stream()
                .map(column -> ValueText.brief(column.heading(), WIDEST))
                .toList());
        table.rows()
                .forEach(row -> lines.add(
                        row.stream().map(cell -> ValueText.brief(cell, WIDEST)).toList()));
        int[] widths = new int[table.columns().size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(line.get(i)));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder one = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String blanks = " ".repeat(widths[i] - width(line.get(i)));
                boolean right = table.columns().get(i).number();
                one.append(i == 0 ? "" : "  ").append(right ? blanks + line.get(i) : line.get(i) + blanks);
            }
            text.append(one.toString().stripTrailing()).append('\n');
            if (line == lines.get(0)) {
                for (int i = 0; i < widths.length; i++) {
                    text.append(i == 0 ? "" : "  ").append("-".repeat(widths[i]));
                }
                text.append('\n');
            }
        }
        return text.append(table.note()).toString().stripTrailing();
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
