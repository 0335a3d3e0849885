package manyjvm.kernel.session.assistance;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import manyjvm.kernel.session.source.SourceComments;
import manyjvm.kernel.session.text.CellFrames;

/**
 * What JShell says of a type or a member, taken apart: {@code List<R> Pool.<A, R>map(Fn<A,R> function, A[] items)}.
 *
 * @param text as people read it
 * @param name of the type, a dot, and the member; with the packages that JShell does not take for known
 * @param isCall whether it has parameters: a method, a constructor
 * @param parameters as they stand in the text, with their names or without
 */
record Signature(String text, String name, boolean isCall, List<String> parameters) {
    /** Newer compilers know those of class files, and JShell writes them into signatures with their whole names. */
    private static final Pattern TYPE_ANNOTATION = Pattern.compile("@(?:\\w+\\.)+\\w+(?:\\([^()]*\\))? ?");

    /** JDK 25 tells of each type variable what bounds it, also where that is nothing. */
    private static final Pattern NO_BOUND = Pattern.compile("(?<!\\?) extends (?:java\\.lang\\.)?Object(?=[,>])");

    /** JDK 25 writes {@code P(int x, int y).sum(int k)} of a record's members, and its constructors likewise. */
    private static final Pattern COMPONENTS = Pattern.compile("(?<=[\\w>])\\([^()]*\\)(?=[.(])");

    static Signature of(String told) {
        String text = CellFrames.plain(TYPE_ANNOTATION.matcher(told).replaceAll(""));
        text = COMPONENTS
                .matcher(NO_BOUND.matcher(text).replaceAll(""))
                .replaceAll("")
                .strip();
        int open = text.indexOf('(');
        String head =
                SourceComments.withoutArguments(open < 0 ? text.replaceFirst(":[^:]*$", "") : text.substring(0, open));
        String name = head.substring(head.lastIndexOf(' ') + 1);
        int close = text.lastIndexOf(')');
        return new Signature(
                text, name, open >= 0, open < 0 || close < open ? List.of() : parts(text.substring(open + 1, close)));
    }

    String owner() {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    String member() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** The types of the parameters by their simple names. */
    List<String> parameterTypes() {
        return parameters.stream()
                .map(parameter ->
                        SourceComments.simpleType(isNamed(parameter) ? withoutLastWord(parameter) : parameter))
                .toList();
    }

    /** The same with these names of its parameters, where it has none. */
    Signature named(List<String> names) {
        if (!isCall || names.size() != parameters.size() || parameters.stream().anyMatch(Signature::isNamed)) {
            return this;
        }
        List<String> named = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            named.add(parameters.get(i) + " " + names.get(i));
        }
        String all = String.join(", ", named);
        String whole = text.substring(0, text.indexOf('(') + 1) + all + text.substring(text.lastIndexOf(')'));
        return new Signature(whole, name, true, named);
    }

    private static boolean isNamed(String parameter) {
        return SourceComments.withoutArguments(parameter).contains(" ");
    }

    private static String withoutLastWord(String words) {
        return words.substring(0, words.lastIndexOf(' '));
    }

    private static List<String> parts(String list) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            depth += c == '<' ? 1 : c == '>' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(list.substring(start, i).strip());
                start = i + 1;
            }
        }
        if (!list.isBlank()) {
            parts.add(list.substring(start).strip());
        }
        return parts;
    }
}
