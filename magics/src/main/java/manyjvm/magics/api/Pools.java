package manyjvm.magics.api;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.Pool;
import manyjvm.parallel.spi.ParallelRuntime;
import org.jspecify.annotations.Nullable;

/** The pools of the session, and those that magics made by name. Guarded by itself; pools are never closed while the lock is held, since that waits. */
final class Pools {
    /** The default pool stops its workers after this time without work; its next use starts new ones. */
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final Duration idle;
    private final Map<String, Pool> named = new LinkedHashMap<>();
    private Optional<Pool> byDefault = Optional.empty();
    private OutputMode output = OutputMode.LIVE;

    Pools() {
        this(IDLE);
    }

    /** @param idle after which the default pool stops its workers */
    Pools(Duration idle) {
        this.idle = idle;
    }

    synchronized Pool byDefault() {
        Optional<Pool> open = defaultIfAny();
        if (open.isEmpty()) {
            byDefault = Optional.of(Pool.builder()
                    .name("default")
                    .idleTimeout(idle)
                    .output(output)
                    .build());
        }
        return byDefault.get();
    }

    /** The default pool, unless there is none yet or somebody has closed it. */
    synchronized Optional<Pool> defaultIfAny() {
        return byDefault.filter(pool -> !pool.isShutdown());
    }

    synchronized Pool named(String name) {
        named.values().removeIf(Pool::isShutdown);
        Pool pool = name.equals("default") ? defaultIfAny().orElse(null) : named.get(name);
        for (Pool open : all()) {
            pool = pool == null && open.name().equals(name) ? open : pool;
        }
        if (pool == null) {
            String known = names().isEmpty() ? "none is open" : "open: " + String.join(", ", names());
            throw new ParallelException(
                    "there is no pool named '" + name + "' (" + known + "); %pool start --name " + name + " makes one");
        }
        return pool;
    }

    /** Keeps a new pool; one that it replaces takes no more work and ends when its own is done. */
    void add(@Nullable String nameOrNull, Pool pool) {
        Optional<Pool> replaced;
        synchronized (this) {
            if (nameOrNull == null) {
                replaced = defaultIfAny();
                byDefault = Optional.of(pool);
            } else {
                replaced = Optional.ofNullable(named.put(nameOrNull, pool));
            }
        }
        replaced.ifPresent(Pool::shutdown);
    }

    synchronized void forget(Pool pool) {
        byDefault = byDefault.filter(known -> known != pool);
        named.values().removeIf(known -> known == pool);
    }

    /** The open pools of the session, whoever made them, the default pool first. */
    synchronized List<Pool> all() {
        Set<Pool> all = new LinkedHashSet<>();
        defaultIfAny().ifPresent(all::add);
        ParallelRuntime.ifAny()
                .map(runtime -> runtime.started(Pool.class))
                .orElse(List.of())
                .forEach(all::add);
        return List.copyOf(all);
    }

    Set<String> names() {
        return all().stream().map(Pool::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** @throws ParallelException when the worker is a thread, or does not run now */
    static ProcessHandle process(Pool pool, int worker) {
        if (worker > pool.size()) {
            throw new ParallelException(pool.name() + " has no worker " + worker + ": its "
                    + (pool.size() == 1 ? "only worker is 1" : "workers are 1 to " + pool.size()));
        }
        return pool.status().workers().stream()
                .filter(one -> one.number() == worker && one.pid() != 0)
                .flatMap(one -> ProcessHandle.of(one.pid()).stream())
                .findFirst()
                .orElseThrow(() -> new ParallelException(
                        pool.name() + " worker " + worker + " is not a running process: %pool status shows them"));
    }

    synchronized void output(OutputMode mode) {
        output = mode;
        defaultIfAny().ifPresent(pool -> pool.output(mode));
    }

    synchronized OutputMode output() {
        return output;
    }
}
