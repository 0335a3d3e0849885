package manyjvm.parallel.driver;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.SharedRelay;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.WireException;

/**
 * What one worker asks of the hosts of shared objects, in its own name and in that of workers that it has started itself.
 * Confined to the driver's thread.
 */
final class SharedRequests {
    private final Driver driver;
    private final int jvmId;
    private final String name;
    private final Consumer<Message.ToWorker> port;
    private final Set<Integer> blocks = new HashSet<>(); // the first numbers of those given to its own driver
    private final Set<Integer> spokenFor = new HashSet<>();

    /** @param port the way to it; what is sent there after its end goes nowhere */
    SharedRequests(Driver driver, int jvmId, String name, Consumer<Message.ToWorker> port) {
        this.driver = driver;
        this.jvmId = jvmId;
        this.name = name;
        this.port = port;
    }

    void call(Message.SharedCall message) {
        long request = message.request();
        driver.hosts().handle(speaker(message.jvmId()), message.content(), answer -> {
            Message.SharedReply reply = new Message.SharedReply(request, answer);
            if (driver.loop().isOwner()) {
                port.accept(reply);
            } else {
                driver.loop().post(() -> port.accept(reply));
            }
        });
    }

    void tell(Message.SharedTell message) {
        driver.hosts().tell(speaker(message.jvmId()), message.content());
    }

    /** In whose name it asks: its own, or that of a worker which it has started. */
    private int speaker(int asking) {
        if (asking != jvmId) {
            refuseUnlessItsOwn(asking);
            spokenFor.add(asking);
        }
        return asking;
    }

    private void refuseUnlessItsOwn(int other) {
        if (!areOf(other)) {
            throw new WireException(name + " spoke for JVM " + other + ", which is none of its workers");
        }
    }

    /** Whether this is the number of one of its own workers. */
    boolean areOf(int other) {
        for (int first : blocks) {
            if (other >= first && other - first < SharedRelay.BLOCK) {
                return true;
            }
        }
        return false;
    }

    /** A worker that it has started has ended. */
    void gone(Message.SharedGone message) {
        refuseUnlessItsOwn(message.jvmId());
        spokenFor.remove(message.jvmId());
        driver.hosts().jvmGone(message.jvmId(), message.departure());
    }

    /** Its own driver needs numbers for workers. */
    void numbers(Message.NeedJvmIds message) {
        driver.nextJvmIds().thenAccept(first -> driver.loop().post(() -> {
            blocks.add(first);
            port.accept(new Message.JvmIds(message.request(), first));
        }));
    }

    /** It has ended, and all that it spoke for end with it. */
    void end(Departure departure, Departure ofItsWorkers) {
        driver.hosts().jvmGone(jvmId, departure);
        spokenFor.forEach(worker -> driver.hosts().jvmGone(worker, ofItsWorkers));
        spokenFor.clear();
    }
}
