package manyjvm.kernel.api;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import java.util.Objects;
import java.util.function.Function;

/**
 * How values of a type look, said by the user: what is registered here comes before what the type, its library or the kernel
 * says. It holds for the subtypes, too, unless one has a look of its own, and in this JVM alone: for what workers show, register in
 * the initializer of their pool, or let the type implement
 * {@link io.github.spencerpark.jupyter.kernel.display.DisplayDataRenderable}. May be called from any thread.
 */
public final class Renderers {
    private Renderers() {}

    /**
     * Shows a value as another one: {@code Renderers.register(Point.class, p -> html("<b>" + p.x() + "</b>"))}. The text of the value
     * stays its own, but where the function gives a string. Registering a type again replaces all that was registered for it so.
     *
     * @param look gives what is shown in the value's place: {@link Content}, a picture, a chart, a string ...
     */
    public static <T> void register(Class<T> type, Function<? super T, ?> look) {
        Notebook.frontEnd().register(Objects.requireNonNull(type, "type"), "", Objects.requireNonNull(look, "look"));
    }

    /**
     * Gives values a form beside those that they have:
     * {@code Renderers.register(Point.class, "image/svg+xml", p -> "<svg ...")}.
     *
     * @param content gives the content itself: a string, bytes, or for JSON what {@link Notebook#json} takes; a value that is shown so,
     *     such as an image; or null for a value that has no such form
     */
    public static <T> void register(Class<T> type, String mimeType, Function<? super T, ?> content) {
        if (!mimeType.contains("/")) {
            throw new IllegalArgumentException(
                    "'" + mimeType + "' is no MIME type: one is text/html, another image/png");
        }
        Notebook.frontEnd()
                .register(Objects.requireNonNull(type, "type"), mimeType, Objects.requireNonNull(content, "content"));
    }

    /** Takes back what was registered for this type. */
    public static void unregister(Class<?> type) {
        Notebook.frontEnd().unregister(Objects.requireNonNull(type, "type"));
    }

    /** The registry of jupyter-jvm-basekernel, for code that was written for it; it comes after what is registered here. */
    public static Renderer registry() {
        return Notebook.frontEnd().registry();
    }
}
