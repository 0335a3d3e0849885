package manyjvm.parallel.driver;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
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

    private final SharedRelay upwards;

    RelayedHomes(SharedRelay upwards) {
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
        for (Shared.Handle handle : handles) {
            upwards.tell(member, new SharedRequest(handle, SharedOperation.SENT.ordinal(), 0, new byte[0]));
        }
    }

    @Override
    public void submitted(long job, List<Shared.Handle> handles) {
        // the root counts the worker that this driver is in as a holder, as long as that has the object
    }

    @Override
    public void delivered(long job, List<Shared.Handle> handles) {
        // as above
    }

    @Override
    public void submissionEnded(long job, Collection<Shared.Handle> handles) {
        // as above
    }

    @Override
    public void memberGone(int member) {
        upwards.gone(member);
    }

    @Override
    public void close() {
        // the root's homes live on
    }
}
