package manyjvm.parallel.spi;

import java.util.concurrent.CompletableFuture;
import manyjvm.parallel.ThreadDump;

/** One started process, as the public {@code Process} sees it. Safe for use by any thread. */
public interface ProcessControl {
    /** The process's number as soon as it is known, which is when this object exists. */
    long pid();

    /** Completes with 0, 1 for an uncaught exception, the code of {@code System.exit}, or -n for signal n. */
    CompletableFuture<Integer> onExit();

    /** The number of its JVM among those that use shared objects. */
    int jvmId();

    /** SIGTERM: the JVM runs its shutdown hooks. */
    void terminate();

    /** SIGKILL. */
    void kill();

    /** Interrupts the target's thread. */
    void interrupt();

    /**
     * What its threads do now.
     *
     * @throws manyjvm.parallel.ParallelException when it has ended, or gives no answer within some seconds
     */
    ThreadDump threads();
}
