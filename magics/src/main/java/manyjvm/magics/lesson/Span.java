package manyjvm.magics.lesson;

/**
 * One call of a function for one item. Times are nanoseconds of {@link Turns#now}.
 *
 * @param number the item's, from 0 on
 * @param lane who made it: the same for all calls of a thread, and another one for each thread of each JVM
 * @param at when it was looked at: first when the call began, last when it had ended
 * @param ran how long it had been running on a processor by then; as many as {@code at}
 */
public record Span(int number, String lane, long[] at, long[] ran) {
    /** When the call began. */
    public long begin() {
        return at[0];
    }

    /** When it had ended. */
    public long end() {
        return at[at.length - 1];
    }

    /** How long it was running on a processor. */
    public long running() {
        return ran[ran.length - 1];
    }

    /** How long it was running on a processor before a time; between two looks in proportion. */
    public double runningUntil(double time) {
        if (time <= begin()) {
            return 0;
        }
        int low = 0;
        int high = at.length - 1;
        if (time >= at[high]) {
            return ran[high];
        }
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (at[middle] <= time) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double share = (time - at[low]) / Math.max(1, at[high] - at[low]);
        return ran[low] + share * (ran[high] - ran[low]);
    }
}
