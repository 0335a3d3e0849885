package manyjvm.magics;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.List;
import java.util.Locale;
import manyjvm.magics.api.CompareResult;
import manyjvm.magics.lesson.Span;

/**
 * A comparison as a picture: the ways one above the other on one time axis, a lane for each worker. A task is a pale block from
 * its begin to its end; where it was running on a processor the block is filled, so high as the share of the time was. So one sees
 * tasks take turns, which a bar from begin to end would hide: it looks the same on one processor and on two.
 *
 * <p>Places from left to right are shares of the width and everything else is pixels, so text keeps its size. No script; text and
 * lines have the colour of the page.
 */
final class CompareLook {
    /** Units from left to right in a lane; more than an eye can tell apart. */
    private static final int UNITS = 1000;

    private static final int STEPS = 4;
    private static final int LANE = 20;
    private static final int GAP = 3;
    private static final int HEADING = 19;
    private static final int AFTER = 8;
    private static final int AXIS = 20;
    private static final int LEGEND = 20;

    /** A block that is narrower has no room for its number, in units. */
    private static final int ROOM_FOR_NUMBER = 30;

    private static final String[] COLOURS = {"#3d8bd4", "#d9822b"}; // that of neighbours differs in lightness, too

    private final CompareResult result;
    private final double unit;
    private final StringBuilder svg = new StringBuilder();

    private CompareLook(CompareResult result) {
        this.result = result;
        this.unit = Math.max(1, (double) result.span() / UNITS);
    }

    static void register(Renderer renderer) {
        renderer.createRegistration(CompareResult.class)
                .preferring(MIMEType.TEXT_HTML)
                .register((result, context) -> context.renderIfRequested(MIMEType.TEXT_HTML, () -> html(result)));
    }

    static String html(CompareResult result) {
        StringBuilder html = new StringBuilder("<div style='max-width:1200px'>")
                .append(new CompareLook(result).picture())
                .append("</div><p>Each line is a worker, and each block an item, with its number.</p>" + "<div style='"
                        + TableLook.SCROLLED + ";white-space:nowrap'>")
                .append(TableLook.html(result.table()))
                .append("</div>");
        result.conclusion()
                .forEach(sentence ->
                        html.append("<p>").append(TableLook.escaped(sentence)).append("</p>"));
        return html.toString();
    }

    private String picture() {
        int y = LEGEND + 4;
        legend();
        int top = y;
        for (CompareResult.Row row : result.rows()) {
            text("0", y + 13, " font-weight='bold'", row.title());
            text(
                    "100%",
                    y + 13,
                    " text-anchor='end'",
                    CompareResult.millis(row.median().wall()));
            y += HEADING;
            for (List<Span> lane : row.lanes()) {
                lane(lane, row.median().begin(), y);
                y += LANE + GAP;
            }
            y += AFTER;
        }
        axis(top, y);
        return "<svg xmlns='http://www.w3.org/2000/svg' width='100%' height='" + (y + AXIS)
                + "' role='img' font-family='system-ui,sans-serif' font-size='12' fill='currentColor'><title>"
                + TableLook.escaped(result.title()) + "</title>" + svg + "</svg>";
    }

    private void legend() {
        text("0", 13, "", result.title());
        svg.append("<svg x='35%' y='2' width='24' height='13'><rect width='24' height='13' fill='" + COLOURS[0]
                + "'/></svg>");
        svg.append("<svg x='35%' overflow='visible'>");
        text("30", 13, "", "on a processor");
        svg.append("</svg><svg x='65%' y='2' width='24' height='13'><rect x='0.5' y='0.5' width='23' height='12' fill='"
                + COLOURS[0] + "' fill-opacity='0.2' stroke='" + COLOURS[0] + "'/></svg>");
        svg.append("<svg x='65%' overflow='visible'>");
        text("30", 13, "", "waiting");
        svg.append("</svg>");
    }

    private void lane(List<Span> lane, long begin, int y) {
        svg.append("<svg y='" + y + "' width='100%' height='" + LANE + "' viewBox='0 0 " + UNITS + " " + LANE
                + "' preserveAspectRatio='none'>");
        for (int i = 0; i < lane.size(); i++) {
            block(lane.get(i), begin, COLOURS[i % COLOURS.length]);
        }
        svg.append("</svg>");
        for (Span span : lane) {
            double from = (span.begin() - begin) / unit;
            if ((span.end() - span.begin()) / unit >= ROOM_FOR_NUMBER) {
                svg.append("<text x='" + decimal(100 * from / UNITS) + "%' dx='4' y='" + (y + 14) + "' font-size='11'>"
                        + span.number() + "</text>");
            }
        }
    }

    private void block(Span span, long begin, String colour) {
        double from = (span.begin() - begin) / unit;
        double to = (span.end() - begin) / unit;
        svg.append("<rect x='" + decimal(from) + "' y='0.5' width='" + decimal(Math.max(0.5, to - from)) + "' height='"
                + (LANE - 1) + "' fill='" + colour + "' fill-opacity='0.2' stroke='" + colour
                + "' vector-effect='non-scaling-stroke'><title>item " + span.number() + ": "
                + CompareResult.millis(span.end() - span.begin()) + ", of which "
                + CompareResult.millis(span.running()) + " on a processor</title></rect>");
        StringBuilder path = new StringBuilder();
        double start = from;
        int height = 0;
        for (double x = from; x < to; x = Math.floor(x) + 1) {
            double next = Math.min(to, Math.floor(x) + 1);
            double ran = span.runningUntil(begin + next * unit) - span.runningUntil(begin + x * unit);
            int now = (int) Math.round(Math.min(1, ran / ((next - x) * unit)) * STEPS);
            if (now != height) {
                bar(path, start, x, height);
                start = x;
                height = now;
            }
        }
        bar(path, start, to, height);
        svg.append("<path d='" + path + "' fill='" + colour + "' pointer-events='none'/>");
    }

    private static void bar(StringBuilder path, double from, double to, int height) {
        if (height > 0 && to > from) {
            path.append("M" + decimal(from) + " " + LANE + "V" + LANE * (STEPS - height) / STEPS + "H" + decimal(to)
                    + "V" + LANE);
        }
    }

    private void axis(int top, int bottom) {
        double millis = result.span() / 1e6;
        double step = Math.pow(10, Math.floor(Math.log10(Math.max(1, millis))));
        step = millis / step > 4 ? step : millis / step > 2 ? step / 2 : step / 5;
        for (int i = 0; i * step <= millis; i++) {
            double at = 100 * i * step / millis;
            String x = decimal(at) + "%";
            svg.append("<line x1='" + x + "' x2='" + x + "' y1='" + top + "' y2='" + bottom
                    + "' stroke='currentColor' stroke-opacity='0.18'/>");
            if (at < 92) {
                text(
                        x,
                        bottom + 14,
                        i == 0 ? "" : " text-anchor='middle'",
                        i == 0 ? "0" : String.format(Locale.ROOT, step < 1 ? "%.1f ms" : "%,.0f ms", i * step));
            }
        }
    }

    private void text(String x, int y, String look, String text) {
        svg.append("<text x='" + x + "' y='" + y + "'" + look + ">")
                .append(TableLook.escaped(text))
                .append("</text>");
    }

    private static String decimal(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
