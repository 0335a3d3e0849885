package manyjvm.parallel.shared;

/**
 * How a JVM went, for messages to those it leaves behind.
 *
 * @param who as its user knows it: {@code Process-2 (pid 4711)}
 * @param died false when its exit code was 0
 */
public record Departure(String who, boolean died) {
    /** {@code Process-2 (pid 4711) died} */
    @Override
    public String toString() {
        return who + (died ? " died" : " has ended");
    }
}
