package manyjvm.magics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/**
 * The items of a call, as users write them: a Java expression, a range {@code 0..9} or {@code 0..10 by 2}, which include both
 * ends, or elements {@code 1, 2, 3}, in brackets or not. {@code (1, 2)} among the elements is a tuple.
 */
final class Items {
    static final String FORM = "a range (0..9, 0..10 by 2), a list (1, 2, 3 or [1, 2, 3]) or a Java expression for a"
            + " list, set, array or stream";

    private static final Pattern STEP = Pattern.compile("(.*\\S)\\s+(?:by|step)\\s+(\\S.*)", Pattern.DOTALL);
    private static final Pattern INT = Pattern.compile("[-+]?(?:0[xXbB][\\da-fA-F_]+|\\d[\\d_]*)");
    private static final Pattern OTHER_LITERAL = Pattern.compile("['\"].*|[-+]?(?:\\d[\\d_]*)?\\.?\\d[\\d_]*\\w*");

    private static final Pattern NO_ELEMENTS = Pattern.compile("\\[\\s*]|\\{\\s*}|\\(\\s*\\)");

    private static final String JDK = "(?<package>java\\.util\\.(?:concurrent\\.|stream\\.)?)?";

    /** Calls of the JDK that give no items, and so no type of items. */
    private static final Pattern NONE = Pattern.compile(JDK + "(?:(?<type>List|Set|Stream|Collections|Arrays)"
            + "\\.(?:of|empty|emptyList|emptySet|asList)\\(\\s*\\))");

    /** As {@link #NONE}: a class of another's may well have items from the start. */
    private static final Pattern NEW = Pattern.compile("new\\s+" + JDK
            + "(?<type>ArrayList|LinkedList|Vector|Stack|HashSet|LinkedHashSet|TreeSet|ArrayDeque|PriorityQueue"
            + "|CopyOnWriteArray(?:List|Set)|ConcurrentSkipListSet|ConcurrentLinked(?:Queue|Deque)"
            + "|LinkedBlocking(?:Queue|Deque)|LinkedTransferQueue|PriorityBlockingQueue)\\s*<\\s*>\\s*\\(\\s*\\)");

    /** Types of items to try where there are none. */
    static final List<String> TYPES = List.of("java.lang.Integer", "java.lang.String");

    /** Whether an element in brackets is the arguments of one call, as the elements of {@code starmap}'s items are. */
    private final boolean tuples;

    private Items(boolean tuples) {
        this.tuples = tuples;
    }

    /** Items of any kind, as a Java expression for an {@code Iterable}. */
    static String java(String written) throws MagicUsageException {
        return new Items(false).of(written.strip());
    }

    /** As {@link #java}, where each item is the arguments of a call. */
    static String tuples(String written) throws MagicUsageException {
        return new Items(true).of(written.strip());
    }

    /**
     * Whether these are written so that there are none.
     *
     * @param types the notebook's own, which may be called as one of the JDK's
     */
    static boolean areNone(String written, Set<String> types) {
        String text = written.strip();
        return NO_ELEMENTS.matcher(text).matches()
                || Stream.of(NONE, NEW)
                        .map(pattern -> pattern.matcher(text))
                        .anyMatch(none -> none.matches()
                                && (none.group("package") != null || !types.contains(none.group("type"))));
    }

    /** Items that {@link #areNone}, as an expression that has a type: the written ones, so that it holds for them only. */
    static String noneOf(String type, String written) {
        String text = written.strip();
        return Generated.ITERABLES + ".<" + type + ">items("
                + (NO_ELEMENTS.matcher(text).matches() ? "java.util.List.of()" : text) + ")";
    }

    private String of(String text) throws MagicUsageException {
        Optional<JavaText.Ends> range = JavaText.range(text);
        if (range.isPresent() && JavaText.indexOf(",", text) < 0) {
            return range(text, range.get());
        }
        Optional<String> listed = listed(text);
        return listed.isPresent() ? list(listed.get()) : Generated.ITERABLES + ".items(" + text + ")";
    }

