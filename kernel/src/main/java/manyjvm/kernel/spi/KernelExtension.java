package manyjvm.kernel.spi;

/**
 * A part that joins the kernel at start-up; found by {@link java.util.ServiceLoader}. It adds magics, imports and class
 * transforms, and is told of the things that happen to the cell it works for.
 */
public interface KernelExtension extends AutoCloseable {
    /** Called once, before the first cell, on the kernel's main thread. Must not take long: users wait for it. */
    void start(KernelServices kernel);

    /**
     * The user interrupted the running cell. Called before the cell's own code is interrupted, on a thread that works for the
     * cell while it calls; returns at once.
     */
    default void interrupted() {}

    /**
     * The code of a cell has ended, well or not. Hand over all text of work that has finished before returning: the cell
     * turns idle afterwards, and some front ends stop listening then. Called on the thread that answers for the cell, of
     * cells of several shells perhaps at once; at most about a second.
     */
    default void settle(Cell cell) {}

    /** The kernel shuts down. May be called twice. Bounded: a few seconds at most. */
    @Override
    void close();
}
