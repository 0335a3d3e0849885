package manyjvm.parallel.spi;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one submission asks for beside its function and items.
 *
 * @param description the method's name, for messages: {@code map}, {@code apply}
 * @param taskTimeout overrides the pool's
 * @param retries overrides the pool's; -1 for the pool's
 * @param failFast the first failure cancels what has not run
 * @param everyWorker each list of items added goes to the next worker, counted from the first
 * @param progress whether it is shown how far it is; empty where the pool or the driver decides
 * @param items how many it will have at most; empty where that is not known before they have been read
 */
public record JobSettings(
        String description,
        Optional<Duration> taskTimeout,
        int retries,
        boolean failFast,
        boolean everyWorker,
        Optional<Boolean> progress,
        OptionalLong items) {
    /** One whose progress nobody sees. */
    public JobSettings(
            String description, Optional<Duration> taskTimeout, int retries, boolean failFast, boolean everyWorker) {
        this(description, taskTimeout, retries, failFast, everyWorker, Optional.of(false), OptionalLong.empty());
    }

    public static JobSettings of(String description) {
        return new JobSettings(description, Optional.empty(), -1, false, false);
    }
}
