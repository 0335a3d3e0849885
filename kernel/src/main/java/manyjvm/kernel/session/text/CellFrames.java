package manyjvm.kernel.session.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Exceptions in the words of the cells: frames as {@code f(In[3]:2)}, without those of JShell, of the kernel and of the JDK's
 * reflection. The class files carry the cells' lines already (see {@code CellLines}), so frames that come from a worker read
 * the same.
 */
public final class CellFrames {
    private static final Pattern OURS = Pattern.compile(ObjectNames.WRAPPER + "(?:\\$(.+))?");
    /** As a ClassCastException ends: {@code (P and Q are in unnamed module of loader ...)}. */
    private static final Pattern LOADERS =
            Pattern.compile(" \\([^()]* in [^()]*of loader (?:manyjvm\\.|'session')[^()]*\\)");

    private static final Pattern LAMBDA = Pattern.compile("lambda\\$(.*?)\\$?\\d+");
    private static final int SHOWN_AT_TOP = 20;
    private static final int SHOWN_AT_BOTTOM = 5;
    /** The frames of a recursion through several methods. */
    private static final int LONGEST_REPEATED = 8;

    private static final int REPEATED_OFTEN = 4;

    /** So many exceptions are told of one: a user's {@code getCause} may give a new one each time. */
    private static final int MOST_TOLD = 100;

    private CellFrames() {}

    /** The class as its user calls it: {@code Point} for {@code REPL.$JShell$12$Point}. */
    public static String typeName(String binaryName) {
        Matcher ours = OURS.matcher(binaryName);
        return ours.matches() && ours.group(1) != null ? ObjectNames.nested(ours.group(1)) : binaryName;
    }

    /** A message without the names of wrapper classes, and without the loaders of the session's classes. */
    public static String plain(String text) {
        return ObjectNames.withoutFamilies(
                ObjectNames.withoutWrappers(LOADERS.matcher(text).replaceAll("")));
    }

    /**
     * A frame of session code with the class and method as its user calls them; {@code notebook} stands for the class of top
     * level methods, because a {@code StackTraceElement} cannot be without one.
     */
    public static StackTraceElement locate(StackTraceElement frame) {
        Matcher ours = OURS.matcher(frame.getClassName());
        if (!ours.matches()) {
            return frame;
        }
        return new StackTraceElement(
                ours.group(1) == null ? "notebook" : ObjectNames.nested(ours.group(1)),
                methodName(frame.getMethodName()),
                frame.getFileName(),
                frame.getLineNumber());
    }

    /**
     * The traceback of an exception.
     *
     * @param source the text of a line, by cell label and line counted from 1
     */
    public static List<String> traceback(Throwable thrown, BiFunction<String, Integer, Optional<String>> source) {
        List<String> lines = new ArrayList<>();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        describe(thrown, "", "", "", source, seen, lines);
        return lines;
    }

