package manyjvm.parallel;

import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedKind;

/**
 * A {@link Queue} without a limit, by Python's name {@code multiprocessing.SimpleQueue}.
 *
 * <pre>{@code
 * var queue = new SimpleQueue<String>();
 * new Process(() -> queue.put("hello")).start().join();
 * System.out.println(queue.get());                   // hello
 * }</pre>
 */
public final class SimpleQueue<E> extends Queue<E> {
    /** An empty queue. */
    public SimpleQueue() {
        super(SharedKind.SIMPLE_QUEUE, NO_LIMIT);
    }

    /** Links a queue that exists. */
    SimpleQueue(SharedClient client, Handle handle) {
        super(client, handle);
    }
}
