package manyjvm.parallel.driver;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a {@link Scheduler} wants done; one is carried out after the other.
 *
 * @param what calls one method of whoever carries it out
 * @param otherwise is told when that could not be done, by a fault of the driver's; as an event of the scheduler's
 */
record Command(Consumer<Receiver> what, Consumer<Throwable> otherwise) {
    /** Whoever carries commands out. */
    interface Receiver {
        /** Start a worker; whatever comes of it is told. */
        void launch(WorkerLife life);

        /** Send it the chunk, which it holds. */
        void run(WorkerLife life, Chunk chunk);

        /** Run the pool's initializer, or exit hook, in this worker; its chunk is added, its outcome told. */
        void runHook(WorkerLife life, Hook hook);

        /** Ask it to give the chunk back unless it has started it. */
        void reclaim(WorkerLife life, Chunk chunk);

        void interrupt(WorkerLife life, Chunk chunk);

        /** Let it end in good order. */
        void leave(WorkerLife life);

        /** @param reason what is told of its death, instead of the signal */
        void kill(WorkerLife life, Optional<String> reason);

        /** The outcome of an item is that its worker died. */
        void lose(LostItem lost);

        /** No worker has to be sent this chunk any more, though none has answered for it. */
        void settle(Chunk chunk);

        /** The submission has ended: all its items have an outcome, or this is why the others never will. */
        void finish(Submission submission, Optional<Throwable> reason);

        /** The submission has ended because worker after worker dies of it. */
        void giveUp(Submission submission, LostItem lost);

        /** Tell the pool's user. */
        void complain(String text);

        /** Nothing can run here any more, for this reason: take no submissions. */
        void breakDown(RuntimeException reason);

        /** The pool has ended, and all its workers have. */
        void end();
    }
}
