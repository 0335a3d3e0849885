package manyjvm.parallel.shared;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** A client that passes everything on to another one: a test overrides what it wants to happen on the way. */
class Passing implements SharedClient {
    private final SharedClient to;

    Passing(SharedClient to) {
        this.to = to;
    }

    @Override
    public CompletableFuture<SharedAnswer> call(SharedRequest request) {
        return to.call(request);
    }

    @Override
    public void tell(SharedRequest request) {
        to.tell(request);
    }

    @Override
    public long newId() {
        return to.newId();
    }

    @Override
    public int jvmId() {
        return to.jvmId();
    }

    @Override
    public Path folder() {
        return to.folder();
    }

    @Override
    public SharedLinker linker() {
        return to.linker();
    }

    @Override
    public byte[] encode(Object value) {
        return to.encode(value);
    }

    @Override
    public Object decode(byte[] bytes) {
        return to.decode(bytes);
    }
}
