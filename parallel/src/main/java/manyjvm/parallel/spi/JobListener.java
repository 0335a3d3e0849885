package manyjvm.parallel.spi;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hears of a job's progress, on the driver's own thread: must return at once and run no user code. */
public interface JobListener {
    /** Some items are done. */
    void arrived(Batch batch);

    /** The last call. Empty when every item has arrived, or why the others never will. */
    void ended(Optional<Throwable> reason);

    /** The outcomes of consecutive items, not decoded yet. */
    interface Batch {
        /** The index of the first item. */
        long first();

        int size();

        /** Decodes, which may run the users' code: never on the driver's thread. */
        void readTo(Receiver receiver);
    }

    /** Takes outcomes apart. */
    interface Receiver {
        void value(long index, @Nullable Object value);

        /** The task's own exception, a {@code TaskFailedException} naming it, or a {@code WorkerDiedException}. */
        void failure(long index, Throwable failure);
    }
}
