package manyjvm.kernel.session.library;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import manyjvm.kernel.api.Notebook;
import manyjvm.kernel.spi.LibraryResolver.Transfers;
import org.jspecify.annotations.Nullable;

/**
 * What is being downloaded, in one line of the cell that is drawn again in place. A display that is updated, rather than text with
 * carriage returns: saved notebooks and pages made of them then hold its last state alone. Told by the threads that
 * download, drawn by the one that waits for them.
 */
final class TransferLine implements Transfers {
    /** Without a byte for so long, the line says who is waited for. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private record Part(String from, long bytes, long total) {}

    private final LongSupplier clock;

    // Guarded by this object's lock.
    private final Map<String, Part> running = new LinkedHashMap<>();
    private int done;
    private long doneBytes;
    private long heard;

    private volatile boolean cancelled;

    /** Confined to the thread that draws. */
    private @Nullable Consumer<String> drawn;

    private String last = "";

    TransferLine() {
        this(System::nanoTime);
    }

    /** @param clock in nanoseconds */
    TransferLine(LongSupplier clock) {
        this.clock = clock;
        heard = clock.getAsLong();
    }

    @Override
    public synchronized void progressed(String file, String from, long bytes, long total) {
        Part before = running.put(file, new Part(from, bytes, total));
        if (before == null || before.bytes() != bytes) {
            heard = clock.getAsLong();
        }
    }

    @Override
    public synchronized void ended(String file) {
        Part part = running.remove(file);
        heard = clock.getAsLong();
        if (part != null && part.bytes() > 0) {
            done++;
            doneBytes += part.bytes();
        }
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    void cancel() {
        cancelled = true;
    }

    /** Shows how far it is; nothing while nothing is downloaded. */
    void draw() {
        state().ifPresent(this::show);
    }

    /** The last state of a line that was begun. */
    void end(boolean well) {
        if (drawn != null) {
            show(ended(well));
        }
    }

    private synchronized String ended(boolean well) {
        return done == 0
                ? "nothing was downloaded"
                : (well ? "downloaded " : "ended; downloaded ") + files(done) + ", " + size(doneBytes);
    }

    synchronized Optional<String> state() {
        if (running.isEmpty()) {
            return Optional.empty();
        }
        Map.Entry<String, Part> first = running.entrySet().iterator().next();
        Part part = first.getValue();
        StringBuilder text = new StringBuilder("downloading " + first.getKey());
        if (part.bytes() > 0) {
            text.append(", ").append(size(part.bytes()));
            if (part.total() > 0) {
                text.append(" of ").append(size(part.total()));
            }
        }
        if (done > 0) {
            text.append("; ").append(files(done)).append(" done");
        }
        long silent = clock.getAsLong() - heard;
        if (silent > SILENCE_NANOS) {
            text.append("; ")
                    .append(part.from())
                    .append(" has been silent for ")
                    .append(TimeUnit.NANOSECONDS.toSeconds(silent))
                    .append(" s");
        }
        return Optional.of(text.toString());
    }

    private void show(String state) {
        if (state.equals(last)) {
            return;
        }
        last = state;
        if (drawn == null) {
            drawn = begin(state);
        } else {
            drawn.accept(state);
        }
    }

    private static Consumer<String> begin(String state) {
        try {
            Notebook.Display display = Notebook.display(state, "text/plain");
            return text -> display.update(text, "text/plain");
        } catch (IllegalStateException noFrontEnd) {
            return text -> {}; // a session that nobody looks at
        }
    }

    private static String files(int count) {
        return count + (count == 1 ? " file" : " files");
    }

    static String size(long bytes) {
        if (bytes < 1_000_000) {
            return (bytes + 999) / 1000 + " kB";
        }
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
