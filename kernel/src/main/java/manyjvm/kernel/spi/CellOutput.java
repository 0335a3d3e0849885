package manyjvm.kernel.spi;

import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * The way of text and rich output into cells. Calls never block on the network and may come from any thread, also after
 * the cell has ended: front ends route by the parent header, which is the submitting cell's.
 */
public interface CellOutput {
    /** The two streams of text that front ends tell apart; {@code name} of the protocol's {@code stream} message. */
    enum Stream {
        STDOUT,
        STDERR
    }

    /**
     * The cell that the calling thread works for: the running cell for its thread and for the threads that it started, a
     * finished cell for the threads that outlived it; for other threads the latest cell. Empty before the first cell.
     */
    Optional<Cell> current();

    /**
     * Appends text. Texts of one {@code source} keep their order; whole lines of different sources are never torn.
     *
     * @param source who writes, compared by {@code equals}: the cell itself, a worker ...
     */
    void write(Cell cell, Stream stream, Object source, String text);

    /**
     * Shows rich output.
     *
     * @param bundle MIME type to content
     * @param displayId empty, or the id under which a later call with {@code update} redraws it
     */
    void display(Cell cell, Map<String, Object> bundle, Optional<String> displayId, boolean update);

    /**
     * As {@link #display}, by an id, for what changes often while the calling thread has more to do: drawn where it is sent, in
     * its place among the cell's other output.
     *
     * @param bundle called once, on the thread that sends; must be quick, and run no users' code
     * @param took is told there how many nanoseconds drawing and sending have taken
     */
    void displayDrawnLater(
            Cell cell, Supplier<Map<String, Object>> bundle, String displayId, boolean update, LongConsumer took);

    /**
     * Does to a cell's output what code in another JVM asked for.
     *
     * @param pageChange what a {@code manyjvm.kernel.display.RemoteFrontEnd} there has sent
     */
    void apply(Cell cell, byte[] pageChange);

    /** From now on the calling thread, and those that it starts, work for this cell; empty for none, and so the latest. */
    void workFor(Optional<Cell> cell);
}
