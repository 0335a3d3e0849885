package manyjvm.parallel.worker;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.Outbox;

/** Asks the driver for a session class that was not sent. Blocks the asking thread, never the wire thread. */
final class ClassFetcher implements Function<String, Optional<byte[]>> {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Outbox outbox;
    private final AtomicLong requests = new AtomicLong();
    private final Map<Long, CompletableFuture<byte[]>> waiting = new ConcurrentHashMap<>();

    ClassFetcher(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public Optional<byte[]> apply(String name) {
        long request = requests.incrementAndGet();
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        waiting.put(request, answer);
        outbox.append(new Message.NeedClass(request, name));
        boolean interrupted = false;
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        try {
            while (true) {
                try {
                    byte[] classFile = answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                    return classFile.length == 0 ? Optional.empty() : Optional.of(classFile);
                } catch (InterruptedException later) {
                    interrupted = true; // a class that fails to load once would fail for ever: finish, then tell
                } catch (TimeoutException | ExecutionException unanswered) {
                    return Optional.empty(); // the loader then names the class that is missing
                }
            }
        } finally {
            waiting.remove(request);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** On the wire thread. */
    void answered(Message.ClassAnswer message) {
        CompletableFuture<byte[]> answer = waiting.remove(message.request());
        if (answer != null) {
            answer.complete(message.classFile());
        }
    }
}
