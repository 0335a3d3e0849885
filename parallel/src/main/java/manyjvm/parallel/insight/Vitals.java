package manyjvm.parallel.insight;

/**
 * What a worker says of itself when it is asked; since its start. A figure that there is not, or that is not its own (of a
 * thread, whose JVM others use, too), is {@link #UNKNOWN}.
 *
 * @param cpu nanoseconds of processor time
 * @param collections how often the garbage collector ran
 * @param collecting nanoseconds of that
 * @param heapUsed bytes
 * @param heapLimit bytes
 */
public record Vitals(long cpu, long collections, long collecting, long heapUsed, long heapLimit) {
    /** There is no such figure. */
    public static final long UNKNOWN = -1;

    /** Of a worker that has ended, or does not answer. */
    public static final Vitals NONE = new Vitals(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
}
