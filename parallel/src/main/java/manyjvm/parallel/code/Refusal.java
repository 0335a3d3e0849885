package manyjvm.parallel.code;

import manyjvm.parallel.NotShippableException;

/** Says what could not be sent in the words of who tried: the encoder itself knows no better name than its root. */
public final class Refusal {
    /** How the message of an encoder begins that knew no name. */
    static final String OF_UNNAMED = "cannot send it: ";

    private Refusal() {}

    /**
     * The same refusal, or a better worded one.
     *
     * @param what what was to be sent: {@code item 2 of map}
     * @param root what the way to the culprit starts from: {@code item}
     */
    public static NotShippableException named(NotShippableException refused, String what, String root) {
        return refused.getMessage().startsWith(OF_UNNAMED) && refused.getCause() instanceof EncodingFailure failure
                ? new NotShippableException("cannot send " + what + ": " + failure.describe(root, 0), failure)
                : refused;
    }
}
