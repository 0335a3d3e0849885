package manyjvm.magics.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import manyjvm.parallel.Queue;

/** The queues that {@code %queue create} made, by name. Guarded by itself. */
final class Queues {
    private final Map<String, Queue<?>> byName = new LinkedHashMap<>();

    /** One that it replaces stays open: workers and other variables may still hold it. */
    synchronized Queue<Object> add(String name, Queue<Object> queue) {
        byName.put(name, queue);
        return queue;
    }

    synchronized void forget(Queue<?> queue) {
        byName.values().removeIf(known -> known == queue);
    }

    synchronized Table table() {
        List<List<String>> rows = new ArrayList<>();
        byName.forEach((name, queue) -> rows.add(
                List.of(name, String.valueOf(queue.size()), queue.isFull() ? "full" : queue.isEmpty() ? "empty" : "")));
        return new Table(List.of("queue", "elements", ""), rows, "no queues: %queue create NAME makes one");
    }
}