    /** The frames a user cares about, as text. */
    public static List<String> shown(StackTraceElement[] trace) {
        int end = trace.length;
        for (int i = trace.length - 1; i >= 0; i--) {
            if (trace[i].getMethodName().equals("do_it$")
                    && OURS.matcher(trace[i].getClassName()).matches()) {
                end = i + 1;
                break;
            }
        }
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < end; i++) {
            // JShell runs some initialisers by a helper of do_it$: one place in the user's eyes.
            boolean callsHelper = i > 0
                    && trace[i].getMethodName().equals("do_it$")
                    && trace[i - 1].getMethodName().equals("do_it$Aux");
            if (!isNoise(trace[i]) && !callsHelper) {
                shown.add(text(trace[i]));
            }
        }
        return shown;
    }

    /** The first line of the message. */
    public static String message(Throwable thrown) {
        String message = messageOf(thrown);
        return message == null ? "" : plain(message).lines().findFirst().orElse("");
    }

    /** @param quoted what has been said of it already */
    private static void describe(
            Throwable thrown,
            String quoted,
            String prefix,
            String indent,
            BiFunction<String, Integer, Optional<String>> source,
            Set<Throwable> seen,
            List<String> lines) {
        if (seen.size() >= MOST_TOLD) {
            lines.add(indent + prefix + "... and more ...");
            return;
        }
        if (!seen.add(thrown)) {
            lines.add(indent + prefix + typeName(thrown.getClass().getName()) + " (already shown)");
            return;
        }
        String message = messageOf(thrown);
        String header = typeName(thrown.getClass().getName())
                + (message == null || isOurs(thrown) && quoted.contains(message) ? "" : ": " + plain(message));
        boolean first = true;
        for (String line : header.lines().toList()) {
            lines.add(indent + (first ? prefix : "") + line);
            first = false;
        }
        StackTraceElement[] trace = traceOf(thrown);
        for (StackTraceElement frame : trace) {
            if (OURS.matcher(frame.getClassName()).matches() && frame.getFileName() != null) {
                source.apply(frame.getFileName(), frame.getLineNumber())
                        .ifPresent(text -> lines.add(
                                indent + frame.getFileName() + ":" + frame.getLineNumber() + " | " + text.strip()));
                break;
            }
        }
        List<String> frames = folded(shown(trace));
        int hidden = frames.size() - SHOWN_AT_TOP - SHOWN_AT_BOTTOM;
        for (int i = 0; i < frames.size(); i++) {
            if (hidden > 1 && i == SHOWN_AT_TOP) {
                lines.add(indent + "    ... " + hidden + " more frames ...");
                i += hidden;
            }
            lines.add(indent + "    " + frames.get(i));
        }
        for (Throwable suppressed : thrown.getSuppressed()) {
            describe(suppressed, "", "Suppressed: ", indent + "    ", source, seen, lines);
        }
        String quotable = quoted + "\n" + (message == null ? "" : message);
        Throwable cause = causeOf(thrown);
        while (cause != null && saysNothing(cause, trace, quotable) && seen.size() < MOST_TOLD && seen.add(cause)) {
            cause = causeOf(cause);
        }
        if (cause != null) {
            describe(cause, quotable, "Caused by: ", indent, source, seen, lines);
        }
    }

    /** The lines of frames; where a recursion repeats the same frames again and again, they stand there once. */
    static List<String> folded(List<String> frames) {
        List<String> lines = new ArrayList<>();
        for (int at = 0; at < frames.size(); ) {
            int length = 1;
            while (length < LONGEST_REPEATED && repetitions(frames, at, length) < REPEATED_OFTEN) {
                length++;
            }
            int repetitions = repetitions(frames, at, length);
            if (repetitions < REPEATED_OFTEN) {
                lines.add("at " + frames.get(at++));
                continue;
            }
            frames.subList(at, at + length).forEach(frame -> lines.add("at " + frame));
            lines.add("... " + (length == 1 ? "this frame is" : "these " + length + " frames are") + " repeated "
                    + repetitions + " more times ...");
            at += length * (repetitions + 1);
        }
        return lines;
    }

    /** How often the frames from there on are repeated right after them. */
    private static int repetitions(List<String> frames, int from, int length) {
        int same = from + length;
        while (same < frames.size() && frames.get(same).equals(frames.get(same - length))) {
            same++;
        }
        return Math.max(0, (same - from) / length - 1);
    }

    /** Whether a cause of the library's own is quoted in full by what wraps it, and comes from no other place of the cells. */
    private static boolean saysNothing(Throwable cause, StackTraceElement[] outer, String quoted) {
        String message = messageOf(cause);
        List<StackTraceElement> places = ofCells(traceOf(cause));
        return isOurs(cause)
                && message != null
                && quoted.contains(message)
                && (places.isEmpty() || places.equals(ofCells(outer)))
                && cause.getSuppressed().length == 0;
    }

    private static List<StackTraceElement> ofCells(StackTraceElement[] trace) {
        return Arrays.stream(trace).filter(CellFrames::isOfCell).toList();
    }

    private static boolean isOurs(Throwable thrown) {
        return thrown.getClass().getName().startsWith("manyjvm.");
    }

    /** A user's {@code getMessage} may itself throw, as may what else can be overridden. */
    public static @Nullable String messageOf(Throwable thrown) {
        try {
            return thrown.getLocalizedMessage();
        } catch (Throwable failure) {
            return "(its message cannot be read: " + typeName(failure.getClass().getName()) + ")";
        }
    }

    static @Nullable Throwable causeOf(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (RuntimeException | Error failure) {
            return null; // getCause() may be the user's: what was thrown is told without its cause
        }
    }

    private static StackTraceElement[] traceOf(Throwable thrown) {
        try {
            StackTraceElement[] trace = thrown.getStackTrace();
            return trace == null ? new StackTraceElement[0] : trace;
        } catch (RuntimeException | Error failure) {
            return new StackTraceElement[0]; // the user's, too: it is told without frames
        }
    }

    /** An exception and its causes, from the outermost on. */
    public static List<Throwable> chain(Throwable thrown) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> chain = new ArrayList<>();
        for (Throwable each = thrown; each != null && seen.size() < MOST_TOLD && seen.add(each); each = causeOf(each)) {
            chain.add(each);
        }
        return chain;
    }

    /** Whether the frame is of a cell's code, as the class files say it or as {@link #locate} does. */
    static boolean isOfCell(StackTraceElement frame) {
        return OURS.matcher(frame.getClassName()).matches()
                || frame.getClassName().equals("notebook") && frame.getFileName() != null;
    }

    public static String text(StackTraceElement frame) {
        Matcher ours = OURS.matcher(frame.getClassName());
        // What the compiler or the JVM has made, a bridge method for one, has no line.
        String line = frame.getFileName() + (frame.getLineNumber() < 0 ? "" : ":" + frame.getLineNumber());
        String place = "(" + line + ")";
        if (!ours.matches() && isOfCell(frame)) {
            return frame.getMethodName().equals("cell") ? line : frame.getMethodName() + place;
        }
        if (!ours.matches()) {
            return new StackTraceElement(
                            frame.getClassName(), frame.getMethodName(), frame.getFileName(), frame.getLineNumber())
                    .toString();
        }
        String method = methodName(frame.getMethodName());
        if (ours.group(1) != null) {
            String type = ObjectNames.nested(ours.group(1));
            return method.equals("<init>") ? "new " + type + place : type + "." + method + place;
        }
        return method.equals("cell") ? line : method + place;
    }

    private static String methodName(String name) {
        if (name.startsWith("do_it$")) {
            return "cell";
        }
        Matcher lambda = LAMBDA.matcher(name);
        if (!lambda.matches()) {
            return name;
        }
        return lambda.group(1).startsWith("do_it$") ? "lambda" : "lambda in " + lambda.group(1);
    }

    static boolean isNoise(StackTraceElement frame) {
        String type = frame.getClassName();
        return type.startsWith("manyjvm.")
                || type.startsWith("jdk.internal.")
                || type.startsWith("jdk.jshell.")
                || type.startsWith("java.lang.invoke.")
                || type.startsWith("java.lang.reflect.")
                || type.contains("$$Lambda");
    }
}
