package manyjvm.magics;

import manyjvm.kernel.spi.Cell;
import manyjvm.kernel.spi.CellOutput;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink;

/**
 * Brings the text of workers to the cell that submitted the work, also after that cell has ended.
 *
 * <p>All workers of a cell are one source: the driver has put whole lines together already, and in {@code raw} mode the mess
 * is what the user asked to see. A cell whose text would be put together per worker could not show it.
 */
final class CellSink implements OutputSink {
    /** The place of work that was submitted before the first cell; its text goes to the latest cell there is. */
    private static final Cell NO_CELL = new Cell(0, 0);

    private static final Object WORKERS = "workers";

    private final CellOutput output;

    CellSink(CellOutput output) {
        this.output = output;
    }

    @Override
    public Object place() {
        return output.current().orElse(NO_CELL);
    }

    @Override
    public void write(Object place, OutputOrigin origin, Stream stream, String text) {
        Cell cell = place.equals(NO_CELL) ? output.current().orElse(NO_CELL) : (Cell) place;
        CellOutput.Stream target = stream == Stream.STDOUT ? CellOutput.Stream.STDOUT : CellOutput.Stream.STDERR;
        output.write(cell, target, WORKERS, text);
    }
}
