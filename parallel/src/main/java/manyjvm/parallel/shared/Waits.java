package manyjvm.parallel.shared;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import manyjvm.parallel.base.Shared;

/**
 * What the threads of one JVM wait for in this library, for a thread dump that tells it in the user's words and follows it to
 * whoever is waited for. Safe for use by any thread; a wait is noted by the thread that waits, and only once it has to.
 */
public final class Waits {
    /**
     * Somebody without whom a wait does not end.
     *
     * @param thread the number of a thread in the JVM {@code jvmId}, of which a lock knows the lower 32 bits; 0 for the one
     *     that runs the JVM's tasks
     */
    public record Holder(int jvmId, long thread) {}

    /**
     * One wait.
     *
     * @param number never used twice in this JVM: a thread that has the same one at two moments has waited in between
     * @param words what is waited for: {@code an element of}, and then the object
     * @param object the shared object; empty when the words say all
     * @param bounded whether it ends by itself
     * @param holders asked when somebody wants to know
     */
    public record Wait(
            long number,
            Supplier<String> words,
            Optional<Shared.Handle> object,
            boolean bounded,
            Supplier<List<Holder>> holders) {}

    private final Map<Thread, Wait> waits = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /** The calling thread is about to wait. It has to {@link #over} afterwards, however the wait ends. */
    public void begin(
            Supplier<String> words, Optional<Shared.Handle> object, boolean bounded, Supplier<List<Holder>> holders) {
        waits.put(Thread.currentThread(), new Wait(numbers.incrementAndGet(), words, object, bounded, holders));
    }

    /** The calling thread waits no more. */
    public void over() {
        waits.remove(Thread.currentThread());
    }

    /** Those of this moment. */
    public Map<Thread, Wait> now() {
        return Map.copyOf(waits);
    }

    /** For what nobody in particular ends. */
    public static List<Holder> nobody() {
        return List.of();
    }
}
