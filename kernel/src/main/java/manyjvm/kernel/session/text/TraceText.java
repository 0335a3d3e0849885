package manyjvm.kernel.session.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stack traces in what users' code and its workers print, in the words of the cells: frames as {@code f(In[3]:2)}, without those
 * of JShell, of the kernel and of the JDK's reflection, as in the errors of cells. Only lines that look exactly like a stack
 * frame, or like the first line of a trace of a cell's exception, and what {@code Object.toString()} makes are changed. One for
 * each source of text; confined to its owner.
 */
public final class TraceText {
    private static final Pattern FRAME = Pattern.compile(
            "(\\[\\d+\\] )?(\\s*)at (?:[\\w.@-]*/){0,2}((?U:[\\w.$]+?))\\.((?U:[\\w$<>]+))\\(([^()\\n]+:\\d+|In\\[\\d+\\]|Native Method|Unknown Source)\\)(\\s*~?\\[[^\\]]*\\])?");
    private static final Pattern HIDDEN_CLASS =
            Pattern.compile("(\\[\\d+\\] )?(\\s*)at \\S*\\$\\$Lambda\\S*\\([^()\\n]*\\).*");
    private static final Pattern MORE =
            Pattern.compile("(\\[\\d+\\] )?(\\s*)\\.\\.\\. (\\d+) (?:more|common frames omitted)");
    private static final Pattern HEADER = Pattern.compile("(\\[\\d+\\] )?(\\s*)(Caused by: |Suppressed: ).*");
    private static final Pattern CELLS_TYPE = Pattern.compile(
            "((?:\\[\\d+\\] )?\\s*(?:Caused by: |Suppressed: |Exception in thread \".*?\" |Exception in process .*?: |.* failed: )?)"
                    + ObjectNames.WRAPPER + "\\$((?U:[\\w$]+))(?=: |$)(.*)");

    private static final String CELLS_CLASS = "REPL.$JShell$";

    /** As {@code java.util.logging} begins a record: a time before it, class and method. */
    private static final Pattern LOGGED =
            Pattern.compile("(" + ObjectNames.WRAPPER + "(?:\\$(?U:[\\w$]+))?) ((?U:[\\w$<>]+))");

    private static final Pattern DIGIT = Pattern.compile("\\d");

    /** What is longer is no frame; users print lines of many megabytes. */
    private static final int LONGEST_FRAME = 4096;

    private static final Pattern BEGUN =
            Pattern.compile("(?:\\[\\d+\\] )?(?:\\s+at \\S|\\s+\\.\\.\\. \\d|\\s*Caused by: |\\s*Suppressed: )");

    private final Map<String, Trace> traces = new HashMap<>();

    /** The traces of one worker, or of the cell itself. */
    private static final class Trace {
        /** Of the latest block of each indentation, frame by frame, whether it was shown; what it shares with its outer included. */
        private final Map<Integer, List<Boolean>> blocks = new HashMap<>();

        private List<Boolean> block = new ArrayList<>();
        private List<Boolean> outer = List.of();
        private boolean afterCell;
        private boolean belowCells;
        private boolean afterHelper;

        void begin(List<Boolean> outer) {
            this.outer = outer;
            block = new ArrayList<>();
            afterCell = false;
            belowCells = false;
            afterHelper = false;
        }
    }

    /** @param lines whole lines; the last may be without its end */
    public String plain(String lines) {
        if (!mayHoldTrace(lines)) {
            endBlocks(lines);
            return lines;
        }
        StringBuilder text = new StringBuilder(lines.length());
        Run frames = new Run(text);
        for (int from = 0; from < lines.length(); ) {
            int lineEnd = lines.indexOf('\n', from);
            int to = lineEnd < 0 ? lines.length() : lineEnd + 1;
            int end = lineEnd < 0 ? to : lineEnd > from && lines.charAt(lineEnd - 1) == '\r' ? lineEnd - 1 : lineEnd;
            Shown shown = line(lines.substring(from, end));
            if (shown != null) {
                frames.add(shown, lines.substring(end, to));
            }
            from = to;
        }
        frames.end();
        return text.toString();
    }

    /** @param indent how many characters stand before the {@code at} of a frame; 0 for what is no frame of a trace */
    private record Shown(String text, int indent) {}

    /** Frames that follow each other in one piece of text: a recursion that repeats them is folded, as in the errors of cells. */
    private static final class Run {
        private final StringBuilder text;
        private final List<String> frames = new ArrayList<>();
        private String before = "";
        private String lineEnd = "";

        Run(StringBuilder text) {
            this.text = text;
        }

        void add(Shown line, String itsEnd) {
            boolean frame = !itsEnd.isEmpty() && line.indent() > 0;
            String start = line.text().substring(0, frame ? line.indent() : 0);
            if (!frame || !start.equals(before) || !itsEnd.equals(lineEnd)) {
                end();
            }
            if (frame) {
                before = start;
                lineEnd = itsEnd;
                frames.add(line.text().substring(line.indent() + "at ".length()));
            } else {
                text.append(line.text()).append(itsEnd);
            }
        }

        void end() {
            CellFrames.folded(frames)
                    .forEach(line -> text.append(before).append(line).append(lineEnd));
            frames.clear();
        }
    }

    /** Cheap, for the text that holds none. */
    private static boolean mayHoldTrace(String text) {
        return text.contains("at ")
                || text.contains(CELLS_CLASS)
                || text.contains("... ")
                || text.contains("Caused by: ")
                || text.contains("Suppressed: ");
    }

