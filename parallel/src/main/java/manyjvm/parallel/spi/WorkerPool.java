package manyjvm.parallel.spi;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.PoolStatus;
import manyjvm.parallel.ThreadDump;
import manyjvm.parallel.insight.Recording;

/** The workers of one pool, as the public {@code Pool} sees them. Safe for use by any thread. */
public interface WorkerPool {
    PoolSettings settings();

    /** Who starts its workers. */
    Backend backend();

    /**
     * Opens a submission. The function, and the variables it uses, are snapshotted before this returns.
     *
     * @throws manyjvm.parallel.NotShippableException when the function cannot travel
     * @throws manyjvm.parallel.PoolClosedException after {@link #close} or {@link #terminate}
     */
    Job open(Object function, CallKind kind, JobSettings settings, JobListener listener);

    /**
     * Opens a submission of chunks that are all there: as {@link #open} and {@link Job#addLast}, but what is worth one command to the
     * driver's thread is one. Of more, the rest stays in the iterator, for {@link Job#addLast}.
     *
     * @throws manyjvm.parallel.NotShippableException when the function or an item cannot travel; then nothing was submitted
     * @throws manyjvm.parallel.PoolClosedException as {@link #open}
     */
    Job submit(
            Object function,
            CallKind kind,
            JobSettings settings,
            Iterator<? extends List<?>> chunks,
            JobListener listener);

    /** Takes no more submissions; the workers end after the work that is there. */
    void close();

    /** Cancels everything and ends the workers at once. */
    void terminate();

    /** Whether {@link #close} or {@link #terminate} was called. */
    boolean isClosed();

    /** Whether all workers have ended after a close. */
    boolean isTerminated();

    /** Waits for {@link #isTerminated}. */
    boolean await(Duration timeout) throws InterruptedException;

    /** Cancels all submissions; the workers stay. */
    void interrupt();

    /** Cancels all submissions and replaces the workers. */
    void restart();

    void output(OutputMode mode);

    PoolStatus status();

    /**
     * What happened here so far, as much of it as is remembered. Reads the arguments of slow items, which may run users' code.
     *
     * @throws manyjvm.parallel.ParallelException when the driver has closed, or is too busy to answer
     */
    Recording recording();

    /**
     * What the threads of a worker do now.
     *
     * @param worker its number in the pool, from 1
     * @throws IllegalArgumentException when the pool has no such worker
     * @throws manyjvm.parallel.ParallelException when it does not run now, or gives no answer within some seconds
     */
    ThreadDump threads(int worker);
}
