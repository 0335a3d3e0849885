package manyjvm.parallel;

import java.util.Arrays;
import java.util.List;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.RemoteObject;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedKind;
import manyjvm.parallel.shared.memory.MappedFile;
import manyjvm.parallel.spi.ParallelRuntime;
import org.jspecify.annotations.Nullable;

/** What {@link Value} and {@link Array} have in common: a handle, mapped memory, and a lock unless they are raw. */
final class Memory {
    private static final String RAW = "raw";

    private final RemoteObject remote;
    private final @Nullable RLock lock; // none when raw
    final MappedFile file;

    private Memory(SharedClient client, Shared.Handle handle, MappedFile file, boolean raw) {
        this.remote = new RemoteObject(client, handle);
        this.file = file;
        this.lock = raw ? null : new RLock(client, SharedKind.RLOCK.handle(handle.id(), ""), file);
    }

    static Memory create(SharedKind kind, int length, int width, boolean raw) {
        if (length < 0) {
            throw new IllegalArgumentException("An Array cannot have " + length + " elements.");
        }
        SharedClient client = ParallelRuntime.current().shared();
        Shared.Handle handle = kind.handle(client.newId(), length + (raw ? " " + RAW : ""));
        return new Memory(client, handle, MappedFile.create(client.folder(), handle.id(), (long) length * width), raw);
    }

    static Memory link(SharedClient client, Shared.Handle handle) {
        List<String> details = Arrays.asList(handle.detail().split(" "));
        return new Memory(client, handle, MappedFile.open(client.folder(), handle.id()), details.contains(RAW));
    }

    /** The number of elements. */
    int length() {
        return Integer.parseInt(remote.handle().detail().split(" ")[0]);
    }

    void adopt(Shared object) {
        remote.adopt(object);
    }

    Shared.Handle handleOf(Shared object) {
        return remote.handleOf(object);
    }

    RLock lock() {
        if (lock == null) {
            throw new UnsupportedOperationException(remote.handle().name()
                    + " was made without a lock (raw): make it with of(..), or guard it with a Lock of your own.");
        }
        return lock;
    }

    // ---- what a processor has for int and long alone

    byte getAndAddByte(int offset, byte delta) {
        byte before;
        do {
            before = file.getByte(offset);
        } while (!file.compareAndSetByte(offset, before, (byte) (before + delta)));
        return before;
    }

    short getAndAddShort(int offset, short delta) {
        short before;
        do {
            before = file.getShort(offset);
        } while (!file.compareAndSetShort(offset, before, (short) (before + delta)));
        return before;
    }

    char getAndAddChar(int offset, char delta) {
        return (char) getAndAddShort(offset, (short) delta);
    }

    float getAndAddFloat(int offset, float delta) {
        float before;
        do {
            before = file.getFloat(offset);
        } while (!file.compareAndSetFloat(offset, before, before + delta));
        return before;
    }

    double getAndAddDouble(int offset, double delta) {
        double before;
        do {
            before = file.getDouble(offset);
        } while (!file.compareAndSetDouble(offset, before, before + delta));
        return before;
    }
}
