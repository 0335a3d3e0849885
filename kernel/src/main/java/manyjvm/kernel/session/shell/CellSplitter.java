package manyjvm.kernel.session.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import manyjvm.kernel.session.source.Piece;
import manyjvm.kernel.session.source.Syntax;
import manyjvm.kernel.spi.JavaLexeme;

/** Cuts cells into the pieces that JShell takes, by JShell's own analysis of code. Owned by the holder of the session's lock. */
final class CellSplitter {
    private final SourceCodeAnalysis analysis;

    CellSplitter(SourceCodeAnalysis analysis) {
        this.analysis = analysis;
    }

    /**
     * Cuts a cell's Java into pieces, each without blanks and comments in front of it. Nothing follows a broken piece. Where
     * only a semicolon at the end of a line is missing the line is a piece of its own.
     */
    List<Piece> split(String java) {
        List<Piece> pieces = new ArrayList<>();
        int at = afterBlanksAndComments(java, 0);
        while (at < java.length()) {
            String rest = java.substring(at);
            CompletionInfo info = analysis.analyzeCompletion(rest);
            if (!info.completeness().isComplete()
                    || info.completeness() == SourceCodeAnalysis.Completeness.UNKNOWN
                    || !isBlankStatement(info) && !isAloneOnOneLine(java) && !Syntax.isJava(info.source())) {
                int lineEnd = endOfUnfinishedStatement(rest);
                if (lineEnd < 0) {
                    if (info.completeness() != SourceCodeAnalysis.Completeness.EMPTY) {
                        pieces.add(new Piece(rest, at, true));
                    }
                    return pieces;
                }
                pieces.add(new Piece(rest.substring(0, lineEnd) + ";", at, false));
                at = afterBlanksAndComments(java, at + lineEnd);
                continue;
            }
            int taken = rest.length() - info.remaining().length();
            if (!isBlankStatement(info)) {
                pieces.add(new Piece(info.source(), at, false));
            }
            at = afterBlanksAndComments(java, at + taken);
        }
        return pieces;
    }

    private int endOfUnfinishedStatement(String rest) {
        for (int end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', end + 1)) {
            CompletionInfo info = analysis.analyzeCompletion(rest.substring(0, end));
            if (info.completeness().isComplete()
                    && info.source() != null
                    && info.remaining().isBlank()
                    && Syntax.isJava(info.source())) {
                return end;
            }
            if (info.completeness() == SourceCodeAnalysis.Completeness.EMPTY) {
                return -1;
            }
        }
        return -1;
    }

    /** Then nothing runs before it, and evaluating it tells what is wrong: the parser's time is saved. */
    private static boolean isAloneOnOneLine(String java) {
        String text = java.strip();
        return text.indexOf('\n') < 0 && (text.indexOf(';') < 0 || text.indexOf(';') == text.length() - 1);
    }

    private static boolean isBlankStatement(CompletionInfo info) {
        return info.source() != null && info.source().strip().equals(";");
    }

    private static int afterBlanksAndComments(String java, int from) {
        int at = from;
        while (at < java.length()) {
            Optional<JavaLexeme> comment =
                    JavaLexeme.at(java, at).filter(one -> one.kind().isComment() && one.isClosed());
            if (comment.isPresent()) {
                at = comment.get().end();
            } else if (Character.isWhitespace(java.charAt(at))) {
                at++;
            } else {
                return at;
            }
        }
        return at;
    }

    /** Whether this is no Java, as far as can be told without evaluating it. */
    boolean isMalformed(String source) {
        List<Snippet> snippets = analysis.sourceToSnippets(source);
        return snippets.isEmpty() || snippets.stream().anyMatch(one -> one.kind() == Snippet.Kind.ERRONEOUS);
    }
}
