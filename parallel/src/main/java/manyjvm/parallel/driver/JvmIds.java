package manyjvm.parallel.driver;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.shared.SharedRelay;

/**
 * Numbers for JVMs, each used once among all JVMs of a root driver, since locks in shared memory name their holder by it. The
 * root driver counts; a driver in a worker is given blocks, the next one long before it needs it. Safe for use by any thread.
 */
abstract class JvmIds {
    /** What a lock's word has room for. */
    private static final int MOST = 1 << 30;

    /** The next number. Never waits. */
    abstract int next();

    /** The first number of the next block for a driver in a worker. */
    abstract CompletableFuture<Integer> nextBlock();

    /** Those of the root driver, which is 0 itself. */
    static final class Counted extends JvmIds {
        private int last; // guarded by this

        @Override
        synchronized int next() {
            return take(1);
        }

        @Override
        synchronized CompletableFuture<Integer> nextBlock() {
            return CompletableFuture.completedFuture(take(SharedRelay.BLOCK));
        }

        private int take(int count) {
            if (MOST - last <= count) {
                throw new ParallelException(
                        "this program has started more workers than it has numbers for: restart it");
            }
            int first = last + 1;
            last += count;
            return first;
        }
    }

    /** Those of a driver in a worker. */
    static final class Given extends JvmIds {
        private static final int SECONDS = 30;

        private final SharedRelay relay;
        private int next; // guarded by this
        private int end; // guarded by this
        private CompletableFuture<Integer> block; // guarded by this

        /** Waits for the first block. */
        Given(SharedRelay relay) {
            this.relay = relay;
            block = relay.newJvmIds();
            try {
                block.orTimeout(SECONDS, TimeUnit.SECONDS).join();
            } catch (CompletionException failure) {
                throw new ParallelException(
                        "this worker cannot start workers of its own: " + failure.getCause(), failure.getCause());
            }
        }

        @Override
        synchronized int next() {
            if (next == end) {
                // Asked for when the last block was begun. Without it, the driver is gone, and soon this JVM.
                next = block.getNow(0);
                if (next == 0) {
                    throw new ParallelException("this worker can start no more workers: its driver does not answer");
                }
                end = next + SharedRelay.BLOCK;
                block = relay.newJvmIds();
            }
            return next++;
        }

        @Override
        CompletableFuture<Integer> nextBlock() {
            return relay.newJvmIds();
        }
    }
}
