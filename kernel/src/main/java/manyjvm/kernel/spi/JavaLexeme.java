package manyjvm.kernel.spi;

import java.util.Optional;

/**
 * A stretch of Java text that is no code: a comment, a string, a text block, a character. Told by the text alone, also where that is
 * not complete, or mixed with what is no Java. Costs the length of the stretch.
 *
 * @param kind what it is
 * @param end the offset behind it; of a line comment, and of a string that its line leaves open, that of the line's end
 * @param isClosed whether its end is there
 */
public record JavaLexeme(Kind kind, int end, boolean isClosed) {
    /** What stands between code. */
    public enum Kind {
        LINE_COMMENT("//", "\n"),
        COMMENT("/*", "*/"),
        TEXT_BLOCK("\"\"\"", "\"\"\""),
        STRING("\"", "\""),
        CHARACTER("'", "'");

        private final String opening;
        private final String closing;

        Kind(String opening, String closing) {
            this.opening = opening;
            this.closing = closing;
        }

        /** What ends it. */
        public String closing() {
            return closing;
        }

        /** Whether it says nothing to the compiler. */
        public boolean isComment() {
            return this == LINE_COMMENT || this == COMMENT;
        }
    }

    /** What begins at an offset that lies in code; empty where the code goes on. */
    public static Optional<JavaLexeme> at(String text, int offset) {
        char c = text.charAt(offset);
        if (c != '/' && c != '"' && c != '\'') {
            return Optional.empty();
        }
        for (Kind kind : Kind.values()) {
            if (text.startsWith(kind.opening, offset)) {
                return Optional.of(kind.isComment() ? comment(kind, text, offset) : literal(kind, text, offset));
            }
        }
        return Optional.empty();
    }

    private static JavaLexeme comment(Kind kind, String text, int offset) {
        int closing = text.indexOf(kind.closing, offset + kind.opening.length());
        if (kind == Kind.LINE_COMMENT) {
            return new JavaLexeme(kind, closing < 0 ? text.length() : closing, true);
        }
        return new JavaLexeme(kind, closing < 0 ? text.length() : closing + kind.closing.length(), closing >= 0);
    }

    private static JavaLexeme literal(Kind kind, String text, int offset) {
        for (int i = offset + kind.opening.length(); i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.startsWith(kind.closing, i)) {
                return new JavaLexeme(kind, i + kind.closing.length(), true);
            } else if (text.charAt(i) == '\n' && kind != Kind.TEXT_BLOCK) {
                return new JavaLexeme(kind, i, false);
            }
        }
        return new JavaLexeme(kind, text.length(), false);
    }
}
