package manyjvm.magics;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.List;
import manyjvm.magics.api.Explained;
import manyjvm.magics.api.Table;

/** Tables as plain HTML, for front ends that show it. */
final class TableLook {
    /**
     * The style of a box in which a wide table can be scrolled. It asks for no width of its own: where outputs are flex items, as on
     * exported pages, it would otherwise be as wide as the table, and what stands around it, too.
     */
    static final String SCROLLED = "overflow-x:auto;width:0;min-width:100%";

    private TableLook() {}

    static void register(Renderer renderer) {
        renderer.createRegistration(Table.class).preferring(MIMEType.TEXT_HTML).register((table, context) -> {
            if (!table.rows().isEmpty()) {
                context.renderIfRequested(MIMEType.TEXT_HTML, () -> html(table));
            }
        });
        renderer.createRegistration(Explained.class)
                .preferring(MIMEType.TEXT_HTML)
                .register((explained, context) -> context.renderIfRequested(MIMEType.TEXT_HTML, () -> html(explained)));
    }

    private static String html(Explained explained) {
        StringBuilder html = new StringBuilder("<p>" + escaped(explained.verdict()) + "</p>");
        list(html, "", explained.refusals());
        if (!explained.table().rows().isEmpty()) {
            html.append(html(explained.table()));
        }
        list(html, "<b>warning:</b> ", explained.warnings());
        return html.toString();
    }

    private static void list(StringBuilder html, String before, List<String> points) {
        if (!points.isEmpty()) {
            html.append("<ul>");
            points.forEach(point ->
                    html.append("<li>").append(before).append(escaped(point)).append("</li>"));
            html.append("</ul>");
        }
    }

    static String html(Table table) {
        StringBuilder html = new StringBuilder("<table><thead>");
        row(html, "th", table.headings());
        html.append("</thead><tbody>");
        table.rows().forEach(cells -> row(html, "td", cells));
        return html.append("</tbody></table>").toString();
    }

    private static void row(StringBuilder html, String tag, List<String> cells) {
        html.append("<tr>");
        for (String cell : cells) {
            html.append('<')
                    .append(tag)
                    .append('>')
                    .append(escaped(cell))
                    .append("</")
                    .append(tag)
                    .append('>');
        }
        html.append("</tr>");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
