package manyjvm.parallel.shared;

import java.util.concurrent.CompletableFuture;

/**
 * A worker's way to the hosts of shared objects in the name of the workers that it has started itself. To the hosts these are
 * JVMs like any other: what they hold is released when they die, whether their parent lives or not. Safe for use by any
 * thread.
 */
public interface SharedRelay {
    /** How many numbers {@link #newJvmIds} gives at once. */
    int BLOCK = 10_000;

    /** As {@link SharedClient#call}. */
    CompletableFuture<SharedAnswer> call(int jvmId, SharedRequest request);

    /** As {@link SharedClient#tell}. */
    void tell(int jvmId, SharedRequest request);

    /** A JVM that was spoken for has died or ended. */
    void gone(int jvmId, Departure departure);

    /** The first of {@link #BLOCK} numbers for JVMs, which nobody else uses, now or later. */
    CompletableFuture<Integer> newJvmIds();
}
