package manyjvm.parallel.insight;

/**
 * What a worker's time went into, in nanoseconds.
 *
 * @param reading loading the function, and decoding what it is called with
 * @param working in the function itself
 * @param writing encoding its results
 * @param sending on the way there and back, and waiting for room on it
 */
public record Spent(long reading, long working, long writing, long sending) {
    /** No time at all. */
    public static final Spent NONE = new Spent(0, 0, 0, 0);

    /** Both together. */
    public Spent plus(Spent other) {
        return new Spent(
                reading + other.reading, working + other.working, writing + other.writing, sending + other.sending);
    }

    /** What the worker itself was busy for. */
    public long busy() {
        return reading + working + writing;
    }

    /** The same, and so much more on the way. */
    public Spent sent(long more) {
        return new Spent(reading, working, writing, sending + more);
    }
}
