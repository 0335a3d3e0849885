package manyjvm.kernel.spi;

/**
 * One execution of one cell. It stays a valid destination of output after the cell has ended.
 *
 * @param serial counts all execute requests of this kernel, also silent ones; never repeats
 * @param count the execution count that front ends show as {@code In [count]}
 */
public record Cell(long serial, int count) {}
