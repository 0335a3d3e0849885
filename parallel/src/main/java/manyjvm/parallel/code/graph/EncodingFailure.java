package manyjvm.parallel.code.graph;

import java.util.List;
import manyjvm.parallel.NotShippableException;
import org.jspecify.annotations.Nullable;

/**
 * Why a graph cannot travel, in parts, so that a caller who knows what the root is called can say it in the user's words:
 * {@link Refusal}. Users never see this class: whoever hands a refusal to them words it first.
 */
public final class EncodingFailure extends NotShippableException {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN_AT_START = 12;
    private static final int SHOWN_AT_END = 4;

    private final List<String> path;
    private final String culprit;
    private final String advice;

    /**
     * @param path the way from the root, one step an element, as Java would write it: {@code [1]}, {@code .client},
     *     {@code .get("a")}
     * @param culprit what was found there, as a clause: {@code is a java.net.Socket}
     * @param advice what to do about it; may be empty
     * @param cause what the user's code threw; null where nothing was
     */
    EncodingFailure(List<String> path, String culprit, String advice, @Nullable Throwable cause) {
        super("cannot send it: " + describe(path, "root", 0, culprit, "", advice), cause);
        this.path = List.copyOf(path);
        this.culprit = culprit;
        this.advice = advice;
    }

    public List<String> path() {
        return path;
    }

    String culprit() {
        return culprit;
    }

    /**
     * One sentence: {@code order.client.socket is a java.net.Socket: open it inside the function}.
     *
     * @param root what to call the root
     * @param skip how many steps of the path the name stands for already: 1 when the root is an array made for sending
     */
    public String describe(String root, int skip) {
        return describe(path, root, skip, culprit, "", advice);
    }

    /** The refusal in a user's words. */
    public NotShippableException named(String what, String root, int skip, String use) {
        return new NotShippableException(
                "cannot send " + what + ": " + describe(path, root, skip, culprit, use, advice), getCause());
    }

    private static String describe(
            List<String> path, String root, int skip, String culprit, String use, String advice) {
        StringBuilder text = new StringBuilder(root);
        List<String> steps = path.subList(Math.min(skip, path.size()), path.size());
        if (steps.size() <= SHOWN_AT_START + SHOWN_AT_END) {
            steps.forEach(text::append);
        } else {
            steps.subList(0, SHOWN_AT_START).forEach(text::append);
            text.append(" ... (")
                    .append(steps.size() - SHOWN_AT_START - SHOWN_AT_END)
                    .append(" steps) ... ");
            steps.subList(steps.size() - SHOWN_AT_END, steps.size()).forEach(text::append);
        }
        text.append(' ').append(culprit).append(use);
        if (!advice.isEmpty()) {
            text.append(": ").append(advice);
        }
        return text.toString();
    }
}
