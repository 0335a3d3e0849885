package manyjvm.magics.api;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import manyjvm.parallel.AsyncResult;
import manyjvm.parallel.Calls;
import manyjvm.parallel.Fn;
import manyjvm.parallel.ItemAction;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.Pool;
import manyjvm.parallel.Process;
import manyjvm.parallel.ThreadDump;
import manyjvm.parallel.insight.Recording;
import org.jspecify.annotations.Nullable;

/**
 * What magics are rewritten to; of {@code %queue} it is {@link Queues}, of items {@link Iterables}. Exists in the kernel's JVM
 * only: workers have the API itself ({@link Pool}, {@link Process}). Every method may be called from any thread.
 */
public final class Magics {
    private static final Pools POOLS = new Pools();
    private static final Processes PROCESSES = new Processes();

    private Magics() {}

    // ---------------------------------------------------------------- pools

    /** The default pool, made by its first use. */
    public static Pool pool() {
        return POOLS.byDefault();
    }

    /** @throws ParallelException when no pool has this name */
    public static Pool pool(String name) {
        return POOLS.named(name);
    }

    /** A pool of a variable. */
    public static Pool pool(Pool pool) {
        return pool;
    }

    /** @param name of the pool, or null for a new default pool */
    public static PoolSetUp setUp(@Nullable String name) {
        return new PoolSetUp(POOLS, name);
    }

    /** The names of the open pools. */
    public static Set<String> pools() {
        return POOLS.names();
    }

    /** {@code %pool status}: all open pools and their workers, as they are now. */
    public static PoolsStatus status() {
        return PoolsStatus.of(POOLS.all());
    }

    /**
     * {@code %pool status NAME}.
     *
     * @throws ParallelException when no pool has this name
     */
    public static PoolsStatus status(String name) {
        return PoolsStatus.of(List.of(pool(name)));
    }

    /** {@code %pool status VARIABLE}. */
    public static PoolsStatus status(Pool pool) {
        return PoolsStatus.of(List.of(pool));
    }

    /**
     * {@code %pool status --watch}: shows all open pools again and again, until the cell is stopped.
     *
     * @param page shows a value, and gives what draws another one in its place
     * @param limit how long; null for until it is stopped
     */
    public static void watch(Function<Object, Consumer<Object>> page, @Nullable Duration limit) {
        Watch.pools(page, limit, POOLS::all);
    }

    /**
     * {@code %pool status --watch NAME}.
     *
     * @throws ParallelException when no pool has this name
     */
    public static void watch(Function<Object, Consumer<Object>> page, @Nullable Duration limit, String name) {
        watch(page, limit, pool(name));
    }

    /** {@code %pool status --watch VARIABLE}. */
    public static void watch(Function<Object, Consumer<Object>> page, @Nullable Duration limit, Pool pool) {
        Watch.pools(page, limit, () -> List.of(pool));
    }

    /**
     * {@code %pool timeline}: what the default pool remembers; where there is none, but one other pool, what that does.
     *
     * @throws ParallelException when it is not clear which pool is meant
     */
    public static Recording recording() {
        List<Pool> open = POOLS.all();
        if (POOLS.defaultIfAny().isEmpty() && open.size() != 1) {
            throw new ParallelException(
                    open.isEmpty()
                            ? "nothing has run in a pool yet: %pool map f 0..9 makes one; of a pool that is closed, give the"
                                    + " variable that holds it"
                            : "which pool? There is no default one; open: " + String.join(", ", POOLS.names()));
        }
        return recording(POOLS.defaultIfAny().orElseGet(() -> open.get(0)));
    }

    /**
     * {@code %pool timeline NAME}.
     *
     * @throws ParallelException when no pool has this name
     */
    public static Recording recording(String name) {
        return recording(pool(name));
    }

    /** {@code %pool timeline VARIABLE}, which may be closed. */
    public static Recording recording(Pool pool) {
        return pool.recording();
    }

    /** Also holds for the default pools to come. */
    public static void output(String mode) {
        POOLS.output(mode(mode));
    }

    /**
     * {@code %pool output MODE NAME}: how text of the pool's workers is shown from now on.
     *
     * @throws ParallelException when no pool has this name
     */
    public static void output(String mode, String name) {
        output(mode, pool(name));
    }

    /** {@code %pool output MODE VARIABLE}: how text of the pool's workers is shown from now on. */
    public static void output(String mode, Pool pool) {
        pool.output(mode(mode));
    }

