package manyjvm.parallel.shared.host;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRequest;

/** The host of all shared objects of a driver. Never blocks; called by the driver loop and by threads of the driver's JVM. */
public interface SharedObjectHosts extends AutoCloseable {
    /**
     * The hosts of a new driver.
     *
     * @param folder where all JVMs of the driver put files in shared memory: {@link SharedClient#folder()}
     */
    static SharedObjectHosts create(Path folder) {
        return new LocalHosts(folder);
    }

    /**
     * Takes a request in.
     *
     * @param jvmId who asks
     * @param answer called once, now or later, from any thread; never when the JVM that asks is gone first
     */
    void handle(int jvmId, SharedRequest request, Consumer<SharedAnswer> answer);

    /** Takes in a request that has no answer. */
    void tell(int jvmId, SharedRequest request);

    /** The number of the JVM that the driver is in. */
    int self();

    /**
     * A submission of this JVM refers to these shared objects. Until a worker has it nobody else may use a pipe's end: the
     * submitter may have closed it. So the submission itself does, as a JVM would, until {@link #delivered}.
     */
    default void submitted(long job, List<Shared.Handle> handles) {
        tell(self(), SharedOperation.SUBMITTED, job, handles);
    }

    /** The submission waits for a worker again. The submitter may use the pipes' ends as well meanwhile, and does so still. */
    default void givenBack(long job, List<Shared.Handle> handles) {
        tell(self(), SharedOperation.GIVEN_BACK, job, handles);
    }

    /** All of it that refers to these has been {@linkplain #sent} to workers, whose the pipes' ends are now, or it is over. */
    default void delivered(long job, Collection<Shared.Handle> handles) {
        tell(self(), SharedOperation.DELIVERED, job, handles);
    }

    /** These shared objects have been sent to a worker, which from now on uses the pipes' ends among them. */
    default void sent(int jvmId, List<Shared.Handle> handles) {
        tell(jvmId, SharedOperation.SENT, 0, handles);
    }

    private void tell(int jvmId, SharedOperation operation, long number, Collection<Shared.Handle> handles) {
        ofPipes(handles).forEach(handle -> tell(jvmId, new SharedRequest(handle, operation, number)));
    }

    /** The others are held by more than a submission: see {@link LocalHosts}. */
    static List<Shared.Handle> ofPipes(Collection<Shared.Handle> handles) {
        return handles.stream().filter(PipeHost::isOfAPipe).toList();
    }

    /** A JVM has died or ended: what it held is released, and who waited for it is told. */
    void jvmGone(int jvmId, Departure departure);

    /** Ends every wait with a refusal and releases everything. May be called twice. */
    @Override
    void close();
}
