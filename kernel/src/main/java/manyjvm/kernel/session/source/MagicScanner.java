package manyjvm.kernel.session.source;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import manyjvm.kernel.spi.JavaLexeme;

/**
 * Finds the magics of a cell. A lexer rather than a pattern, so that strings, text blocks, character literals and comments
 * stay untouched and {@code a %b} stays a remainder.
 *
 * <p>A line magic stands where a statement may begin, or where a value follows {@code =} or {@code return}; never inside
 * parentheses or brackets, unless in a lambda's block. After an expression without {@code ;} a line that begins with
 * {@code %word} could also go on with that expression: only a known magic followed by a blank or the line's end counts there.
 *
 * <p>A line that begins with {@code !} where a statement may begin is a command for the system's shell, the magic
 * {@link #COMMAND}, unless it reads as a Java expression: no statement of Java begins so, but the last line of a cell may be
 * {@code !done} or {@code !list.isEmpty()}.
 *
 * <p>Each use is replaced by a call of a method that does not exist ({@link Use#placeholder}), so that the cell can be cut
 * into snippets before any magic is asked for its Java, which it gives only when the snippets before it have run.
 */
public final class MagicScanner {
    /** A {@link Use#placeholder}; its group is the use's number. */
    public static final Pattern PLACEHOLDER = Pattern.compile("\\$magic\\$(\\d+)\\(\\)");

    /** The name under which {@code !command} is known. */
    public static final String COMMAND = "!";

    /** What negates something in Java: a parenthesis, a call, a member; what follows a name alone is looked at by itself. */
    private static final Pattern NEGATED = Pattern.compile(
            "!*\\s*(?:[(!]|([\\p{javaJavaIdentifierStart}&&[^$]][\\p{javaJavaIdentifierPart}]*)"
                    + "(?:(?:\\.\\p{javaJavaIdentifierPart}+)*\\(|(\\.\\p{javaJavaIdentifierStart}|\\[|\\s*(?:&&|\\|\\||[=!]=|\\?|;|$)))).*");

    private final String text;
    private final Known known;
    private final StringBuilder java = new StringBuilder();
    private final List<Use> uses = new ArrayList<>();
    private final Deque<Character> open = new ArrayDeque<>();
    private int at;
    private int line;
    private int lineStart;
    private int lastSignificant = -1;

    private MagicScanner(String text, Known known) {
        this.text = text;
        this.known = known;
    }

    /** What can only be told with a session. */
    @FunctionalInterface
    public interface Known {
        /** Whether there is a magic of this name. */
        boolean isMagic(String name);

        /** Whether what follows {@code %%name} is no Java: it is handed on as it stands. */
        default boolean takesText(String name) {
            return false;
        }

        /** Whether the session has a variable, method or type of this name. */
        default boolean isName(String name) {
            return false;
        }
    }

    /**
     * One use of a magic.
     *
     * @param line counted from 0
     * @param column of the {@code %}, counted from 0
     * @param body of a cell magic; itself scanned, so it may hold placeholders of other uses
     * @param help whether the usage was asked for
     */
    public record Use(
            int number,
            String name,
            String arguments,
            Optional<String> body,
            int line,
            int column,
            boolean asValue,
            boolean help) {
        public String placeholder() {
            return "$magic$" + number + "()";
        }
    }

    /**
     * @param java the text with placeholders; as many lines as the cell
     * @param uses by their number
     * @param cellMagic the use that takes the whole cell, whose body has placeholders too; {@code java} is empty then
     */
    public record Scan(String java, List<Use> uses, Optional<Use> cellMagic) {}

    public static Scan scan(String text, Known known) {
        int first = 0;
        while (first < text.length() && Character.isWhitespace(text.charAt(first))) {
            first++;
        }
        if (text.startsWith("%%", first) && startsName(text, first + 2)) {
            return cellMagic(text, first, known);
        }
        MagicScanner scanner = new MagicScanner(text, known);
        scanner.scan();
        return new Scan(scanner.java.toString(), List.copyOf(scanner.uses), Optional.empty());
    }

