package manyjvm.magics.lesson;

import java.util.List;

/**
 * All items once, in one of the ways.
 *
 * @param way {@code sequential}, {@code threads}, {@code virtual} or {@code processes}
 * @param begin when it began, as in {@link Span}
 * @param wall how long it took, in nanoseconds
 * @param cpu the CPU time of all JVMs that took part, in nanoseconds
 * @param spans a call each
 */
public record Run(String way, long begin, long wall, long cpu, List<Span> spans) {
    /** How many calls were under way at once, on the average. */
    public double underWay() {
        return spans.stream().mapToDouble(span -> span.end() - span.begin()).sum() / wall;
    }

    /** How many calls were running on a processor at once, on the average. */
    public double running() {
        return spans.stream().mapToDouble(Span::running).sum() / wall;
    }
}
