package manyjvm.parallel;

import org.jspecify.annotations.Nullable;

/**
 * Something cannot travel to another JVM: a thread, a stream, a socket, a lambda made inside a library. Thrown before
 * anything runs; the message names the variable and the path to the culprit. Python's {@code PicklingError}.
 *
 * <pre>{@code
 * var open = new ByteArrayInputStream(new byte[1]);
 * try (var pool = new Pool(1)) {
 *     pool.apply(() -> open.read());
 * } catch (NotShippableException refused) {
 *     System.out.println(refused.getMessage().contains("java.io.ByteArrayInputStream"));    // true
 * }
 * }</pre>
 */
public class NotShippableException extends ParallelException {
    private static final long serialVersionUID = 1L;

    /** @param message what cannot travel, and the path to the culprit */
    public NotShippableException(@Nullable String message) {
        super(message);
    }

    /**
     * @param message what cannot travel, and the path to the culprit
     * @param cause what its own code threw while it was encoded
     */
    public NotShippableException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
