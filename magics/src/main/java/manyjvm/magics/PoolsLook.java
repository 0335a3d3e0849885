package manyjvm.magics;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.Locale;
import manyjvm.magics.api.PoolsStatus;
import manyjvm.parallel.PoolStatus;
import manyjvm.parallel.spi.ProgressReport;
import manyjvm.parallel.spi.ProgressReport.WorkerState;

/** Pools and their workers as HTML: a table for each pool, in the colours and signs of {@link ProgressLook}. */
final class PoolsLook {
    private static final String TABLE =
            "border-collapse:collapse;table-layout:auto;width:100%;max-width:75em;margin:0.2em 0 1em 0;font-size:0.95em";
    private static final String CELL = "text-align:left;vertical-align:top;padding:0.25em 0.5em 0.25em 0;";
    private static final String NARROW = CELL + "white-space:nowrap";
    private static final String WIDE = CELL + "white-space:normal;overflow-wrap:anywhere;min-width:5em";
    private static final String HEAP = CELL + "white-space:normal;min-width:4.5em";
    private static final String NUMBER = CELL + "text-align:right;white-space:nowrap";
    private static final String ROW = "border-top:1px solid #8886;background-color:transparent";

    private PoolsLook() {}

    static void register(Renderer renderer) {
        renderer.createRegistration(PoolsStatus.class)
                .preferring(MIMEType.TEXT_HTML)
                .register((status, context) -> {
                    if (!status.pools().isEmpty()) {
                        context.renderIfRequested(MIMEType.TEXT_HTML, () -> html(status));
                    }
                });
    }

    static String html(PoolsStatus status) {
        StringBuilder html = new StringBuilder("<div>");
        for (PoolStatus pool : status.pools()) {
            html.append("<div><b>")
                    .append(TableLook.escaped(pool.name()))
                    .append("</b> \u2003")
                    .append(TableLook.escaped(String.join(" \u00b7 ", PoolsStatus.summary(pool))))
                    .append("</div>");
            if (!pool.workers().isEmpty()) {
                table(html, pool);
            }
        }
        return html.append("</div>").toString();
    }

    private static void table(StringBuilder html, PoolStatus pool) {
        html.append("<div style=\"" + TableLook.SCROLLED + "\"><table style=\"" + TABLE
                + "\"><thead><tr style=\"background-color:transparent\">");
        heading(html, NARROW, "worker");
        heading(html, NARROW, "state");
        heading(html, WIDE, "doing, last line");
        heading(html, HEAP, "heap");
        heading(html, NUMBER, "CPU");
        heading(html, NUMBER, "tasks");
        html.append("</tr></thead><tbody>");
        for (PoolStatus.Worker worker : pool.workers()) {
            html.append("<tr style=\"" + ROW + "\">");
            cell(
                    html,
                    NARROW,
                    "<b>" + worker.number() + "</b>" + below(worker.pid() == 0 ? "" : "pid " + worker.pid()));
            cell(
                    html,
                    NARROW,
                    ProgressLook.cell(state(worker), "") + " " + worker.state()
                            + below(worker.since().map(ProgressReport::words).orElse("")));
            cell(
                    html,
                    WIDE,
                    worker.doing().isEmpty()
                            ? small(worker.lastLine())
                            : TableLook.escaped(worker.doing()) + below(worker.lastLine()));
            cell(html, HEAP, heap(worker));
            cell(html, NUMBER, TableLook.escaped(PoolsStatus.cpu(worker)));
            cell(html, NUMBER, String.valueOf(worker.tasks()));
            html.append("</tr>");
        }
        html.append("</tbody></table></div>");
    }

    /** A second line of a cell, smaller. */
    private static String below(String text) {
        return text.isEmpty() ? "" : "<br>" + small(text);
    }

    private static String small(String text) {
        return "<small style=\"opacity:0.75\">" + TableLook.escaped(text) + "</small>";
    }

    private static void heading(StringBuilder html, String style, String text) {
        html.append("<th style=\"").append(style).append("\">").append(text).append("</th>");
    }

    private static void cell(StringBuilder html, String style, String content) {
        html.append("<td style=\"").append(style).append("\">").append(content).append("</td>");
    }

    private static String heap(PoolStatus.Worker worker) {
        return worker.heap()
                .map(heap -> TableLook.escaped(PoolsStatus.size(heap)) + "<br>"
                        + ProgressLook.bar(heap.used() / (double) Math.max(1, heap.limit()), "7em", "0.45em")
                        + below(PoolsStatus.age(heap)))
                .orElse("");
    }

    private static WorkerState state(PoolStatus.Worker worker) {
        return worker.state().equals("stopped")
                ? WorkerState.DEAD
                : WorkerState.valueOf(worker.state().toUpperCase(Locale.ROOT));
    }
}
