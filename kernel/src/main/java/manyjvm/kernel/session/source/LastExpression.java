package manyjvm.kernel.session.source;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import manyjvm.kernel.spi.JavaLexeme;

/** The expression that stands at the end of a text, in front of a dot that follows: names, calls, indices, {@code new}, literals. */
public final class LastExpression {
    private final String text;
    /** Where the literals and comments begin, by where they end. */
    private final Map<Integer, Integer> lexemes = new HashMap<>();

    private int at;

    private LastExpression(String text) {
        this.text = text;
        int from = 0;
        while (from < text.length()) {
            int start = from;
            Optional<JavaLexeme> lexeme = JavaLexeme.at(text, start);
            lexeme.ifPresent(one -> lexemes.put(one.end(), start));
            from = lexeme.map(JavaLexeme::end).orElse(start + 1);
        }
    }

    /** Empty where no expression ends there. */
    public static String of(String text) {
        String stripped = text.stripTrailing();
        LastExpression last = new LastExpression(stripped);
        last.at = stripped.length();
        return stripped.substring(last.begin());
    }

    private int begin() {
        int begin = at;
        while (primary()) {
            begin = at;
            skipBlanks();
            if (at == 0 || text.charAt(at - 1) != '.') {
                break;
            }
            at--;
            skipBlanks();
        }
        at = begin;
        skipBlanks();
        boolean isNew = at < begin
                && text.startsWith("new", at - 3)
                && (at == 3 || !Character.isJavaIdentifierPart(text.charAt(at - 4)));
        return isNew ? at - 3 : begin;
    }

    /** Goes back over a name or a literal with the brackets behind it. */
    private boolean primary() {
        int end = at;
        Integer literal = lexemes.get(at);
        if (literal != null) {
            at = literal;
            return true;
        }
        while (at > 0 && ")]>".indexOf(text.charAt(at - 1)) >= 0) {
            if (text.charAt(at - 1) == '>' && (at == end || at > 1 && text.charAt(at - 2) == '-')) {
                break; // a comparison, or a lambda's arrow
            }
            if (!brackets()) {
                return false;
            }
        }
        while (at > 0 && Character.isJavaIdentifierPart(text.charAt(at - 1))) {
            at--;
        }
        return at < end;
    }

    private boolean brackets() {
        boolean ofTypes = text.charAt(at - 1) == '>';
        int depth = 0;
        while (at > 0) {
            Integer start = lexemes.get(at);
            if (start != null) {
                at = start;
                continue;
            }
            char c = text.charAt(--at);
            depth += (ofTypes ? ">" : ")]}").indexOf(c) >= 0 ? 1 : 0;
            depth -= (ofTypes ? "<" : "([{").indexOf(c) >= 0 ? 1 : 0;
            if (depth == 0) {
                return true;
            }
        }
        return false;
    }

    private void skipBlanks() {
        while (at > 0 && Character.isWhitespace(text.charAt(at - 1))) {
            at--;
        }
    }
}
