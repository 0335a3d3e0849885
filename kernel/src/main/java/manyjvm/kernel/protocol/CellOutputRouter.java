package manyjvm.kernel.protocol;

import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.messages.ContentType;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.publish.PublishClearOutput;
import io.github.spencerpark.jupyter.messages.publish.PublishDisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishUpdateDisplayData;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import manyjvm.kernel.display.PageChange;
import manyjvm.kernel.display.Rendering;
import manyjvm.kernel.spi.Cell;
import manyjvm.kernel.spi.CellOutput;
import org.jspecify.annotations.Nullable;

/**
 * Knows the cells, which thread works for which, and the request that each answers to. Safe for all threads.
 *
 * <p>A thread inherits the cell of the thread that made it, for good: output of a thread that outlives its cell still
 * goes there. The JDK's common pool is the exception: its threads are made once, by whichever cell comes first, and
 * lent to all later ones, so they work for the latest cell.
 */
final class CellOutputRouter implements CellOutput {
    /** The source of what is said here, among those that write into a cell. */
    private static final Object NOTES = "notes";

    private final IoPub ioPub;
    private final String session;
    private final Rendering rendering;
    private final InheritableThreadLocal<Cell> own = new InheritableThreadLocal<>();

    /** A cell's entry lives as long as somebody, a thread or a worker, can still name the cell. Guarded by itself. */
    private final Map<Cell, PendingText> texts = new WeakHashMap<>();

    private volatile @Nullable Cell latest;

    CellOutputRouter(IoPub ioPub, String session, Rendering rendering) {
        this.ioPub = ioPub;
        this.session = session;
        this.rendering = rendering;
    }

    /** From now on the calling thread, and threads that it starts, work for this cell. */
    void enter(Cell cell, JsonObject parentHeader) {
        synchronized (texts) {
            texts.put(cell, new PendingText(parentHeader));
        }
        own.set(cell);
    }

    /** From now on the calling thread, and threads that it starts, work for this cell, which another one has entered. */
    void join(Cell cell) {
        own.set(cell);
    }

    /** Does this while the calling thread works for the cell. */
    void as(Cell cell, Runnable action) {
        Cell before = own.get();
        own.set(cell);
        try {
            action.run();
        } finally {
            own.set(before);
        }
    }

    /** From now on threads that belong to no cell print into this one. */
    void becomeLatest(Cell cell) {
        latest = cell;
    }

    /** Undoes {@link #enter} for the calling thread. */
    void leave() {
        own.remove();
    }

    @Override
    public Optional<Cell> current() {
        Cell cell = own.get();
        if (cell == null || latest != null && isLent(Thread.currentThread())) {
            cell = latest;
        }
        return Optional.ofNullable(cell);
    }

    private static boolean isLent(Thread thread) {
        return thread instanceof ForkJoinWorkerThread worker && worker.getPool() == ForkJoinPool.commonPool();
    }

    @Override
    public void write(Cell cell, Stream stream, Object source, String text) {
        ioPub.write(text(cell), stream, source, text);
    }

    @Override
    public void display(Cell cell, Map<String, Object> bundle, Optional<String> displayId, boolean update) {
        if (update && displayId.isEmpty()) {
            throw new IllegalArgumentException("An update needs the display id of what it redraws");
        }
        publish(cell, content(bundle, displayId, update));
    }

    private static ContentType<?> content(Map<String, Object> bundle, Optional<String> displayId, boolean update) {
        DisplayData data = Rendering.displayData(bundle);
        displayId.ifPresent(data::setDisplayId);
        return update ? new PublishUpdateDisplayData(data) : new PublishDisplayData(data);
    }

    @Override
    public void displayDrawnLater(
            Cell cell, Supplier<Map<String, Object>> bundle, String displayId, boolean update, LongConsumer took) {
        PendingText text = text(cell);
        ioPub.publish(
                text,
                () -> {
                    ContentType<?> content = content(bundle.get(), Optional.of(displayId), update);
                    return JupyterMessage.publication(
                            content.getType().getName(), JupyterMessage.json(content), text.parentHeader(), session);
                },
                took);
    }

    @Override
    public void apply(Cell cell, byte[] pageChange) {
        PageChange change = PageChange.read(pageChange);
        if (change instanceof PageChange.Show show) {
            MessageType<?> type =
                    show.update() ? MessageType.PUBLISH_UPDATE_DISPLAY_DATA : MessageType.PUBLISH_DISPLAY_DATA;
            publish(cell, type, show.content());
            rendering.missingThere(show.types()).ifPresent(note -> write(cell, Stream.STDERR, NOTES, note));
        } else if (change instanceof PageChange.Clear clear) {
            clear(cell, clear.waitForNextOutput());
        }
    }

    @Override
    public void workFor(Optional<Cell> cell) {
        cell.ifPresentOrElse(own::set, own::remove);
    }

    void clear(Cell cell, boolean waitForNext) {
        publish(cell, waitForNext ? PublishClearOutput.BEFORE_NEXT_OUTPUT : PublishClearOutput.NOW);
    }

    void publish(Cell cell, ContentType<?> content) {
        publish(cell, content.getType(), JupyterMessage.json(content));
    }

    private void publish(Cell cell, MessageType<?> type, JsonObject content) {
        PendingText text = text(cell);
        ioPub.publish(text, JupyterMessage.publication(type.getName(), content, text.parentHeader(), session));
    }

    /** Returns when all that the cell has written so far is with the socket. */
    void drain(Cell cell) {
        ioPub.drain(text(cell));
    }

    /** Holds the calling thread back, for a second at most, while too much is waiting to be sent. */
    void awaitRoom() {
        ioPub.awaitRoom();
    }

    JsonObject parentHeader(Cell cell) {
        return text(cell).parentHeader();
    }

    private PendingText text(Cell cell) {
        synchronized (texts) {
            PendingText text = texts.get(cell);
            if (text == null) {
                throw new IllegalArgumentException("This kernel has run no such cell: " + cell);
            }
            return text;
        }
    }
}
