package manyjvm.parallel.driver;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedHomes;
import manyjvm.parallel.shared.SharedRequest;
import manyjvm.parallel.spi.Shared;

/**
 * In a driver inside a worker: passes requests of its workers on to the root driver, where the shared objects live. To the
 * root they are this worker's own requests; what such a worker holds is released when this worker ends.
 */
final class RelayedHomes implements SharedHomes {
    private static final int REFUSED = -1;

    private final SharedClient upwards;

    RelayedHomes(SharedClient upwards) {
        this.upwards = upwards;
    }

    @Override
    public Runnable handle(int member, SharedRequest request, Consumer<SharedAnswer> answer) {
        CompletableFuture<SharedAnswer> call = upwards.call(request);
        call.whenComplete((given, failure) -> {
            if (given != null) {
                answer.accept(given);
            } else if (!call.isCancelled()) {
                byte[] reason = String.valueOf(failure.getMessage()).getBytes(java.nio.charset.StandardCharsets.UTF_8);
                answer.accept(new SharedAnswer(REFUSED, 0, reason));
            }
        });
        return () -> call.cancel(false);
    }

    @Override
    public void sent(int member, List<Shared.Handle> handles) {
        // the root counts this worker as the holder already
    }

    @Override
    public void memberGone(int member) {
        // see the class comment
    }

    @Override
    public void close() {
        // the root's homes live on
    }
}
