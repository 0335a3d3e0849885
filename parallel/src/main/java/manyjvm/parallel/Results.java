package manyjvm.parallel;

import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import manyjvm.parallel.shared.Waits;
import manyjvm.parallel.spi.Job;
import manyjvm.parallel.spi.JobListener;
import org.jspecify.annotations.Nullable;

/**
 * The results of an {@code imap}, one by one. Reading drives it: each call takes items from the input, on the
 * reader's own thread, until 16 chunks for each worker of the pool are under way or wait to be read, so the input may be
 * endless and is never read farther ahead. An item that failed
 * throws at its place, and reading may go on after it. What the input itself throws, or what keeps its items from being sent,
 * is the last: the results before it come first. For one reader at a time.
 *
 * <pre>{@code
 * try (var pool = new Pool(2);
 *         var squares = pool.imap(x -> x * x, Stream.iterate(0, x -> x + 1))) {    // endless
 *     System.out.println(squares.next() + squares.next() + squares.next());       // 5
 * }
 * try (var pool = new Pool(2)) {
 *     System.out.println(pool.imapUnordered(x -> x * x, range(5)).stream().sorted().toList());    // [0, 1, 4, 9, 16]
 * }
 * }</pre>
 */
public final class Results<R extends @Nullable Object> implements Iterator<R>, Iterable<R>, AutoCloseable {
    private static final Cleaner ABANDONED = Cleaner.create();

    private final Iterator<?> input;
    private final Job job;
    private final BlockingQueue<Arrival> arrivals;
    private final boolean ordered;
    private final int chunk;
    private final int window;
    private final String description;
    private final Cleaner.Cleanable cleanable;

    /** Between the reader, who adds items, and a pool's close, after which none may come. */
    private final Object sealing = new Object();

    private final Map<Long, Outcome> ready = new HashMap<>(); // ordered: waiting for their turn
    private final ArrayDeque<Outcome> turn = new ArrayDeque<>(); // unordered
    private long submitted;
    private boolean sealed; // guarded by sealing
    private long read;
    private long arrived;
    private boolean exhausted;
    private @Nullable Throwable inputFailure; // a RuntimeException or an Error
    private @Nullable Throwable end; // why there is no more

    /** What the driver's thread hands over; it holds no reference to the reader, which may be forgotten half read. */
    static final class Inbox implements JobListener {
        private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

        @Override
        public void arrived(Batch batch) {
            arrivals.add(new Arrival(Optional.of(batch), Optional.empty()));
        }

        @Override
        public void ended(Optional<Throwable> reason) {
            arrivals.add(new Arrival(Optional.empty(), reason));
        }
    }

    private record Arrival(Optional<JobListener.Batch> batch, Optional<Throwable> reason) {}

    private record Outcome(long index, @Nullable Object value, @Nullable Throwable failure) {}

    Results(Iterator<?> input, Job job, Inbox inbox, boolean ordered, int chunk, int window, String description) {
        this.input = input;
        this.job = job;
        this.arrivals = inbox.arrivals;
        this.ordered = ordered;
        this.chunk = chunk;
        this.window = window;
        this.description = description;
        this.cleanable = ABANDONED.register(this, job::cancel);
        fill();
    }

    @Override
    public boolean hasNext() {
        fill();
        return read < submitted || inputFailure != null;
    }

    /**
     * The next result.
     *
     * @throws TaskFailedException for an item that failed; the next call gives the item after it
     * @throws CancellationException when the reader is interrupted, which cancels what is left
     */
    @Override
    public R next() {
        try {
            return next(Optional.empty());
        } catch (TimeoutException never) {
            throw new IllegalStateException("a wait without an end has ended", never);
        }
    }

    /**
     * As {@link #next()}, waiting at most so long. Python's {@code next(timeout)}.
     *
     * @throws TimeoutException when the result is not there by then; it is the next one still
     */
    public R next(Duration timeout) throws TimeoutException {
        return next(Optional.of(timeout));
    }

