package manyjvm.magics;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.List;
import java.util.Locale;
import manyjvm.magics.api.CompareResult;
import manyjvm.magics.lesson.Span;
import manyjvm.parallel.drawing.Drawing;

/**
 * A comparison as a picture: the ways one above the other on one time axis, a lane for each worker. A task is a pale block from
 * its begin to its end; where it was running on a processor the block is filled, so high as the share of the time was. So one sees
 * tasks take turns, which a bar from begin to end would hide: it looks the same on one processor and on two. Turns are some
 * milliseconds long: of a comparison that takes seconds a part is drawn once more, magnified.
 */
final class CompareLook {
    /** Units from left to right in a lane; more than an eye can tell apart. */
    private static final int UNITS = 1000;

    private static final int STEPS = 4;
    private static final int NUMBER = 11;
    private static final int LANE = 15;
    private static final int GAP = 3;
    private static final int HEADING = 17;
    private static final int AFTER = 8;
    private static final int AXIS = 20;
    private static final int LEGEND = 24;
    private static final int WIDEST = 1200;
    private static final int STILL = 860;

    /** A block that is narrower has no room for its number, in units. */
    private static final int ROOM_FOR_NUMBER = 30;

    private static final String[] COLOURS = {Drawing.BLUE, Drawing.ORANGE
    }; // that of neighbours differs in lightness, too

    /** Faint, for those who look for it: the picture is understood without. */
    private static final Object[] GRID = {"stroke", "currentColor", "stroke-opacity", .18, "aria-hidden", "true"};

    private static final Object[] WINDOW = {"fill", "currentColor", "fill-opacity", .08, "aria-hidden", "true"};

    private final CompareResult result;
    private final Drawing svg;
    private int y;

    /**
     * What the width stands for, in all runs.
     *
     * @param from nanoseconds after a run's begin
     * @param length nanoseconds
     */
    private record Scale(long from, long length) {
        double units(long afterBegin) {
            return (double) (afterBegin - from) / unit();
        }

        double unit() {
            return Math.max(1, (double) length / UNITS);
        }
    }

    private CompareLook(CompareResult result) {
        this.result = result;
        this.svg = new Drawing(result.title());
        draw();
    }

    static void register(Renderer renderer) {
        renderer.createRegistration(CompareResult.class)
                .preferring(MIMEType.TEXT_HTML)
                .supporting(MIMEType.IMAGE_SVG)
                .register((result, context) -> {
                    context.renderIfRequested(MIMEType.TEXT_HTML, () -> html(result));
                    context.renderIfRequested(MIMEType.IMAGE_SVG, () -> image(result));
                });
    }

    static String html(CompareResult result) {
        CompareLook look = new CompareLook(result);
        StringBuilder html = new StringBuilder("<div>")
                .append(look.svg.html(look.y, WIDEST, STILL))
                .append("</div><p>Each line is a worker, and each block an item, with its number.</p>" + "<div style='"
                        + TableLook.SCROLLED + ";white-space:nowrap'>")
                .append(TableLook.html(result.table()))
                .append("</div>");
        result.conclusion()
                .forEach(sentence ->
                        html.append("<p>").append(TableLook.escaped(sentence)).append("</p>"));
        return html.toString();
    }

    /** The picture alone, as a file of its own. */
    static String image(CompareResult result) {
        CompareLook look = new CompareLook(result);
        return look.svg.image(STILL, look.y);
    }

    private void draw() {
        legend();
        y = LEGEND;
        Scale whole = new Scale(0, result.span());
        int top = y;
        for (CompareResult.Row row : result.rows()) {
            heading(row.title(), CompareResult.millis(row.median().wall()));
            for (List<Span> lane : row.lanes()) {
                numbers(lane, row.median().begin(), whole);
                lane(lane, row.median().begin(), whole);
            }
            y += AFTER;
        }
        result.closeUp().ifPresent(part -> {
            svg.element(
                    "rect",
                    Drawing.with(
                            WINDOW,
                            "x",
                            Drawing.percent(whole.units(part.from()) * 100 / UNITS),
                            "y",
                            top,
                            "width",
                            Drawing.percent(part.length() / whole.unit() * 100 / UNITS),
                            "height",
                            y - top));
        });
        axis(top, whole);
        result.closeUp().ifPresent(this::closeUp);
    }

    private void closeUp(CompareResult.CloseUp part) {
        Scale scale = new Scale(part.from(), part.length());
        y += 22;
        svg.text(part.title(), "x", 0, "y", y, "font-weight", "bold");
        y += 15;
        svg.text(part.scale() + ", where it is shaded there", "x", 0, "y", y);
        y += AFTER;
        int top = y;
        for (CompareResult.Row row : part.rows()) {
            heading(row.title(), "");
            for (List<Span> lane : row.lanes()) {
                lane(lane, row.median().begin(), scale);
            }
            y += AFTER;
        }
        axis(top, scale);
    }

