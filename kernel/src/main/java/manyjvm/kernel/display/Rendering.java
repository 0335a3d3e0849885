package manyjvm.kernel.display;

import com.google.gson.JsonElement;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.DisplayDataRenderable;
import io.github.spencerpark.jupyter.kernel.display.RenderContext;
import io.github.spencerpark.jupyter.kernel.display.RenderRequestTypes;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import manyjvm.kernel.api.Content;
import org.jspecify.annotations.Nullable;

/**
 * Turns values into MIME bundles. The first of these says how a value looks: what the user has registered for its type, its own
 * {@link DisplayDataRenderable}, what extensions and libraries have registered, and what the kernel knows (pictures, charts, tables).
 * It always has a {@code text/plain}. No failure of user code leaves {@link #render}: it becomes the text.
 *
 * <p>Safe for all threads. What only some values need ({@code java.desktop} above all) is loaded when the first of them comes.
 */
public final class Rendering {
    /** How often a look may give a value with a look of its own. */
    private static final int DEEPEST = 8;

    private final UserLooks looks = new UserLooks();
    private final Registry registry = new Registry();
    private final ProvidedRenderers provided = new ProvidedRenderers(registry);

    /** Where extensions, libraries and users register how types look, in the base library's way. */
    public Renderer registry() {
        return registry;
    }

    /** What users have registered in the kernel's way. */
    UserLooks looks() {
        return looks;
    }

    /** The names of a type and of those above it that users may have a look for elsewhere; none where they have one here. */
    List<String> typesWithoutLook(Class<?> type) {
        return type.getClassLoader() == null || !looks.of(type).isEmpty() ? List.of() : UserLooks.names(type);
    }

    /** What is to be said of a value that another JVM shows, since this one has a look for its type; said once. */
    public Optional<String> missingThere(List<String> types) {
        return types.isEmpty() ? Optional.empty() : looks.missing(types);
    }

    /** The bundle that a front end chooses from, {@code text/plain} among it. Runs user code; never throws. */
    public DisplayData render(@Nullable Object value) {
        DisplayData data;
        try {
            data = value == null ? new DisplayData() : rich(value, 0);
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError failure) {
            data = new DisplayData(ValueText.instead(value, "rendering it", failure));
        }
        if (!data.hasDataForType(MIMEType.TEXT_PLAIN)) {
            data.putText(ValueText.of(value));
        }
        return data;
    }

