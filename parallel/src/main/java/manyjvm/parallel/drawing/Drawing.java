package manyjvm.parallel.drawing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A picture, written element by element from top to bottom, without script. Places from left to right are in percent and
 * everything else is in pixels, so that it fills a place of any width and its text keeps its size. Text has the colour of the page
 * ({@code currentColor}), and other colours are those below. It has three forms:
 *
 * <ul>
 *   <li>{@link #inline}, in HTML: as wide as its place, in the page's colours, with titles under the mouse.
 *   <li>{@link #image}, a file of its own, which knows neither: scaled as a whole, on paper of its own, light or dark as the
 *       reader's system is, so that it can be read on any page.
 *   <li>{@link #html}, both. Front ends take elements of SVG and of style out of pages that they do not trust (JupyterLab: each
 *       notebook that was run elsewhere) and leave their words standing there, without any order. An image remains. So the
 *       inline picture is hidden, and the image is not, until a style, where there is one, turns it round.
 * </ul>
 *
 * <p>Not safe for threads. Texts may contain anything.
 */
public final class Drawing {
    /** Mid tones: against white and against the black of dark pages each has a contrast of 3 or more. Told apart by lightness, too. */
    public static final String BLUE = "#2e6cb0";

    public static final String LIGHT_BLUE = "#5598dc";
    public static final String ORANGE = "#cf7d22";
    public static final String RED = "#e0483e";
    public static final String GREEN = "#17a58b";
    public static final String VIOLET = "#9b7fd1";
    public static final String GREY = "#8a8f98";

    /** A thin line that is seen on any page. */
    public static final String FRAME = "currentColor";

    public static final double FRAME_OPACITY = .55;

    private static final String FONT =
            "font-family='system-ui,sans-serif' font-size='12' fill='currentColor' role='img'";
    private static final String SVG = "<svg xmlns='http://www.w3.org/2000/svg' ";
    private static final int SIDE = 14; // between the paper's edge and the picture
    private static final int TOP = 10;

    private final String title;
    private final StringBuilder elements = new StringBuilder();

    /** @param title for those who hear pages rather than see them */
    public Drawing(String title) {
        this.title = title;
    }

    // ------------------------------------------------------------ elements

    /**
     * An element without content.
     *
     * @param attributes names and values in turn; of numbers at most two decimals are written
     */
    public void element(String tag, Object... attributes) {
        begin(tag, attributes);
        elements.append("/>");
    }

    /** Begins an element; {@link #close} ends it. */
    public void open(String tag, Object... attributes) {
        begin(tag, attributes);
        elements.append('>');
    }

    /** Ends the element that was opened last. */
    public void close(String tag) {
        elements.append("</").append(tag).append('>');
    }

    /** What is shown of the open element under the mouse. */
    public void hint(String text) {
        elements.append("<title>").append(escaped(text)).append("</title>");
    }

    /** A line of text. */
    public void text(String text, Object... attributes) {
        open("text", attributes);
        elements.append(escaped(text));
        close("text");
    }

    private void begin(String tag, Object... attributes) {
        elements.append('<').append(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            Object value = attributes[i + 1];
            elements.append(' ')
                    .append(attributes[i])
                    .append("='")
                    .append(value instanceof Double number ? number(number) : escaped(value.toString()))
                    .append('\'');
        }
    }

    /** Attributes that several elements have, after those of one. */
    public static Object[] with(Object[] look, Object... place) {
        return Stream.concat(Arrays.stream(place), Arrays.stream(look)).toArray();
    }

    /** {@code 12.5%}. */
    public static String percent(double value) {
        return number(value) + "%";
    }

    /** With at most two decimals. */
    public static String number(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text.replaceFirst("0$", "");
    }

    /** For text and attributes of SVG and HTML. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;")
                .replaceAll("[\\p{Cntrl}\\uFFFE\\uFFFF]", " ");
    }

    // ------------------------------------------------------------ forms

    /** For HTML that is trusted. Neither background nor width of its own; no {@code viewBox}, which would scale the text, too. */
    public String inline(int height) {
        return inline("width='100%' height='" + height + "'");
    }

    private String inline(String size) {
        return SVG + size + " " + FONT + ">" + name() + elements + "</svg>";
    }

    /** A file's content. The paper's edge makes it a little higher than its picture. */
    public String image(int width, int height) {
        return image(width, height, elements.toString());
    }

    private String image(int width, int height, String content) {
        int high = height + 2 * TOP;
        return SVG + "width='" + width + "' height='" + high + "' viewBox='0 0 " + width + " " + high + "' " + FONT
                + " color='#1f2328'>" + name()
                + "<style>svg:root{color-scheme:light dark}@media(prefers-color-scheme:dark){svg:root{color:#dfe3e8}svg:root>.manyjvm-paper{fill:#15191f}}</style>"
                + "<rect class='manyjvm-paper' width='100%' height='100%' rx='6' fill='#fff'/>"
                + "<svg x='" + SIDE + "' y='" + TOP + "' width='" + (width - 2 * SIDE) + "' height='" + height + "'>"
                + content + "</svg></svg>";
    }

    /**
     * For HTML of which nobody knows whether it will be trusted.
     *
     * @param widest so many pixels wide at most
     * @param still the width of the image, which keeps it where there is room
     */
    public String html(int height, int widest, int still) {
        return html(inline(height), height, widest, still);
    }

    /** The same, scaled as a whole: for a picture whose lines of text are longer than a narrow page is wide. */
    public String scaledHtml(int width, int height, int widest) {
        String size = "viewBox='0 0 " + width + " " + height + "' style='width:100%;height:auto'";
        return html(inline(size), height, widest, widest);
    }

    private String html(String inline, int height, int widest, int still) {
        String image = image(still, height, elements.toString().replaceAll("<title>[^<]*</title>", ""));
        return "<div class='manyjvm-live' hidden='hidden' style='display:none;max-width:" + widest + "px'>"
                + inline + "</div><img class='manyjvm-still' style='max-width:100%' alt='" + escaped(title)
                + "' src='data:image/svg+xml;base64,"
                + Base64.getEncoder().encodeToString(image.getBytes(StandardCharsets.UTF_8))
                + "'><style>.manyjvm-live{display:block!important}.manyjvm-still{display:none!important}</style>";
    }

    private String name() {
        return "<title>" + escaped(title) + "</title>";
    }
}