    private static Scan cellMagic(String text, int first, Known known) {
        int lineEnd = text.indexOf('\n', first);
        String header =
                text.substring(first + 2, lineEnd < 0 ? text.length() : lineEnd).strip();
        String body = lineEnd < 0 ? "" : text.substring(lineEnd + 1);
        Header parsed = Header.of(header);
        Scan inner = known.takesText(parsed.name) ? new Scan(body, List.of(), Optional.empty()) : bodyScan(body, known);
        int line = (int) text.substring(0, first).chars().filter(c -> c == '\n').count();
        Use use = new Use(
                inner.uses().size(),
                parsed.name,
                parsed.arguments,
                Optional.of(inner.java()),
                line,
                first - (text.lastIndexOf('\n', first) + 1),
                false,
                parsed.help);
        List<Use> uses = new ArrayList<>();
        for (Use of : inner.uses()) {
            uses.add(new Use(
                    of.number, of.name, of.arguments, of.body, of.line + line + 1, of.column, of.asValue, of.help));
        }
        uses.add(use);
        return new Scan("", List.copyOf(uses), Optional.of(use));
    }

    private static Scan bodyScan(String body, Known known) {
        MagicScanner scanner = new MagicScanner(body, known);
        scanner.scan();
        return new Scan(scanner.java.toString(), scanner.uses, Optional.empty());
    }

    private void scan() {
        while (at < text.length()) {
            char c = text.charAt(at);
            Optional<JavaLexeme> lexeme = JavaLexeme.at(text, at);
            if (lexeme.isPresent()) {
                if (!lexeme.get().kind().isComment()) {
                    significant();
                }
                copyUntil(lexeme.get().end());
            } else if (c == '%' && startsName(text, at + 1) && beginsMagic()) {
                magic();
            } else if (c == '!' && beginsCommand()) {
                command();
            } else {
                if (!Character.isWhitespace(c)) {
                    significant();
                }
                copyUntil(at + 1);
            }
        }
    }

    private void significant() {
        char c = text.charAt(at);
        switch (c) {
            case '(', '[', '{' -> open.push(c);
            case ')', ']', '}' -> open.poll();
            default -> {
                // Nothing is opened or closed.
            }
        }
        lastSignificant = java.length();
    }

    private void copyUntil(int end) {
        for (; at < end; at++) {
            char c = text.charAt(at);
            java.append(c);
            if (c == '\n') {
                line++;
                lineStart = at + 1;
            }
        }
    }

    private int endOfLine() {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end;
    }

    private boolean beginsMagic() {
        if (!open.isEmpty() && open.peek() != '{') {
            return false;
        }
        if (followsAssignment() || followsReturn()) {
            return true;
        }
        if (!text.substring(lineStart, at).isBlank()) {
            return false;
        }
        if (statementEnded()) {
            return true;
        }
        int end = at + 1;
        while (end < text.length() && isNamePart(text.charAt(end))) {
            end++;
        }
        return expressionMayHaveEnded()
                && known.isMagic(text.substring(at + 1, end))
                && (end == text.length() || Character.isWhitespace(text.charAt(end)) || text.charAt(end) == '?');
    }

    /** {@code !}, where neither a statement nor an expression of Java goes on. */
    private boolean beginsCommand() {
        if (!open.isEmpty()
                || !text.substring(lineStart, at).isBlank()
                || !statementEnded() && !expressionMayHaveEnded()
                || text.startsWith("!=", at)) {
            return false;
        }
        String line = text.substring(at + 1, endOfLine()).strip();
        if (line.isEmpty() || !known.isMagic(COMMAND)) {
            return false;
        }
        Matcher negated = NEGATED.matcher(line);
        if (!negated.matches()) {
            return true;
        }
        String name = negated.group(1);
        String next = negated.group(2);
        return next != null
                && !(next.startsWith(".") && Character.isUpperCase(name.charAt(0)))
                && !known.isName(name)
                && !isNamedBefore(name);
    }

