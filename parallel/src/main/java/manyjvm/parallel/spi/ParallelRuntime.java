package manyjvm.parallel.spi;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.ProcessInfo;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedRelay;
import manyjvm.parallel.shared.Waits;
import org.jspecify.annotations.Nullable;

/**
 * What the public classes stand on in this JVM: the driver in the program that the user runs, the worker's side in a worker.
 * The one default runtime is the only static state of the library.
 */
public abstract class ParallelRuntime {
    private static volatile @Nullable ParallelRuntime current;

    /** The runtime of this JVM; a program that never made one gets a driver with text on its own standard output. */
    public static ParallelRuntime current() {
        ParallelRuntime runtime = current;
        if (runtime != null) {
            return runtime;
        }
        synchronized (ParallelRuntime.class) {
            runtime = current;
            if (runtime == null) {
                runtime = ServiceLoader.load(Provider.class, ParallelRuntime.class.getClassLoader())
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException(
                                "manyjvm's jar is incomplete: it names no " + Provider.class.getName()))
                        .create();
                current = runtime;
            }
            return runtime;
        }
    }

    /** As {@link #current}, without making one. */
    public static Optional<ParallelRuntime> ifAny() {
        return Optional.ofNullable(current);
    }

    /** Makes a runtime the JVM's own: by a worker's main, by a notebook kernel, or null to forget a closed one. */
    public static void install(@Nullable ParallelRuntime runtime) {
        synchronized (ParallelRuntime.class) {
            current = runtime;
        }
    }

    /** This JVM's way to the hosts of shared objects. */
    public abstract SharedClient shared();

    /** What the threads of this JVM wait for. */
    public final Waits waits() {
        return shared().linker().waits();
    }

    /** Starts the workers of a pool; they come up in the background. */
    public WorkerPool open(PoolSettings settings) {
        throw noWorkers();
    }

    /** Starts a process; the target and the variables it uses are snapshotted before this returns. */
    public ProcessControl start(ProcessSettings settings, Object target) {
        throw noWorkers();
    }

    /** What a function would take along to a worker JVM, as it is now. Submits nothing, and runs nothing of the function. */
    public Explanation explain(Object function) {
        throw noWorkers();
    }

    /** Where users' callbacks run: many threads, so that a callback may wait for another result. */
    public Executor callbacks() {
        throw noWorkers();
    }

    /** Shows text on the standard error of the place that the calling thread's submissions print to, or of another. */
    public void complain(Object place, String text) {
        throw noWorkers();
    }

    /** In a worker: hands content to {@link OutputSink#show} where the calling thread's task was submitted. */
    public void show(byte[] content) {
        throw new IllegalStateException(getClass().getName() + " is not a worker's runtime");
    }

    /** The place that the calling thread's submissions print to; opaque. */
    public Object place() {
        throw noWorkers();
    }

    /** The output mode of pools and processes that ask for none. */
    public OutputMode defaultOutput() {
        return OutputMode.LIVE;
    }

    public ProcessInfo currentProcess() {
        return new ProcessInfo("MainProcess", ProcessHandle.current().pid());
    }

    public Optional<ProcessInfo> parentProcess() {
        return Optional.empty();
    }

    public List<ProcessInfo> activeChildren() {
        return List.of();
    }

    /** What users have started here, of one class. */
    private record Started<T>(Predicate<T> hasEnded, int remembered, Set<T> objects) {
        List<T> now() {
            List<T> ended = objects.stream().filter(hasEnded).toList();
            ended.subList(0, Math.max(0, ended.size() - remembered)).forEach(objects::remove);
            return List.copyOf(objects);
        }
    }

    private final Map<Class<?>, Started<?>> started = new HashMap<>(); // guarded by itself

    /**
     * Called by a new pool and by a process that has been started. It lives until it has ended, also when nobody refers to it
     * any more.
     *
     * @param type what it is; the two below are the same for all of a type
     * @param remembered how many that have ended are kept for those who ask how
     */
    public final <T> void started(Class<T> type, T object, Predicate<T> hasEnded, int remembered) {
        synchronized (started) {
            Started<T> all = ofType(type);
            if (all == null) {
                all = new Started<>(hasEnded, remembered, new LinkedHashSet<>());
                started.put(type, all);
            }
            all.now();
            all.objects().add(object);
        }
    }

    /** What was started of this type in this JVM, oldest first: what has not ended, and the last of what has. */
    public final <T> List<T> started(Class<T> type) {
        synchronized (started) {
            Started<T> all = ofType(type);
            return all == null ? List.of() : all.now();
        }
    }

    @SuppressWarnings("unchecked") // under a type there is nothing but what was started of it
    private <T> @Nullable Started<T> ofType(Class<T> type) {
        return (Started<T>) started.get(type);
    }

    private final Map<String, Integer> names = new HashMap<>();

    /** {@code Pool-1}, {@code Pool-2} ..., counted for each prefix. */
    public final String nextName(String prefix) {
        synchronized (names) {
            return prefix + "-" + names.merge(prefix, 1, Integer::sum);
        }
    }

    private IllegalStateException noWorkers() {
        return new IllegalStateException(getClass().getName() + " starts no workers");
    }

    /** Makes drivers; found by {@link ServiceLoader}. */
    public interface Provider {
        /** The default runtime of a plain program. */
        ParallelRuntime create();

        /** A driver inside a worker, whose own workers are this worker's children. */
        default ParallelRuntime createNested(Nested nested) {
            throw new IllegalStateException(getClass().getName() + " makes no nested drivers");
        }
    }

    /**
     * What a driver inside a worker stands on.
     *
     * @param self the worker
     * @param depth 1 for a worker of the root driver
     * @param classes the classes that were shipped to the worker
     * @param sink takes the text of the nested workers as the worker's own
     * @param shared the worker's way to the hosts of shared objects, which stay with the root driver
     * @param relay the same in the name of the nested workers
     * @param api what code in the nested workers may name, as in the worker
     */
    public record Nested(
            ProcessInfo self,
            int depth,
            ClassSource classes,
            OutputSink sink,
            SharedClient shared,
            SharedRelay relay,
            Optional<WorkerApi> api) {}
}
