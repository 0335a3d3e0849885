package manyjvm.kernel.api;

import io.github.spencerpark.jupyter.kernel.display.Renderer;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rich output and input for cells. Everything here goes to the cell that the calling thread works for, also after that
 * cell has ended, and may be called from any thread of the notebook's JVM.
 */
public final class Notebook {
    private static final AtomicReference<@Nullable FrontEnd> FRONT_END = new AtomicReference<>();

    private Notebook() {}

    /** The way to the front end. The kernel supplies it; cells need not know it. */
    public interface FrontEnd {
        /** Shows a value under an id that no other output has. */
        void show(String displayId, boolean update, @Nullable Object value, String... mimeTypes);

        void clear(boolean waitForNextOutput);

        String ask(String prompt, boolean password);

        /** What {@link #show} would show of it. */
        Content content(Object value, String... mimeTypes);

        Content picture(Object picture);

        /** @param mostRows none for the usual number */
        Content table(Object rows, OptionalInt mostRows);

        /** @param mimeType empty for a function that gives what is shown in the value's place */
        <T> void register(Class<T> type, String mimeType, Function<? super T, ?> look);

        void unregister(Class<?> type);

        Renderer registry();
    }

    /**
     * Something that {@link #display} has put on the page. As a cell's last expression it shows nothing more.
     *
     * @param id what front ends call {@code display_id}
     */
    public record Display(String id) {
        /** Redraws it in place, wherever it stands. */
        public void update(@Nullable Object value, String... mimeTypes) {
            updateDisplay(id, value, mimeTypes);
        }
    }

    /** Shows a value as a result would be shown: rich when its type is, and always as text. */
    public static Display display(@Nullable Object value) {
        return display(value, new String[0]);
    }

    /**
     * Shows a value as these MIME types. A string, bytes, or the bytes of a file are taken for the content itself:
     * {@code display("<b>bold</b>", "text/html")}, {@code display(bytes, "image/png")}.
     *
     * @throws IllegalArgumentException when the value cannot be shown so
     */
    public static Display display(@Nullable Object value, String... mimeTypes) {
        String id = UUID.randomUUID().toString();
        frontEnd().show(id, false, value, mimeTypes);
        return new Display(id);
    }

    /** Redraws what was displayed under this id. */
    public static void updateDisplay(String displayId, @Nullable Object value, String... mimeTypes) {
        frontEnd().show(Objects.requireNonNull(displayId, "displayId"), true, value, mimeTypes);
    }

    /** HTML, as a value that is shown as such. */
    public static Content html(String source) {
        return frontEnd().content(source, "text/html");
    }

    /** Markdown, as a value that is shown as such. */
    public static Content markdown(String source) {
        return frontEnd().content(source, "text/markdown");
    }

    /** LaTeX, with the dollars around its formulas, as a value that is shown as such. */
    public static Content latex(String source) {
        return frontEnd().content(source, "text/latex");
    }

    /** An SVG picture, from its text; {@link #image} reads a file. */
    public static Content svg(String source) {
        return frontEnd().content(source, "image/svg+xml");
    }

    /**
     * JSON, which some front ends show as a tree that unfolds.
     *
     * @param value JSON text, or a value made of maps, collections, arrays, records, strings, numbers, the trees of JSON libraries
     *     (Jackson, Gson, org.json, Jakarta); anything else by its text
     * @throws IllegalArgumentException for text that is not JSON, and for what holds itself
     */
    public static Content json(Object value) {
        return frontEnd().content(value, "application/json");
    }

    /**
     * A picture.
     *
     * @param picture a file (a {@code Path}, a {@code File} or its name), the bytes of one (PNG, JPEG, GIF, WebP, SVG, and what the
     *     JDK reads), an {@code Image}, an {@code Icon}, or a chart of XChart or JFreeChart
     * @throws IllegalArgumentException when it is none
     */
    public static Content image(Object picture) {
        return frontEnd().picture(Objects.requireNonNull(picture, "picture"));
    }

    /**
     * As {@link #image(Object)}, shown so wide, with all of its pixels.
     *
     * @param width in pixels of the page
     */
    public static Content image(Object picture, int width) {
        if (width < 1) {
            throw new IllegalArgumentException("A picture is a pixel wide at least, not " + width);
        }
        Content content = image(picture);
        Map<String, String> metadata = content.data().keySet().stream()
                .filter(type -> type.startsWith("image/"))
                .collect(Collectors.toMap(type -> type, type -> "{\"width\":" + width + "}"));
        return new Content(content.data(), metadata);
    }

    /**
     * A table of the first rows: all of up to 60, else 20; 60 where how many there are is not known before they are read.
     *
     * @param rows an array, a collection, a map, a stream, an iterator, or a {@code ResultSet} from where it stands: of records, maps,
     *     arrays, lists, or objects with getters; or one record or object, whose table has a row for each component. Streams and
     *     iterators are read as far as they are shown, and one element further
     * @throws IllegalArgumentException when it has no rows
     */
    public static Content table(Object rows) {
        return frontEnd().table(Objects.requireNonNull(rows, "rows"), OptionalInt.empty());
    }

    /** As {@link #table(Object)}, of at most so many rows, and with up to 1,000 columns. */
    public static Content table(Object rows, int mostRows) {
        if (mostRows < 1) {
            throw new IllegalArgumentException("A table has a row at least, not " + mostRows);
        }
        return frontEnd().table(Objects.requireNonNull(rows, "rows"), OptionalInt.of(mostRows));
    }

    /** Removes the cell's output now. */
    public static void clearOutput() {
        clearOutput(false);
    }

    /** @param wait whether to remove the output only when the next output comes, which does not flicker */
    public static void clearOutput(boolean wait) {
        frontEnd().clear(wait);
    }

    /**
     * Asks for a line of text, as Python's {@code input}. Waits for the answer; an interrupt of the cell ends the wait.
     *
     * @throws IllegalStateException when the front end takes no questions
     */
    public static String input(String prompt) {
        return frontEnd().ask(prompt, false);
    }

    /** As {@link #input}, without showing what is typed; Python's {@code getpass}. */
    public static String password(String prompt) {
        return frontEnd().ask(prompt, true);
    }

    /** For the kernel: where all this goes from now on; null ends it. */
    public static void connect(@Nullable FrontEnd frontEnd) {
        FRONT_END.set(frontEnd);
    }

    static FrontEnd frontEnd() {
        FrontEnd frontEnd = FRONT_END.get();
        if (frontEnd == null) {
            throw new IllegalStateException(
                    "There is no notebook here to show this in: this JVM is not the kernel of one.");
        }
        return frontEnd;
    }
}
