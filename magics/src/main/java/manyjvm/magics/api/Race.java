package manyjvm.magics.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import manyjvm.magics.lesson.Racer;
import manyjvm.parallel.Barrier;
import manyjvm.parallel.ItemAction;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.Pool;
import manyjvm.parallel.Value;

/**
 * {@code %%race}: its options, collected until {@link #run}.
 *
 * <p>What a round ought to have counted nobody can read from a cell, so one worker first runs it alone: once, and then so
 * often as it will in the race, on counters of its own. That also tells a cell that does not count at all, or not by the same
 * each time.
 *
 * <p>A round must last for many turns of a processor that other programs use, too: of 60 rounds on a busy machine 4 lost
 * anything with 200,000 increments by each of two threads, and 47 with 2,000,000.
 */
public final class Race {
    private String on = "processes";
    private boolean locked;
    private int workers = 2;
    private int rounds = 5;
    private int times = 5_000_000;

    private Race() {}

    /** A race with what is usual: 2 processes, 5 rounds, 5,000,000 increments by each, no lock. */
    public static Race usual() {
        return new Race();
    }

    /** {@code --on}: the backend, {@code processes} or {@code threads}. */
    public Race on(String backend) {
        on = backend;
        return this;
    }

    /** {@code --lock}: each increment is made while holding the counter's lock. */
    public Race locked() {
        locked = true;
        return this;
    }

    /** {@code %%race N}: how many count, at least 2. */
    public Race workers(int number) {
        workers = atLeast(2, number, "the number of workers");
        return this;
    }

    /** {@code --rounds}: how often it is held, from 0 each time. */
    public Race rounds(int number) {
        rounds = atLeast(1, number, "--rounds");
        return this;
    }

    /** {@code --times}: how often each worker runs the cell in a round. */
    public Race times(int number) {
        times = atLeast(1, number, "--times");
        return this;
    }

    private static int atLeast(int least, int number, String what) {
        if (number < least) {
            throw new ParallelException(what + " must be at least " + least + ", not " + number);
        }
        return number;
    }

    /**
     * Holds it, in a pool of its own.
     *
     * @param increment the cell: one step of counting
     * @throws ParallelException when the cell does not add the same to the counter each time
     */
    public RaceResult run(ItemAction<Value.OfInt> increment) {
        requireRoom(1);
        try (Pool pool = Pool.builder()
                .name("race")
                .workers(workers)
                .backend(on)
                .progress(false)
                .build()) {
            int step = alone(pool, increment, 1);
            requireRoom(step);
            int counted = alone(pool, increment, times);
            if (step == 0 || counted != step * times) {
                throw new ParallelException("a race needs a cell that adds the same to counter each time, such as"
                        + " counter.set(counter.get() + 1): a worker alone has run it "
                        + RaceResult.number(times) + " times, and counter went from 0 to "
                        + RaceResult.number(counted));
            }
            Barrier start = new Barrier(workers);
            List<RaceResult.Round> held = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                Value.OfInt counter = Value.ofInt(0);
                List<Long> nanos =
                        pool.everyWorker(new Racer(increment, counter, start, Value.ofInt(0), locked, times));
                held.add(new RaceResult.Round(counter.get(), Collections.max(nanos)));
            }
            return new RaceResult(on, locked, workers, times, step, held);
        }
    }

    /** What the counter is after one worker has run the cell so often. */
    private int alone(Pool pool, ItemAction<Value.OfInt> increment, int often) {
        Value.OfInt counter = Value.ofInt(0);
        pool.apply(new Racer(increment, counter, new Barrier(1), Value.ofInt(0), locked, often));
        return counter.get();
    }

    /** @param step what one run of the cell adds */
    private void requireRoom(int step) {
        if ((long) workers * times * Math.abs((long) step) > Integer.MAX_VALUE) {
            throw new ParallelException(workers + " times " + times + (step == 1 ? "" : " times " + step)
                    + " is more than the counter can hold, an int up to " + Integer.MAX_VALUE
                    + ": give a smaller --times");
        }
    }
}
