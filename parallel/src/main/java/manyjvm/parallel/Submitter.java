package manyjvm.parallel;

import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.Job;
import manyjvm.parallel.spi.JobSettings;
import org.jspecify.annotations.Nullable;

/**
 * The way of all {@link Calls} to the workers: opens a submission, cuts its items into chunks, and collects what comes back.
 *
 * @param chunk items to a chunk; 0 for as many as make four chunks for each worker, Python's measure: enough to even out, few
 *     enough to be cheap
 * @param taskTimeout overrides the pool's
 * @param retries overrides the pool's; -1 for the pool's
 * @param failFast the first failure cancels what has not run
 * @param progress whether it is shown how far submissions are; empty for as the pool has it
 */
record Submitter(
        PoolState state,
        int chunk,
        Optional<Duration> taskTimeout,
        int retries,
        boolean failFast,
        Optional<Boolean> progress) {
    private static final int CHUNKS_PER_WORKER = 4;

    /** So many chunks for each worker are read ahead of an {@code imap}'s reader. */
    private static final int WINDOW_PER_WORKER = 16;

    /** The one item of a task without an argument. */
    static final List<@Nullable Object> NOTHING = Collections.singletonList(null);

    /** With the pool's own settings. */
    static Submitter to(PoolState state) {
        return new Submitter(state, 0, Optional.empty(), -1, false, Optional.empty());
    }

    Submitter chunk(int items) {
        return new Submitter(state, items, taskTimeout, retries, failFast, progress);
    }

    Submitter timeout(Duration limit) {
        return new Submitter(state, chunk, Optional.of(limit), retries, failFast, progress);
    }

    Submitter retries(int times) {
        return new Submitter(state, chunk, taskTimeout, times, failFast, progress);
    }

    Submitter untilFailure() {
        return new Submitter(state, chunk, taskTimeout, retries, true, progress);
    }

    Submitter showing(boolean shown) {
        return new Submitter(state, chunk, taskTimeout, retries, failFast, Optional.of(shown));
    }

    <R extends @Nullable Object> List<R> collect(String description, CallKind kind, Object function, Object items) {
        ResultCollector collector = new ResultCollector(description);
        Job job = submitAll(description, kind, function, items, collector);
        collector.await(job);
        return collector.results();
    }

    /** @param reader gives the result, or throws what failed */
    <T extends @Nullable Object> AsyncResult<T> collectAsync(
            String description,
            CallKind kind,
            Object function,
            Object items,
            @Nullable Consumer<? super T> callback,
            @Nullable Consumer<? super Throwable> errorCallback,
            Completion.Reader<T> reader) {
        return new Completion<T>(state, description, callback, errorCallback)
                .of(reader, collector -> submitAll(description, kind, function, items, collector));
    }

    <R extends @Nullable Object> List<R> runOnEveryWorker(CallKind kind, Object task) {
        ResultCollector collector = new ResultCollector("everyWorker");
        collector.size(state.workers());
        Iterator<List<@Nullable Object>> chunks =
                Collections.nCopies(state.workers(), NOTHING).iterator();
        JobSettings settings = settings("everyWorker", true, OptionalLong.of(state.workers()));
        Job job = state.submit(task, kind, settings, chunks, collector);
        collector.await(chunks.hasNext() ? finish(job, () -> chunks) : job);
        return collector.results();
    }

    <R extends @Nullable Object> Results<R> stream(String description, Object function, Object items, boolean ordered) {
        Results.Inbox inbox = new Results.Inbox();
        Iterator<?> iterator = Items.iterator(items);
        // The size of what is all there: whoever reads the rest must not be asked for it by another thread.
        OptionalLong size =
                Items.areThere(items) ? OptionalLong.of(Items.list(items).size()) : OptionalLong.empty();
        Job job = state.open(function, CallKind.FUNCTION, settings(description, false, size), inbox);
        try {
            return state.opened(new Results<>(
                    iterator,
                    job,
                    inbox,
                    ordered,
                    Math.max(1, chunk),
                    WINDOW_PER_WORKER * state.workers(),
                    description));
        } catch (RuntimeException | Error refused) { // by the input, which is the user's
            job.cancel();
            throw refused;
        }
    }

    <R extends @Nullable Object> R run(CallKind kind, Object task, List<?> item) {
        ResultCollector collector = new ResultCollector("apply");
        Job job = submitOne("apply", kind, task, item, collector);
        collector.await(job);
        return collector.single();
    }

    /** @param reader gives the result, or throws what failed */
    <R extends @Nullable Object> AsyncResult<R> runAsync(
            String description,
            CallKind kind,
            Object task,
            List<?> item,
            @Nullable Consumer<? super R> callback,
            @Nullable Consumer<? super Throwable> errorCallback,
            Completion.Reader<R> reader) {
        return new Completion<R>(state, description, callback, errorCallback)
                .of(reader, collector -> submitOne(description, kind, task, item, collector));
    }

    private Job submitOne(String description, CallKind kind, Object task, List<?> item, ResultCollector collector) {
        return submitAll(description, kind, task, List.of(item).iterator(), 1, collector);
    }

    private Job submitAll(String description, CallKind kind, Object function, Object items, ResultCollector collector) {
        Objects.requireNonNull(items, "the items are null");
        if (Items.areThere(items)) {
            List<?> list = Items.list(items);
            return submitAll(description, kind, function, chunks(list), list.size(), collector);
        }
        Job job = state.open(function, kind, settings(description, false, OptionalLong.empty()), collector);
        return finish(job, () -> {
            List<?> list = Items.list(items);
            collector.size(list.size());
            Iterator<List<?>> chunks = chunks(list);
            if (!Items.areThere(list)) { // a user's list may wait for the results of its first items
                chunks.forEachRemaining(job::add);
            }
            return chunks;
        });
    }

    private Job submitAll(
            String description,
            CallKind kind,
            Object function,
            Iterator<? extends List<?>> chunks,
            int size,
            ResultCollector collector) {
        collector.size(size);
        JobSettings settings = settings(description, false, OptionalLong.of(size));
        Job job = state.submit(function, kind, settings, chunks, collector);
        return chunks.hasNext() ? finish(job, () -> chunks) : job;
    }

    /** @param rest the chunks that are missing; may run users' code */
    private static Job finish(Job job, Supplier<Iterator<? extends List<?>>> rest) {
        try {
            job.addLast(rest.get());
            return job;
        } catch (RuntimeException | Error refused) { // by the input, which is the user's, or what cannot travel
            job.cancel();
            throw refused;
        }
    }

    private Iterator<List<?>> chunks(List<?> items) {
        return Items.chunks(items, chunk > 0 ? chunk : defaultChunk(items.size()));
    }

    private int defaultChunk(int items) {
        int chunks = CHUNKS_PER_WORKER * state.workers();
        return Math.max(1, items / chunks + (items % chunks == 0 ? 0 : 1));
    }

    private JobSettings settings(String description, boolean everyWorker, OptionalLong items) {
        return new JobSettings(description, taskTimeout, retries, failFast, everyWorker, progress, items);
    }
}
