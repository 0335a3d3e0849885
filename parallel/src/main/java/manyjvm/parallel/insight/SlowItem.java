package manyjvm.parallel.insight;

/**
 * One of the items that took longest.
 *
 * @param call {@code map}, {@code apply} ...
 * @param item its index in the submission
 * @param items 1; more where items were so quick that they were timed so many at a time
 * @param worker who ran it
 * @param nanos how long the function took for it, or for all of them
 * @param argument as its {@code toString} gives it, shortened; empty where nothing can be said of it
 */
public record SlowItem(String call, long item, int items, int worker, long nanos, String argument) {}
