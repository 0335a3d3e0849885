package manyjvm.parallel.driver;

import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.spi.Backend;
import manyjvm.parallel.spi.Capabilities;
import manyjvm.parallel.spi.Exit;
import manyjvm.parallel.spi.WorkerHandle;
import manyjvm.parallel.spi.WorkerSpec;

/** Workers that are threads of this JVM, platform or virtual ones. */
final class ThreadBackend implements Backend {
    private static final int VIRTUAL_SINCE = 21;

    private final String name;
    private final BiFunction<String, Runnable, Thread> threads;

    /** @param threads makes a thread of this name that does this, and does not start it */
    private ThreadBackend(String name, BiFunction<String, Runnable, Thread> threads) {
        this.name = name;
        this.threads = threads;
    }

    static ThreadBackend platform() {
        return new ThreadBackend("threads", (name, body) -> {
            Thread thread = new Thread(body, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** @throws ParallelException on a JDK that has none */
    static ThreadBackend virtual() {
        if (Runtime.version().feature() < VIRTUAL_SINCE) {
            throw new ParallelException("virtual threads need JDK " + VIRTUAL_SINCE + " or newer, this is JDK "
                    + Runtime.version().feature() + ": use Pool.threads(n), or a newer JDK");
        }
        return new ThreadBackend("virtual", ThreadBackend::virtualThread);
    }

    /** By reflection: this library runs from JDK 17 on. */
    private static Thread virtualThread(String name, Runnable body) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            Method named = type.getMethod("name", String.class);
            Method unstarted = type.getMethod("unstarted", Runnable.class);
            return (Thread) unstarted.invoke(named.invoke(builder, name), body);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(
                    "this JDK has no virtual threads" + "; this is a fault of manyjvm, please report it", impossible);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String count(int workers) {
        return workers + (name.equals("virtual") ? " virtual" : "") + (workers == 1 ? " thread" : " threads");
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(false, true, false);
    }

    @Override
    public WorkerHandle launch(WorkerSpec spec) {
        Runnable body = spec.body().orElseThrow();
        CompletableFuture<Exit> exit = new CompletableFuture<>();
        Thread thread = threads.apply(spec.name(), () -> {
            try {
                body.run();
            } finally {
                exit.complete(new Exit(0, List.of(), "localhost"));
            }
        });
        thread.start();
        return new Running(thread, exit);
    }

    @Override
    public void close() {
        // its workers end one by one with their pools
    }

    /** A thread cannot be killed: it ends when its worker is told to. */
    private record Running(Thread thread, CompletableFuture<Exit> exit) implements WorkerHandle {
        @Override
        public CompletionStage<Exit> onExit() {
            return exit;
        }

        @Override
        public void terminate() {
            thread.interrupt();
        }

        @Override
        public void kill() {
            thread.interrupt();
        }

        @Override
        public void letGo() {
            // it waits for nothing of this JVM's
        }

        @Override
        public long pid() {
            return ProcessHandle.current().pid();
        }

        @Override
        public String where() {
            return "localhost";
        }
    }
}
