package manyjvm.parallel.driver;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.wire.Message;

/**
 * What one worker is asked of itself, of one kind. Each question is answered, if only by the worker's end. Confined to the
 * driver's thread.
 */
final class Questions<A> {
    private final String worker;
    private final LongFunction<? extends Message.ToWorker> message;
    private final Map<Long, CompletableFuture<A>> open = new LinkedHashMap<>();
    private long numbers;

    /** @param message asks, with a number */
    Questions(String worker, LongFunction<? extends Message.ToWorker> message) {
        this.worker = worker;
        this.message = message;
    }

    /** The question to send now, or, to a worker that is starting, with {@link #sendAll}. */
    Message.ToWorker ask(CompletableFuture<A> answer) {
        open.put(++numbers, answer);
        return message.apply(numbers);
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

    void refuse(CompletableFuture<A> asker) {
        asker.completeExceptionally(new ParallelException(worker + " has ended"));
    }
}