    private static String range(String written, JavaText.Ends ends) throws MagicUsageException {
        Matcher step = STEP.matcher(ends.last());
        boolean steps = step.matches();
        String last = steps ? step.group(1) : ends.last();
        if (JavaText.indexOf("..", last) >= 0) {
            throw new MagicUsageException(
                    "the range '" + written + "' has more than two ends; a step is written as in 0..10 by 2");
        }
        for (String end : steps ? List.of(ends.first(), last, step.group(2)) : List.of(ends.first(), last)) {
            if (OTHER_LITERAL.matcher(end).matches() && !INT.matcher(end).matches()) {
                throw new MagicUsageException("a range takes int numbers, such as 0..9 or 0..10 by 2, and " + end
                        + " is not an int: use a list or a stream for other values");
            }
        }
        return steps
                ? Generated.ITERABLES + ".range(" + ends.first() + ", " + last + ", " + step.group(2) + ")"
                : "manyjvm.parallel.Parallel.rangeClosed(" + ends.first() + ", " + last + ")";
    }

    /** What stands between the brackets of a list, or the elements without any; empty for other Java. */
    private static Optional<String> listed(String text) throws MagicUsageException {
        if (JavaText.isEnclosed(text, '[', ']') || JavaText.isEnclosed(text, '{', '}')) {
            return Optional.of(text.substring(1, text.length() - 1).strip());
        }
        if (isTuple(text) || text.matches("\\(\\s*\\)")) {
            return Optional.of(text.substring(1, text.length() - 1).strip());
        }
        // The commas of new TreeMap<String, Integer>() separate no elements.
        return JavaText.indexOf(",", text) >= 0 && !JavaParser.isExpression(text)
                ? Optional.of(text)
                : Optional.empty();
    }

    private static boolean isTuple(String text) throws MagicUsageException {
        return JavaText.isEnclosed(text, '(', ')')
                && JavaText.indexOf(",", text.substring(1, text.length() - 1)) >= 0
                && !JavaParser.isExpression(text);
    }

    private String list(String inner) throws MagicUsageException {
        if (JavaText.range(inner).isPresent() && JavaText.indexOf(",", inner) < 0) {
            return of(inner);
        }
        List<String> elements = new ArrayList<>();
        for (String element : elements(inner)) {
            elements.add(element(element));
        }
        return switch (elements.size()) {
            case 0 -> "java.util.List.of()";
            case 1 -> "java.util.Collections.singletonList(" + elements.get(0) + ")";
            default -> "java.util.Arrays.asList(" + String.join(", ", elements) + ")";
        };
    }

    private static List<String> elements(String inner) throws MagicUsageException {
        Optional<List<String>> parsed = JavaParser.arguments(inner);
        if (parsed.isPresent()) {
            return parsed.get();
        }
        List<String> elements = JavaText.splitAt(',', inner);
        if (elements.get(elements.size() - 1).isEmpty()) {
            elements = elements.subList(0, elements.size() - 1); // 1, 2, as Python has it
        }
        if (elements.contains("")) {
            throw new MagicUsageException("an element is missing between two commas in: " + inner);
        }
        return elements;
    }

    private String element(String text) throws MagicUsageException {
        boolean brackets = JavaText.isEnclosed(text, '[', ']');
        if (isTuple(text) || tuples && brackets) {
            List<String> parts = elements(text.substring(1, text.length() - 1).strip());
            if (parts.size() < 2 || parts.size() > 4) {
                throw new MagicUsageException("a tuple has 2 to 4 elements, not " + parts.size() + ": " + text);
            }
            return "manyjvm.parallel.Parallel.args(" + parts.stream().collect(Collectors.joining(", ")) + ")";
        }
        if (brackets) {
            return list(text.substring(1, text.length() - 1).strip());
        }
        if (JavaText.range(text).isPresent()) {
            throw new MagicUsageException("a range cannot be an element of a list: " + text);
        }
        return text;
    }
}
