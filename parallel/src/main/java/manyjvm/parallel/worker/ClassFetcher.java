package manyjvm.parallel.worker;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.connect.JournaledSendQueue;

/**
 * Asks the driver for a session class that was not sent. Blocks the asking thread, never the wire thread, for as long as the
 * driver takes: it always answers, and a class that is called missing once is missing for ever.
 */
final class ClassFetcher implements Function<String, Optional<byte[]>> {
    private static final byte[] NO_SUCH_CLASS = {};

    private final JournaledSendQueue sendQueue;
    private final AtomicLong requests = new AtomicLong();
    private final Map<Long, CompletableFuture<byte[]>> waiting = new ConcurrentHashMap<>();
    private volatile boolean ending;

    ClassFetcher(JournaledSendQueue sendQueue) {
        this.sendQueue = sendQueue;
    }

    @Override
    public Optional<byte[]> apply(String name) {
        long request = requests.incrementAndGet();
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        waiting.put(request, answer);
        boolean interrupted = false;
        try {
            if (ending) {
                return Optional.empty();
            }
            sendQueue.append(new Message.NeedClass(request, name));
            while (true) {
                try {
                    byte[] classFile = answer.get();
                    return classFile.length == 0 ? Optional.empty() : Optional.of(classFile);
                } catch (InterruptedException later) {
                    interrupted = true; // a class that fails to load once would fail for ever: finish, then tell
                } catch (ExecutionException impossible) {
                    throw new IllegalStateException(
                            "an answer cannot fail" + "; this is a fault of manyjvm, please report it", impossible);
                }
            }
        } finally {
            waiting.remove(request);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The JVM ends: nothing is answered any more. */
    void end() {
        ending = true;
        waiting.values().forEach(answer -> answer.complete(NO_SUCH_CLASS));
    }

    /** On the wire thread. */
    void answered(Message.ClassAnswer message) {
        CompletableFuture<byte[]> answer = waiting.remove(message.request());
        if (answer != null) {
            answer.complete(message.classFile());
        }
    }
}
