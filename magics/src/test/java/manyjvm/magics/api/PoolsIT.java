package manyjvm.magics.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.Pool;
import manyjvm.parallel.PoolStatus;
import manyjvm.parallel.spi.ParallelRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The default pool lives on between cells, and its workers do not when nobody needs them. */
@Timeout(120)
class PoolsIT {
    @Test
    void defaultPool_whenIdle_endsItsWorkers_andItsNextUseStartsOthers() throws Exception {
        Pools pools = new Pools(Duration.ofMillis(300));
        Pool pool = pools.byDefault();
        try {
            long first = pool.apply(() -> ProcessHandle.current().pid());
            List<PoolStatus.Worker> workers = pool.status().workers();
            for (PoolStatus.Worker worker : workers) {
                if (worker.pid() != 0) {
                    awaitEnd(worker.pid());
                }
            }
            assertThat(ProcessHandle.of(first)).isEmpty();
            assertThat(pools.byDefault()).isSameAs(pool);

            assertThat((long) pool.apply(() -> ProcessHandle.current().pid())).isNotEqualTo(first);
        } finally {
            pool.close();
            ((AutoCloseable) ParallelRuntime.current()).close();
            ParallelRuntime.install(null);
        }
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    private static void awaitEnd(long pid) throws Exception {
        ProcessHandle process = ProcessHandle.of(pid).orElse(null);
        if (process != null) {
            process.onExit().get(60, TimeUnit.SECONDS);
        }
    }
}