    static OutputMode mode(String mode) {
        return OutputMode.valueOf(mode.toUpperCase(Locale.ROOT));
    }

    /** {@code %pool interrupt}: what the default pool runs; nothing while there is none. Returns at once. */
    public static void interrupt() {
        POOLS.defaultIfAny().ifPresent(Pool::interrupt);
    }

    /**
     * {@code %pool interrupt NAME}.
     *
     * @throws ParallelException when no pool has this name
     */
    public static void interrupt(String name) {
        pool(name).interrupt();
    }

    /** {@code %pool interrupt VARIABLE}. */
    public static void interrupt(Pool pool) {
        pool.interrupt();
    }

    /** {@code %pool restart}: new workers for the default pool; nothing while there is none. */
    public static void restart() {
        POOLS.defaultIfAny().ifPresent(Pool::restart);
    }

    /**
     * {@code %pool restart NAME}.
     *
     * @throws ParallelException when no pool has this name
     */
    public static void restart(String name) {
        pool(name).restart();
    }

    /** {@code %pool restart VARIABLE}. */
    public static void restart(Pool pool) {
        pool.restart();
    }

    /** {@code %pool close}: waits for the work of the default pool; nothing while there is none. */
    public static void close() {
        POOLS.defaultIfAny().ifPresent(Magics::close);
    }

    /**
     * {@code %pool close NAME}: waits for the pool's work.
     *
     * @throws ParallelException when no pool has this name
     */
    public static void close(String name) {
        close(pool(name));
    }

    /** Waits for the pool's work. */
    public static void close(Pool pool) {
        POOLS.forget(pool);
        pool.close();
    }

    /**
     * {@code %pool terminate}: ends the default pool without waiting for its work; nothing while there is none.
     */
    public static void terminate() {
        POOLS.defaultIfAny().ifPresent(Magics::terminate);
    }

    /**
     * {@code %pool terminate NAME}.
     *
     * @throws ParallelException when no pool has this name
     */
    public static void terminate(String name) {
        terminate(pool(name));
    }

    /** {@code %pool terminate VARIABLE}: does not wait for the pool's work. */
    public static void terminate(Pool pool) {
        POOLS.forget(pool);
        pool.terminate();
    }

    // ---------------------------------------------------------------- cells as functions of items

    /** {@code %%pool map}: a cell that returns something. */
    public static <A, R> List<R> map(Calls pool, Iterable<A> items, Fn<A, R> body) {
        return pool.map(body, items);
    }

    /**
     * {@code %%pool map}: a cell that only returns early; gives nulls. The type does not say so: from JDK 22 on JShell writes it
     * for the cell's result, and the annotation is not where cells are compiled.
     */
    @SuppressWarnings("NullAway")
    public static <A> List<Object> map(Calls pool, Iterable<A> items, ItemAction<A> body) {
        List<A> all = Iterables.list(items.iterator());
        pool.each(body, all);
        return Collections.nCopies(all.size(), null);
    }

    /** {@code %%pool map --async}: returns at once; the results keep the order of the items. */
    public static <A, R> AsyncResult<List<R>> mapAsync(Calls pool, Iterable<A> items, Fn<A, R> body) {
        return pool.mapAsync(body, items);
    }

    /** {@code %%pool map --unordered}: waits for all results, in the order in which they come. */
    public static <A, R> List<R> mapUnordered(Calls pool, Iterable<A> items, Fn<A, R> body) {
        return Iterables.list(pool.imapUnordered(body, items));
    }

    // ---------------------------------------------------------------- processes

    /** @param name of the process, or null for a name of the library's choice */
    public static ProcessSetUp process(@Nullable String name) {
        return new ProcessSetUp(PROCESSES, name);
    }

    /** {@code %process list}: a row for each process and each worker of an open pool, as it is now. */
    public static Table processes() {
        return PROCESSES.table(POOLS.all());
    }

    /** The names of the processes that live, and of the last that have ended. */
    public static Set<String> processNames() {
        return PROCESSES.names();
    }

    /**
     * {@code %process join NAME}: waits for its end.
     *
     * @throws ParallelException when no process has this name
     */
    public static Process joinProcess(String name) {
        return joinProcess(PROCESSES.named(name));
    }

    /** {@code %process join VARIABLE}: waits for its end. */
    public static Process joinProcess(Process process) {
        Processes.await(process);
        return process;
    }

    /** {@code %process join VARIABLE}, of a process that gives a result: waits for its end. */
    public static Process joinProcess(ProcessResult<?> result) {
        return joinProcess(result.process());
    }

