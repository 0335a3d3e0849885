package manyjvm.kernel.api;

import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
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
     * Shows a value as these MIME types. A string is taken for the content itself:
     * {@code display("<b>bold</b>", "text/html")}.
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

    private static FrontEnd frontEnd() {
        FrontEnd frontEnd = FRONT_END.get();
        if (frontEnd == null) {
            throw new IllegalStateException(
                    "There is no notebook here to show this in: this JVM is not the kernel of one.");
        }
        return frontEnd;
    }
}
