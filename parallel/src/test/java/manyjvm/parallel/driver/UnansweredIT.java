package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.NoLeftovers;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.Pool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A driver that does not answer in time: what is not known is told as that. */
@Timeout(60)
class UnansweredIT {
    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    @Test
    void statusAndStack_ofADriverThatIsBusy_claimNothing() {
        try (Pool pool = Pool.builder().workers(2).backend("threads").build()) {
            assertThat(pool.status().workers()).hasSize(2);
            CountDownLatch busy = new CountDownLatch(1);
            leftovers.driver().loop().post(() -> await(busy));
            try {
                assertThat(pool.status().state()).isEqualTo("running (no answer within 1 s)");
                assertThat(pool.status().workers()).isEmpty();
                assertThatThrownBy(() -> pool.stack(1))
                        .isInstanceOf(ParallelException.class)
                        .hasMessageContaining("did not report its threads")
                        .message()
                        .doesNotContain("kill -CONT", "jcmd", "pid 0");
            } finally {
                busy.countDown();
            }
            assertThat(pool.status().state()).isEqualTo("running");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
