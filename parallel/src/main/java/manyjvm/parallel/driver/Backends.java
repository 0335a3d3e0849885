package manyjvm.parallel.driver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.machine.ResidentSet;
import manyjvm.parallel.spi.Backend;
import manyjvm.parallel.spi.Capabilities;
import manyjvm.parallel.spi.JvmSettings;
import manyjvm.parallel.spi.PoolSettings;

/** The backends by their names: this library's, and what is on the class path. Safe for use by any thread. */
final class Backends implements AutoCloseable {
    private final Map<String, Supplier<Backend>> own = new LinkedHashMap<>();
    private final Map<String, Backend> used = new ConcurrentHashMap<>();

    Backends(ProcessBackend processes) {
        own.put(processes.name(), () -> processes);
        own.put("threads", ThreadBackend::platform);
        own.put("virtual", ThreadBackend::virtual);
        named(processes.name());
    }

    private Backend named(String name) {
        return used.computeIfAbsent(name, unknown -> {
            Supplier<Backend> known = own.get(unknown);
            return known == null ? onTheClassPath(unknown) : known.get();
        });
    }

    /**
     * The one that a pool asks for.
     *
     * @throws ParallelException when there is none of this name, or not on this JDK or system
     * @throws IllegalArgumentException when the pool asks for what its workers cannot have
     */
    Backend fit(PoolSettings settings) {
        Backend backend = named(settings.backend());
        refuseWhatItLacks(settings, backend.capabilities());
        return backend;
    }

    private static void refuseWhatItLacks(PoolSettings settings, Capabilities capabilities) {
        if (!capabilities.ownJvm() && !settings.jvm().equals(JvmSettings.DEFAULT)) {
            throw new IllegalArgumentException("workers that are threads run in this JVM: maxHeap(..),"
                    + " jvmOptions(..), javaHome(..) and cpus(..) are for pools of processes");
        }
        if (settings.maxMemoryPerWorker() == 0) {
            return;
        }
        if (!capabilities.ownJvm()) {
            throw new ParallelException("workers that are threads have no memory of their own:"
                    + " maxMemoryPerWorker(..) needs the backend \"processes\"");
        }
        if (!ResidentSet.isKnown()) {
            throw new ParallelException("this system has no /proc, by which maxMemoryPerWorker(..) measures workers:"
                    + " maxTasksPerWorker(..) is the other way to fresh workers");
        }
    }

    private Backend onTheClassPath(String name) {
        List<String> names = new ArrayList<>(own.keySet());
        for (Backend backend : ServiceLoader.load(Backend.class, Backends.class.getClassLoader())) {
            if (backend.name().equals(name)) {
                return backend;
            }
            names.add(backend.name());
        }
        throw new ParallelException("there is no backend \"" + name + "\"; there are " + names);
    }

    @Override
    public void close() {
        used.values().forEach(Backend::close);
    }
}
