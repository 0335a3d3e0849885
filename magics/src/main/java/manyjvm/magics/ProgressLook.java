package manyjvm.magics;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import manyjvm.parallel.drawing.Drawing;
import manyjvm.parallel.spi.ProgressReport;
import manyjvm.parallel.spi.ProgressReport.WorkerState;

/**
 * A line of progress as a front end shows it. Without script, and with inline style alone, since the rest is taken out of saved
 * notebooks; what is left without any style still says all. Colours are mid tones, seen on light and dark pages, and never
 * alone: a worker's cell differs by its frame and its sign, too. Its last state is plain words.
 */
final class ProgressLook {
    private static final String LINE = "display:flex;flex-wrap:wrap;align-items:center;gap:0.2em 0.8em;line-height:1.5";
    private static final String BAR =
            "display:inline-block;box-sizing:border-box;max-width:15vw;min-width:4em;border:1px solid #888;"
                    + "border-radius:3px;overflow:hidden;vertical-align:middle;";
    private static final String DONE = "display:block;height:100%;background-color:" + Drawing.BLUE + ";width:";
    private static final String CELL = "display:inline-block;box-sizing:border-box;width:1.3em;height:1.3em;margin:1px;"
            + "text-align:center;vertical-align:middle;line-height:1.1em;font-size:0.85em;border-radius:3px;";

    private ProgressLook() {}

    static void register(Renderer renderer) {
        renderer.createRegistration(ProgressReport.class)
                .preferring(MIMEType.TEXT_HTML)
                .register((report, context) -> context.renderIfRequested(MIMEType.TEXT_HTML, () -> html(report)));
    }

    /** By MIME type. */
    static Map<String, Object> bundle(ProgressReport report) {
        Map<String, Object> bundle = new LinkedHashMap<>();
        bundle.put("text/plain", report.toString());
        bundle.put("text/html", html(report));
        return bundle;
    }

    static String html(ProgressReport report) {
        if (report.end().isPresent()) {
            return "<div>" + TableLook.escaped(report.toString()) + "</div>";
        }
        StringBuilder html =
                new StringBuilder("<div style=\"" + LINE + "\"><b>" + TableLook.escaped(report.what()) + "</b>");
        report.part().ifPresent(part -> html.append(bar(part, "12em", "0.9em")));
        report.figures().forEach(figure -> html.append("<span style=\"white-space:nowrap\">")
                .append(TableLook.escaped(figure))
                .append("</span> "));
        List<WorkerState> workers = report.workers();
        if (workers.isEmpty()) {
            return html.append("</div>").toString();
        }
        html.append("<span title=\"workers: ").append(report.crew()).append("\">");
        for (int i = 0; i < workers.size(); i++) {
            html.append(cell(
                    workers.get(i), "worker " + (i + 1) + ": " + workers.get(i).word()));
        }
        return html.append("</span></div>").toString();
    }

    /** @param part that is full, from 0 to 1 */
    static String bar(double part, String width, String height) {
        return "<span style=\"" + BAR + "width:" + width + ";height:" + height + "\"><span style=\"" + DONE
                + String.format(Locale.ROOT, "%.1f%%", Math.min(1, part) * 100) + "\"></span></span>";
    }

    /** What a worker does, as a little square. */
    static String cell(WorkerState state, String title) {
        return "<span style=\"" + CELL + style(state) + "\" title=\"" + title + "\">" + sign(state) + "</span>";
    }

    private static String style(WorkerState state) {
        return switch (state) {
            case BUSY -> "border:1px solid " + Drawing.BLUE + ";background-color:" + Drawing.BLUE + ";color:#fff";
            case IDLE -> "border:1px solid #888";
            case STARTING -> "border:1px dashed #888";
            case DEAD -> "border:1px solid " + Drawing.RED + ";color:" + Drawing.RED;
        };
    }

    private static String sign(WorkerState state) {
        return switch (state) {
            case BUSY -> "\u25b6";
            case IDLE -> "\u00a0";
            case STARTING -> "\u2026";
            case DEAD -> "\u00d7";
        };
    }
}
