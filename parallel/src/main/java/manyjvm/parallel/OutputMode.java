package manyjvm.parallel;

/**
 * How the text that workers print is shown.
 *
 * <pre>{@code
 * try (var pool = Pool.builder().workers(2).output(OutputMode.GROUPED).build()) {
 *     pool.each(x -> {
 *         System.out.print("item ");
 *         System.out.println(x);
 *     }, range(4));                                  // item 0 to item 3, in this order, whichever worker is quicker
 * }
 * }</pre>
 */
public enum OutputMode {
    /** Whole lines, never torn, in order of arrival; a pool's lines carry the number of the worker. The default. */
    LIVE,
    /** Pieces as they come: what several processes that write to one terminal look like. */
    RAW,
    /** The text of each task together, in the order of the arguments, once all tasks before it have finished. */
    GROUPED
}
