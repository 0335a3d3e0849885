package manyjvm.parallel.driver;

import java.util.List;
import java.util.function.Supplier;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.driver.LostItem.Begun;
import manyjvm.parallel.driver.LostItem.DeadWorker;
import manyjvm.parallel.insight.Shipment;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.wire.Message;

/** Whoever a {@link Worker} works for. On the driver's thread. */
interface WorkerOwner {
    /** Its process runs. */
    void launched(Worker worker);

    /** It has said hello. */
    void ready(Worker worker);

    /** {@code count} items of the chunk have their outcome, of which {@code failures} failed. */
    void outcomes(Worker worker, Chunk chunk, int from, int count, int failures, Supplier<JobListener.Batch> batch);

    /** What its worker tells of the time that some items took, before their {@link #outcomes}. */
    default void told(Worker worker, Chunk chunk, Message.ChunkItems message) {}

    /** So many bytes of its code were sent to it for a submission. */
    default void shipped(Worker worker, Submission submission, Shipment.Kind kind, String name, long bytes) {}

    /** An item of a timed submission starts. */
    void itemStarted(Worker worker, Chunk chunk, int item);

    /** All items of the chunk have their outcome. */
    void done(Worker worker, Chunk chunk);

    /** The chunk's items without an outcome were not run by this worker. */
    void returned(Worker worker, Chunk chunk);

    /** The chunk's function could not be loaded. */
    void refused(Worker worker, Chunk chunk, ParallelException reason);

    /** It is gone, with these in flight, of which it had begun some. */
    void died(Worker worker, List<Chunk> left, DeadWorker dead, Begun begun);

    /** It could not even be launched. */
    void notLaunched(WorkerLife life, ParallelException reason);
}
