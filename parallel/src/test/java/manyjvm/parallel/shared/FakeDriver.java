package manyjvm.parallel.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.host.SharedObjectHosts;
import manyjvm.parallel.spi.ParallelRuntime;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A driver with its hosts, and several "JVMs" in this one: each with a client and linker of its own. The driver's
 * calls the hosts directly, the others through a thread that stands for the wire. After each test the folder must be
 * as empty as the test says.
 */
final class FakeDriver implements BeforeEachCallback, AfterEachCallback {
    /** Of any of them. */
    static final Departure DEATH = new Departure("Process-2 (pid 4711)", true);

    private Path folder;
    private SharedObjectHosts hosts;
    private AtomicLong ids;
    private final AtomicLong jobs = new AtomicLong();
    private List<Jvm> jvms;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        folder = Files.createTempDirectory("manyjvm-test");
        hosts = SharedObjectHosts.create(folder);
        ids = new AtomicLong();
        jvms = new ArrayList<>();
        newJvm();
        ParallelRuntime.install(runtimeOf(jvms.get(0)));
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        ParallelRuntime.install(null);
        hosts.close();
        jvms.forEach(Jvm::stop);
        if (!files().isEmpty()) {
            throw new AssertionError("left after close: " + files());
        }
        Files.delete(folder);
    }

    SharedObjectHosts hosts() {
        return hosts;
    }

    Path folder() {
        return folder;
    }

    /** A further JVM; the first is the driver's own. */
    Jvm newJvm() {
        Jvm jvm = new Jvm(jvms.size());
        jvms.add(jvm);
        return jvm;
    }

    Jvm driverJvm() {
        return jvms.get(0);
    }

    List<Path> files() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static ParallelRuntime runtimeOf(SharedClient client) {
        return new ParallelRuntime() {
            @Override
            public SharedClient shared() {
                return client;
            }
        };
    }

    final class Jvm implements SharedClient {
        private final int number;
        private final SharedLinker linker = new SharedLinker(this);
        private final SerializingCodec codec = new SerializingCodec(linker);
        private final ExecutorService wire;

        private Jvm(int number) {
            this.number = number;
            wire = number == DRIVER
                    ? null
                    : Executors.newSingleThreadExecutor(task -> new Thread(task, "fake-wire-" + number));
        }

        /** This JVM's object for one of the driver's, as if it had been sent here with a task. */
        @SuppressWarnings("unchecked") // a handle links to an object of the same class
        <S extends Shared> S receive(S object) {
            List<Shared.Handle> handles = List.of(object.handle());
            long job = jobs.incrementAndGet();
            hosts.submitted(job, handles);
            hosts.sent(number, handles);
            hosts.delivered(job, handles);
            S here = (S) linker.link(object.handle());
            if (number != DRIVER) {
                wire.submit(() -> Reference.reachabilityFence(
                        object)); // a submission keeps its objects until the worker has told of its own
            }
            return here;
        }

        /** Makes an object in this JVM. */
        <S> S make(Supplier<S> maker) {
            ParallelRuntime.install(runtimeOf(this));
            try {
                return maker.get();
            } finally {
                ParallelRuntime.install(runtimeOf(jvms.get(0)));
            }
        }

        /** Ends this JVM without warning: what it had sent arrives, what comes for it does not. */
        void die() {
            wire.submit(() -> hosts.jvmGone(number, DEATH));
            stop();
        }

        /** Returns when the hosts have heard of the death. */
        void wireEnd() throws InterruptedException {
            if (!wire.awaitTermination(30, java.util.concurrent.TimeUnit.SECONDS)) {
                throw new AssertionError("the wire is still busy");
            }
        }

        /** Returns when the hosts have handled all that this JVM sent before. */
        void flush() throws Exception {
            if (wire != null) {
                wire.submit(() -> {}).get();
            }
        }

        private void stop() {
            if (wire != null) {
                wire.shutdown();
            }
        }

        @Override
        public CompletableFuture<SharedAnswer> call(SharedRequest request) {
            CompletableFuture<SharedAnswer> answer = new CompletableFuture<>();
            send(() ->
                    hosts.handle(number, request, given -> answer.complete(linker.received(request.target(), given))));
            return answer;
        }

        @Override
        public void tell(SharedRequest request) {
            send(() -> hosts.handle(number, request, nobody -> {}));
        }

        private void send(Runnable request) {
            if (wire == null) {
                request.run();
            } else {
                wire.execute(request);
            }
        }

        @Override
        public long newId() {
            return ids.incrementAndGet();
        }

        @Override
        public int jvmId() {
            return number;
        }

        @Override
        public Path folder() {
            return folder;
        }

        @Override
        public SharedLinker linker() {
            return linker;
        }

        @Override
        public byte[] encode(Object value) {
            return codec.encode(value);
        }

        @Override
        public Object decode(byte[] bytes) {
            return codec.decode(bytes);
        }
    }
}
