package manyjvm.parallel.shared.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.SharedClient;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalHostsTest {
    private static final int MAKER = SharedClient.DRIVER;
    private static final int NEVER_HELD_ANYTHING = 4711;

    @Test
    void jvmGone_whileAnObjectIsMade_leavesTheObjectToItsMaker(@TempDir Path folder) throws InterruptedException {
        int rounds = 200_000;
        LocalHosts hosts = new LocalHosts(folder);
        AtomicReference<String> refusal = new AtomicReference<>();
        AtomicBoolean made = new AtomicBoolean();
        Thread deaths = new Thread(() -> {
            while (!made.get()) {
                hosts.jvmGone(NEVER_HELD_ANYTHING, new Departure("Process-1", false));
            }
        });
        deaths.start();
        try {
            for (int i = 1; i <= rounds && refusal.get() == null; i++) {
                Shared.Handle queue = new Shared.Handle("Queue", i, "");
                hosts.tell(MAKER, request(queue, SharedOperation.CREATED));
                hosts.handle(
                        MAKER,
                        request(queue, SharedOperation.RELEASED),
                        answer -> refusal.compareAndSet(null, answer.reason()));
            }
        } finally {
            made.set(true);
            deaths.join();
        }
        assertNull(refusal.get());
        assertEquals(0, hosts.size());
    }

    private static SharedRequest request(Shared.Handle handle, SharedOperation operation) {
        return new SharedRequest(handle, operation, 1);
    }
}
