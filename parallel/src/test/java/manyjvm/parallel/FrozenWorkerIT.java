package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers that are stopped (SIGSTOP): alive, and deaf. A task's timeout ends them, or the end of their pool. */
@Timeout(120)
class FrozenWorkerIT {
    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    @Test
    void frozenWhileIdle_itsNextTaskRunsElsewhereAfterTheTimeout() throws Exception {
        try (Pool pool =
                // Long enough for a new worker on a busy machine to begin its first task in.
                Pool.builder().workers(1).taskTimeout(Duration.ofSeconds(5)).build()) {
            long frozen = pool.apply(() -> ProcessHandle.current().pid());
            Trouble.signal("STOP", frozen);
            // Never begun there, so not lost.
            assertThat((long) pool.apply(() -> ProcessHandle.current().pid())).isNotEqualTo(frozen);
        }
    }

    @Test
    void frozenInATask_theTaskFailsAfterTheTimeout() throws Exception {
        try (Pool pool = Pool.builder().workers(1).build()) {
            long pid = pool.apply(() -> ProcessHandle.current().pid());
            AsyncResult<Integer> result = pool.timeout(Duration.ofSeconds(2)).applyAsync((Task<Integer>) () -> {
                System.out.println("running");
                Thread.sleep(60_000);
                return 1;
            });
            leftovers.sink().awaitText("running", 1);
            Trouble.signal("STOP", pid);
            assertThatThrownBy(() -> result.get(60, TimeUnit.SECONDS))
                    .hasMessageContaining("task timeout")
                    .hasCauseInstanceOf(WorkerDiedException.class);
            assertThat((int) pool.apply(() -> 7)).isEqualTo(7);
        }
    }

    @Test
    void frozenWhileIdle_doesNotKeepItsPoolFromClosing() throws Exception {
        Pool pool = Pool.builder()
                .workers(2)
                .exitHook((Action) () -> System.out.println("goodbye"))
                .build();
        pool.everyWorker(() -> 1);
        Trouble.signal("STOP", pool.status().workers().get(0).pid());
        pool.close();
        assertThat(pool.isTerminated()).isTrue();
        assertThat(leftovers.sink().out()).contains("[2] goodbye");
    }

    @Test
    void frozen_andThawedInTime_nothingHappens() throws Exception {
        try (Pool pool =
                Pool.builder().workers(1).taskTimeout(Duration.ofSeconds(60)).build()) {
            long pid = pool.apply(() -> ProcessHandle.current().pid());
            Trouble.signal("STOP", pid);
            AsyncResult<java.util.List<Integer>> squares = pool.mapAsync(x -> x * x, range(10));
            assertThatThrownBy(() -> squares.get(200, TimeUnit.MILLISECONDS))
                    .isInstanceOf(java.util.concurrent.TimeoutException.class);
            Trouble.signal("CONT", pid);
            assertThat(squares.get(60, TimeUnit.SECONDS)).endsWith(81);
            assertThat((long) pool.apply(() -> ProcessHandle.current().pid())).isEqualTo(pid);
        }
    }

    @Test
    void frozen_tellsNoThreads_andTheWaitForThemEnds() throws Exception {
        try (Pool pool = new Pool(1)) {
            long pid = pool.apply(() -> ProcessHandle.current().pid());
            Trouble.signal("STOP", pid);
            assertThatThrownBy(() -> pool.stack(1))
                    .isInstanceOf(ParallelException.class)
                    .hasMessageContaining("it is frozen")
                    .hasMessageContaining("kill -CONT " + pid);
            Trouble.signal("CONT", pid);
            assertThat(pool.stack(1).toString()).contains("\"task\" has nothing to do");
        }
    }
}
