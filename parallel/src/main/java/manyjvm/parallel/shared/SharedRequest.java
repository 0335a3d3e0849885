package manyjvm.parallel.shared;

import manyjvm.parallel.base.Shared;

/**
 * A request to the host of a shared object.
 *
 * @param operation the ordinal of a {@link SharedOperation}
 * @param number what the operation says: the ticket by which a request that waits is withdrawn, a holder's number, a count
 * @param body an encoded value, or an empty array
 */
public record SharedRequest(Shared.Handle target, int operation, long number, byte[] body) {
    private static final byte[] NOTHING = {};

    public SharedRequest(Shared.Handle target, SharedOperation operation, long number, byte[] body) {
        this(target, operation.ordinal(), number, body);
    }

    /** Without a body. */
    public SharedRequest(Shared.Handle target, SharedOperation operation, long number) {
        this(target, operation, number, NOTHING);
    }
}
