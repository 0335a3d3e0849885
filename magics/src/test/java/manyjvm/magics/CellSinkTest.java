package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import manyjvm.kernel.spi.Cell;
import manyjvm.kernel.spi.CellOutput;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink.Stream;
import manyjvm.parallel.spi.ProgressReport;
import org.junit.jupiter.api.Test;

class CellSinkTest {
    private final Recorder recorder = new Recorder();
    private final CellSink sink = new CellSink(recorder);

    @Test
    void write_afterAnotherCellHasBegun_goesToTheSubmittingOne() {
        recorder.current = Optional.of(new Cell(1, 1));
        Object place = sink.place();
        recorder.current = Optional.of(new Cell(2, 2));

        sink.write(place, new OutputOrigin("Pool-1 worker 1", 4711, 1, 0), Stream.STDERR, "oh\n");

        assertThat(recorder.written).containsExactly("1 STDERR oh\n");
    }

    @Test
    void write_twoWorkers_areOneSourceSoThatRawTextMixes() {
        recorder.current = Optional.of(new Cell(1, 1));
        Object place = sink.place();

        sink.write(place, new OutputOrigin("Pool-1 worker 1", 4711, 1, 0), Stream.STDOUT, "x=");
        sink.write(place, new OutputOrigin("Pool-1 worker 2", 4712, 1, 1), Stream.STDOUT, "x=");

        assertThat(recorder.sources).hasSize(2).containsOnly(recorder.sources.get(0));
    }

    @Test
    void write_submittedBeforeTheFirstCell_goesToTheLatest() {
        Object place = sink.place();
        recorder.current = Optional.of(new Cell(3, 3));

        sink.write(place, new OutputOrigin("Process-1", 4711, 0, -1), Stream.STDOUT, "early\n");

        assertThat(recorder.written).containsExactly("3 STDOUT early\n");
    }

    @Test
    void progress_isOneDisplayForEachLine_inTheSubmittingCell() {
        recorder.current = Optional.of(new Cell(1, 1));
        Object place = sink.place();
        recorder.current = Optional.of(new Cell(2, 2));

        sink.progress(place, report(7, true, Optional.empty()));
        sink.progress(place, report(7, false, Optional.of("done in 2.0 s")));
        sink.progress(place, report(8, true, Optional.empty()));

        List<String> ids =
                recorder.written.stream().map(line -> line.split(" ")[2]).toList();
        assertThat(ids.get(0)).isEqualTo(ids.get(1)).isNotEqualTo(ids.get(2));
        assertThat(recorder.written.stream().map(line -> line.replaceFirst(" progress-\\S+", "")))
                .containsExactly(
                        "1 display map [##########..........] 1/2  workers #",
                        "1 update map: done in 2.0 s",
                        "1 display map [##########..........] 1/2  workers #");
        assertThat(sink.drawingNanos()).isEqualTo(2_000);
    }

    private static ProgressReport report(long line, boolean first, Optional<String> end) {
        return new ProgressReport(
                line, first, false, "map", 1, 0, OptionalLong.of(2), 0, List.of(ProgressReport.WorkerState.BUSY), end);
    }

    private static final class Recorder implements CellOutput {
        private final List<String> written = new ArrayList<>();
        private final List<Object> sources = new ArrayList<>();
        private Optional<Cell> current = Optional.empty();

        @Override
        public Optional<Cell> current() {
            return current;
        }

        @Override
        public void write(Cell cell, Stream stream, Object source, String text) {
            written.add(cell.count() + " " + stream + " " + text);
            sources.add(source);
        }

        @Override
        public void display(Cell cell, Map<String, Object> bundle, Optional<String> displayId, boolean update) {
            throw new UnsupportedOperationException("the kernel's own JVM displays so");
        }

        @Override
        public void displayDrawnLater(
                Cell cell, Supplier<Map<String, Object>> bundle, String displayId, boolean update, LongConsumer took) {
            written.add(cell.count() + (update ? " update " : " display ") + displayId + " "
                    + bundle.get().get("text/plain"));
            took.accept(1_000);
        }

        @Override
        public void apply(Cell cell, byte[] pageChange) {
            written.add(cell.count() + " " + new String(pageChange, StandardCharsets.UTF_8));
        }

        @Override
        public void workFor(Optional<Cell> cell) {
            current = cell;
        }
    }
}
