package manyjvm.parallel.driver;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import manyjvm.parallel.NotShippableException;
import manyjvm.parallel.code.CodePacker;
import manyjvm.parallel.code.graph.Refusal;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedLinker;
import manyjvm.parallel.shared.SharedRequest;
import manyjvm.parallel.shared.host.SharedObjectHosts;
import org.jspecify.annotations.Nullable;

/** The driver's own JVM as a user of shared objects: their hosts are a call away. Safe for use by any thread. */
final class DriverShared implements SharedClient {
    private final SharedObjectHosts hosts;
    private final Path folder;
    private final SharedLinker linker = new SharedLinker(this);
    private final AtomicLong ids = new AtomicLong();
    private final CodePacker packer;

    /** @param packers makes the one for this client's linker */
    DriverShared(SharedObjectHosts hosts, Path folder, Function<SharedLinker, CodePacker> packers) {
        this.hosts = hosts;
        this.folder = folder;
        this.packer = packers.apply(linker);
    }

    CodePacker packer() {
        return packer;
    }

    @Override
    public CompletableFuture<SharedAnswer> call(SharedRequest request) {
        CompletableFuture<SharedAnswer> call = new CompletableFuture<>();
        hosts.handle(jvmId(), request, call::complete);
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
    public byte[] encode(@Nullable Object value) {
        try {
            return packer.encode(value).bytes();
        } catch (NotShippableException refused) {
            throw Refusal.named(refused, "the value", "value");
        }
    }

    @Override
    public @Nullable Object decode(byte[] bytes) {
        return packer.decode(bytes);
    }
}
