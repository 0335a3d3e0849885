package manyjvm.magics;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.List;
import manyjvm.magics.api.Table;

/** Tables as plain HTML, for front ends that show it. */
final class TableLook {
    private TableLook() {}

    static void register(Renderer renderer) {
        renderer.createRegistration(Table.class).preferring(MIMEType.TEXT_HTML).register((table, context) -> {
            if (!table.rows().isEmpty()) {
                context.renderIfRequested(MIMEType.TEXT_HTML, () -> html(table));
            }
        });
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

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