    /** Whether the cell itself may have declared it. */
    private boolean isNamedBefore(String name) {
        return Pattern.compile(
                        "(?<!\\p{javaJavaIdentifierPart})" + Pattern.quote(name) + "(?!\\p{javaJavaIdentifierPart})")
                .matcher(java)
                .find();
    }

    private void command() {
        Use use = new Use(
                uses.size(),
                COMMAND,
                text.substring(at + 1, endOfLine()).strip(),
                Optional.empty(),
                line,
                at - lineStart,
                false,
                false);
        add(use);
    }

    private boolean expressionMayHaveEnded() {
        char last = java.charAt(lastSignificant);
        return Character.isJavaIdentifierPart(last) || ")]\"'".indexOf(last) >= 0;
    }

    private boolean statementEnded() {
        return lastSignificant < 0 || ";{}".indexOf(java.charAt(lastSignificant)) >= 0 || endsWithArrow();
    }

    private boolean endsWithArrow() {
        return lastSignificant > 0 && java.charAt(lastSignificant) == '>' && java.charAt(lastSignificant - 1) == '-';
    }

    private boolean followsAssignment() {
        if (lastSignificant < 0 || java.charAt(lastSignificant) != '=') {
            return false;
        }
        return lastSignificant == 0 || "=!<>+-*/%&|^".indexOf(java.charAt(lastSignificant - 1)) < 0;
    }

    private boolean followsReturn() {
        int start = lastSignificant - "return".length() + 1;
        return start >= 0
                && java.substring(start, lastSignificant + 1).equals("return")
                && (start == 0 || !Character.isJavaIdentifierPart(java.charAt(start - 1)));
    }

    private void magic() {
        boolean asValue = followsAssignment() || followsReturn();
        Header header = Header.of(text.substring(at + 1, endOfLine()).strip());
        Use use = new Use(
                uses.size(),
                header.name,
                header.arguments,
                Optional.empty(),
                line,
                at - lineStart,
                asValue,
                header.help);
        add(use);
    }

    private void add(Use use) {
        uses.add(use);
        if (!use.asValue() && !statementEnded()) {
            java.append(';');
        }
        java.append(use.placeholder()).append(';');
        lastSignificant = java.length() - 1;
        at = endOfLine();
    }

    static boolean startsName(String text, int at) {
        return at < text.length() && Character.isLetter(text.charAt(at));
    }

    public static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }

    /** {@code name arguments}, {@code name?}; without a comment at the end and without the final {@code ;}. */
    private record Header(String name, String arguments, boolean help) {
        static Header of(String line) {
            int end = 0;
            while (end < line.length() && isNamePart(line.charAt(end))) {
                end++;
            }
            String name = line.substring(0, end);
            String rest = withoutComment(line.substring(end)).strip();
            while (rest.endsWith(";")) {
                rest = rest.substring(0, rest.length() - 1).stripTrailing();
            }
            boolean help = rest.equals("?") || rest.equals("--help");
            return new Header(name, help ? "" : rest, help);
        }

        /** What begins in the middle of a word, as in {@code http://}, is no comment. */
        private static String withoutComment(String rest) {
            for (int i = 0; i < rest.length(); i++) {
                Optional<JavaLexeme> lexeme = JavaLexeme.at(rest, i);
                if (lexeme.isPresent() && !lexeme.get().kind().isComment()) {
                    i = lexeme.get().end() - 1;
                } else if (rest.startsWith("//", i) && (i == 0 || Character.isWhitespace(rest.charAt(i - 1)))) {
                    return rest.substring(0, i);
                }
            }
            return rest;
        }
    }
}
