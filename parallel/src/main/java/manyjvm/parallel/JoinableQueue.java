package manyjvm.parallel;

import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedKind;

/**
 * A {@link Queue}, by Python's name {@code multiprocessing.JoinableQueue} for one whose {@link #taskDone} and {@link #join}
 * are used. Here every queue has them.
 *
 * <pre>{@code
 * var queue = new JoinableQueue<Integer>();
 * var worker = Process.builder().daemon(true).target(() -> {
 *     while (true) {
 *         System.out.println("done with " + queue.get());
 *         queue.taskDone();
 *     }
 * }).start();
 * queue.put(1);
 * queue.put(2);
 * queue.join();                                      // both have been dealt with
 * worker.kill();
 * }</pre>
 */
public final class JoinableQueue<E> extends Queue<E> {
    /** A queue without limit. */
    public JoinableQueue() {
        super(SharedKind.JOINABLE_QUEUE, NO_LIMIT);
    }

    /** A queue of limited capacity. @throws IllegalArgumentException when the capacity is less than 1 */
    public JoinableQueue(int capacity) {
        super(SharedKind.JOINABLE_QUEUE, capacity);
    }

    /** Links a queue that exists. */
    JoinableQueue(SharedClient client, Handle handle) {
        super(client, handle);
    }
}
