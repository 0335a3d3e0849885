package manyjvm.parallel.spi;

import java.time.Duration;
import java.util.Optional;

/**
 * What one submission asks for beside its function and items.
 *
 * @param description the method's name, for messages: {@code map}, {@code apply}
 * @param taskTimeout overrides the pool's
 * @param retries overrides the pool's; -1 for the pool's
 * @param failFast the first failure cancels what has not run
 * @param everyWorker each list of items added goes to the next worker, counted from the first
 */
public record JobSettings(
        String description, Optional<Duration> taskTimeout, int retries, boolean failFast, boolean everyWorker) {
    public static JobSettings of(String description) {
        return new JobSettings(description, Optional.empty(), -1, false, false);
    }
}
