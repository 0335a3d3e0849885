package manyjvm.magics;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import manyjvm.magics.api.Table;
import manyjvm.parallel.insight.Insights;
import manyjvm.parallel.insight.Timeline;

/**
 * What a pool did, for front ends that show HTML. They prefer that to images ({@code Drawing} says what is in it); who asks for an
 * image gets one.
 */
final class InsightLook {
    private static final int IMAGE = 1000;

    private InsightLook() {}

    static void register(Renderer renderer) {
        renderer.createRegistration(Timeline.class)
                .preferring(MIMEType.TEXT_HTML)
                .supporting(MIMEType.IMAGE_SVG)
                .register((timeline, context) -> {
                    context.renderIfRequested(MIMEType.TEXT_HTML, timeline::html);
                    context.renderIfRequested(MIMEType.IMAGE_SVG, () -> timeline.svg(IMAGE));
                });
        renderer.createRegistration(Insights.class)
                .preferring(MIMEType.TEXT_HTML)
                .register((insights, context) -> context.renderIfRequested(MIMEType.TEXT_HTML, () -> html(insights)));
    }

    static String html(Insights insights) {
        StringBuilder html = new StringBuilder("<p><b>")
                .append(TableLook.escaped(insights.heading()))
                .append("</b></p><div style='" + TableLook.SCROLLED + "'>")
                .append(TableLook.html(narrow(withoutEmptyColumns(insights))))
                .append("</div>");
        for (Insights.Section section : insights.sections()) {
            html.append("<p style='margin-bottom:0'><b>")
                    .append(TableLook.escaped(section.heading()))
                    .append("</b></p>");
            list(html, section.lines());
        }
        return html.toString();
    }

    /** What no worker spent any time on, and what none tells, takes room from the others. */
    private static Table withoutEmptyColumns(Insights insights) {
        List<Integer> columns = IntStream.range(0, insights.headings().size())
                .filter(column -> insights.rows().stream()
                        .map(row -> row.get(column))
                        .anyMatch(cell -> !cell.equals("0") && !cell.equals("-")))
                .boxed()
                .toList();
        return new Table(
                columns.stream().map(insights.headings()::get).toList(),
                insights.rows().stream()
                        .map(row -> columns.stream().map(row::get).toList())
                        .toList(),
                "");
    }

    /** With a column for each worker, where there are fewer of those: eleven columns do not fit into half a screen. */
    private static Table narrow(Table table) {
        if (table.rows().size() >= table.headings().size()) {
            return table;
        }
        List<List<String>> turned = IntStream.range(0, table.headings().size())
                .mapToObj(column -> Stream.concat(
                                Stream.of(table.headings().get(column)),
                                table.rows().stream().map(row -> row.get(column)))
                        .toList())
                .toList();
        return new Table(turned.get(0), turned.subList(1, turned.size()), "");
    }

    private static void list(StringBuilder html, List<String> lines) {
        html.append("<ul style='margin-top:0'>");
        lines.forEach(
                line -> html.append("<li>").append(TableLook.escaped(line)).append("</li>"));
        html.append("</ul>");
    }
}
