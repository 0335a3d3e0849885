package manyjvm.parallel.driver;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.code.CodePacker;
import manyjvm.parallel.code.graph.Refusal;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedLinker;
import manyjvm.parallel.shared.SharedRequest;
import manyjvm.parallel.shared.host.SharedObjectHosts;

/** The driver's own JVM as a user of shared objects: their hosts are a call away. Safe for use by any thread. */
final class DriverShared implements SharedClient {
    private final SharedObjectHosts hosts;
    private final Path folder;
    private final SharedLinker linker = new SharedLinker(this);
    private final AtomicLong ids = new AtomicLong();
    private volatile CodePacker packer;

    DriverShared(SharedObjectHosts hosts, Path folder) {
        this.hosts = hosts;
        this.folder = folder;
    }

    void packer(CodePacker packer) {
        this.packer = packer;
    }

    /** A call under way; cancelling it tells the host. */
    private static final class Call extends CompletableFuture<SharedAnswer> {
        private volatile Runnable withdraw = () -> {};

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean cancelled = super.cancel(mayInterruptIfRunning);
            if (cancelled) {
                withdraw.run();
            }
            return cancelled;
        }
    }

    @Override
    public CompletableFuture<SharedAnswer> call(SharedRequest request) {
        Call call = new Call();
        call.withdraw = hosts.handle(jvmId(), request, call::complete);
        return call;
    }

    @Override
    public void tell(SharedRequest request) {
        hosts.tell(jvmId(), request);
    }

    @Override
    public long newId() {
        return ids.incrementAndGet();
    }

    @Override
    public int jvmId() {
        return 0;
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
        try {
            return packer.encode(value).bytes();
        } catch (NotShippableException refused) {
            throw Refusal.named(refused, "the value", "value");
        }
    }

    @Override
    public Object decode(byte[] bytes) {
        return packer.decode(bytes);
    }
}
