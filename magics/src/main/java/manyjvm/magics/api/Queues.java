package manyjvm.magics.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import manyjvm.parallel.Queue;

/**
 * What {@code %queue} is rewritten to; knows the queues that {@code %queue create} made, by name. Exists in the kernel's JVM only.
 * Every method may be called from any thread.
 */
public final class Queues {
    /** Guarded by the class's lock. */
    private static final Map<String, Queue<?>> BY_NAME = new LinkedHashMap<>();

    private Queues() {}

    /** {@code %queue create NAME}: a queue without a limit. */
    public static Queue<Object> create(String name) {
        return add(name, new Queue<>());
    }

    /**
     * {@code %queue create NAME CAPACITY}.
     *
     * @param capacity how many elements it holds at most
     */
    public static Queue<Object> create(String name, int capacity) {
        return add(name, new Queue<>(capacity));
    }

    /** One that it replaces stays open: workers and other variables may still hold it. */
    private static synchronized Queue<Object> add(String name, Queue<Object> queue) {
        BY_NAME.put(name, queue);
        return queue;
    }

    /** {@code %queue list}: a row for each queue that {@code %queue create} has made. */
    public static synchronized Table list() {
        List<List<String>> rows = new ArrayList<>();
        BY_NAME.forEach((name, queue) -> rows.add(
                List.of(name, String.valueOf(queue.size()), queue.isFull() ? "full" : queue.isEmpty() ? "empty" : "")));
        return new Table(List.of("queue", "elements", ""), rows, "no queues: %queue create NAME makes one");
    }

    /** {@code %queue put}: waits while the queue is full. */
    public static <E> void put(Queue<? super E> queue, E element) {
        queue.put(element);
    }

    /** @throws TimeoutException when the queue stays full */
    public static <E> void put(Queue<? super E> queue, E element, Duration timeout) throws TimeoutException {
        queue.put(element, timeout);
    }

    /** {@code %queue get}: waits while the queue is empty. */
    public static <E> E get(Queue<E> queue) {
        return queue.get();
    }

    /** @throws TimeoutException when the queue stays empty */
    public static <E> E get(Queue<E> queue, Duration timeout) throws TimeoutException {
        return queue.get(timeout);
    }

    /** {@code %queue close}: no more elements; what is in it can still be taken. */
    public static void close(Queue<?> queue) {
        synchronized (Queues.class) {
            BY_NAME.values().removeIf(known -> known == queue);
        }
        queue.close();
    }
}
