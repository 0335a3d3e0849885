package manyjvm.parallel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.Job;
import manyjvm.parallel.spi.JobSettings;

/**
 * What can be asked of a pool: {@code map}, {@code apply} and their relatives. A {@link Pool} is one; {@link #chunk},
 * {@link #timeout}, {@link #retries} and {@link #failFast} give the same calls with another setting.
 *
 * <pre>{@code
 * try (var pool = new Pool(2)) {
 *     System.out.println(pool.map(x -> x * x, range(5)));                               // [0, 1, 4, 9, 16]
 *     System.out.println(pool.starmap((a, b) -> a + b, zip(range(3), repeat(10))));     // [10, 11, 12]
 *     int y = 20;
 *     int result = pool.apply(() -> y * y);
 *     System.out.println(result);                                                       // 400
 *     pool.each(x -> System.out.println("item " + x), range(3));
 *     System.out.println(pool.chunk(1).failFast().map(x -> -x, List.of(1, 2)));         // [-1, -2]
 * }
 * }</pre>
 *
 * <p>Functions, and the variables that they use, are snapshotted at the call. Each call exists for the library's functional
 * types, which any lambda fits, and for the JDK's own, for functions kept in variables.
 */
public sealed class Calls permits Pool {
    /** Python's: enough chunks to even out, few enough to be cheap. */
    private static final int CHUNKS_PER_WORKER = 4;

    private static final int WINDOW_PER_WORKER = 16;

    private final PoolState state;
    private final int chunk;
    private final JobSettings settings;

    Calls(PoolState state, int chunk, JobSettings settings) {
        this.state = state;
        this.chunk = chunk;
        this.settings = settings;
    }

    PoolState state() {
        return state;
    }

    // ---------------------------------------------------------------- settings

    /** The same pool, with {@code items} items to a chunk. A chunk is what a worker is given at once. */
    public Calls chunk(int items) {
        if (items < 1) {
            throw new IllegalArgumentException("a chunk has at least 1 item, not " + items);
        }
        return new Calls(state, items, settings);
    }

    /** The same pool, where an item that takes longer has its worker killed and fails. */
    public Calls timeout(Duration timeout) {
        return new Calls(
                state,
                chunk,
                new JobSettings(
                        "", Optional.of(Checks.positive(timeout)), settings.retries(), settings.failFast(), false));
    }

    /** The same pool, where an item whose worker died is run again up to so many times. */
    public Calls retries(int retries) {
        return new Calls(
                state,
                chunk,
                new JobSettings("", settings.taskTimeout(), Checks.notNegative(retries), settings.failFast(), false));
    }

    /** The same pool, where the first failure of a map cancels what has not run. */
    public Calls failFast() {
        return new Calls(state, chunk, new JobSettings("", settings.taskTimeout(), settings.retries(), true, false));
    }

    // ---------------------------------------------------------------- map

    /**
     * The function's results, in the order of the items. Blocks; an interrupt cancels the work.
     *
     * @throws TaskFailedException when items failed, with the other items' results
     * @throws NotShippableException before anything runs, when the function or an item cannot travel
     */
    public <A, R> List<R> map(Fn<A, R> function, Iterable<? extends A> items) {
        return gather("map", CallKind.FUNCTION, function, items, chunk);
    }

    public <A, R> List<R> map(Function<A, R> function, Iterable<? extends A> items) {
        return gather("map", CallKind.FUNCTION, function, items, chunk);
    }

    public <A, R> List<R> map(Fn<A, R> function, A[] items) {
        return gather("map", CallKind.FUNCTION, function, Arrays.asList(items), chunk);
    }

    public <A, R> List<R> map(Function<A, R> function, A[] items) {
        return gather("map", CallKind.FUNCTION, function, Arrays.asList(items), chunk);
    }

    public <A, R> List<R> map(Fn<A, R> function, Stream<? extends A> items) {
        return gather("map", CallKind.FUNCTION, function, once(items), chunk);
    }

    public <A, R> List<R> map(Function<A, R> function, Stream<? extends A> items) {
        return gather("map", CallKind.FUNCTION, function, once(items), chunk);
    }

    public <R> List<R> map(Fn<Integer, R> function, int[] items) {
        return gather("map", CallKind.FUNCTION, function, Parallel.listOf(items), chunk);
    }

    public <R> List<R> map(Fn<Long, R> function, long[] items) {
        return gather("map", CallKind.FUNCTION, function, Parallel.listOf(items), chunk);
    }

