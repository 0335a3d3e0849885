package manyjvm.parallel.driver;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.wire.Message;
import org.jspecify.annotations.Nullable;

/**
 * What one worker is asked of itself, of one kind. Each question is answered, if only by the worker's end. Confined to the
 * driver's thread.
 */
final class Questions<A> {
    private final String worker;
    private final LongFunction<? extends Message.ToWorker> message;
    private final Map<Long, CompletableFuture<A>> open = new LinkedHashMap<>();
    private final BooleanSupplier gone;
    private final Supplier<@Nullable WorkerPort> way;
    private long numbers;

    /**
     * @param message asks, with a number
     * @param gone whether nobody can be asked any more
     * @param way to the worker; gives null until it comes in
     */
    Questions(
            String worker,
            LongFunction<? extends Message.ToWorker> message,
            BooleanSupplier gone,
            Supplier<@Nullable WorkerPort> way) {
        this.worker = worker;
        this.message = message;
        this.gone = gone;
        this.way = way;
    }

    /** A worker that is starting is asked when it has come in, by {@link #sendAll}. */
    void ask(CompletableFuture<A> answer) {
        if (gone.getAsBoolean()) {
            refuse(answer);
            return;
        }
        open.put(++numbers, answer);
        WorkerPort port = way.get();
        if (port != null) {
            port.send(message.apply(numbers));
        }
    }

    void sendAll(Consumer<Message.ToWorker> port) {
        open.keySet().forEach(number -> port.accept(message.apply(number)));
    }

    void answered(long number, A answer) {
        CompletableFuture<A> asker = open.remove(number);
        if (asker != null) {
            asker.complete(answer);
        }
    }

    void workerEnded() {
        open.values().forEach(this::refuse);
        open.clear();
    }

    private void refuse(CompletableFuture<A> asker) {
        asker.completeExceptionally(new ParallelException(worker + " has ended"));
    }
}
