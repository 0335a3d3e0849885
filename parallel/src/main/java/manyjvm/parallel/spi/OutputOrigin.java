package manyjvm.parallel.spi;

/**
 * Who wrote a piece of text.
 *
 * @param worker the worker's name as the user sees it: {@code Pool-1 worker 2}, {@code Process-3}
 * @param pid the worker's operating system process
 * @param job the submission, unique in this driver; 0 when the text belongs to none
 * @param task the index of the task in its submission, -1 when the text belongs to none
 */
public record OutputOrigin(String worker, long pid, long job, long task) {}
