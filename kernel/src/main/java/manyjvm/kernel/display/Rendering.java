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

    private static final String TEXT = MIMEType.TEXT_PLAIN.toString();

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

    /** The bundle that a front end chooses from, {@code text/plain} among it. Runs user code; throws nothing but the stop of a cell. */
    public DisplayData render(@Nullable Object value) {
        DisplayData data;
        try {
            data = value == null ? new DisplayData() : rich(value, 0);
        } catch (Throwable failure) {
            if (ValueText.isStop(failure)) {
                throw failure;
            }
            data = new DisplayData(ValueText.instead(value, "rendering it", failure));
        }
        if (!data.hasDataForType(MIMEType.TEXT_PLAIN)) {
            data.putText(ValueText.of(value));
        }
        return data;
    }

    /** What a value has besides its text. */
    private DisplayData rich(Object value, int depth) {
        refuseEndless(depth);
        if (value instanceof Content content) {
            return Contents.data(content);
        }
        Map<String, Function<Object, ?>> users = looks.of(value.getClass());
        Function<Object, ?> whole = users.get("");
        Object shown = whole == null ? null : whole.apply(value);
        DisplayData data = shown == null || shown == value ? ownLook(value, depth) : inPlace(value, shown, depth);
        for (Map.Entry<String, Function<Object, ?>> form : users.entrySet()) {
            String type = form.getKey();
            Object given = type.isEmpty() ? null : form.getValue().apply(value);
            if (given != null) {
                if (data.hasDataForType(MIMEType.parse(type))) {
                    data = Contents.without(data, type); // its size is no longer true
                }
                data.assign(content(type, value, given, depth));
            }
        }
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

    private static void refuseEndless(int depth) {
        if (depth > DEEPEST) {
            throw new IllegalStateException("its renderer gives a value whose renderer gives a value ... and so on");
        }
    }

    /** What a value has where users say nothing. */
    private DisplayData ownLook(Object value, int depth) {
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
        List<String> types = List.of(mimeTypes);
        DisplayData data = as(value, true, 0, types);
        for (String type : missing(data, types)) {
            Optional<Object> made = KnownLooks.onRequest(value, type);
            if (made.isPresent()) {
                data.putData(MIMEType.parse(type), made.get());
            } else {
                throw new IllegalArgumentException(
                        "A value of type " + ValueText.typeName(value) + " cannot be shown as " + type
                                + ": it is not a string, does not render itself so, and no renderer gives that for it");
            }
        }
        if (!data.hasDataForType(MIMEType.TEXT_PLAIN)) {
            data.putText(textBeside(data, value, types));
        }
        return data;
    }

    private String textBeside(DisplayData data, Object value, List<String> types) {
        if (types.contains(TEXT)) {
            return text(render(value));
        }
        Object first = data.getData(MIMEType.parse(types.get(0)));
        return ValueText.of(first instanceof JsonElement json ? Contents.pretty(json) : value);
    }

    /** Those of the types but text that are not there; each value has a text. */
    private static List<String> missing(DisplayData data, List<String> types) {
        return types.stream()
                .filter(type -> !type.equals(TEXT) && !data.hasDataForType(MIMEType.parse(type)))
                .toList();
    }

    /**
     * The value as those of these types that it has, from the first who says how it looks so; its text may be beside them.
     *
     * @param ask whether the looks of users are among those who are asked
     */
    private DisplayData as(Object value, boolean ask, int depth, List<String> types) {
        refuseEndless(depth);
        if (value instanceof Content content) {
            return Contents.only(Contents.data(content), types);
        }
        DisplayData data = ask ? asUsersSay(value, depth, types) : new DisplayData();
        provided.look(value.getClass());
        List<String> missing = missing(data, types);
        boolean registered = value instanceof DisplayDataRenderable || registry.knows(value.getClass());
        if (registered && !missing.isEmpty()) {
            DisplayData all = registry.renderAs(value, missing.toArray(String[]::new));
            all.assign(data); // what users say is stronger
            data = all;
            missing = missing(data, types);
        }
        if (!missing.isEmpty()) {
            Optional<DisplayData> known = KnownLooks.as(value, missing);
            DisplayData usual = known.isPresent() ? known.get() : Contents.only(ownLook(value, depth), missing);
            usual.assign(data);
            data = usual;
        }
        return data;
    }

    private DisplayData asUsersSay(Object value, int depth, List<String> types) {
        DisplayData data = new DisplayData();
        Map<String, Function<Object, ?>> users = looks.of(value.getClass());
        for (String type : types) {
            Function<Object, ?> look = users.get(type);
            Object shown = look == null ? null : look.apply(value);
            if (shown != null) {
                data.assign(content(type, value, shown, depth));
            }
        }
        Function<Object, ?> whole = users.get("");
        List<String> missing = missing(data, types);
        if (whole != null && !missing.isEmpty()) {
            Object shown = whole.apply(value);
            if (shown instanceof CharSequence text) {
                data.putText(ValueText.of(text));
            } else if (shown != null && shown != value) {
                data.assign(Contents.only(as(shown, true, depth + 1, missing), missing));
            }
        }
        return data;
    }

    /**
     * What a look of users for one type has given, as the content of that type.
     *
     * @throws IllegalArgumentException when it cannot be that
     */
    private DisplayData content(String type, Object value, Object shown, int depth) {
        List<String> one = List.of(type);
        DisplayData data = Contents.areIn(shown)
                ? new DisplayData()
                : Contents.only(as(shown, shown != value, depth + 1, one), one);
        if (!data.hasDataForType(MIMEType.parse(type))) {
            Contents.refuseOther(type, shown);
            data.putData(MIMEType.parse(type), Contents.content(type, shown));
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