    private R next(Optional<Duration> timeout) throws TimeoutException {
        long start = System.nanoTime();
        fill();
        if (read == submitted) {
            if (inputFailure != null) {
                Throwable failure = inputFailure;
                inputFailure = null;
                if (failure instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) failure;
            }
            throw new NoSuchElementException();
        }
        Outcome outcome = take(timeout, start);
        read++;
        fill();
        if (outcome.failure() != null) {
            Throwable failure = outcome.failure();
            throw ResultCollector.failed(
                    "item " + outcome.index() + " of " + description, (int) outcome.index(), failure);
        }
        return result(outcome);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the function's own result type, which says whether null is one
    private R result(Outcome outcome) {
        return (R) outcome.value();
    }

    /** The same results as a stream; closing it cancels what is left. */
    public Stream<R> stream() {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED), false)
                .onClose(this::close);
    }

    @Override
    public Iterator<R> iterator() {
        return this;
    }

    /** Cancels what is left. */
    @Override
    public void close() {
        exhausted = true;
        inputFailure = null;
        submitted = read;
        cleanable.clean();
    }

    /** How far it is: {@code imap: 2 read, 1 ready, 3 in work, more to come}. Reads nothing. */
    @Override
    public String toString() {
        long come = arrived
                + arrivals.stream()
                        .flatMap(arrival -> arrival.batch().stream())
                        .mapToLong(JobListener.Batch::size)
                        .sum();
        long ready = Math.max(0, Math.min(come, submitted) - read);
        long inWork = Math.max(0, submitted - Math.max(come, read));
        return description + ": " + read + " read, " + ready + " ready, " + inWork + " in work"
                + (exhausted ? "" : ", more to come");
    }

    private void fill() {
        // Counted from what was read: workers that are as quick as this would have it read an endless input for ever.
        while (!exhausted && submitted - read <= (long) (window - 1) * chunk) {
            List<Object> items = new ArrayList<>(chunk);
            try {
                while (items.size() < chunk && input.hasNext()) {
                    items.add(input.next());
                }
                exhausted = items.size() < chunk;
            } catch (RuntimeException | Error failure) {
                exhausted = true; // the results before it are given first, that of an item that is being read now, too
                inputFailure = failure;
            }
            if (!items.isEmpty()) {
                try {
                    submit(items);
                } catch (RuntimeException | Error refused) {
                    exhausted = true; // these items are lost: reading must not go on behind them as if nothing was
                    inputFailure = refused;
                }
            }
            if (exhausted) {
                job.finish();
            }
        }
    }

    private void submit(List<Object> items) {
        synchronized (sealing) {
            if (sealed) {
                throw new PoolClosedException("the pool was closed before the input of this " + description
                        + " was read to its end: read all results first, or end the pool with shutdown(), which lets "
                        + description + " go on");
            }
            job.add(items);
        }
        submitted += items.size();
    }

    /** Takes no more of the input: else a pool that closes would wait for a reader, who may be the one that closes it. */
    void seal() {
        synchronized (sealing) {
            sealed = true;
            job.finish();
        }
    }

    private Outcome take(Optional<Duration> timeout, long start) throws TimeoutException {
        while (true) {
            Outcome outcome = ordered ? ready.remove(read) : turn.poll();
            if (outcome != null) {
                return outcome;
            }
            if (end instanceof TaskFailedException failed) {
                throw failed;
            }
            if (end != null) {
                throw new ParallelException(description + " ended early: " + end.getMessage(), end);
            }
            Optional<Waits> noted = arrivals.isEmpty()
                    ? ResultCollector.noteWait(
                            () -> "the next result of " + description, timeout.isPresent(), Waits::nobody)
                    : Optional.empty();
            try {
                collect(timeout.isEmpty() ? arrivals.take() : arrivedWithin(timeout.get(), start));
            } catch (InterruptedException interrupt) {
                close();
                Thread.currentThread().interrupt();
                throw new CancellationException(description + " was interrupted; its tasks have been cancelled");
            } finally {
                noted.ifPresent(Waits::over);
            }
        }
    }

    private Arrival arrivedWithin(Duration timeout, long start) throws InterruptedException, TimeoutException {
        Arrival arrival = arrivals.poll(Checks.nanos(timeout) - (System.nanoTime() - start), TimeUnit.NANOSECONDS);
        if (arrival == null) {
            throw new TimeoutException(
                    "result " + read + " of " + description + " did not come within " + Checks.words(timeout));
        }
        return arrival;
    }

    /** Takes in this arrival, and all that have come since. */
    private void collect(Arrival first) {
        for (Arrival arrival = first; arrival != null; arrival = arrivals.poll()) {
            if (arrival.reason().isPresent()) {
                end = arrival.reason().get();
            }
            arrival.batch().ifPresent(this::accept);
        }
    }

    private void accept(JobListener.Batch batch) {
        arrived += batch.size();
        batch.readTo(new JobListener.Receiver() {
            @Override
            public void value(long index, @Nullable Object value) {
                accept(new Outcome(index, value, null));
            }

            @Override
            public void failure(long index, Throwable failure) {
                accept(new Outcome(index, null, failure));
            }
        });
    }

    private void accept(Outcome outcome) {
        if (ordered) {
            ready.put(outcome.index(), outcome);
        } else {
            turn.add(outcome);
        }
    }
}
