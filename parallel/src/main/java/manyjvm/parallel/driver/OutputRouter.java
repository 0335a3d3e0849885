package manyjvm.parallel.driver;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink;
import manyjvm.parallel.spi.OutputSink.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes that one worker prints into text for the sink, in the mode of the submission that printed them. Confined to the
 * driver's thread.
 */
final class OutputRouter {
    /** A line longer than this is shown in pieces rather than kept. */
    private static final int LONGEST_LINE = 256 * 1024;

    private record Writer(long submission, long task, Stream stream) {}

    private final OutputSink sink;
    private final String workerName;
    private final String prefix;
    private final Map<Writer, ByteArrayOutputStream> lines = new HashMap<>();
    private final Map<Stream, CharsetDecoder> decoders = new HashMap<>();
    private long pid;
    private long written;

    /** @param prefix of each line in live mode; may be empty */
    OutputRouter(OutputSink sink, String workerName, String prefix) {
        this.sink = sink;
        this.workerName = workerName;
        this.prefix = prefix;
    }

    void pid(long pid) {
        this.pid = pid;
    }

    /** Some text of a task. */
    void text(OutputTarget target, long task, Stream stream, byte[] bytes) {
        switch (target.mode()) {
            case RAW -> write(target, task, stream, decodePiece(stream, bytes));
            case GROUPED ->
                target.group().add(task, origin(target, task), stream, new String(bytes, StandardCharsets.UTF_8));
            case LIVE -> live(target, task, stream, bytes);
        }
    }

    /** What a task showed other than text. A line that it has begun is shown before, as its order was. */
    void shown(OutputTarget target, long task, byte[] content) {
        switch (target.mode()) {
            case RAW -> sink.show(target.place(), origin(target, task), content);
            case GROUPED -> target.group().add(task, origin(target, task), content);
            case LIVE -> {
                tasksEnded(target, task, task + 1);
                sink.show(target.place(), origin(target, task), content);
            }
        }
    }

    private void live(OutputTarget target, long task, Stream stream, byte[] bytes) {
        int lineEnd = bytes.length;
        while (lineEnd > 0 && bytes[lineEnd - 1] != '\n') {
            lineEnd--;
        }
        Writer writer = new Writer(target.submission(), task, stream);
        ByteArrayOutputStream begun = lines.get(writer);
        if (lineEnd > 0) {
            ByteArrayOutputStream whole = begun == null ? new ByteArrayOutputStream(lineEnd) : begun;
            whole.write(bytes, 0, lineEnd);
            lines.remove(writer);
            begun = null;
            write(target, task, stream, prefixed(whole.toString(StandardCharsets.UTF_8)));
        }
        if (lineEnd < bytes.length) {
            if (begun == null) {
                begun = new ByteArrayOutputStream();
                lines.put(writer, begun);
            }
            begun.write(bytes, lineEnd, bytes.length - lineEnd);
            if (begun.size() > LONGEST_LINE) {
                lines.remove(writer);
                write(target, task, stream, prefixed(begun.toString(StandardCharsets.UTF_8)));
            }
        }
    }

    /** The last lines of tasks {@code from} (inclusive) to {@code to} (exclusive) are complete now: they have ended, say. */
    void tasksEnded(OutputTarget target, long from, long to) {
        if (lines.isEmpty()) {
            return;
        }
        for (Iterator<Map.Entry<Writer, ByteArrayOutputStream>> all =
                        lines.entrySet().iterator();
                all.hasNext(); ) {
            Map.Entry<Writer, ByteArrayOutputStream> line = all.next();
            Writer writer = line.getKey();
            if (writer.submission() == target.submission() && writer.task() >= from && writer.task() < to) {
                all.remove();
                write(
                        target,
                        writer.task(),
                        writer.stream(),
                        prefixed(line.getValue().toString(StandardCharsets.UTF_8) + "\n"));
            }
        }
    }

