package manyjvm.kernel.session.source;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines at the end of a cell that ask what a name means, as in IPython: {@code Pool?}, {@code ?pool.map}, and {@code f??} for its
 * source. At the end alone: elsewhere {@code x ?} may begin a choice that the next line goes on with, and there it cannot.
 *
 * @param rest the cell without them, with line ends in their place
 * @param questions in the order of the cell
 */
public record HelpLines(String rest, List<Question> questions) {
    private static final String NAME = "(\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*"
            + "(?:\\.\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*)*)(?:\\(\\))?";
    private static final Pattern LINE =
            Pattern.compile("\\s*(?:(\\?\\??)\\s*" + NAME + "|" + NAME + "(\\?\\??))\\s*;?\\s*");

    /**
     * @param name a name with dots
     * @param detail 1 where two question marks ask for all there is, else 0
     * @param line counted from 0
     */
    public record Question(String name, int detail, int line) {}

    public static HelpLines of(String code) {
        List<String> lines = new ArrayList<>(List.of(code.split("\n", -1)));
        Deque<Question> questions = new ArrayDeque<>();
        int end = lines.size();
        while (end > 0) {
            String line = lines.get(end - 1);
            Matcher question = LINE.matcher(line);
            if (question.matches()) {
                boolean before = question.group(1) != null;
                String marks = before ? question.group(1) : question.group(4);
                questions.addFirst(
                        new Question(before ? question.group(2) : question.group(3), marks.length() - 1, end - 1));
            } else if (!line.isBlank()) {
                break;
            }
            end--;
        }
        boolean ofCellMagic = code.stripLeading().startsWith("%%");
        return questions.isEmpty() || ofCellMagic
                ? new HelpLines(code, List.of())
                : new HelpLines(String.join("\n", lines.subList(0, end)), List.copyOf(questions));
    }
}
