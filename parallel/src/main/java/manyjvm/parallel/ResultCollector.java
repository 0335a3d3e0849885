package manyjvm.parallel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import manyjvm.parallel.shared.Waits;
import manyjvm.parallel.spi.Job;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.spi.ParallelRuntime;
import org.jspecify.annotations.Nullable;

/**
 * Collects the outcomes of one submission. The driver's thread adds batches and ends it; whoever wants the result decodes
 * it afterwards, on its own thread, since decoding may run users' code.
 */
final class ResultCollector implements JobListener {
    private final Progress progress;
    private final Consumer<ResultCollector> whenEnded;
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Batch> batches = new ArrayList<>(); // by the driver's thread until the end, then read only
    private volatile Optional<Throwable> reason = Optional.empty();

    /** What a submission is and how far. Whoever keeps it keeps none of the outcomes. */
    static final class Progress {
        private final String description;
        private volatile int size;
        private volatile int arrived; // written by the driver's thread

        Progress(String description) {
            this.description = description;
        }

        /** {@code mapAsync: 3 of 4 items done}. */
        @Override
        public String toString() {
            return size == 1
                    ? description
                    : description + ": " + Math.min(arrived, size) + " of " + size + " items done";
        }
    }

    /** For one who waits: see {@link #await}. */
    ResultCollector(String description) {
        this(new Progress(description), ended -> {});
    }

    /** @param whenEnded called on the driver's thread: must hand over and return */
    ResultCollector(Progress progress, Consumer<ResultCollector> whenEnded) {
        this.progress = progress;
        this.whenEnded = whenEnded;
    }

    /** Told by the submitter before it finishes the job. */
    void size(int size) {
        progress.size = size;
    }

    @Override
    public void arrived(Batch batch) {
        batches.add(batch);
        progress.arrived += batch.size();
    }

    @Override
    public void ended(Optional<Throwable> reason) {
        this.reason = reason;
        end.countDown();
        whenEnded.accept(this);
    }

    /** Waits for the end; an interrupt cancels the job and leaves at once, with the flag restored. */
    void await(Job job) {
        Optional<Waits> noted = noteWait(() -> "the result of " + progress, false, job::holders);
        try {
            end.await();
        } catch (InterruptedException interrupt) {
            job.cancel();
            Thread.currentThread().interrupt();
            throw new CancellationException(progress.description + " was interrupted; its tasks have been cancelled");
        } finally {
            noted.ifPresent(Waits::over);
        }
    }

    /** What the calling thread waits for, for those who ask. @return where it has to say that it is over */
    static Optional<Waits> noteWait(Supplier<String> words, boolean bounded, Supplier<List<Waits.Holder>> holders) {
        Optional<Waits> waits = ParallelRuntime.ifAny().map(ParallelRuntime::waits);
        waits.ifPresent(present -> present.begin(words, Optional.empty(), bounded, holders));
        return waits;
    }

    /** All results in order, or the failure. */
    <R extends @Nullable Object> List<R> results() throws TaskFailedException {
        @Nullable Object[] values = new @Nullable Object[progress.size];
        Map<Integer, Throwable> failures = read(values);
        @SuppressWarnings("unchecked") // the function's own result type
        List<R> results = (List<R>) new ArrayList<>(Arrays.asList(values));
        if (!failures.isEmpty()) {
            throw failed(results, failures);
        }
        reason.ifPresent(thrown -> raise(thrown, results));
        return results;
    }

    /** The result of a submission of one item, or what the item threw, as it is. */
    <R extends @Nullable Object> R only() throws Throwable {
        @Nullable Object[] values = new @Nullable Object[1];
        Map<Integer, Throwable> failures = read(values);
        if (!failures.isEmpty()) {
            throw failures.values().iterator().next();
        }
        reason.ifPresent(thrown -> raise(thrown, List.of()));
        return typed(values);
    }

    /** As {@link #only}, with what the item threw in a {@link TaskFailedException}. */
    <R extends @Nullable Object> R single() {
        @Nullable Object[] values = new @Nullable Object[1];
        Map<Integer, Throwable> failures = read(values);
        if (!failures.isEmpty()) {
            throw failed(progress.description, 0, failures.values().iterator().next());
        }
        reason.ifPresent(this::raiseOfSingle);
        return typed(values);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the task's own result type, which says whether null is one
    private static <R extends @Nullable Object> R typed(@Nullable Object[] value) {
        return (R) value[0];
    }

    private void raiseOfSingle(Throwable thrown) {
        try {
            raise(thrown, List.of());
        } catch (TaskFailedException | PoolClosedException | CancellationException known) {
            throw known;
        } catch (RuntimeException failure) {
            throw failed(progress.description, 0, failure);
        }
    }

    /** What one item threw; an exception that came without its object is told by the words that it came with. */
    static TaskFailedException failed(String what, int index, Throwable failure) {
        return failure instanceof WorkerDiedException death
                ? death
                : failed(what, "", index, failure, null, Map.of(index, failure));
    }

    private static TaskFailedException failed(
            String what,
            String count,
            int index,
            Throwable failure,
            @Nullable List<?> results,
            Map<Integer, Throwable> failures) {
        boolean told = failure instanceof TaskFailedException;
        return new TaskFailedException(
                what + " failed: " + (failure instanceof ParallelException ? failure.getMessage() : failure.toString())
                        + count,
                told && failure.getCause() != null ? failure.getCause() : failure,
                index,
                results,
                failures);
    }

    /** @return what failed, by the item's index */
    private Map<Integer, Throwable> read(@Nullable Object[] values) {
        Map<Integer, Throwable> failures = new TreeMap<>();
        Receiver receiver = new Receiver() {
            @Override
            public void value(long index, @Nullable Object value) {
                values[(int) index] = value;
            }

            @Override
            public void failure(long index, Throwable failure) {
                failures.put((int) index, failure);
            }
        };
        for (Batch batch : batches) {
            batch.readTo(receiver);
        }
        return failures;
    }

    private TaskFailedException failed(List<?> results, Map<Integer, Throwable> failures) {
        Map.Entry<Integer, Throwable> first = failures.entrySet().iterator().next();
        Throwable failure = first.getValue();
        String count = failures.size() == 1 ? "" : " (" + failures.size() + " of " + progress.size + " items failed)";
        if (failure instanceof WorkerDiedException death) {
            return death.in(death.getMessage() + count, results, failures);
        }
        String what = "item " + first.getKey() + " of " + progress.description;
        return failed(what, count, first.getKey(), failure, results, failures);
    }

    /** Throws why the submission ended early, from the reader's own thread. */
    private static void raise(Throwable reason, List<?> results) {
        if (reason instanceof WorkerDiedException death) {
            throw death.in(death.getMessage(), results, Map.of());
        }
        if (reason instanceof TaskFailedException failed) {
            throw new TaskFailedException(failed.getMessage(), failed.getCause(), failed.index(), results, Map.of());
        }
        if (reason instanceof CancellationException) {
            throw new CancellationException(reason.getMessage());
        }
        if (reason instanceof PoolClosedException) {
            throw new PoolClosedException(reason.getMessage());
        }
        throw new ParallelException(reason.getMessage(), reason);
    }
}
