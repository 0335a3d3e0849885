package manyjvm.kernel.protocol;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishDisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishUpdateDisplayData;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import manyjvm.kernel.api.Notebook;
import manyjvm.kernel.display.Rendering;
import manyjvm.kernel.display.RenderingFrontEnd;
import manyjvm.kernel.spi.Cell;
import org.jspecify.annotations.Nullable;

/** What {@link Notebook} does for cells in this JVM: the output of the cell that the calling thread works for changes. */
final class CellFrontEnd extends RenderingFrontEnd {
    private final CellOutputRouter outputs;
    private final InputRequests input;

    CellFrontEnd(CellOutputRouter outputs, Rendering rendering, InputRequests input) {
        super(rendering);
        this.outputs = outputs;
        this.input = input;
    }

    @Override
    public void show(String displayId, boolean update, @Nullable Object value, String... mimeTypes) {
        DisplayData data = rendering().renderAs(value, mimeTypes);
        data.setDisplayId(displayId);
        outputs.publish(cell(), update ? new PublishUpdateDisplayData(data) : new PublishDisplayData(data));
    }

    @Override
    public void clear(boolean waitForNextOutput) {
        outputs.clear(cell(), waitForNextOutput);
    }

    @Override
    public String ask(String prompt, boolean password) {
        try {
            return input.ask(prompt, password);
        } catch (InterruptedIOException interrupted) {
            throw new UncheckedIOException(interrupted);
        }
    }

    private Cell cell() {
        return outputs.current().orElseThrow(() -> new IllegalStateException("There is no cell to show this in yet."));
    }
}
