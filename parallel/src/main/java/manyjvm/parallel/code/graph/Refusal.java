package manyjvm.parallel.code.graph;

import manyjvm.parallel.NotShippableException;

/** Says what could not be sent in the words of who tried: the encoder itself knows no better name than its root. */
public final class Refusal {
    private Refusal() {}

    /**
     * The same refusal, or a better worded one.
     *
     * @param what what was to be sent: {@code item 2 of map}
     * @param root what the way to the culprit starts from: {@code item}
     */
    public static NotShippableException named(NotShippableException refused, String what, String root) {
        return refused instanceof EncodingFailure failure ? failure.named(what, root, 0, "") : refused;
    }
}
