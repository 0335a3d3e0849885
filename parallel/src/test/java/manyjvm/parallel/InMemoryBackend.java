package manyjvm.parallel;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import manyjvm.parallel.spi.Backend;
import manyjvm.parallel.spi.Capabilities;
import manyjvm.parallel.spi.Exit;
import manyjvm.parallel.spi.WorkerHandle;
import manyjvm.parallel.spi.WorkerSpec;

/** A backend as somebody else may write it: found on the class path, and known to this library by its interface only. */
public final class InMemoryBackend implements Backend {
    static final AtomicInteger LAUNCHED = new AtomicInteger();

    @Override
    public String name() {
        return "in-memory";
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(false, true, false);
    }

    @Override
    public WorkerHandle launch(WorkerSpec spec) {
        LAUNCHED.incrementAndGet();
        CompletableFuture<Exit> exit = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    spec.body().orElseThrow().run();
                    exit.complete(new Exit(0, List.of(), "here"));
                },
                spec.name());
        thread.setDaemon(true);
        thread.start();
        return new WorkerHandle() {
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
                // nothing is held
            }

            @Override
            public long pid() {
                return ProcessHandle.current().pid();
            }

            @Override
            public String where() {
                return "here";
            }
        };
    }

    @Override
    public void close() {
        // nothing is kept
    }
}
