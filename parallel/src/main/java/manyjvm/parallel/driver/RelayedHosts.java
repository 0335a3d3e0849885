package manyjvm.parallel.driver;

import java.util.function.Consumer;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedRelay;
import manyjvm.parallel.shared.SharedRequest;
import manyjvm.parallel.shared.host.SharedObjectHosts;

/**
 * In a driver inside a worker: passes requests of its workers on to the root driver, where the shared objects live, each in
 * the name of the worker that asks.
 */
final class RelayedHosts implements SharedObjectHosts {
    private final int self;
    private final SharedRelay upwards;

    /** @param self the number of the JVM that this driver is in */
    RelayedHosts(int self, SharedRelay upwards) {
        this.self = self;
        this.upwards = upwards;
    }

    @Override
    public void handle(int jvmId, SharedRequest request, Consumer<SharedAnswer> answer) {
        upwards.call(jvmId, request)
                .whenComplete((given, failure) -> answer.accept(
                        given != null ? given : SharedAnswer.refused(String.valueOf(failure.getMessage()))));
    }

    @Override
    public void tell(int jvmId, SharedRequest request) {
        upwards.tell(jvmId, request);
    }

    @Override
    public int self() {
        return self;
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
