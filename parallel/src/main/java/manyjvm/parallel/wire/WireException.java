package manyjvm.parallel.wire;

/** The other side broke the protocol, or is not who it should be. Ends the connection, never the loop. */
public final class WireException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WireException(String message) {
        super(message);
    }
}
