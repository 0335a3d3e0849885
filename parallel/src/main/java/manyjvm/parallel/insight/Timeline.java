package manyjvm.parallel.insight;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A picture of {@link Recording}s: workers against time. One, or several one above the other on one time axis. Immutable.
 *
 * <p>As text ({@link #toString}) for terminals, as {@link #svg} for notebooks, and as a file.
 *
 * @param panels from top to bottom
 */
public record Timeline(List<Panel> panels) {
    private static final int FILE_WIDTH = 1000;

    /**
     * A picture's part.
     *
     * @param title what stands above it
     */
    public record Panel(String title, Recording recording) {}

    /** Of one recording. */
    public static Timeline of(Recording recording) {
        return new Timeline(List.of(new Panel(Insights.heading(recording), recording)));
    }

    /**
     * One above the other, on one time axis: each begins at its left, so that lengths can be compared.
     *
     * @param panels from top to bottom
     */
    public static Timeline together(List<Panel> panels) {
        return new Timeline(List.copyOf(panels));
    }

    /** Nanoseconds that the axis spans. */
    public long span() {
        return panels.stream()
                .mapToLong(panel -> panel.recording().span())
                .max()
                .orElse(1);
    }

    /** For HTML, as wide as the place where it is shown; text keeps its size and has the page's colour. */
    public String svg() {
        return new TimelineSvg(this).inline();
    }

    /** An image of its own, so many pixels wide, which can be read on a light page and on a dark one: a file's content. */
    public String svg(int width) {
        return new TimelineSvg(this).image(width);
    }

    /** {@link #svg()}, and a still image for front ends that do not trust the page and take that out of it. */
    public String html() {
        return new TimelineSvg(this).html();
    }

    /** In the Trace Event format, which {@code ui.perfetto.dev} and {@code chrome://tracing} read. */
    public String traceEvents() {
        return new TraceEvents(this).json();
    }

    /**
     * Writes it to a file: a picture for a name that ends in {@code .svg}, {@link #traceEvents} for {@code .json}. A file that is
     * there is written over.
     *
     * @return the file's absolute path
     * @throws IllegalArgumentException for another name
     * @throws UncheckedIOException when it cannot be written
     */
    public Path save(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        boolean svg = name.endsWith(".svg");
        if (!svg && !name.endsWith(".json")) {
            throw new IllegalArgumentException("a timeline is saved as a picture (FILE.svg) or for Perfetto and Chrome"
                    + " (FILE.json), and " + file + " ends in neither");
        }
        Path path = Path.of(file).toAbsolutePath().normalize();
        try {
            Files.writeString(path, svg ? svg(FILE_WIDTH) : traceEvents(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "the timeline cannot be written to " + path + ": " + failure + "; does the folder exist?", failure);
        }
        return path;
    }

    /** The same picture in characters. */
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        for (Panel panel : panels) {
            lines.addAll(new TimelineText(panel, span()).lines());
        }
        lines.addAll(TimelineText.axis(span()));
        return String.join("\n", lines);
    }
}
