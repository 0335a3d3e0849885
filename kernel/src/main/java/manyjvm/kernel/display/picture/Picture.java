package manyjvm.kernel.display.picture;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/**
 * A picture as a file holds it.
 *
 * @param type its MIME type
 * @param width in pixels; 0 where it is not known
 * @param scale how many of its pixels are one of the page's: more than 1 for what is drawn for fine screens
 */
public record Picture(byte[] bytes, String type, int width, int height, int scale) {
    public boolean isSvg() {
        return type.equals("image/svg+xml");
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Of a picture that is text. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** {@code PNG picture, 640 x 480}. */
    public String description() {
        String name = isSvg() ? "SVG" : type.substring("image/".length()).toUpperCase(Locale.ROOT);
        return name + " picture" + (width > 0 ? ", " + width + " x " + height : "");
    }
}
