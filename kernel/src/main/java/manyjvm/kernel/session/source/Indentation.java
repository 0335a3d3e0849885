package manyjvm.kernel.session.source;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import manyjvm.kernel.spi.JavaLexeme;

/** How far the next line of code that is not complete begins to the right. Told by brackets, and by where a statement goes on. */
public final class Indentation {
    private static final String STEP = "    ";

    private Indentation() {}

    /**
     * A bracket that is not closed yet.
     *
     * @param inside where the first line within it begins, or a negative number
     */
    private record Open(int bracket, int inside) {}

    /** The blanks that a front end puts at the beginning of the line behind this text: as in the lines beside it, or four more. */
    public static String after(String code) {
        Deque<Open> open = new ArrayDeque<>();
        int statement = -1; // where the statement begins that is not ended yet
        int last = -1;
        for (int at = 0; at < code.length(); ) {
            Optional<JavaLexeme> lexeme = JavaLexeme.at(code, at);
            char c = code.charAt(at);
            int end = lexeme.map(JavaLexeme::end).orElse(at + 1);
            if (lexeme.isPresent() && !lexeme.get().isClosed() && end == code.length()) {
                return blanks(code, code.stripTrailing().length()); // as the text in it stands
            }
            boolean comment = lexeme.isPresent() && lexeme.get().kind().isComment();
            if (!comment && !Character.isWhitespace(c)) {
                last = at;
                Open around = open.peek();
                if (around != null
                        && around.inside() < 0
                        && code.substring(around.bracket(), at).contains("\n")) {
                    open.pop();
                    open.push(new Open(around.bracket(), at));
                }
                switch (c) {
                    case '{', '(', '[' -> {
                        open.push(new Open(at, -1));
                        statement = -1;
                    }
                    case '}' -> {
                        open.poll();
                        statement = -1;
                    }
                    case ')', ']' ->
                        statement = open.isEmpty() ? statement : open.pop().bracket();
                    case ';' -> statement = -1;
                    case ',' ->
                        statement = isIn(open, code, '{') ? -1 : statement; // of constants, of an array's elements
                    default -> statement = statement < 0 ? at : statement;
                }
            }
            at = end;
        }
        Open around = open.peek();
        if (around == null) {
            return statement < 0 ? blanks(code, Math.max(0, last)) : blanks(code, statement) + STEP;
        }
        boolean goesOn =
                isIn(open, code, '{') && statement >= 0 && last != around.bracket() && !isAnnotation(code, statement);
        if (goesOn) {
            return blanks(code, statement) + STEP;
        }
        return around.inside() < 0 ? blanks(code, around.bracket()) + STEP : blanks(code, around.inside());
    }

    /** Whether a bracket, a text or a comment is open at the end. */
    public static boolean isWithin(String code) {
        int open = 0;
        int end;
        for (int at = 0; at < code.length(); at = end) {
            Optional<JavaLexeme> lexeme = JavaLexeme.at(code, at);
            end = lexeme.map(JavaLexeme::end).orElse(at + 1);
            if (lexeme.isEmpty()) {
                char c = code.charAt(at);
                open += "{([".indexOf(c) >= 0 ? 1 : "})]".indexOf(c) >= 0 ? -1 : 0;
            } else if (!lexeme.get().isClosed() && end == code.length()) {
                return true;
            }
        }
        return open > 0;
    }

    private static boolean isIn(Deque<Open> open, String code, char bracket) {
        Open around = open.peek();
        return around != null && code.charAt(around.bracket()) == bracket;
    }

    private static boolean isAnnotation(String code, int statement) {
        int line = code.lastIndexOf('\n', statement) + 1;
        return code.substring(line)
                .lines()
                .reduce((first, second) -> second)
                .orElse("")
                .strip()
                .matches("@[\\w.]+(?:\\(.*\\))?");
    }

    /** Those with which the line begins that holds this offset. */
    private static String blanks(String code, int offset) {
        int start = code.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
        int end = start;
        while (end < code.length() && (code.charAt(end) == ' ' || code.charAt(end) == '\t')) {
            end++;
        }
        return code.substring(start, end);
    }
}
