package manyjvm.magics.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.Pool;

/** The pools that magics made, by name. Guarded by itself; pools are never closed while the lock is held, since that waits. */
final class Pools {
    /** The default pool gives up its workers after this time without work; its next use starts new ones. */
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final Duration idle;
    private final Map<String, Pool> named = new LinkedHashMap<>();
    private Optional<Pool> byDefault = Optional.empty();
    private OutputMode output = OutputMode.LIVE;

    Pools() {
        this(IDLE);
    }

    /** @param idle after which the default pool gives up its workers */
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
        if (pool == null) {
            String known = names().isEmpty() ? "there is none" : "there are: " + String.join(", ", names());
            throw new ParallelException(
                    "no pool is named '" + name + "' (" + known + "); %pool start --name " + name + " makes one");
        }
        return pool;
    }

    /** Keeps a new pool; one that it replaces takes no more work and ends when its own is done. */
    void add(String nameOrNull, Pool pool) {
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

    synchronized List<Pool> all() {
        named.values().removeIf(Pool::isShutdown);
        List<Pool> all = new ArrayList<>();
        defaultIfAny().ifPresent(all::add);
        all.addAll(named.values());
        return all;
    }

    synchronized Set<String> names() {
        Set<String> names = new TreeSet<>(named.keySet());
        defaultIfAny().ifPresent(pool -> names.add("default"));
        return names;
    }

    synchronized void output(OutputMode mode) {
        output = mode;
        defaultIfAny().ifPresent(pool -> pool.output(mode));
    }

    synchronized OutputMode output() {
        return output;
    }
}
