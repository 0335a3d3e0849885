package manyjvm.parallel.driver;

import java.util.List;
import manyjvm.parallel.code.Bundle;
import manyjvm.parallel.spi.Shared;
import manyjvm.parallel.wire.Code;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.connect.WorkerJournal;

/** Consecutive items of a job that go to a worker together. Confined to the driver's thread once added. */
final class Chunk {
    static final int HOOK = -1;

    final long id;
    final JobWork job;
    final long first;
    final int size;
    final Payload items;
    final List<Bundle.ClassReference> classes;

    /** The shared objects in its items; as those of its function, they are kept here as long as the chunk is. */
    final List<Shared> shared;

    private final Code code;

    /** The number of the worker that it must go to, 0 for any, {@link #HOOK} for an initializer or exit hook. */
    final int pinned;

    /** All items before it have their outcome. */
    int next;

    /** Where it ends. */
    final int end;

    /** Known after its worker's death: items before it were started. */
    int lostUpTo;

    /** Known after its worker's death: what that did for the last item that it had started. */
    WorkerJournal.Phase phase = WorkerJournal.Phase.RUNNING;

    /** How many workers died when it was the chunk's turn, without having begun it. */
    int neverBegun;

    /** How often the item at {@code next} has been lost with its worker. */
    int lost;

    /** When it was sent, or reached the head of its worker's line; by {@link System#nanoTime}. */
    long since;

    boolean reclaiming;

    Chunk(
            long id,
            JobWork job,
            Code code,
            long first,
            int size,
            Payload items,
            List<Bundle.ClassReference> classes,
            List<Shared> shared,
            int pinned) {
        this.id = id;
        this.job = job;
        this.code = code;
        this.first = first;
        this.size = size;
        this.items = items;
        this.classes = classes;
        this.shared = shared;
        this.pinned = pinned;
        this.end = size;
    }

    /** Of its job, which forgets it when it ends; a worker that has the chunk may still load it. */
    Code code() {
        return code;
    }

    boolean isHook() {
        return pinned == HOOK;
    }
}