    private void legend() {
        svg.text(result.title(), "x", 0, "y", 13);
        sample("35%", "on a processor", "fill", COLOURS[0]);
        sample("68%", "waiting", "fill", COLOURS[0], "fill-opacity", .2, "stroke", COLOURS[0]);
    }

    private void sample(String x, String text, Object... look) {
        svg.open("svg", "x", x, "y", 2, "overflow", "visible");
        svg.element("rect", Drawing.with(look, "x", .5, "y", .5, "width", 23, "height", 12));
        svg.text(text, "x", 30, "y", 11);
        svg.close("svg");
    }

    private void heading(String left, String right) {
        svg.text(left, "x", 0, "y", y + 13, "font-weight", "bold");
        if (!right.isEmpty()) {
            svg.text(right, "x", "100%", "y", y + 13, "text-anchor", "end");
        }
        y += HEADING;
    }

    /** Above the blocks, since no colour of a text can be read on all that may be in them. */
    private void numbers(List<Span> lane, long begin, Scale scale) {
        for (Span span : lane) {
            if ((span.end() - span.begin()) / scale.unit() >= ROOM_FOR_NUMBER) {
                double at = scale.units(span.begin() - begin) * 100 / UNITS;
                svg.text(
                        String.valueOf(span.number()),
                        "x",
                        Drawing.percent(at),
                        "dx",
                        1,
                        "y",
                        y + 9,
                        "font-size",
                        "10");
            }
        }
        y += NUMBER;
    }

    private void lane(List<Span> lane, long begin, Scale scale) {
        svg.open(
                "svg",
                "y",
                y,
                "width",
                "100%",
                "height",
                LANE,
                "viewBox",
                "0 0 " + UNITS + " " + LANE,
                "preserveAspectRatio",
                "none");
        for (int i = 0; i < lane.size(); i++) {
            block(lane.get(i), begin, scale, COLOURS[i % COLOURS.length]);
        }
        svg.close("svg");
        y += LANE + GAP;
    }

    private void block(Span span, long begin, Scale scale, String colour) {
        double from =
                Math.max(-1, scale.units(span.begin() - begin)); // one unit beside the picture, where nobody sees it
        double to = Math.min(UNITS + 1, scale.units(span.end() - begin));
        if (to < from) {
            return;
        }
        svg.open(
                "rect",
                "x",
                decimal(from),
                "y",
                .5,
                "width",
                decimal(Math.max(0.5, to - from)),
                "height",
                LANE - 1,
                "fill",
                colour,
                "fill-opacity",
                .2,
                "stroke",
                colour,
                "vector-effect",
                "non-scaling-stroke");
        svg.hint("item " + span.number() + ": " + CompareResult.millis(span.end() - span.begin()) + ", of which "
                + CompareResult.millis(span.running()) + " on a processor");
        svg.close("rect");
        StringBuilder path = new StringBuilder();
        double origin = begin + scale.from();
        double start = from;
        int height = 0;
        for (double x = from; x < to; x = Math.floor(x) + 1) {
            double next = Math.min(to, Math.floor(x) + 1);
            double ran = span.runningUntil(origin + next * scale.unit()) - span.runningUntil(origin + x * scale.unit());
            int now = (int) Math.round(Math.min(1, ran / ((next - x) * scale.unit())) * STEPS);
            if (now != height) {
                bar(path, start, x, height);
                start = x;
                height = now;
            }
        }
        bar(path, start, to, height);
        svg.element("path", "d", path, "fill", colour, "pointer-events", "none");
    }

    private static void bar(StringBuilder path, double from, double to, int height) {
        if (height > 0 && to > from) {
            path.append("M" + decimal(from) + " " + LANE + "V" + decimal((double) LANE * (STEPS - height) / STEPS) + "H"
                    + decimal(to) + "V" + LANE);
        }
    }

    private void axis(int top, Scale scale) {
        double from = scale.from() / 1e6;
        double millis = scale.length() / 1e6;
        double step = Math.pow(10, Math.floor(Math.log10(Math.max(1, millis))));
        step = millis / step > 4 ? step : millis / step > 2 ? step / 2 : step / 5;
        for (double at = Math.ceil(from / step) * step; at <= from + millis; at += step) {
            double percent = 100 * (at - from) / millis;
            String x = Drawing.percent(percent);
            svg.element("line", Drawing.with(GRID, "x1", x, "x2", x, "y1", top, "y2", y));
            if (percent < 92) {
                svg.text(
                        at == 0 ? "0" : String.format(Locale.ROOT, step < 1 ? "%.1f ms" : "%,.0f ms", at),
                        "x",
                        x,
                        "y",
                        y + 14,
                        "text-anchor",
                        percent < 4 ? "start" : "middle");
            }
        }
        y += AXIS;
    }

    private static String decimal(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
