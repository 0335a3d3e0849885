package manyjvm.magics;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import manyjvm.magics.api.RaceResult;
import manyjvm.parallel.drawing.Drawing;

/**
 * A race as a picture: a bar a round, as long as the updates that were made; what was lost of them is hatched and framed, so
 * that it is told by more than its colour.
 */
final class RaceLook {
    private static final int TITLE = 26;
    private static final int ROW = 38;
    private static final int BAR_HEIGHT = 14;
    private static final int LINE = 18;
    private static final int WIDTH = 560;
    private static final int WIDEST = 720;

    /** In percent: the least loss is seen. */
    private static final double LEAST = .4;

    private static final Object[] COUNTED = {"fill", Drawing.BLUE};

    /** The pattern's id is the page's, and the pattern the same in all our pictures. */
    private static final Object[] LOST = {"fill", "url(#manyjvm-lost)", "stroke", Drawing.ORANGE, "stroke-width", 1.2};

    private RaceLook() {}

    static void register(Renderer renderer) {
        renderer.createRegistration(RaceResult.class)
                .preferring(MIMEType.TEXT_HTML)
                .supporting(MIMEType.IMAGE_SVG)
                .register((result, context) -> {
                    context.renderIfRequested(MIMEType.TEXT_HTML, () -> html(result));
                    context.renderIfRequested(MIMEType.IMAGE_SVG, () -> image(result));
                });
    }

    static String html(RaceResult result) {
        StringBuilder html = new StringBuilder(drawing(result).scaledHtml(WIDTH, height(result), WIDEST));
        result.conclusion()
                .forEach(sentence ->
                        html.append("<p>").append(TableLook.escaped(sentence)).append("</p>"));
        return html.toString();
    }

    /** The picture alone, as a file of its own. */
    static String image(RaceResult result) {
        return drawing(result).image(WIDEST, height(result));
    }

    private static int height(RaceResult result) {
        return TITLE + result.rounds().size() * ROW + LINE + 6;
    }

    private static Drawing drawing(RaceResult result) {
        Drawing svg = new Drawing(result.title());
        svg.open("defs");
        svg.open(
                "pattern",
                "id",
                "manyjvm-lost",
                "width",
                6,
                "height",
                6,
                "patternUnits",
                "userSpaceOnUse",
                "patternTransform",
                "rotate(45)");
        svg.element("rect", "width", 6, "height", 6, "fill", Drawing.ORANGE, "fill-opacity", .35);
        svg.element("rect", "width", 2.5, "height", 6, "fill", Drawing.ORANGE);
        svg.close("pattern");
        svg.close("defs");
        svg.text(result.title(), "x", 0, "y", 14, "font-weight", "bold");
        for (int i = 0; i < result.rounds().size(); i++) {
            round(svg, result, i, TITLE + i * ROW);
        }
        int legend = height(result) - LINE - 2;
        svg.element("rect", Drawing.with(COUNTED, "x", 1, "y", legend, "width", 20, "height", 12));
        svg.text("counted", "x", 27, "y", legend + 11);
        svg.element("rect", Drawing.with(LOST, "x", 101, "y", legend, "width", 20, "height", 12));
        svg.text("lost: overwritten by another worker", "x", 127, "y", legend + 11);
        return svg;
    }

    private static void round(Drawing svg, RaceResult result, int round, int top) {
        double lost = Math.max(0, Math.min(100, 100.0 * result.lost().get(round) / result.updates()));
        double kept = lost > 0 ? Math.min(100 - lost, 100 - LEAST) : 100;
        svg.text(result.words(round), "x", 0, "y", top + 13);
        svg.element(
                "rect",
                Drawing.with(COUNTED, "x", 0, "y", top + 18, "width", Drawing.percent(kept), "height", BAR_HEIGHT));
        if (lost > 0) {
            svg.element(
                    "rect",
                    Drawing.with(
                            LOST,
                            "x",
                            Drawing.percent(kept),
                            "y",
                            top + 18,
                            "width",
                            Drawing.percent(100 - kept - .1),
                            "height",
                            BAR_HEIGHT));
        }
    }
}
