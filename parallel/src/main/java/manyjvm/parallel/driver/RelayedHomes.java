package manyjvm.parallel.driver;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedHomes;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRelay;
import manyjvm.parallel.shared.SharedRequest;
import manyjvm.parallel.spi.Shared;

/**
 * In a driver inside a worker: passes requests of its workers on to the root driver, where the shared objects live, each in
 * the name of the worker that asks.
 */
final class RelayedHomes implements SharedHomes {
    private static final int REFUSED = -1;

    private final int self;
    private final SharedRelay upwards;

    /** @param self the number of the JVM that this driver is in */
    RelayedHomes(int self, SharedRelay upwards) {
        this.self = self;
        this.upwards = upwards;
    }

    @Override
    public Runnable handle(int member, SharedRequest request, Consumer<SharedAnswer> answer) {
        CompletableFuture<SharedAnswer> call = upwards.call(member, request);
        call.whenComplete((given, failure) -> {
            if (given != null) {
                answer.accept(given);
            } else if (!call.isCancelled()) {
                byte[] reason = String.valueOf(failure.getMessage()).getBytes(StandardCharsets.UTF_8);
                answer.accept(new SharedAnswer(REFUSED, 0, reason));
            }
        });
        return () -> call.cancel(false);
    }

    @Override
    public void tell(int member, SharedRequest request) {
        upwards.tell(member, request);
    }

    @Override
    public void sent(int member, List<Shared.Handle> handles) {
        tell(member, SharedOperation.SENT, 0, handles);
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

    private void tell(int member, SharedOperation operation, long number, Collection<Shared.Handle> handles) {
        for (Shared.Handle handle : SharedHomes.ofPipes(handles)) {
            upwards.tell(member, new SharedRequest(handle, operation.ordinal(), number, new byte[0]));
        }
    }

    @Override
    public void memberGone(int member, Departure departure) {
        upwards.gone(member, departure);
    }

    @Override
    public void close() {
        // the root's homes live on
    }
}