    /** By the first word after a worker's number; nearly all lines end here. */
    private static boolean mayBelongToTrace(String line) {
        int at = 0;
        if (line.startsWith("[")) {
            int end = line.indexOf("] ");
            at = end < 0 ? 0 : end + 2;
        }
        while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
            at++;
        }
        return line.startsWith("at ", at)
                || line.startsWith("... ", at)
                || line.startsWith("Caused by: ", at)
                || line.startsWith("Suppressed: ", at)
                || line.contains(CELLS_CLASS);
    }

    private void endBlocks(String lines) {
        if (!traces.isEmpty() && !lines.isBlank()) {
            traces.clear();
        }
    }

    /** The line to show, or null for none. */
    private @Nullable Shown line(String line) {
        if (!mayBelongToTrace(line)) {
            traces.values().forEach(trace -> trace.begin(List.of()));
            return new Shown(line, 0);
        }
        if (line.length() <= LONGEST_FRAME) {
            Matcher frame = FRAME.matcher(line);
            if (frame.matches()) {
                String shown = frame(line, frame);
                int indent = frame.group(2).isEmpty() ? 0 : frame.end(2);
                return shown == null ? null : new Shown(shown, indent);
            }
            Matcher hidden = HIDDEN_CLASS.matcher(line);
            if (hidden.matches()) {
                note(trace(hidden.group(1)), hidden.group(2), false);
                return null;
            }
            Matcher more = MORE.matcher(line);
            if (more.matches()) {
                String shown = more(line, more);
                return shown == null ? null : new Shown(shown, 0);
            }
        }
        begin(line);
        return new Shown(noFrame(line), 0);
    }

    /** The first line of a trace, or any text. */
    private static String noFrame(String line) {
        int at = line.lastIndexOf(CELLS_CLASS);
        if (at < 0) {
            return line;
        }
        Matcher logged = LOGGED.matcher(line).region(at, line.length());
        if (line.startsWith(" ", at - 1)
                && logged.matches()
                && DIGIT.matcher(line).region(0, at).find()) {
            StackTraceElement place =
                    CellFrames.locate(new StackTraceElement(logged.group(1), logged.group(2), null, -1));
            return line.substring(0, at) + place.getClassName() + " " + place.getMethodName();
        }
        Matcher type = CELLS_TYPE.matcher(line);
        return ObjectNames.plainIdentities(
                type.matches() ? type.group(1) + ObjectNames.nested(type.group(2)) + type.group(3) : line);
    }

    private Trace trace(@Nullable String worker) {
        return traces.computeIfAbsent(worker == null ? "" : worker, any -> new Trace());
    }

    /** A line that is no frame: the next frame begins a block. */
    private void begin(String line) {
        Matcher header = HEADER.matcher(line);
        if (header.matches()) {
            Trace trace = trace(header.group(1));
            int depth = header.group(2).length();
            int outer = header.group(3).startsWith("Caused") ? depth : depth - 1;
            trace.begin(trace.blocks.getOrDefault(outer, List.of()));
        } else {
            traces.values().forEach(trace -> trace.begin(List.of()));
        }
    }

    private @Nullable String frame(String line, Matcher match) {
        Trace trace = trace(match.group(1));
        String file = match.group(5);
        int colon = file.lastIndexOf(':');
        StackTraceElement frame = new StackTraceElement(
                match.group(3),
                match.group(4),
                colon < 0 ? file : file.substring(0, colon),
                colon < 0 ? -1 : number(file.substring(colon + 1)));
        if (!CellFrames.isOfCell(frame)) {
            trace.belowCells |= trace.afterCell && frame.getClassName().startsWith("manyjvm.");
            trace.afterHelper = false;
            boolean shown = !trace.belowCells && !CellFrames.isNoise(frame);
            note(trace, match.group(2), shown);
            return shown ? line : null;
        }
        boolean callsHelper = trace.afterHelper && frame.getMethodName().equals("do_it$");
        trace.afterHelper = frame.getMethodName().equals("do_it$Aux");
        trace.afterCell = true;
        trace.belowCells = frame.getMethodName().equals("do_it$");
        note(trace, match.group(2), !callsHelper);
        String worker = match.group(1) == null ? "" : match.group(1);
        return callsHelper ? null : worker + match.group(2) + "at " + CellFrames.text(frame);
    }

    private static void note(Trace trace, String indent, boolean shown) {
        trace.block.add(shown);
        trace.blocks.put(indent.length() - 1, trace.block);
    }

    /** {@code ... 12 more}: so many frames at the end are those of the outer trace, of which only some were shown. */
    private @Nullable String more(String line, Matcher match) {
        Trace trace = trace(match.group(1));
        int count = number(match.group(3));
        if (count < 0 || count > trace.outer.size()) {
            return line;
        }
        List<Boolean> common = trace.outer.subList(trace.outer.size() - count, trace.outer.size());
        common.forEach(shown -> note(trace, match.group(2), shown));
        long shown = common.stream().filter(one -> one).count();
        return shown == 0 ? null : line.substring(0, match.start(3)) + shown + line.substring(match.end(3));
    }

    private static int number(String digits) {
        return digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : -1;
    }

    /** Whether an unfinished line may become a frame: its end decides how it is shown. */
    public static boolean mayBecomeFrame(CharSequence begun) {
        return BEGUN.matcher(begun).lookingAt();
    }
}
