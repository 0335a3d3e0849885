package manyjvm.parallel;

import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedKind;
import manyjvm.parallel.shared.memory.MappedFile;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Lock} that its holder may take again, and must leave as often: Python's {@code multiprocessing.RLock}. Only the
 * thread that holds it may unlock it.
 *
 * <pre>{@code
 * var lock = new RLock();
 * lock.withLock(() -> lock.withLock(() -> System.out.println("held twice")));    // held twice
 * System.out.println(lock.isLocked());               // false
 * }</pre>
 */
public final class RLock extends Lock {
    @SuppressWarnings("unused") // being referred to is all that is asked of it
    private @Nullable Shared owner;

    /** A lock that nobody holds. */
    public RLock() {
        super(SharedKind.RLOCK, true);
    }

    /** Links a lock that exists; also the one of a {@link Value} or {@link Array}, which lies in the same file. */
    RLock(SharedClient client, Handle handle) {
        this(client, handle, MappedFile.open(client.folder(), handle.id()));
    }

    RLock(SharedClient client, Handle handle, MappedFile file) {
        super(client, handle, file, true);
    }

    /** Who has the lock of a value has the value. */
    RLock keeping(Shared value) {
        owner = value;
        return this;
    }
}