    public <R> List<R> map(Fn<Double, R> function, double[] items) {
        return gather("map", CallKind.FUNCTION, function, Parallel.listOf(items), chunk);
    }

    /** With {@code chunk} items to a chunk, as Python's third argument. */
    public <A, R> List<R> map(Fn<A, R> function, Iterable<? extends A> items, int chunk) {
        return chunk(chunk).map(function, items);
    }

    /** As {@link #map(Fn, Iterable)}, at once, with the results to come. */
    public <A, R> AsyncResult<List<R>> mapAsync(Fn<A, R> function, Iterable<? extends A> items) {
        return gatherAsync("mapAsync", CallKind.FUNCTION, function, items, null, null);
    }

    public <A, R> AsyncResult<List<R>> mapAsync(Function<A, R> function, Iterable<? extends A> items) {
        return gatherAsync("mapAsync", CallKind.FUNCTION, function, items, null, null);
    }

    public <A, R> AsyncResult<List<R>> mapAsync(Fn<A, R> function, A[] items) {
        return gatherAsync("mapAsync", CallKind.FUNCTION, function, Arrays.asList(items), null, null);
    }

    public <A, R> AsyncResult<List<R>> mapAsync(Fn<A, R> function, Stream<? extends A> items) {
        return gatherAsync("mapAsync", CallKind.FUNCTION, function, once(items), null, null);
    }

    /** With a callback for all results together, run on a callback thread of this JVM. */
    public <A, R> AsyncResult<List<R>> mapAsync(
            Fn<A, R> function, Iterable<? extends A> items, Consumer<? super List<R>> callback) {
        return gatherAsync("mapAsync", CallKind.FUNCTION, function, items, callback, null);
    }

    /** With callbacks for all results together and for the {@link TaskFailedException}. */
    public <A, R> AsyncResult<List<R>> mapAsync(
            Fn<A, R> function,
            Iterable<? extends A> items,
            Consumer<? super List<R>> callback,
            Consumer<? super Throwable> errorCallback) {
        return gatherAsync("mapAsync", CallKind.FUNCTION, function, items, callback, errorCallback);
    }

    // ---------------------------------------------------------------- starmap

    /** As {@link #map(Fn, Iterable)}, for a function of two arguments: {@code starmap((a, b) -> a + b, zip(as, bs))}. */
    public <A, B, R> List<R> starmap(Fn2<A, B, R> function, Iterable<? extends Args2<? extends A, ? extends B>> items) {
        return gather("starmap", CallKind.STARMAP, function, items, chunk);
    }

    public <A, B, C, R> List<R> starmap(
            Fn3<A, B, C, R> function, Iterable<? extends Args3<? extends A, ? extends B, ? extends C>> items) {
        return gather("starmap", CallKind.STARMAP, function, items, chunk);
    }

    public <A, B, C, D, R> List<R> starmap(
            Fn4<A, B, C, D, R> function,
            Iterable<? extends Args4<? extends A, ? extends B, ? extends C, ? extends D>> items) {
        return gather("starmap", CallKind.STARMAP, function, items, chunk);
    }

    public <A, B, R> AsyncResult<List<R>> starmapAsync(
            Fn2<A, B, R> function, Iterable<? extends Args2<? extends A, ? extends B>> items) {
        return gatherAsync("starmapAsync", CallKind.STARMAP, function, items, null, null);
    }

    public <A, B, C, R> AsyncResult<List<R>> starmapAsync(
            Fn3<A, B, C, R> function, Iterable<? extends Args3<? extends A, ? extends B, ? extends C>> items) {
        return gatherAsync("starmapAsync", CallKind.STARMAP, function, items, null, null);
    }

    public <A, B, C, D, R> AsyncResult<List<R>> starmapAsync(
            Fn4<A, B, C, D, R> function,
            Iterable<? extends Args4<? extends A, ? extends B, ? extends C, ? extends D>> items) {
        return gatherAsync("starmapAsync", CallKind.STARMAP, function, items, null, null);
    }

    public <A, B, R> AsyncResult<List<R>> starmapAsync(
            Fn2<A, B, R> function,
            Iterable<? extends Args2<? extends A, ? extends B>> items,
            Consumer<? super List<R>> callback,
            Consumer<? super Throwable> errorCallback) {
        return gatherAsync("starmapAsync", CallKind.STARMAP, function, items, callback, errorCallback);
    }

