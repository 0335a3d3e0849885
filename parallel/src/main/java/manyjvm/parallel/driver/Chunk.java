package manyjvm.parallel.driver;

import java.util.List;
import java.util.OptionalInt;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.Bundle;
import manyjvm.parallel.wire.Payload;
import org.jspecify.annotations.Nullable;

/** Consecutive items of a submission that go to a worker together. Confined to the driver's thread once added. */
final class Chunk {
    final long id;
    final Submission submission;
    final long first;
    final int size;
    final Payload items;
    final List<Bundle.ClassReference> classes;

    /** The shared objects in its items; as those of its function, they are kept here as long as the chunk is. */
    final List<Shared> shared;

    /** The number of the worker that it must go to; empty for any. */
    final OptionalInt worker;

    /** Whether its submission has no other chunk, so that both are one message. */
    final boolean whole;

    /** All items before it have their outcome. */
    int next;

    /** How many workers died when it was the chunk's turn, without having begun it; since the item at {@code next} is. */
    int neverBegun;

    /** How often the item at {@code next} has been lost with its worker. */
    int lost;

    /** When it was sent, or reached the head of its worker's line; by {@link System#nanoTime}. */
    long since;

    boolean reclaiming;

    /** What its pool's {@link Recorder} notes of it while a worker has it; null before, and after. */
    Recorder.@Nullable Open noted;

    Chunk(
            long id,
            Submission submission,
            long first,
            int size,
            Payload items,
            List<Bundle.ClassReference> classes,
            List<Shared> shared,
            OptionalInt worker,
            boolean whole) {
        this.id = id;
        this.submission = submission;
        this.first = first;
        this.size = size;
        this.items = items;
        this.classes = classes;
        this.shared = shared;
        this.worker = worker;
        this.whole = whole;
    }

    /** The only one of a submission whose function takes no item. */
    static Chunk withoutItem(long id, Submission submission, OptionalInt worker) {
        Payload nothing = submission.code() instanceof manyjvm.parallel.wire.Code.Local
                ? new Payload.Local(new Object[1])
                : manyjvm.parallel.wire.Values.nothing();
        return new Chunk(id, submission, 0, 1, nothing, List.of(), List.of(), worker, true);
    }

    /** One more item, or more, has its outcome: what was counted of the one at {@code next} is over. */
    void movedTo(int next) {
        this.next = next;
        lost = 0;
        neverBegun = 0;
    }

    boolean isOf(Submission other) {
        return submission.id() == other.id();
    }

    boolean isHook() {
        return submission.hook();
    }

    /** Items without an outcome. */
    int left() {
        return size - next;
    }

    @Override
    public String toString() {
        return "chunk " + id + " of submission " + submission.id();
    }
}
