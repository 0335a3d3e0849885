package manyjvm.kernel.protocol;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import manyjvm.kernel.session.text.TraceText;
import manyjvm.kernel.spi.CellOutput.Stream;

/**
 * The text of one cell that is not published yet. Not safe for threads: {@link IoPub} guards it by its lock.
 *
 * <p>Whole lines go to a log in order of arrival; adjacent pieces of one stream make one message. The unfinished last
 * line of each source waits beside it, so that lines of different sources never mix: it enters the log when its line end
 * arrives, at the next flush when its source is the only one, after {@link #PATIENCE_NANOS} otherwise (a prompt, a
 * progress bar), and at the end of the cell. When another source then goes on, a line end is put in between.
 */
final class PendingText {
    /** How long an unfinished line may wait while several sources write. */
    static final long PATIENCE_NANOS = 1_000_000_000L;

    /** More pieces than this in one flush are sorted by stream: a flood of alternating streams must not flood messages. */
    private static final int MOST_PIECES = 16;

    private final JsonObject parentHeader;
    private final List<Piece> log = new ArrayList<>();
    private final Map<Origin, Unfinished> unfinished = new LinkedHashMap<>();
    private final Map<Origin, TraceText> traces = new HashMap<>();
    private final Map<Stream, Ends> ends = new HashMap<>();

    private record Origin(Stream stream, Object source) {}

    private record Piece(Stream stream, StringBuilder text) {}

    private record Unfinished(StringBuilder text, long since) {}

    /** What the published text of a stream looks like at its end, and whether more than one source has written. */
    private static final class Ends {
        private Object lastSource;
        private boolean inLine;
        private boolean severalSources;

        Ends(Object firstSource) {
            lastSource = firstSource;
        }
    }

    PendingText(JsonObject parentHeader) {
        this.parentHeader = parentHeader;
    }

    JsonObject parentHeader() {
        return parentHeader;
    }

    void append(Stream stream, Object source, String text, long now) {
        Ends end = ends.computeIfAbsent(stream, any -> new Ends(source));
        if (!end.lastSource.equals(source)) {
            end.severalSources = true;
        }
        Origin origin = new Origin(stream, source);
        int wholeLines = text.lastIndexOf('\n') + 1;
        if (wholeLines > 0) {
            Unfinished before = unfinished.remove(origin);
            String lines = text.substring(0, wholeLines);
            log(
                    origin,
                    plain(
                            origin,
                            before == null ? lines : before.text().append(lines).toString()));
        }
        if (wholeLines < text.length()) {
            unfinished
                    .computeIfAbsent(origin, any -> new Unfinished(new StringBuilder(), now))
                    .text()
                    .append(text, wholeLines, text.length());
        }
    }

    /** Moves the lines that may go now to the receiver, as messages' worth of text. */
    void flush(boolean everything, long now, BiConsumer<Stream, String> receiver) {
        unfinished.entrySet().removeIf(entry -> {
            Origin origin = entry.getKey();
            Unfinished line = entry.getValue();
            boolean perhapsFrame = TraceText.mayBecomeFrame(line.text());
            boolean alone = !ends(origin).severalSources && !perhapsFrame;
            boolean due = everything || alone || now - line.since() >= PATIENCE_NANOS;
            if (due) {
                log(origin, perhapsFrame ? plain(origin, line.text().toString()) : line.text());
            }
            return due;
        });
        List<Piece> pieces = log.size() <= MOST_PIECES ? log : sortedByStream();
        pieces.forEach(piece -> receiver.accept(piece.stream(), piece.text().toString()));
        log.clear();
    }

    /** Stack traces are told in the words of the cells, whoever prints them. */
    private String plain(Origin origin, String lines) {
        return traces.computeIfAbsent(origin, any -> new TraceText()).plain(lines);
    }

    /** Drops what there is. */
    void clear() {
        log.clear();
        unfinished.clear();
        traces.clear();
    }

    boolean isEmpty() {
        return log.isEmpty() && unfinished.isEmpty();
    }

    private Ends ends(Origin origin) {
        return Objects.requireNonNull(ends.get(origin.stream()), "text came from there before");
    }

    private void log(Origin origin, CharSequence text) {
        if (text.isEmpty()) {
            return;
        }
        Ends end = ends(origin);
        StringBuilder target = piece(origin.stream());
        if (end.inLine && !end.lastSource.equals(origin.source())) {
            target.append('\n');
        }
        target.append(text);
        end.lastSource = origin.source();
        end.inLine = text.charAt(text.length() - 1) != '\n';
    }

    private StringBuilder piece(Stream stream) {
        if (log.isEmpty() || log.get(log.size() - 1).stream() != stream) {
            log.add(new Piece(stream, new StringBuilder()));
        }
        return log.get(log.size() - 1).text();
    }

    private List<Piece> sortedByStream() {
        Map<Stream, StringBuilder> merged = new LinkedHashMap<>();
        log.forEach(piece -> merged.computeIfAbsent(piece.stream(), any -> new StringBuilder())
                .append(piece.text()));
        List<Piece> pieces = new ArrayList<>();
        merged.forEach((stream, text) -> pieces.add(new Piece(stream, text)));
        return pieces;
    }
}
