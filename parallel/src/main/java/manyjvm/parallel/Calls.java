package manyjvm.parallel;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import manyjvm.parallel.spi.CallKind;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of a pool: {@code map}, {@code apply} and their relatives. A {@link Pool} is one; {@link #chunk},
 * {@link #timeout}, {@link #retries}, {@link #failFast} and {@link #progress} give the same calls with another setting.
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
 *
 *     var later = pool.mapAsync(x -> 10 * x, range(3), all -> System.out.println("all of " + all));
 *     System.out.println(later.get(Duration.ofSeconds(60)));                            // [0, 10, 20]
 * }
 * }</pre>
 *
 * <p><b>Functions and items.</b> Functions, and the variables that they use, are snapshotted at the call. Each call exists
 * for the library's functional types, which any lambda fits, and for the JDK's own, for functions kept in variables. Items
 * are anything iterable, an array or a stream; all but {@code imap} read them to their end before they return. Items and
 * results may be null.
 *
 * <p><b>Errors</b>, of every call: {@link NotShippableException} when the function cannot travel, before anything runs, or
 * when an item cannot, which cancels the chunks before it; {@link PoolClosedException} when the pool takes no more work; {@link NullPointerException} for a
 * function or items that are null. What goes wrong on a worker is a {@link TaskFailedException}: its subclass {@link
 * WorkerDiedException} when the worker died. Calls that wait throw it; an {@link AsyncResult} has it as its cause. A thread
 * that is interrupted while a call waits cancels the work and gets a {@link java.util.concurrent.CancellationException},
 * with its interrupt flag set. A pool that cannot go on, since its workers do not start or their initializer fails, ends
 * what it has with a {@link ParallelException}.
 *
 * <p><b>Cost.</b> Items and results are copied between JVMs, with a message or a few each way for a chunk of items; the
 * classes of a function go to a worker once. Without {@link #chunk} there are about four chunks for each worker, as in Python.
 * In pools of threads nothing is copied.
 */
public sealed class Calls permits Pool {
    private final Submitter submitter;

    Calls(Submitter submitter) {
        this.submitter = submitter;
    }

    final Submitter submitter() {
        return submitter;
    }

    // ---------------------------------------------------------------- settings

    /**
     * The same pool, with {@code items} items to a chunk. A chunk is what a worker is given at once: larger ones cost less
     * for small items, smaller ones even out long ones. Python's {@code chunksize}.
     *
     * @throws IllegalArgumentException when less than 1
     */
    public Calls chunk(int items) {
        if (items < 1) {
            throw new IllegalArgumentException("a chunk has at least 1 item, not " + items);
        }
        return new Calls(submitter.chunk(items));
    }

    /**
     * The same pool, where an item that takes longer has its worker killed and fails.
     *
     * @throws IllegalArgumentException when not longer than nothing
     */
    public Calls timeout(Duration timeout) {
        return new Calls(submitter.timeout(Checks.positive(timeout)));
    }

    /**
     * The same pool, where an item whose worker died is run again up to so many times. What such an item did before may so be
     * done twice.
     *
     * @throws IllegalArgumentException when negative
     */
    public Calls retries(int retries) {
        return new Calls(submitter.retries(Checks.notNegative(retries)));
    }

    /** The same pool, where the first failure of a map cancels what has not run. */
    public Calls failFast() {
        return new Calls(submitter.untilFailure());
    }

    /** The same pool, where it is shown, or not, how far a call is that lasts: see {@link Pool.Builder#progress}. */
    public Calls progress(boolean shown) {
        return new Calls(submitter.showing(shown));
    }

    // ---------------------------------------------------------------- map

    /**
     * The function's results, in the order of the items. Blocks; an interrupt cancels the work. Python's {@code map}.
     *
     * @return a new list that may be changed
     * @throws TaskFailedException when items failed, with the other items' results
     * @throws NotShippableException when the function or an item cannot travel
     */
    public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
            Fn<A, R> function, Iterable<? extends A> items) {
        return collect(function, items);
    }

    /** As {@link #map(Fn, Iterable)}, for a function in a variable. */
    public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
            Function<A, R> function, Iterable<? extends A> items) {
        return collect(function, items);
    }

    /** As {@link #map(Fn, Iterable)}, over an array. */
    public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(Fn<A, R> function, A[] items) {
        return collect(function, items);
    }

    /** As {@link #map(Fn, Iterable)}, for a function in a variable and over an array. */
    public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(Function<A, R> function, A[] items) {
        return collect(function, items);
    }

    /** As {@link #map(Fn, Iterable)}, over a stream, which is read to its end first, on this thread. */
    public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
            Fn<A, R> function, Stream<? extends A> items) {
        return collect(function, items);
    }

    /** As {@link #map(Fn, Stream)}, for a function in a variable. */
    public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
            Function<A, R> function, Stream<? extends A> items) {
        return collect(function, items);
    }

    /** As {@link #map(Fn, Iterable)}, over an array of numbers, boxed for the function. */
    public <R extends @Nullable Object> List<R> map(Fn<Integer, R> function, int[] items) {
        return collect(function, items);
    }

    /** As {@link #map(Fn, Iterable)}, over an array of numbers, boxed for the function. */
    public <R extends @Nullable Object> List<R> map(Fn<Long, R> function, long[] items) {
        return collect(function, items);
    }

    /** As {@link #map(Fn, Iterable)}, over an array of numbers, boxed for the function. */
    public <R extends @Nullable Object> List<R> map(Fn<Double, R> function, double[] items) {
        return collect(function, items);
    }

    /** As {@link #map(Fn, Iterable)}, with {@code chunk} items to a chunk, as Python's third argument: see {@link #chunk}. */
    public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
            Fn<A, R> function, Iterable<? extends A> items, int chunk) {
        return chunk(chunk).map(function, items);
    }

    /**
     * As {@link #map(Fn, Iterable)}, but returns when the items are sent. Python's {@code map_async}.
     *
     * @return all results to come, or a {@link TaskFailedException} with those that there are
     * @throws NotShippableException here, not later, when the function or an item cannot travel
     */
    public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
            Fn<A, R> function, Iterable<? extends A> items) {
        return collectAsync("mapAsync", CallKind.FUNCTION, function, items, null, null);
    }

    /** As {@link #mapAsync(Fn, Iterable)}, for a function in a variable. */
    public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
            Function<A, R> function, Iterable<? extends A> items) {
        return collectAsync("mapAsync", CallKind.FUNCTION, function, items, null, null);
    }

    /** As {@link #mapAsync(Fn, Iterable)}, over an array. */
    public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
            Fn<A, R> function, A[] items) {
        return collectAsync("mapAsync", CallKind.FUNCTION, function, items, null, null);
    }

    /** As {@link #mapAsync(Fn, Iterable)}, over a stream, which is read to its end first, on this thread. */
    public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
            Fn<A, R> function, Stream<? extends A> items) {
        return collectAsync("mapAsync", CallKind.FUNCTION, function, items, null, null);
    }

    /**
     * As {@link #mapAsync(Fn, Iterable)}, with a callback for all results together.
     *
     * @param callback runs on a callback thread of this JVM once the result is readable; what it throws is shown, no more
     */
    public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
            Fn<A, R> function, Iterable<? extends A> items, Consumer<? super List<R>> callback) {
        return collectAsync("mapAsync", CallKind.FUNCTION, function, items, callback, null);
    }

    /**
     * As {@link #mapAsync(Fn, Iterable, Consumer)}, with another callback for the failure. One of the two runs.
     *
     * @param errorCallback gets the {@link TaskFailedException}. Python's {@code error_callback}
     */
    public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<List<R>> mapAsync(
            Fn<A, R> function,
            Iterable<? extends A> items,
            Consumer<? super List<R>> callback,
            Consumer<? super Throwable> errorCallback) {
        return collectAsync("mapAsync", CallKind.FUNCTION, function, items, callback, errorCallback);
    }

    private <R extends @Nullable Object> List<R> collect(Object function, Object items) {
        return submitter.collect("map", CallKind.FUNCTION, function, items);
    }

    private <R extends @Nullable Object> AsyncResult<List<R>> collectAsync(
            String description,
            CallKind kind,
            Object function,
            Object items,
            @Nullable Consumer<? super List<R>> callback,
            @Nullable Consumer<? super Throwable> errorCallback) {
        return submitter.collectAsync(
                description, kind, function, items, callback, errorCallback, ResultCollector::results);
    }

    // ---------------------------------------------------------------- starmap
    // The arguments may be null, too: bounds that say so, up to four in a row, would bury these signatures.

    /**
     * As {@link #map(Fn, Iterable)}, for a function of two arguments: {@code starmap((a, b) -> a + b, zip(as, bs))}.
     * Python's {@code starmap}.
     *
     * @param items from {@code zip(..)}, or a list of {@code args(a, b)}
     */
    public <A, B, R extends @Nullable Object> List<R> starmap(
            Fn2<A, B, R> function, Iterable<? extends Args2<? extends A, ? extends B>> items) {
        return starmapped(function, items);
    }

    /** As {@link #starmap(Fn2, Iterable)}, for a function of three arguments. */
    public <A, B, C, R extends @Nullable Object> List<R> starmap(
            Fn3<A, B, C, R> function, Iterable<? extends Args3<? extends A, ? extends B, ? extends C>> items) {
        return starmapped(function, items);
    }

    /** As {@link #starmap(Fn2, Iterable)}, for a function of four arguments. */
    public <A, B, C, D, R extends @Nullable Object> List<R> starmap(
            Fn4<A, B, C, D, R> function,
            Iterable<? extends Args4<? extends A, ? extends B, ? extends C, ? extends D>> items) {
        return starmapped(function, items);
    }

    /** As {@link #starmap(Fn2, Iterable)}, but returns when the items are sent: see {@link #mapAsync(Fn, Iterable)}. */
    public <A, B, R extends @Nullable Object> AsyncResult<List<R>> starmapAsync(
            Fn2<A, B, R> function, Iterable<? extends Args2<? extends A, ? extends B>> items) {
        return collectAsync("starmapAsync", CallKind.STARMAP, function, items, null, null);
    }

    /** As {@link #starmapAsync(Fn2, Iterable)}, for a function of three arguments. */
    public <A, B, C, R extends @Nullable Object> AsyncResult<List<R>> starmapAsync(
            Fn3<A, B, C, R> function, Iterable<? extends Args3<? extends A, ? extends B, ? extends C>> items) {
        return collectAsync("starmapAsync", CallKind.STARMAP, function, items, null, null);
    }

    /** As {@link #starmapAsync(Fn2, Iterable)}, for a function of four arguments. */
    public <A, B, C, D, R extends @Nullable Object> AsyncResult<List<R>> starmapAsync(
            Fn4<A, B, C, D, R> function,
            Iterable<? extends Args4<? extends A, ? extends B, ? extends C, ? extends D>> items) {
        return collectAsync("starmapAsync", CallKind.STARMAP, function, items, null, null);
    }

    /** As {@link #starmapAsync(Fn2, Iterable)}, with callbacks as {@link #mapAsync(Fn, Iterable, Consumer, Consumer)}. */
    public <A, B, R extends @Nullable Object> AsyncResult<List<R>> starmapAsync(
            Fn2<A, B, R> function,
            Iterable<? extends Args2<? extends A, ? extends B>> items,
            Consumer<? super List<R>> callback,
            Consumer<? super Throwable> errorCallback) {
        return collectAsync("starmapAsync", CallKind.STARMAP, function, items, callback, errorCallback);
    }

    private <R extends @Nullable Object> List<R> starmapped(Object function, Object items) {
        return submitter.collect("starmap", CallKind.STARMAP, function, items);
    }

    // ---------------------------------------------------------------- each, everyWorker

    /**
     * Runs the action for each item; what it returns, if anything, stays in the worker. Blocks. Python's {@code map} of a
     * function without a result.
     *
     * @throws TaskFailedException when items failed; the others have run, unless {@link #failFast}
     */
    public <A extends @Nullable Object> void each(ItemAction<A> action, Iterable<? extends A> items) {
        runForEach(action, items);
    }

    /** As {@link #each(ItemAction, Iterable)}, over an array. */
    public <A extends @Nullable Object> void each(ItemAction<A> action, A[] items) {
        runForEach(action, items);
    }

    /** As {@link #each(ItemAction, Iterable)}, over a stream, which is read to its end first, on this thread. */
    public <A extends @Nullable Object> void each(ItemAction<A> action, Stream<? extends A> items) {
        runForEach(action, items);
    }

    private void runForEach(Object action, Object items) {
        submitter.collect("each", CallKind.CONSUMER, action, items);
    }

    /** As {@link #each(ItemAction, Iterable)}, at once; the result is null once the action has run for all items. */
    public <A extends @Nullable Object> AsyncResult<Void> eachAsync(ItemAction<A> action, Iterable<? extends A> items) {
        return submitter.collectAsync("eachAsync", CallKind.CONSUMER, action, items, null, null, all -> {
            all.results();
            return nothing();
        });
    }

    @SuppressWarnings("NullAway") // all that a Void can be
    private static Void nothing() {
        return null;
    }

    /**
     * Runs the task once on every worker: to load data there, or to ask each for something. Blocks.
     *
     * @return the results in the order of the workers' numbers
     * @throws TaskFailedException when it failed on some; {@link TaskFailedException#index} is the worker's number less 1
     */
    public <R extends @Nullable Object> List<R> everyWorker(Task<R> task) {
        return submitter.runOnEveryWorker(CallKind.CALLABLE, task);
    }

    /** As {@link #everyWorker(Task)}, without results. */
    public void everyWorker(Action action) {
        submitter.runOnEveryWorker(CallKind.RUNNABLE, action);
    }

    // ---------------------------------------------------------------- imap

    /**
     * The results one by one, in order, with only a few items read and in work at a time: see {@link Results}. The items may
     * be endless. A chunk is one item unless {@link #chunk} says otherwise, as in Python's {@code imap}.
     */
    public <A extends @Nullable Object, R extends @Nullable Object> Results<R> imap(
            Fn<A, R> function, Iterable<? extends A> items) {
        return submitter.stream("imap", function, items, true);
    }

    /** As {@link #imap(Fn, Iterable)}, for a function in a variable. */
    public <A extends @Nullable Object, R extends @Nullable Object> Results<R> imap(
            Function<A, R> function, Iterable<? extends A> items) {
        return submitter.stream("imap", function, items, true);
    }

    /** As {@link #imap(Fn, Iterable)}, over an array. */
    public <A extends @Nullable Object, R extends @Nullable Object> Results<R> imap(Fn<A, R> function, A[] items) {
        return submitter.stream("imap", function, items, true);
    }

    /** As {@link #imap(Fn, Iterable)}, over a stream. */
    public <A extends @Nullable Object, R extends @Nullable Object> Results<R> imap(
            Fn<A, R> function, Stream<? extends A> items) {
        return submitter.stream("imap", function, items, true);
    }

    /** As {@link #imap(Fn, Iterable)}, with each result as soon as it is there. Python's {@code imap_unordered}. */
    public <A extends @Nullable Object, R extends @Nullable Object> Results<R> imapUnordered(
            Fn<A, R> function, Iterable<? extends A> items) {
        return submitter.stream("imapUnordered", function, items, false);
    }

    /** As {@link #imapUnordered(Fn, Iterable)}, for a function in a variable. */
    public <A extends @Nullable Object, R extends @Nullable Object> Results<R> imapUnordered(
            Function<A, R> function, Iterable<? extends A> items) {
        return submitter.stream("imapUnordered", function, items, false);
    }

    /** As {@link #imapUnordered(Fn, Iterable)}, over an array. */
    public <A extends @Nullable Object, R extends @Nullable Object> Results<R> imapUnordered(
            Fn<A, R> function, A[] items) {
        return submitter.stream("imapUnordered", function, items, false);
    }

    /** As {@link #imapUnordered(Fn, Iterable)}, over a stream. */
    public <A extends @Nullable Object, R extends @Nullable Object> Results<R> imapUnordered(
            Fn<A, R> function, Stream<? extends A> items) {
        return submitter.stream("imapUnordered", function, items, false);
    }

    // ---------------------------------------------------------------- apply

    /**
     * Runs the task on one worker and waits for its result. Python's {@code apply}.
     *
     * @throws TaskFailedException when it throws
     */
    public <R extends @Nullable Object> R apply(Task<R> task) {
        return submitter.run(CallKind.CALLABLE, task, Submitter.NOTHING);
    }

    /** As {@link #apply(Task)}, for a task in a variable. */
    public <R extends @Nullable Object> R apply(Callable<R> task) {
        return submitter.run(CallKind.CALLABLE, task, Submitter.NOTHING);
    }

    /** As {@link #apply(Task)}, without a result. */
    public void apply(Action action) {
        submitter.run(CallKind.RUNNABLE, action, Submitter.NOTHING);
    }

    /** As {@link #apply(Action)}, for an action in a variable. */
    public void apply(Runnable action) {
        submitter.run(CallKind.RUNNABLE, action, Submitter.NOTHING);
    }

    /** {@code function(argument)} on one worker: as {@link #apply(Task)}. */
    public <A extends @Nullable Object, R extends @Nullable Object> R apply(Fn<A, R> function, A argument) {
        return submitter.run(CallKind.FUNCTION, function, Collections.singletonList(argument));
    }

    /**
     * As {@link #apply(Task)}, but returns when the task is sent. Python's {@code apply_async}.
     *
     * @return the result to come, or a {@link TaskFailedException}
     * @throws NotShippableException here, not later, when the task cannot travel
     */
    public <R extends @Nullable Object> AsyncResult<R> applyAsync(Task<R> task) {
        return runAsync(CallKind.CALLABLE, task, Submitter.NOTHING, null, null);
    }

    /** As {@link #applyAsync(Task)}, for a task in a variable. */
    public <R extends @Nullable Object> AsyncResult<R> applyAsync(Callable<R> task) {
        return runAsync(CallKind.CALLABLE, task, Submitter.NOTHING, null, null);
    }

    /** As {@link #applyAsync(Task)}; the result is null once the action has run. */
    public AsyncResult<Void> applyAsync(Action action) {
        return runAsync(CallKind.RUNNABLE, action, Submitter.NOTHING, null, null);
    }

    /** As {@link #applyAsync(Action)}, for an action in a variable. */
    public AsyncResult<Void> applyAsync(Runnable action) {
        return runAsync(CallKind.RUNNABLE, action, Submitter.NOTHING, null, null);
    }

    /** {@code function(argument)} on one worker: as {@link #applyAsync(Task)}. */
    public <A extends @Nullable Object, R extends @Nullable Object> AsyncResult<R> applyAsync(
            Fn<A, R> function, A argument) {
        return runAsync(CallKind.FUNCTION, function, Collections.singletonList(argument), null, null);
    }

    /**
     * As {@link #applyAsync(Task)}, with a callback for the result.
     *
     * @param callback runs on a callback thread of this JVM once the result is readable; what it throws is shown, no more
     */
    public <R extends @Nullable Object> AsyncResult<R> applyAsync(Task<R> task, Consumer<? super R> callback) {
        return runAsync(CallKind.CALLABLE, task, Submitter.NOTHING, callback, null);
    }

    /**
     * As {@link #applyAsync(Task, Consumer)}, with another callback for the failure. One of the two runs.
     *
     * @param errorCallback gets the {@link TaskFailedException}. Python's {@code error_callback}
     */
    public <R extends @Nullable Object> AsyncResult<R> applyAsync(
            Task<R> task, Consumer<? super R> callback, Consumer<? super Throwable> errorCallback) {
        return runAsync(CallKind.CALLABLE, task, Submitter.NOTHING, callback, errorCallback);
    }

    private <R extends @Nullable Object> AsyncResult<R> runAsync(
            CallKind kind,
            Object task,
            List<?> item,
            @Nullable Consumer<? super R> callback,
            @Nullable Consumer<? super Throwable> errorCallback) {
        return submitter.runAsync("applyAsync", kind, task, item, callback, errorCallback, ResultCollector::single);
    }

    /** The pool's name; this is the pool with other settings. */
    @Override
    public String toString() {
        return submitter.state().workerPool().settings().name() + " with other settings";
    }
}
