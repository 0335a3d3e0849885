package manyjvm.magics.lesson;

import java.time.Duration;
import manyjvm.parallel.Barrier;
import manyjvm.parallel.ItemAction;
import manyjvm.parallel.Task;
import manyjvm.parallel.Value;

/**
 * What each worker of a {@code %%race} does in one round.
 *
 * <p>A barrier wakes those who wait one after the other: the first may be done before the last begins, and then nothing can be
 * lost. So they meet a second time, awake: each reports in shared memory and looks there until all have. On a machine with too
 * few processors for that, who looks in vain goes on after a while.
 *
 * @param increment the cell
 * @param counter what they all change
 * @param awake how many have passed the barrier
 * @param locked whether each increment is made while holding the counter's lock
 * @param times how often each makes it
 */
public record Racer(
        ItemAction<Value.OfInt> increment,
        Value.OfInt counter,
        Barrier start,
        Value.OfInt awake,
        boolean locked,
        int times)
        implements Task<Long> {
    private static final Duration LONGEST_START = Duration.ofSeconds(60);
    private static final long LONGEST_LOOK = Duration.ofMillis(100).toNanos();

    /** @return how long its increments took, in nanoseconds */
    @Override
    public Long call() throws Exception {
        start.await(LONGEST_START);
        long begin = System.nanoTime();
        awake.getAndAdd(1);
        while (awake.get() < start.parties() && System.nanoTime() - begin < LONGEST_LOOK) {
            Thread.onSpinWait();
        }
        begin = System.nanoTime();
        if (locked) {
            for (int i = 0; i < times; i++) {
                counter.withLock(() -> increment.go(counter));
            }
        } else {
            for (int i = 0; i < times; i++) {
                increment.go(counter);
            }
        }
        return System.nanoTime() - begin;
    }
}
