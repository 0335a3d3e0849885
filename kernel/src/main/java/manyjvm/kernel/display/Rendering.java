package manyjvm.kernel.display;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.DisplayDataRenderable;
import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.RenderFunction;
import io.github.spencerpark.jupyter.kernel.display.RenderRequestTypes;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import io.github.spencerpark.jupyter.kernel.util.InheritanceIterator;
import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * Turns values into MIME bundles: by the type's registered render function, by its own {@link DisplayDataRenderable}, and
 * always as {@code text/plain}. No failure of user code leaves this class: it becomes the text.
 *
 * <p>Registration is for start-up; rendering is safe for all threads after it.
 */
public final class Rendering {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private final Registry renderer = new Registry();

    /** The base library's registry, which does not tell what is registered: rendering by it costs a whole toString(). */
    private static final class Registry extends Renderer {
        private final Set<Class<?>> types = new HashSet<>();

        @Override
        public <T> void register(
                Set<MIMEType> supported,
                Set<MIMEType> preferred,
                Set<Class<? extends T>> registered,
                RenderFunction<T> function) {
            types.addAll(registered);
            super.register(supported, preferred, registered, function);
        }

        boolean knows(Class<?> type) {
            InheritanceIterator ancestors = new InheritanceIterator(type);
            while (ancestors.hasNext()) {
                if (types.contains(ancestors.next())) {
                    return true;
                }
            }
            return false;
        }
    }

    /** With the looks that the kernel knows: texts, images, and what says itself how it looks. */
    public Rendering() {
        renderer.createRegistration(RenderedImage.class)
                .preferring(MIMEType.IMAGE_PNG)
                .supporting(MIMEType.IMAGE_JPEG, MIMEType.IMAGE_GIF)
                .register(Rendering::renderImage);
    }

    /** Where extensions register how their types look. */
    public Renderer registry() {
        return renderer;
    }

    /** The bundle that a front end chooses from, {@code text/plain} among it. Runs user code; never throws. */
    public DisplayData render(@Nullable Object value) {
        DisplayData data = new DisplayData();
        try {
            if (value instanceof DisplayDataRenderable renderable) {
                RenderRequestTypes.Builder types = new RenderRequestTypes.Builder(suffix -> null);
                types.withType(MIMEType.TEXT_PLAIN);
                renderable.getPreferredRenderTypes().forEach(types::withType);
                renderable.render(new RenderContext(types.build(), renderer, new LinkedHashMap<>(), data));
            } else if (value != null && renderer.knows(value.getClass())) {
                data = renderer.render(value);
            }
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError failure) {
            data = new DisplayData(ValueText.instead(value, "rendering it", failure));
        }
        if (!data.hasDataForType(MIMEType.TEXT_PLAIN)) {
            data.putText(ValueText.of(value));
        }
        return data;
    }

    /**
     * The value as these MIME types. A string is taken for the content itself: of HTML, Markdown, LaTeX, SVG, or JSON.
     *
     * @throws IllegalArgumentException when the value cannot be shown so
     */
    public DisplayData renderAs(@Nullable Object value, String... mimeTypes) {
        if (mimeTypes.length == 0) {
            return render(value);
        }
        if (value == null) {
            throw new IllegalArgumentException("null has no content to show as " + String.join(", ", mimeTypes));
        }
        if (value instanceof CharSequence content) {
            DisplayData data = new DisplayData(content.toString());
            for (String type : mimeTypes) {
                data.putData(MIMEType.parse(type), content(type, content.toString()));
            }
            return data;
        }
        DisplayData data = renderer.renderAs(value, mimeTypes);
        for (String type : mimeTypes) {
            if (!data.hasDataForType(MIMEType.parse(type))) {
                throw new IllegalArgumentException(
                        "A value of type " + value.getClass().getTypeName() + " cannot be shown as " + type
                                + ": it is not a string, does not render itself so, and no renderer is registered for it");
            }
        }
        return data;
    }

    private static Object content(String type, String content) {
        if (!type.endsWith("/json") && !type.endsWith("+json")) {
            return content;
        }
        try {
            return JsonParser.parseString(content);
        } catch (JsonParseException notJson) {
            throw new IllegalArgumentException("This string is not JSON: " + notJson.getMessage(), notJson);
        }
    }

    /** A bundle of MIME type to content; contents that JSON cannot hold are turned into text, bytes into base64. */
    public static DisplayData displayData(Map<String, Object> bundle) {
        DisplayData data = new DisplayData();
        bundle.forEach((type, content) -> data.putData(type, json(content)));
        return data;
    }

    private static @Nullable Object json(@Nullable Object content) {
        if (content instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        if (content == null
                || content instanceof String
                || content instanceof Number
                || content instanceof Boolean
                || content instanceof JsonElement) {
            return content;
        }
        if (content instanceof Map
                || content instanceof Iterable
                || content.getClass().isArray()) {
            return GSON.toJsonTree(plain(content));
        }
        return content.toString();
    }

    /** Maps, lists and arrays of plain values: everything else would be taken apart by reflection. */
    private static @Nullable Object plain(@Nullable Object content) {
        if (content instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, value) -> copy.put(String.valueOf(key), plain(value)));
            return copy;
        }
        if (content instanceof Iterable<?> items) {
            List<@Nullable Object> copy = new ArrayList<>();
            items.forEach(item -> copy.add(plain(item)));
            return copy;
        }
        if (content != null && content.getClass().isArray()) {
            List<@Nullable Object> copy = new ArrayList<>();
            for (int i = 0; i < Array.getLength(content); i++) {
                copy.add(plain(Array.get(content, i)));
            }
            return copy;
        }
        boolean simple = content instanceof Number || content instanceof Boolean || content instanceof JsonElement;
        return content == null || simple ? content : content.toString();
    }

    private static void renderImage(RenderedImage image, RenderContext context) {
        context.renderIfRequested(MIMEType.IMAGE_PNG, () -> encoded(image, "png"));
        context.renderIfRequested(MIMEType.IMAGE_JPEG, () -> encoded(image, "jpeg"));
        context.renderIfRequested(MIMEType.IMAGE_GIF, () -> encoded(image, "gif"));
    }

    private static String encoded(RenderedImage image, String format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, bytes)) {
                throw new IllegalArgumentException("This image cannot be written as " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /** Its {@code text/plain}, for the history. */
    public static String text(DisplayData data) {
        return String.valueOf(data.getData(MIMEType.TEXT_PLAIN));
    }
}
