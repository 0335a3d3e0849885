package manyjvm.parallel.driver;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.wire.Message;

/**
 * What one worker is asked of its threads. Each question is answered, if only by the worker's end. Confined to the driver's
 * thread.
 */
final class ThreadQuestions {
    private final String worker;
    private final Map<Long, CompletableFuture<byte[]>> open = new LinkedHashMap<>();
    private long numbers;

    ThreadQuestions(String worker) {
        this.worker = worker;
    }

    /** The question to send now, or, to a worker that is starting, with {@link #sendAll}. */
    Message.AskThreads ask(CompletableFuture<byte[]> table) {
        open.put(++numbers, table);
        return new Message.AskThreads(numbers);
    }

    void sendAll(Consumer<Message.ToWorker> port) {
        open.keySet().forEach(number -> port.accept(new Message.AskThreads(number)));
    }

    void answered(Message.Threads answer) {
        CompletableFuture<byte[]> table = open.remove(answer.request());
        if (table != null) {
            table.complete(answer.table());
        }
    }

    void workerEnded() {
        open.values().forEach(this::refuse);
        open.clear();
    }

    void refuse(CompletableFuture<byte[]> table) {
        table.completeExceptionally(new ParallelException(worker + " has ended"));
    }
}