    /** As {@link #joinProcess(Process, Duration)}, of a process that gives a result. */
    public static Process joinProcess(ProcessResult<?> result, Duration timeout) throws TimeoutException {
        return joinProcess(result.process(), timeout);
    }

    /**
     * As {@link #joinProcess(Process, Duration)}, by its name.
     *
     * @throws ParallelException when no process has this name
     */
    public static Process joinProcess(String name, Duration timeout) throws TimeoutException {
        return joinProcess(PROCESSES.named(name), timeout);
    }

    /** @throws TimeoutException when it still runs after this time; it goes on running */
    public static Process joinProcess(Process process, Duration timeout) throws TimeoutException {
        if (!Processes.await(process, timeout)) {
            throw new TimeoutException(process.name() + " is still running after " + Processes.words(timeout));
        }
        return process;
    }

    /**
     * {@code %process interrupt NAME}.
     *
     * @throws ParallelException when no process has this name
     */
    public static void interruptProcess(String name) {
        PROCESSES.named(name).interrupt();
    }

    /** {@code %process interrupt VARIABLE}. */
    public static void interruptProcess(Process process) {
        process.interrupt();
    }

    /** {@code %process interrupt VARIABLE}, of a process that gives a result. */
    public static void interruptProcess(ProcessResult<?> result) {
        result.process().interrupt();
    }

    /**
     * {@code %process terminate NAME}.
     *
     * @throws ParallelException when no process has this name
     */
    public static void terminateProcess(String name) {
        PROCESSES.named(name).terminate();
    }

    /** {@code %process terminate VARIABLE}. */
    public static void terminateProcess(Process process) {
        process.terminate();
    }

    /** {@code %process terminate VARIABLE}, of a process that gives a result. */
    public static void terminateProcess(ProcessResult<?> result) {
        result.process().terminate();
    }

    /**
     * {@code %process kill NAME}.
     *
     * @throws ParallelException when no process has this name
     */
    public static void killProcess(String name) {
        PROCESSES.named(name).kill();
    }

    /** {@code %process kill VARIABLE}. */
    public static void killProcess(Process process) {
        process.kill();
    }

    /** {@code %process kill VARIABLE}, of a process that gives a result. */
    public static void killProcess(ProcessResult<?> result) {
        result.process().kill();
    }

    /**
     * {@code %process stack NAME}: where its threads are.
     *
     * @throws ParallelException when no process has this name
     */
    public static ThreadDump stackProcess(String name) {
        return stackProcess(PROCESSES.named(name));
    }

    /** What its threads do now. */
    public static ThreadDump stackProcess(Process process) {
        return process.stack();
    }

    /** {@code %process stack VARIABLE}, of a process that gives a result. */
    public static ThreadDump stackProcess(ProcessResult<?> result) {
        return result.process().stack();
    }

    // ---------------------------------------------------------------- workers of pools, named as processes are

    /**
     * {@code %process stack POOL/NUMBER}: where the threads of a pool's worker are.
     *
     * @throws ParallelException when no pool has this name
     */
    public static ThreadDump stackProcess(String pool, int worker) {
        return stackProcess(pool(pool), worker);
    }

    /** What the threads of a pool's worker do now. */
    public static ThreadDump stackProcess(Pool pool, int worker) {
        return pool.stack(worker);
    }

    /**
     * {@code %process kill POOL/NUMBER}: a pool's worker, which another one replaces.
     *
     * @throws ParallelException when no pool has this name
     */
    public static void killProcess(String pool, int worker) {
        killProcess(pool(pool), worker);
    }

    /** The pool replaces it. */
    public static void killProcess(Pool pool, int worker) {
        Pools.process(pool, worker).destroyForcibly();
    }

    /**
     * {@code %process terminate POOL/NUMBER}: a pool's worker, which another one replaces.
     *
     * @throws ParallelException when no pool has this name
     */
    public static void terminateProcess(String pool, int worker) {
        terminateProcess(pool(pool), worker);
    }

    /** The pool replaces it. */
    public static void terminateProcess(Pool pool, int worker) {
        Pools.process(pool, worker).destroy();
    }

    /** The workers of the open pools: {@code default/1}. */
    public static Set<String> workerNames() {
        Set<String> names = new TreeSet<>();
        for (Pool pool : POOLS.all()) {
            for (int number = 1; number <= pool.size(); number++) {
                names.add(pool.name() + "/" + number);
            }
        }
        return names;
    }
}
