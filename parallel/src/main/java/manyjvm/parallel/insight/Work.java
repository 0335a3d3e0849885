package manyjvm.parallel.insight;

import java.util.List;
import java.util.Map;

/**
 * What belongs together: the submissions of one cell; in a plain program those that follow each other without a pause of a
 * minute.
 *
 * @param number from 1
 * @param from when the first was submitted
 * @param to when the last ended; of one that runs the moment of the recording
 * @param running how many submissions have not ended
 * @param calls how often {@code map}, {@code apply} ... were called
 * @param tasks (chunks) that workers have done
 * @param items with an outcome
 * @param failed of those
 * @param spent for all of it, whether its runs are remembered one by one or not
 * @param smallestTask items of the smallest task (chunk)
 * @param largestTask items of the largest
 * @param slowest of its items the slowest, at most five
 * @param shipped what was sent for it
 */
public record Work(
        int number,
        long from,
        long to,
        int running,
        Map<String, Long> calls,
        long tasks,
        long items,
        long failed,
        Spent spent,
        long smallestTask,
        long largestTask,
        List<SlowItem> slowest,
        List<Shipment> shipped) {
    /** The same, with its slowest items. */
    public Work with(List<SlowItem> items) {
        return new Work(
                number,
                from,
                to,
                running,
                calls,
                tasks,
                this.items,
                failed,
                spent,
                smallestTask,
                largestTask,
                items,
                shipped);
    }
}
