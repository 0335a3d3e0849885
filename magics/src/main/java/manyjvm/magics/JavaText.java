package manyjvm.magics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.lang.model.SourceVersion;
import manyjvm.kernel.spi.JavaLexeme;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/**
 * Just enough knowledge of Java's lexical structure to cut a magic's arguments into words without looking inside brackets,
 * strings and characters, and to write literals back. Whether a piece is a valid expression is the compiler's to say: it
 * then points into the user's cell.
 */
final class JavaText {
    private JavaText() {}

    /** A stretch of the arguments: {@code source.substring(start, end)}. */
    record Word(String text, int start, int end) {}

    /**
     * Splits at blanks outside of brackets, strings and characters.
     *
     * @throws MagicUsageException for a bracket or quote that is never closed, or closed without having been opened
     */
    static List<Word> words(String source) throws MagicUsageException {
        List<Word> words = new ArrayList<>();
        int start = -1;
        Scanner scanner = new Scanner(source);
        while (scanner.hasNext()) {
            int at = scanner.position();
            boolean blank = scanner.atTopLevel() && Character.isWhitespace(source.charAt(at));
            if (blank && start >= 0) {
                words.add(new Word(source.substring(start, at), start, at));
                start = -1;
            } else if (!blank && start < 0) {
                start = at;
            }
            scanner.next();
        }
        scanner.requireClosed();
        if (start >= 0) {
            words.add(new Word(source.substring(start), start, source.length()));
        }
        return words;
    }

    /** Splits at a character outside of brackets, strings and characters; the parts are trimmed. */
    static List<String> splitAt(char separator, String source) throws MagicUsageException {
        List<String> parts = new ArrayList<>();
        int start = 0;
        Scanner scanner = new Scanner(source);
        while (scanner.hasNext()) {
            int at = scanner.position();
            if (scanner.atTopLevel() && source.charAt(at) == separator) {
                parts.add(source.substring(start, at).strip());
                start = at + 1;
            }
            scanner.next();
        }
        scanner.requireClosed();
        parts.add(source.substring(start).strip());
        return parts;
    }

    /** Where {@code token} first stands outside of brackets, strings and characters; -1 when it does not. */
    static int indexOf(String token, String source) throws MagicUsageException {
        Scanner scanner = new Scanner(source);
        while (scanner.hasNext()) {
            if (scanner.atTopLevel() && source.startsWith(token, scanner.position())) {
                return scanner.position();
            }
            scanner.next();
        }
        return -1;
    }

    /** Both ends of {@code a..b}, whether in parentheses or not; empty when the text is no range. */
    static Optional<Ends> range(String source) throws MagicUsageException {
        String text = withoutParentheses(source.strip());
        int dots = indexOf("..", text);
        if (dots < 0 || text.startsWith("...", dots)) {
            return Optional.empty();
        }
        String first = text.substring(0, dots).strip();
        String last = text.substring(dots + 2).strip();
        if (first.isEmpty() || last.isEmpty()) {
            throw new MagicUsageException(
                    "the range '" + source + "' needs both ends, such as 0..9 (which includes 9)");
        }
        return Optional.of(new Ends(first, last));
    }

    record Ends(String first, String last) {}

    /** The text without one pair of parentheses around all of it. */
    static String withoutParentheses(String text) throws MagicUsageException {
        return isEnclosed(text, '(', ')') ? text.substring(1, text.length() - 1) : text;
    }

    /** Whether the bracket that the text begins with is closed by its last character. */
    static boolean isEnclosed(String text, char opening, char closing) throws MagicUsageException {
        if (text.length() < 2 || text.charAt(0) != opening || text.charAt(text.length() - 1) != closing) {
            return false;
        }
        Scanner scanner = new Scanner(text);
        scanner.next();
        while (scanner.hasNext() && !scanner.atTopLevel()) {
            scanner.next();
        }
        return scanner.position() == text.length();
    }

    /** Whether the text mentions {@code word} as a whole identifier outside of strings, characters and comments. */
    static boolean mentions(String word, String source) throws MagicUsageException {
        Scanner scanner = new Scanner(source);
        while (scanner.hasNext()) {
            int at = scanner.position();
            if (source.startsWith(word, at) && standsAlone(source, at, at + word.length())) {
                return true;
            }
            scanner.next();
        }
        return false;
    }

    private static boolean standsAlone(String source, int start, int end) {
        return (start == 0 || !Character.isJavaIdentifierPart(source.charAt(start - 1)))
                && (end == source.length() || !Character.isJavaIdentifierPart(source.charAt(end)));
    }

    static boolean isName(String text) {
        return SourceVersion.isIdentifier(text) && !SourceVersion.isKeyword(text);
    }

    /** Whether the text is a lambda, in parentheses or not. */
    static boolean isLambda(String text) throws MagicUsageException {
        return indexOf("->", withoutParentheses(text.strip())) >= 0;
    }

    /** A string literal of this content. */
    static String literal(String content) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : content.toCharArray()) {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append(c);
            }
        }
        return out.append('"').toString();
    }

    /** What a word says when it stands in quotes; otherwise the word. */
    static String unquoted(String word) {
        boolean quoted = word.length() >= 2
                && (word.startsWith("\"") && word.endsWith("\"") || word.startsWith("'") && word.endsWith("'"));
        return quoted
                ? word.substring(1, word.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\")
                : word;
    }

    /** Walks over Java text, over each comment, string and character in one step, and knows the brackets around it. */
    private static final class Scanner {
        private final String source;
        private final StringBuilder open = new StringBuilder();
        private int position;
        /** What the first comment, string or character that is not closed lacks. */
        private String missing = "";

        Scanner(String source) {
            this.source = source;
        }

        boolean hasNext() {
            return position < source.length();
        }

        int position() {
            return position;
        }

        boolean atTopLevel() {
            return open.isEmpty();
        }

        void next() throws MagicUsageException {
            Optional<JavaLexeme> lexeme = JavaLexeme.at(source, position);
            if (lexeme.isEmpty()) {
                bracket(source.charAt(position++));
                return;
            }
            position = lexeme.get().end();
            if (!lexeme.get().isClosed() && missing.isEmpty()) {
                missing = lexeme.get().kind().closing();
            }
        }

        private void bracket(char c) throws MagicUsageException {
            switch (c) {
                case '(' -> open.append(')');
                case '[' -> open.append(']');
                case '{' -> open.append('}');
                case ')', ']', '}' -> {
                    int last = open.length() - 1;
                    if (last < 0 || open.charAt(last) != c) {
                        throw new MagicUsageException("'" + c + "' closes nothing in: " + source.strip());
                    }
                    open.setLength(last);
                }
                default -> {}
            }
        }

        void requireClosed() throws MagicUsageException {
            if (!missing.isEmpty()) {
                throw new MagicUsageException("the closing " + missing + " is missing in: " + source.strip());
            }
            if (!open.isEmpty()) {
                throw new MagicUsageException(
                        "the closing '" + open.charAt(open.length() - 1) + "' is missing in: " + source.strip());
            }
        }
    }
}
