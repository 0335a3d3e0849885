package manyjvm.parallel.driver;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRelay;
import manyjvm.parallel.shared.SharedRequest;
import manyjvm.parallel.shared.host.SharedObjectHosts;

/**
 * In a driver inside a worker: passes requests of its workers on to the root driver, where the shared objects live, each in
 * the name of the worker that asks.
 */
final class RelayedHosts implements SharedObjectHosts {
    private static final int REFUSED = -1;

    private final int self;
    private final SharedRelay upwards;

    /** @param self the number of the JVM that this driver is in */
    RelayedHosts(int self, SharedRelay upwards) {
        this.self = self;
        this.upwards = upwards;
    }

    @Override
    public void handle(int jvmId, SharedRequest request, Consumer<SharedAnswer> answer) {
        upwards.call(jvmId, request).whenComplete((given, failure) -> {
            if (given != null) {
                answer.accept(given);
            } else {
                byte[] reason = String.valueOf(failure.getMessage()).getBytes(StandardCharsets.UTF_8);
                answer.accept(new SharedAnswer(REFUSED, 0, reason));
            }
        });
    }

    @Override
    public void tell(int jvmId, SharedRequest request) {
        upwards.tell(jvmId, request);
    }

    @Override
    public void sent(int jvmId, List<Shared.Handle> handles) {
        tell(jvmId, SharedOperation.SENT, 0, handles);
    }

    @Override
    public void submitted(long job, List<Shared.Handle> handles) {
        tell(self, SharedOperation.SUBMITTED, job, handles);
    }

    @Override
    public void givenBack(long job, List<Shared.Handle> handles) {
        tell(self, SharedOperation.GIVEN_BACK, job, handles);
    }

    @Override
    public void delivered(long job, Collection<Shared.Handle> handles) {
        tell(self, SharedOperation.DELIVERED, job, handles);
    }

    private void tell(int jvmId, SharedOperation operation, long number, Collection<Shared.Handle> handles) {
        for (Shared.Handle handle : SharedObjectHosts.ofPipes(handles)) {
            upwards.tell(jvmId, new SharedRequest(handle, operation.ordinal(), number, new byte[0]));
        }
    }

    @Override
    public void jvmGone(int jvmId, Departure departure) {
        upwards.gone(jvmId, departure);
    }

    @Override
    public void close() {
        // the root's hosts live on
    }
}
