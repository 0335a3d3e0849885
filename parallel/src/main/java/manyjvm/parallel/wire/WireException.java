package manyjvm.parallel.wire;

/** The other side broke the protocol, or is not who it should be. Ends the connection, never the loop. */
public class WireException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WireException(String message) {
        super(message);
    }

    /** A message that is in order, and larger than the memory that is left for it. */
    public static final class TooLarge extends WireException {
        private static final long serialVersionUID = 1L;

        public TooLarge(String message) {
            super(message);
        }
    }
}
