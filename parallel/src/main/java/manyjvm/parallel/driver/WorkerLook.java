package manyjvm.parallel.driver;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import manyjvm.parallel.insight.Vitals;
import manyjvm.parallel.wire.connect.WorkerJournal;
import org.jspecify.annotations.Nullable;

/**
 * What is seen of a worker while it works: the items that it has started, which costs it nothing, and what it
 * tells of its heap and time when it is asked. Confined to the driver's thread.
 */
final class WorkerLook implements AutoCloseable {
    private static final CompletableFuture<@Nullable Void> DONE = new CompletableFuture<>();

    static {
        DONE.complete(null);
    }

    /** @param at when it was, by {@link System#nanoTime} */
    record Told(Vitals vitals, long at) {}

    private final Path journal;
    private final WorkerText text;
    private final Consumer<CompletableFuture<Vitals>> asking;
    private final Supplier<@Nullable WorkerPort> port; // null before it has come in, and after its end
    private @Nullable CompletableFuture<@Nullable Void> open; // null while it has answered all that it was asked
    private WorkerJournal.@Nullable Head head; // null until it is looked at, and in this JVM
    private @Nullable Told told; // null before it has told anything

    /** @param asking gives the worker a question after its vitals, which is answered, if only by its end */
    WorkerLook(
            Path journal,
            WorkerText text,
            Supplier<@Nullable WorkerPort> port,
            Consumer<CompletableFuture<Vitals>> asking) {
        this.asking = asking;
        this.journal = journal;
        this.text = text;
        this.port = port;
    }

    /** The last line that it has printed; empty before the first. */
    String lastLine() {
        return text.lastLine();
    }

    // ------------------------------------------------------------ items

    /** How many items of the chunk it is at have been started; at least those that have an outcome here. */
    int started(Chunk chunk) {
        WorkerPort way = port.get();
        if (way == null) {
            return chunk.next;
        }
        try {
            return Math.max(chunk.next, way instanceof ThreadWorker here ? here.started(chunk.id) : noted(chunk.id));
        } catch (IOException unreadable) {
            closeHead(); // it is opened anew at the next look
            return chunk.next;
        }
    }

    private int noted(long chunk) throws IOException {
        WorkerJournal.Head open = head;
        if (open == null) {
            open = new WorkerJournal.Head(journal);
            head = open;
        }
        return open.started(chunk);
    }

    // ------------------------------------------------------------ vitals

    /** Asks, unless it still has to answer. Done with the answer, or its end; at once where it cannot be asked. */
    CompletableFuture<@Nullable Void> ask() {
        if (port.get() == null) {
            return DONE;
        }
        CompletableFuture<@Nullable Void> before = open;
        if (before != null) {
            return before;
        }
        CompletableFuture<@Nullable Void> answered = new CompletableFuture<>();
        open = answered;
        CompletableFuture<Vitals> answer = new CompletableFuture<>();
        answer.whenComplete((vitals, ended) -> {
            open = null;
            if (ended == null) {
                told = new Told(vitals, System.nanoTime());
            }
            answered.complete(null);
        });
        asking.accept(answer);
        return answered;
    }

    /** What it told last. */
    Optional<Told> vitals() {
        return Optional.ofNullable(told);
    }

    // ------------------------------------------------------------ end

    /** It has ended. */
    @Override
    public void close() {
        closeHead();
    }

    private void closeHead() {
        try {
            if (head != null) {
                head.close();
            }
        } catch (IOException unimportant) {
            // it was open for reading
        } finally {
            head = null;
        }
    }
}