    // ---------------------------------------------------------------- each, everyWorker

    /** Runs the action for each item; what it returns, if anything, stays in the worker. Blocks. */
    public <A> void each(ItemAction<A> action, Iterable<? extends A> items) {
        gather("each", CallKind.CONSUMER, action, items, chunk);
    }

    public <A> void each(ItemAction<A> action, A[] items) {
        gather("each", CallKind.CONSUMER, action, Arrays.asList(items), chunk);
    }

    public <A> void each(ItemAction<A> action, Stream<? extends A> items) {
        gather("each", CallKind.CONSUMER, action, once(items), chunk);
    }

    /** As {@link #each(ItemAction, Iterable)}, at once; the result is null once the action has run for all items. */
    public <A> AsyncResult<Void> eachAsync(ItemAction<A> action, Iterable<? extends A> items) {
        return gatherAsync("eachAsync", CallKind.CONSUMER, action, items, null, null, all -> null);
    }

    /** Runs the task once on every worker; its results, by worker. Blocks. */
    public <R> List<R> everyWorker(Task<R> task) {
        return everyWorker(CallKind.CALLABLE, task);
    }

    /** Runs the action once on every worker. Blocks. */
    public void everyWorker(Action action) {
        everyWorker(CallKind.RUNNABLE, action);
    }

    private <R> List<R> everyWorker(CallKind kind, Object task) {
        JobSettings pinned =
                new JobSettings("everyWorker", settings.taskTimeout(), settings.retries(), settings.failFast(), true);
        int workers = state.workers();
        ResultCollector collector = new ResultCollector(new ResultCollector.Progress("everyWorker"), () -> {});
        Job job = state.open(task, kind, pinned, collector);
        collector.size(workers);
        for (int worker = 0; worker < workers; worker++) {
            job.add(NOTHING);
        }
        job.finish();
        collector.await(job);
        return typed(collector.results());
    }

    // ---------------------------------------------------------------- imap

    /** The results one by one, in order, with only a few items read and in work at a time. */
    public <A, R> Results<R> imap(Fn<A, R> function, Iterable<? extends A> items) {
        return stream("imap", function, items.iterator(), true);
    }

    public <A, R> Results<R> imap(Function<A, R> function, Iterable<? extends A> items) {
        return stream("imap", function, items.iterator(), true);
    }

    public <A, R> Results<R> imap(Fn<A, R> function, A[] items) {
        return stream("imap", function, Arrays.asList(items).iterator(), true);
    }

    public <A, R> Results<R> imap(Fn<A, R> function, Stream<? extends A> items) {
        return stream("imap", function, items.iterator(), true);
    }

    /** The results one by one, as they come. */
    public <A, R> Results<R> imapUnordered(Fn<A, R> function, Iterable<? extends A> items) {
        return stream("imapUnordered", function, items.iterator(), false);
    }

    public <A, R> Results<R> imapUnordered(Function<A, R> function, Iterable<? extends A> items) {
        return stream("imapUnordered", function, items.iterator(), false);
    }

    public <A, R> Results<R> imapUnordered(Fn<A, R> function, A[] items) {
        return stream("imapUnordered", function, Arrays.asList(items).iterator(), false);
    }

    public <A, R> Results<R> imapUnordered(Fn<A, R> function, Stream<? extends A> items) {
        return stream("imapUnordered", function, items.iterator(), false);
    }

    // ---------------------------------------------------------------- apply

    /**
     * Runs the task on one worker and waits for its result.
     *
     * @throws TaskFailedException when it throws
     */
    public <R> R apply(Task<R> task) {
        return applied(CallKind.CALLABLE, task, NOTHING);
    }

    public <R> R apply(Callable<R> task) {
        return applied(CallKind.CALLABLE, task, NOTHING);
    }

    public void apply(Action action) {
        applied(CallKind.RUNNABLE, action, NOTHING);
    }

    public void apply(Runnable action) {
        applied(CallKind.RUNNABLE, action, NOTHING);
    }

    /** {@code function(argument)} on one worker. */
    public <A, R> R apply(Fn<A, R> function, A argument) {
        return applied(CallKind.FUNCTION, function, java.util.Collections.singletonList(argument));
    }

    public <R> AsyncResult<R> applyAsync(Task<R> task) {
        return appliedAsync("applyAsync", CallKind.CALLABLE, task, NOTHING, null, null, true);
    }

