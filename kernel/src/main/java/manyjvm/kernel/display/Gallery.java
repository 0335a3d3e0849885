package manyjvm.kernel.display;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import manyjvm.kernel.api.Content;
import org.jspecify.annotations.Nullable;

/** Several pictures as one: what a pool's map over charts gives is seen, rather than told. */
final class Gallery {
    private static final int MOST = 24;

    private Gallery() {}

    /**
     * Of one of the JDK's collections, or an array, in which each element is a picture, a chart, or content with one; empty for all else.
     *
     * @param look what an element shows of itself
     */
    static Optional<String> of(Object value, Function<Object, DisplayData> look) {
        Collection<?> elements;
        if (value instanceof Collection<?> collection
                && value.getClass().getName().startsWith("java.")) {
            elements = collection;
        } else if (value instanceof Object[] array) {
            elements = Arrays.asList(array);
        } else {
            return Optional.empty();
        }
        List<Object> pictures = new ArrayList<>();
        try {
            Iterator<?> each = elements.iterator();
            while (pictures.size() < MOST && each.hasNext()) {
                Object element = each.next();
                if (!isPicture(element)) {
                    return Optional.empty();
                }
                pictures.add(element);
            }
        } catch (RuntimeException changedMeanwhile) {
            return Optional.empty(); // by another thread; the text says what can be said
        }
        return pictures.isEmpty() ? Optional.empty() : Optional.of(html(pictures, elements.size(), look));
    }

    private static boolean isPicture(@Nullable Object element) {
        return element instanceof Content content
                ? type(content) != null
                : element != null && KnownLooks.isPicture(element);
    }

    private static String html(List<Object> pictures, int count, Function<Object, DisplayData> look) {
        StringBuilder html =
                new StringBuilder("<div style=\"display:flex;flex-wrap:wrap;gap:0.5em;align-items:flex-start\">");
        for (Object picture : pictures) {
            append(html, Contents.of(look.apply(picture)));
        }
        html.append("</div>");
        if (pictures.size() < count) {
            html.append(String.format(
                    "<div style=\"font-size:0.9em;opacity:0.75\">%d of %,d pictures</div>", pictures.size(), count));
        }
        return html.toString();
    }

    private static void append(StringBuilder html, Content content) {
        String type = type(content);
        if (type == null) {
            return; // a user's look for it is none
        }
        String data = content.data().getOrDefault(type, "");
        String bytes = type.equals("image/svg+xml")
                ? Base64.getEncoder().encodeToString(data.getBytes(StandardCharsets.UTF_8))
                : data;
        JsonObject size = JsonParser.parseString(content.metadata().getOrDefault(type, "{}"))
                .getAsJsonObject();
        String width = size.has("width") ? " width=\"" + size.get("width").getAsInt() + "\"" : "";
        html.append("<img style=\"max-width:100%\"")
                .append(width)
                .append(" src=\"data:")
                .append(type)
                .append(";base64,")
                .append(bytes)
                .append("\">");
    }

    private static @Nullable String type(Content content) {
        return content.data().keySet().stream()
                .filter(type -> type.startsWith("image/"))
                .findFirst()
                .orElse(null);
    }
}
