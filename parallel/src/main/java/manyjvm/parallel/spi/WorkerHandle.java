package manyjvm.parallel.spi;

import java.util.concurrent.CompletionStage;

/** A worker that a backend has started. Safe for use by any thread. */
public interface WorkerHandle {
    /** Completes once it has ended and all its text has been given to the listener. Never exceptionally. */
    CompletionStage<Exit> onExit();

    /** Asks it to end (SIGTERM). */
    void terminate();

    /** Ends it (SIGKILL). */
    void kill();

    /** It has begun to end in good order: closes its standard input, for whose end it now waits. */
    void letGo();

    /** The operating system's number of it. */
    long pid();

    /** The host it runs on. */
    String where();
}