    /** The submission has ended, or the worker has: nothing is left behind. */
    void submissionEnded(OutputTarget target) {
        tasksEnded(target, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private String prefixed(String whole) {
        if (prefix.isEmpty()) {
            return whole;
        }
        StringBuilder text = new StringBuilder(whole.length() + 64);
        for (int from = 0; from < whole.length(); ) {
            int end = whole.indexOf('\n', from);
            int to = end < 0 ? whole.length() : end + 1;
            text.append(prefix).append(whole, from, to);
            from = to;
        }
        return text.toString();
    }

    /** Bytes cut anywhere, also in the middle of a character, which is then kept for the next piece. */
    private String decodePiece(Stream stream, byte[] bytes) {
        CharsetDecoder decoder = decoders.computeIfAbsent(stream, any -> StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE));
        ByteArrayOutputStream rest = lines.remove(new Writer(-1, -1, stream));
        ByteBuffer in;
        if (rest == null) {
            in = ByteBuffer.wrap(bytes);
        } else {
            rest.writeBytes(bytes);
            in = ByteBuffer.wrap(rest.toByteArray());
        }
        CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
        decoder.reset().decode(in, out, false);
        if (in.hasRemaining()) {
            ByteArrayOutputStream kept = new ByteArrayOutputStream();
            kept.write(in.array(), in.position(), in.remaining());
            lines.put(new Writer(-1, -1, stream), kept);
        }
        return out.flip().toString();
    }

    private void write(OutputTarget target, long task, Stream stream, String text) {
        if (!text.isEmpty()) {
            sink.write(target.place(), origin(target, task), stream, text);
            written = sink.taken();
            target.written(written);
        }
    }

    /** The sink's mark after the last text of this worker. */
    long written() {
        return written;
    }

    private OutputOrigin origin(OutputTarget target, long task) {
        return new OutputOrigin(workerName, pid, target.submission(), task);
    }

    /** The text of a submission in {@link OutputMode#GROUPED}, kept until it is its task's turn. */
    static final class Group {
        /** Text, or what was shown otherwise; the other one is null. */
        private record Piece(
                OutputOrigin origin, @Nullable Stream stream, @Nullable String text, byte @Nullable [] shown) {}

        private final OutputSink sink;
        private final Object place;
        private final Map<Long, List<Piece>> waiting = new HashMap<>();
        private final java.util.NavigableMap<Long, Long> done = new java.util.TreeMap<>(); // from, to
        private long turn;
        private long written;

        Group(OutputSink sink, Object place) {
            this.sink = sink;
            this.place = place;
        }

        void add(long task, OutputOrigin origin, Stream stream, String text) {
            add(task, new Piece(origin, stream, text, null));
        }

        void add(long task, OutputOrigin origin, byte[] shown) {
            add(task, new Piece(origin, null, null, shown));
        }

        private void add(long task, Piece piece) {
            waiting.computeIfAbsent(task, any -> new ArrayList<>()).add(piece);
            if (task < turn) {
                show(task); // a thread that outlived its task
            }
        }

        /** Tasks {@code from} (inclusive) to {@code to} (exclusive) have ended. */
        void ended(long from, long to) {
            done.merge(from, to, Math::max);
            for (Map.Entry<Long, Long> next = done.firstEntry();
                    next != null && next.getKey() <= turn;
                    next = done.firstEntry()) {
                done.remove(next.getKey());
                for (; turn < next.getValue(); turn++) {
                    show(turn);
                }
            }
        }

        /** The sink's mark after the last text of the submission. */
        long written() {
            return written;
        }

        /** The submission has ended: the rest, in order. */
        void close() {
            waiting.keySet().stream().sorted().toList().forEach(this::show);
        }

        private void show(long task) {
            List<Piece> pieces = waiting.remove(task);
            if (pieces == null) {
                return;
            }
            int from = 0;
            for (int at = 0; at < pieces.size(); at++) {
                Piece piece = pieces.get(at);
                byte @Nullable [] shown = piece.shown();
                if (shown != null) {
                    showText(pieces.subList(from, at));
                    sink.show(place, piece.origin(), shown);
                    from = at + 1;
                }
            }
            showText(pieces.subList(from, pieces.size()));
        }

        private void showText(List<Piece> pieces) {
            for (Stream stream : Stream.values()) {
                StringBuilder text = new StringBuilder();
                pieces.stream().filter(piece -> piece.stream() == stream).forEach(piece -> text.append(piece.text()));
                if (!text.isEmpty()) {
                    if (text.charAt(text.length() - 1) != '\n') {
                        text.append('\n');
                    }
                    sink.write(place, pieces.get(0).origin(), stream, text.toString());
                    written = sink.taken();
                }
            }
        }
    }
}