    public <R> AsyncResult<R> applyAsync(Callable<R> task) {
        return appliedAsync("applyAsync", CallKind.CALLABLE, task, NOTHING, null, null, true);
    }

    public AsyncResult<Void> applyAsync(Action action) {
        return appliedAsync("applyAsync", CallKind.RUNNABLE, action, NOTHING, null, null, true);
    }

    public AsyncResult<Void> applyAsync(Runnable action) {
        return appliedAsync("applyAsync", CallKind.RUNNABLE, action, NOTHING, null, null, true);
    }

    public <A, R> AsyncResult<R> applyAsync(Fn<A, R> function, A argument) {
        return appliedAsync(
                "applyAsync",
                CallKind.FUNCTION,
                function,
                java.util.Collections.singletonList(argument),
                null,
                null,
                true);
    }

    /** With a callback, run on a callback thread of this JVM once the result is readable. */
    public <R> AsyncResult<R> applyAsync(Task<R> task, Consumer<? super R> callback) {
        return appliedAsync("applyAsync", CallKind.CALLABLE, task, NOTHING, callback, null, true);
    }

    /** With callbacks for the result and for the {@link TaskFailedException}. */
    public <R> AsyncResult<R> applyAsync(
            Task<R> task, Consumer<? super R> callback, Consumer<? super Throwable> errorCallback) {
        return appliedAsync("applyAsync", CallKind.CALLABLE, task, NOTHING, callback, errorCallback, true);
    }

    /** The pool's name; this is the pool with other settings. */
    @Override
    public String toString() {
        return state.workerPool().settings().name() + " with other settings";
    }

    // ---------------------------------------------------------------- the common way

    /** The one item of a task without an argument. */
    static final List<Object> NOTHING = java.util.Collections.singletonList(null);

    private <R> List<R> gather(String description, CallKind kind, Object function, Iterable<?> items, int chunk) {
        ResultCollector collector = new ResultCollector(new ResultCollector.Progress(description), () -> {});
        Job job = submit(description, kind, function, items, chunk, collector);
        collector.await(job);
        return typed(collector.results());
    }

    private <R> AsyncResult<List<R>> gatherAsync(
            String description,
            CallKind kind,
            Object function,
            Iterable<?> items,
            Consumer<? super List<R>> callback,
            Consumer<? super Throwable> errorCallback) {
        return gatherAsync(description, kind, function, items, callback, errorCallback, Calls::typed);
    }

    private <T> AsyncResult<T> gatherAsync(
            String description,
            CallKind kind,
            Object function,
            Iterable<?> items,
            Consumer<? super T> callback,
            Consumer<? super Throwable> errorCallback,
            Function<List<Object>, T> whole) {
        Completion<T> completion = new Completion<>(state, description, callback, errorCallback);
        ResultCollector collector = completion.collector(results -> whole.apply(results.results()));
        completion.run(() -> submit(description, kind, function, items, chunk, collector));
        return completion.result();
    }

    private <R> R applied(CallKind kind, Object task, List<?> item) {
        ResultCollector collector = new ResultCollector(new ResultCollector.Progress("apply"), () -> {});
        Job job = state.open(task, kind, named("apply"), collector);
        send(job, collector, item);
        collector.await(job);
        @SuppressWarnings("unchecked") // the task's own result type
        R result = (R) collector.single();
        return result;
    }

    /** @param told whether a failure is told as a {@link TaskFailedException}, or is the task's own */
    <R> AsyncResult<R> appliedAsync(
            String description,
            CallKind kind,
            Object task,
            List<?> item,
            Consumer<? super R> callback,
            Consumer<? super Throwable> errorCallback,
            boolean told) {
        Completion<R> completion = new Completion<>(state, description, callback, errorCallback);
        ResultCollector collector = completion.collector(results -> {
            @SuppressWarnings("unchecked") // the task's own result type
            R result = (R) (told ? results.single() : results.only());
            return result;
        });
        completion.run(() -> {
            Job job = state.open(task, kind, named(description), collector);
            send(job, collector, item);
            return job;
        });
        return completion.result();
    }

    private static void send(Job job, ResultCollector collector, List<?> item) {
        try {
            collector.size(1);
            job.add(item);
            job.finish();
        } catch (RuntimeException | Error refused) {
            job.cancel();
            throw refused;
        }
    }

