package manyjvm.kernel.display;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishDisplayData;
import java.util.List;
import java.util.function.Consumer;
import manyjvm.kernel.api.Notebook;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Notebook} does in a JVM that is not the kernel's: renders values there, where their classes and their state
 * are, and sends what the page is to show. {@link manyjvm.kernel.spi.CellOutput#apply} does it. Safe for all threads.
 */
public final class RemoteFrontEnd extends RenderingFrontEnd {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private final Consumer<byte[]> send;

    /** @param send takes each change, on the thread that makes it */
    public RemoteFrontEnd(Consumer<byte[]> send) {
        super(new Rendering());
        this.send = send;
    }

    @Override
    public void show(String displayId, boolean update, @Nullable Object value, String... mimeTypes) {
        DisplayData data = rendering().renderAs(value, mimeTypes);
        data.setDisplayId(displayId);
        send.accept(new PageChange.Show(
                        GSON.toJsonTree(new PublishDisplayData(data)).getAsJsonObject(),
                        update,
                        value == null || mimeTypes.length > 0
                                ? List.of()
                                : rendering().typesWithoutLook(value.getClass()))
                .toBytes());
    }

    @Override
    public void clear(boolean waitForNextOutput) {
        send.accept(new PageChange.Clear(waitForNextOutput).toBytes());
    }

    @Override
    public String ask(String prompt, boolean password) {
        throw new IllegalStateException("A worker has no keyboard: ask for input in the cell, before the work is"
                + " submitted, and let the function use the answer.");
    }
}
