package manyjvm.parallel.spi;

import java.util.Iterator;
import java.util.List;
import manyjvm.parallel.shared.Waits;

/** A submission whose items may come little by little. Safe for use by any thread, but items come from one at a time. */
public interface Job {
    /** Unique in this driver. */
    long id();

    /**
     * Adds one chunk: items that one worker runs one after the other. They are encoded before this returns.
     *
     * @throws manyjvm.parallel.NotShippableException when an item cannot travel; the job stays usable
     */
    void add(List<?> items);

    /**
     * Adds chunks, the last of the job, and finishes it: as {@link #add} for each, with fewer commands to the driver's thread.
     *
     * @throws manyjvm.parallel.NotShippableException when an item cannot travel; the job is to be cancelled then
     */
    void addLast(Iterator<? extends List<?>> chunks);

    /**
     * Those without whom it does not end: who runs its items now. None where it may end otherwise, by a timeout or a failure.
     * To be asked by threads that may wait for a moment.
     */
    List<Waits.Holder> holders();

    /** No more items will come: the job ends when those it has are done. */
    void finish();

    /** Drops what has not started, interrupts what runs, and after a grace kills its workers. May be called again. */
    void cancel();
}