    /** What a value has besides its text. */
    private DisplayData rich(Object value, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalStateException("its renderer gives a value whose renderer gives a value ... and so on");
        }
        if (value instanceof Content content) {
            return Contents.data(content);
        }
        Map<String, Function<Object, ?>> users = looks.of(value.getClass());
        Function<Object, ?> look = users.get("");
        Object shown = look == null ? null : look.apply(value);
        DisplayData data = shown == null || shown == value ? own(value, depth) : inPlace(value, shown, depth);
        users.forEach((type, form) -> {
            Object content = type.isEmpty() ? null : form.apply(value);
            if (content != null) {
                data.putData(MIMEType.parse(type), Contents.content(type, content));
            }
        });
        return data;
    }

    /** What a user's look gives. The text of the value stays its own, but where there is nothing else. */
    private DisplayData inPlace(Object value, Object shown, int depth) {
        if (shown instanceof CharSequence text) {
            return new DisplayData(ValueText.of(text));
        }
        DisplayData data = rich(shown, depth + 1);
        data.putText(ValueText.of(Contents.isRich(data) ? value : shown));
        return data;
    }

    /** The look of a value for which users have none. */
    private DisplayData own(Object value, int depth) {
        Class<?> type = value.getClass();
        if (value instanceof DisplayDataRenderable renderable) {
            return rendered(renderable);
        }
        provided.look(type);
        if (registry.knows(type)) {
            return registry.render(value);
        }
        if (isPlain(type)) {
            return new DisplayData();
        }
        Optional<DisplayData> known = KnownLooks.of(value);
        if (known.isPresent()) {
            return known.get();
        }
        return Tables.ofItself(value)
                .map(TableLook::html)
                .or(() -> Gallery.of(value, element -> rich(element, depth + 1)))
                .map(html -> {
                    DisplayData data = new DisplayData();
                    data.putHTML(html);
                    return data;
                })
                .orElseGet(DisplayData::new);
    }

    /** What is nothing but its text, as most results are: for these nothing more is loaded. */
    private static boolean isPlain(Class<?> type) {
        return type.getClassLoader() == null
                && !type.isArray()
                && type.getPackageName().equals("java.lang");
    }

    private DisplayData rendered(DisplayDataRenderable renderable) {
        DisplayData data = new DisplayData();
        RenderRequestTypes.Builder types = new RenderRequestTypes.Builder(suffix -> null);
        types.withType(MIMEType.TEXT_PLAIN);
        renderable.getPreferredRenderTypes().forEach(types::withType);
        renderable.render(new RenderContext(types.build(), registry, new LinkedHashMap<>(), data));
        return data;
    }

    /**
     * The value as these MIME types. A string, bytes, or the bytes of a file are taken for the content itself: of HTML, Markdown,
     * LaTeX, SVG, JSON, a picture.
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
        if (Contents.areIn(value)) {
            return Contents.taken(value, mimeTypes);
        }
        DisplayData data = as(value, mimeTypes);
        for (String type : mimeTypes) {
            if (!data.hasDataForType(MIMEType.parse(type))) {
                throw new IllegalArgumentException(
                        "A value of type " + ValueText.typeName(value) + " cannot be shown as " + type
                                + ": it is not a string, does not render itself so, and no renderer is registered for it");
            }
        }
        if (!data.hasDataForType(MIMEType.TEXT_PLAIN)) {
            Object first = data.getData(MIMEType.parse(mimeTypes[0]));
            data.putText(ValueText.of(first instanceof JsonElement json ? Contents.pretty(json) : value));
        }
        return data;
    }

    private DisplayData as(Object value, String... mimeTypes) {
        Map<String, Function<Object, ?>> users = looks.of(value.getClass());
        provided.look(value.getClass());
        boolean registered = value instanceof DisplayDataRenderable || registry.knows(value.getClass());
        DisplayData data = registered ? registry.renderAs(value, mimeTypes) : new DisplayData();
        boolean ownContent = value instanceof Content;
        Content usual = null; // made when it is needed
        for (String type : mimeTypes) {
            MIMEType asked = MIMEType.parse(type);
            if (users.containsKey(type)) {
                data.putData(asked, Contents.content(type, users.get(type).apply(value)));
                continue;
            }
            if (data.hasDataForType(asked)) {
                continue;
            }
            Optional<Object> known = ownContent ? Optional.empty() : KnownLooks.as(value, type);
            if (known.isEmpty()) {
                usual = usual == null ? Contents.of(rich(value, 0)) : usual;
                Contents.copy(usual, type, data);
            }
            known.ifPresent(content -> data.putData(asked, content));
        }
        return data;
    }

    /** A picture: a file, the bytes of one, an image, an icon, a chart. @throws IllegalArgumentException when it is none */
    DisplayData picture(Object value) {
        return value instanceof Content content ? Contents.data(content) : KnownLooks.picture(value);
    }

    /** A bundle of MIME type to content; contents that JSON cannot hold are turned into text, bytes into base64. */
    public static DisplayData displayData(Map<String, Object> bundle) {
        DisplayData data = new DisplayData();
        bundle.forEach((type, content) -> data.putData(type, Contents.part(content)));
        return data;
    }

    /** Its {@code text/plain}, for the history. */
    public static String text(DisplayData data) {
        return String.valueOf(data.getData(MIMEType.TEXT_PLAIN));
    }
}
