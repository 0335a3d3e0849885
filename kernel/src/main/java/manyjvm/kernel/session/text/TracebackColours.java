package manyjvm.kernel.session.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A traceback in colours, as the Python kernel shows one: the exception's name and what is underlined in red, places in
 * cells in green. By ANSI's own few colours, of which front ends have shades for light and for dark pages. Added where a
 * traceback leaves for a front end, and nowhere else: without its colours the text is what it was.
 */
public final class TracebackColours {
    private static final String RED = "\u001b[1;31m";
    private static final String GREEN = "\u001b[32m";
    private static final String CYAN = "\u001b[36m";
    private static final String PLAIN = "\u001b[0m";

    /** {@code In[3]:2}, {@code tools.jsh:7}, {@code lib.ipynb, cell 3:2} */
    private static final String PLACE = "(?:In\\[[^\\]]*\\]|[^\\s:|()][^:|()]*):\\d+";

    private static final Pattern NAMED =
            Pattern.compile("(?U)(\\s*(?:Caused by: |Suppressed: )?)([\\w.$]+)(?=: |$)(.*)");
    private static final Pattern CODE = Pattern.compile("(\\s*)(" + PLACE + " \\|)( .*)?");
    private static final Pattern COMPILER = Pattern.compile("(" + PLACE + ":)( .*)");
    private static final Pattern CARETS = Pattern.compile("(\\s+)(\\^+)");
    private static final Pattern FRAME = Pattern.compile("(\\s+at )(.*)");
    /** A place that is no line of a library's source: those of libraries are of no use to whoever reads. */
    private static final Pattern FRAMES_PLACE = Pattern.compile(
            "(?<=\\()(?:In\\[[^\\]]*\\]|[^():]+\\.jsh(?:ell)?|[^():]+\\.ipynb, cell \\d+):\\d+(?=\\))|^In\\[[^\\]]*\\]:\\d+$");

    private static final Pattern HINT = Pattern.compile("(\\s*)(hint:)(.*)");

    private TracebackColours() {}

    /** @param name the exception's, with which its traceback begins unless it is the compiler's */
    public static List<String> of(String name, List<String> traceback) {
        List<String> coloured = new ArrayList<>(traceback.size());
        for (String line : traceback) {
            coloured.add(line(name, line, coloured.isEmpty()));
        }
        return coloured;
    }

    private static String line(String name, String line, boolean first) {
        if (first && line.startsWith(name)) {
            return RED + name + PLAIN + line.substring(name.length());
        }
        Matcher hint = HINT.matcher(line);
        if (hint.matches()) {
            return hint.group(1) + CYAN + hint.group(2) + PLAIN + hint.group(3);
        }
        Matcher code = CODE.matcher(line);
        if (code.matches()) {
            return code.group(1) + GREEN + code.group(2) + PLAIN + (code.group(3) == null ? "" : code.group(3));
        }
        Matcher compiler = COMPILER.matcher(line);
        if (compiler.matches()) {
            return GREEN + compiler.group(1) + PLAIN + compiler.group(2);
        }
        Matcher carets = CARETS.matcher(line);
        if (carets.matches()) {
            return carets.group(1) + RED + carets.group(2) + PLAIN;
        }
        Matcher frame = FRAME.matcher(line);
        if (frame.matches()) {
            return frame.group(1)
                    + FRAMES_PLACE
                            .matcher(frame.group(2))
                            .replaceAll(found -> GREEN + Matcher.quoteReplacement(found.group()) + PLAIN);
        }
        Matcher named = NAMED.matcher(line);
        if (named.matches() && (line.contains("Caused by: ") || line.contains("Suppressed: "))) {
            return named.group(1) + RED + named.group(2) + PLAIN + named.group(3);
        }
        return line;
    }
}
