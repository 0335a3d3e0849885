package manyjvm.magics;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import manyjvm.kernel.spi.Cell;
import manyjvm.kernel.spi.CellOutput;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink;
import manyjvm.parallel.spi.ProgressReport;

/**
 * Brings the text of workers, and what they display, to the cell that submitted the work, also after that cell has ended.
 *
 * <p>All workers of a cell are one source: the driver has put whole lines together already, and in {@code raw} mode the mess
 * is what the user asked to see; a cell that keeps its sources' lines apart would hide it.
 */
final class CellSink implements OutputSink {
    /** The place of work that was submitted before the first cell; its text goes to the latest cell there is. */
    private static final Object NO_CELL = "no cell";

    private static final Object WORKERS = "workers";

    /** What the ids of displays begin with: other kernels' displays may be in the same notebook. */
    private static final String DISPLAYS = "progress-" + UUID.randomUUID();

    private final CellOutput output;
    private final AtomicBoolean drawnOnce = new AtomicBoolean();
    private final AtomicLong drawing = new AtomicLong();

    CellSink(CellOutput output) {
        this.output = output;
    }

    @Override
    public Object place() {
        Optional<Cell> cell = output.current();
        return cell.isPresent() ? cell.get() : NO_CELL;
    }

    @Override
    public void show(Object place, OutputOrigin origin, byte[] content) {
        cell(place).ifPresent(cell -> output.apply(cell, content));
    }

    @Override
    public boolean showsProgress() {
        return true;
    }

    /** One display for each line, which is drawn on the thread that sends. */
    @Override
    public void progress(Object place, ProgressReport report) {
        cell(place)
                .ifPresent(cell -> output.displayDrawnLater(
                        cell,
                        () -> ProgressLook.bundle(report),
                        DISPLAYS + "-" + report.line(),
                        !report.first(),
                        this::drawn));
    }

    /** On the thread that sends. The first time loads classes, and is not counted. */
    private void drawn(long nanos) {
        if (drawnOnce.getAndSet(true)) {
            drawing.addAndGet(nanos);
        }
    }

    @Override
    public long drawingNanos() {
        return drawing.get();
    }

    @Override
    public void enter(Object place) {
        output.workFor(place instanceof Cell cell ? Optional.of(cell) : Optional.empty());
    }

    private Optional<Cell> cell(Object place) {
        return place instanceof Cell known ? Optional.of(known) : output.current();
    }

    @Override
    public void write(Object place, OutputOrigin origin, Stream stream, String text) {
        Optional<Cell> cell = cell(place);
        if (cell.isEmpty()) {
            System.err.print(text);
            return;
        }
        CellOutput.Stream target = stream == Stream.STDOUT ? CellOutput.Stream.STDOUT : CellOutput.Stream.STDERR;
        output.write(cell.get(), target, WORKERS, text);
    }
}
