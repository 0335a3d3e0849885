package manyjvm.parallel.shared;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A JVM's way to the hosts of shared objects, which live with the driver. In the driver's own JVM it is a short call, in a
 * worker a message each way. Requests of one thread to one object arrive in order.
 */
public interface SharedClient {
    /**
     * Sends a request; the future completes with the answer, or exceptionally with a
     * {@link manyjvm.parallel.ParallelException} when the driver is gone. Who gives a
     * wait up sends {@link SharedOperation#WITHDRAW}, and awaits the answer all the same.
     */
    CompletableFuture<SharedAnswer> call(SharedRequest request);

    /** Sends a request that has no answer. Blocks only while this JVM's share of unsent bytes is used up. */
    void tell(SharedRequest request);

    /** A number for a new shared object, unique among all JVMs of the driver. */
    long newId();

    /** The {@link #jvmId} that is the driver itself. */
    int DRIVER = 0;

    /** Who this JVM is among the driver's: 0 is the driver, workers count from 1; never used twice. */
    int jvmId();

    /** The private folder for files in shared memory; the same for all JVMs of the driver on this host. */
    Path folder();

    /** The shared objects of this JVM: the same linker each time, made once with {@code new SharedLinker(this)}. */
    SharedLinker linker();

    /** Encodes a value so that any JVM of the driver can decode it. */
    byte[] encode(@Nullable Object value);

    @Nullable
    Object decode(byte[] bytes);
}
