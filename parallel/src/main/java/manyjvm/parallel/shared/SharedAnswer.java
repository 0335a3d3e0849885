package manyjvm.parallel.shared;

import java.nio.charset.StandardCharsets;

/**
 * What the host of a shared object answers, exactly once a call.
 *
 * @param status one of the constants below; negative for a refusal, whose reason is in {@code body} as UTF-8
 * @param body an encoded value, or an empty array
 * @param grant the number by which another JVM lets go of what the body refers to, see {@code LocalHosts}; 0 for nothing
 * @param hold keeps what the body refers to in this JVM; does not travel
 */
public record SharedAnswer(int status, long number, byte[] body, long grant, Hold hold) {
    /** The request was carried out. */
    public static final int DONE = 0;

    /** The request waited, was withdrawn by who asked, and changed nothing. */
    public static final int WITHDRAWN = 1;

    /** Not possible now: nothing to take, no room to put. */
    public static final int NOT_NOW = 2;

    /** Not possible any more: the other side of a pipe has ended, the barrier is broken. */
    public static final int ENDED = 3;

    private static final int REFUSED = -1;
    private static final byte[] NOTHING = {};

    public SharedAnswer(int status, long number, byte[] body) {
        this(status, number, body, 0, Hold.NONE);
    }

    /** The same, for a JVM that has to let go of a grant. */
    public SharedAnswer granted(long itsGrant) {
        return new SharedAnswer(status, number, body, itsGrant, Hold.NONE);
    }

    /** The same, in the JVM that asked. */
    public SharedAnswer heldBy(Hold itsHold) {
        return new SharedAnswer(status, number, body, grant, itsHold);
    }

    public static SharedAnswer of(int status) {
        return new SharedAnswer(status, 0, NOTHING);
    }

    public static SharedAnswer of(int status, long number) {
        return new SharedAnswer(status, number, NOTHING);
    }

    /** Why, in {@code body} as UTF-8. */
    public static SharedAnswer of(int status, String reason) {
        return new SharedAnswer(status, 0, reason.getBytes(StandardCharsets.UTF_8));
    }

    public static SharedAnswer refused(String reason) {
        return of(REFUSED, reason);
    }

    /** Whether it is {@link #DONE}. */
    public boolean isDone() {
        return status == DONE;
    }

    boolean isRefusal() {
        return status < 0;
    }

    /** Why it was refused, or is {@link #ENDED}; may be empty. */
    public String reason() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
