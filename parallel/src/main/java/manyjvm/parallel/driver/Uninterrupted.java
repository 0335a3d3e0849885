package manyjvm.parallel.driver;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for an event, whether the thread is interrupted or not, and keeps its interrupt for later: a driver that closes leaves
 * nothing behind.
 */
final class Uninterrupted {
    private Uninterrupted() {}

    /**
     * Also for a thread that has been interrupted before. Interrupted now it waits no longer.
     *
     * @return whether the event has come, and did not fail
     */
    static boolean await(CompletableFuture<?> event, Duration timeout) {
        boolean interrupted = Thread.interrupted();
        try {
            event.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException again) {
            interrupted = true;
            return false;
        } catch (ExecutionException | TimeoutException late) {
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