    private Job submit(
            String description,
            CallKind kind,
            Object function,
            Iterable<?> items,
            int chunk,
            ResultCollector collector) {
        Job job = state.open(function, kind, named(description), collector);
        try {
            List<?> list = listOf(items);
            collector.size(list.size());
            int size = chunk > 0 ? chunk : defaultChunk(list.size());
            for (int from = 0; from < list.size(); from += size) {
                job.add(list.subList(from, Math.min(list.size(), from + size)));
            }
            job.finish();
            return job;
        } catch (RuntimeException | Error refused) {
            job.cancel();
            throw refused;
        }
    }

    private <R> Results<R> stream(String description, Object function, Iterator<?> items, boolean ordered) {
        Results.Inbox inbox = new Results.Inbox();
        Job job = state.open(function, CallKind.FUNCTION, named(description), inbox);
        try {
            return state.opened(new Results<>(
                    items, job, inbox, ordered, Math.max(1, chunk), WINDOW_PER_WORKER * state.workers(), description));
        } catch (RuntimeException | Error refused) { // by the input, which is the user's
            job.cancel();
            throw refused;
        }
    }

    private int defaultChunk(int items) {
        int chunks = CHUNKS_PER_WORKER * state.workers();
        return Math.max(1, items / chunks + (items % chunks == 0 ? 0 : 1));
    }

    private JobSettings named(String description) {
        return new JobSettings(description, settings.taskTimeout(), settings.retries(), settings.failFast(), false);
    }

    private static Iterable<Object> once(Stream<?> items) {
        return () -> items.<Object>map(item -> item).iterator();
    }

    private static List<?> listOf(Iterable<?> items) {
        if (items instanceof List<?> list && list instanceof RandomAccess) {
            return list;
        }
        if (items instanceof Collection<?> collection) {
            return new ArrayList<>(collection);
        }
        List<Object> list = new ArrayList<>();
        items.forEach(list::add);
        return list;
    }

    @SuppressWarnings("unchecked") // the function's own result type
    private static <R> List<R> typed(List<Object> results) {
        return (List<R>) results;
    }

    /** What becomes of an asynchronous submission: decoded, made readable, then told to the callbacks, in this order. */
    private static final class Completion<R> {
        private final PoolState state;
        private final Consumer<? super R> callback;
        private final Consumer<? super Throwable> errorCallback;
        private final AsyncResult<R> result;
        private final Object place;
        private final ResultCollector.Progress progress;
        private final AtomicBoolean settled = new AtomicBoolean();

        Completion(
                PoolState state,
                String description,
                Consumer<? super R> callback,
                Consumer<? super Throwable> errorCallback) {
            this.state = state;
            this.callback = callback;
            this.errorCallback = errorCallback;
            this.progress = new ResultCollector.Progress(description);
            this.result = new AsyncResult<>(state.runtime().callbacks(), progress::toString);
            this.place = state.runtime().place();
        }

        /** What a collector gives, or throws. */
        interface Reader<R> {
            R read(ResultCollector collector) throws Throwable;
        }

        AsyncResult<R> result() {
            return result;
        }

        ResultCollector collector(Reader<R> reader) {
            ResultCollector[] self = new ResultCollector[1];
            self[0] = new ResultCollector(
                    progress, () -> state.runtime().callbacks().execute(() -> {
                        try {
                            state.callBack(() -> complete(self[0], reader));
                        } finally {
                            settled();
                        }
                    }));
            return self[0];
        }

        void run(java.util.function.Supplier<Job> submission) {
            state.callbackExpected();
            Job job;
            try {
                job = submission.get();
            } catch (RuntimeException | Error refused) {
                settled(); // nothing to call back for; a job that was opened has been cancelled
                throw refused;
            }
            result.comesFrom(job);
        }

        private void settled() {
            if (settled.compareAndSet(false, true)) {
                state.callbackDone();
            }
        }

        private void complete(ResultCollector collector, Reader<R> reader) {
            R value;
            try {
                value = reader.read(collector);
            } catch (Throwable failure) { // whatever the task threw is the result's failure
                result.completeExceptionally(failure);
                tell(errorCallback, failure);
                return;
            }
            result.complete(value);
            tell(callback, value);
        }

        private <T> void tell(Consumer<? super T> listener, T news) {
            if (listener == null) {
                return;
            }
            try {
                listener.accept(news);
            } catch (Throwable failure) { // a callback must not harm the pool
                state.complain(place, "a callback failed: ", failure);
            }
        }
    }
}
