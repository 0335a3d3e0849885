package manyjvm.magics;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import manyjvm.magics.api.RaceResult;

/**
 * A race as a picture: a bar a round, as long as the updates that were made; what was lost of them is hatched and framed, so
 * that it is told by more than its colour. No script, and no colour of its own for text, which takes the page's.
 */
final class RaceLook {
    private static final int WIDTH = 560;
    private static final int TITLE = 24;
    private static final int ROW = 40;
    private static final int BAR_HEIGHT = 14;
    private static final int LINE = 18;

    private RaceLook() {}

    static void register(Renderer renderer) {
        renderer.createRegistration(RaceResult.class)
                .preferring(MIMEType.TEXT_HTML)
                .register((result, context) -> context.renderIfRequested(MIMEType.TEXT_HTML, () -> html(result)));
    }

    static String html(RaceResult result) {
        StringBuilder html = new StringBuilder(svg(result));
        result.conclusion()
                .forEach(sentence ->
                        html.append("<p>").append(TableLook.escaped(sentence)).append("</p>"));
        return html.toString();
    }

    private static String svg(RaceResult result) {
        int rounds = result.rounds().size();
        int height = TITLE + rounds * ROW + LINE + 6;
        String lostLook =
                "manyjvm-lost-" + Integer.toHexString(System.identityHashCode(result)); // one of many on a page
        StringBuilder svg = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + WIDTH + " "
                + height + "\" style=\"width:100%;max-width:720px;height:auto\" role=\"img\""
                + " font-family=\"system-ui,sans-serif\" font-size=\"13\" fill=\"currentColor\">");
        svg.append("<title>").append(TableLook.escaped(result.title())).append("</title>");
        svg.append("<defs><pattern id=\"" + lostLook + "\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\""
                + " patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#d55e00\" fill-opacity=\"0.35\"/>"
                + "<rect width=\"2.5\" height=\"6\" fill=\"#d55e00\"/></pattern></defs>");
        text(svg, 0, 14, " font-weight=\"bold\"", result.title());
        for (int i = 0; i < rounds; i++) {
            int top = TITLE + i * ROW;
            double lost = Math.max(0, Math.min(1, (double) result.lost().get(i) / result.updates()));
            double whole = WIDTH - 2;
            double kept = lost > 0 ? Math.min(whole * (1 - lost), whole - 2) : whole; // the least loss is seen
            text(svg, 0, top + 13, "", result.words(i));
            rect(svg, 1, top + 18, kept, " fill=\"#4a8fc7\"");
            if (lost > 0) {
                rect(
                        svg,
                        1 + kept,
                        top + 18,
                        WIDTH - 2 - kept,
                        " fill=\"url(#" + lostLook + ")\" stroke=\"#d55e00\" stroke-width=\"1.2\"");
            }
        }
        int legend = TITLE + rounds * ROW + 4;
        svg.append("<rect x=\"1\" y=\"" + legend + "\" width=\"20\" height=\"12\" fill=\"#4a8fc7\"/>");
        text(svg, 27, legend + 11, "", "counted");
        svg.append("<rect x=\"101\" y=\"" + legend + "\" width=\"20\" height=\"12\" fill=\"url(#" + lostLook + ")\""
                + " stroke=\"#d55e00\" stroke-width=\"1.2\"/>");
        text(svg, 127, legend + 11, "", "lost: overwritten by another worker");
        return svg.append("</svg>").toString();
    }

    private static void text(StringBuilder svg, int x, int y, String look, String text) {
        svg.append("<text x=\"" + x + "\" y=\"" + y + "\"" + look + ">")
                .append(TableLook.escaped(text))
                .append("</text>");
    }

    private static void rect(StringBuilder svg, double x, int y, double width, String look) {
        svg.append("<rect x=\"" + Math.round(x * 10) / 10.0 + "\" y=\"" + y + "\" width=\""
                + Math.round(width * 10) / 10.0 + "\" height=\"" + BAR_HEIGHT + "\"" + look + "/>");
    }
}
