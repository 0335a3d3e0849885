package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import manyjvm.parallel.spi.JvmSettings;
import manyjvm.parallel.spi.WorkerHandle;
import manyjvm.parallel.spi.WorkerSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** JVMs that stand by are taken where they fit, and end with their driver. */
@Timeout(60)
class StandbyIT {
    private static final String MAIN = "manyjvm.parallel.worker.WorkerMain";

    private final StandbyJvms standbys = new StandbyJvms(2);
    private final ProcessBackend backend =
            new ProcessBackend(Optional.empty(), standbys, EnvironmentOptions.ofThisJvm());

    @AfterEach
    void close() throws Exception {
        backend.close();
        for (ProcessHandle child : ProcessHandle.current().children().toList()) {
            child.onExit().get(10, TimeUnit.SECONDS);
        }
    }

    private static Set<Long> children() {
        return ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    private WorkerHandle launch(JvmSettings jvm) {
        return backend.launch(new WorkerSpec(
                "worker", 1, jvm, WorkerClassPath.find(), MAIN, new byte[0], (error, bytes) -> {}, Optional.empty()));
    }

    private static void kill(WorkerHandle worker) throws Exception {
        worker.kill();
        worker.onExit().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void standBy_startsAsManyAsAreWanted() throws Exception {
        assertThat(backend.standBy(WorkerClassPath.find(), MAIN)).as("one more").isTrue();
        assertThat(backend.standBy(WorkerClassPath.find(), MAIN)).as("enough").isFalse();
        assertThat(backend.standBy(WorkerClassPath.find(), MAIN)).isFalse();
        assertThat(children()).hasSize(2);
    }

    @Test
    void launch_withoutSettings_takesOneThatStandsBy() throws Exception {
        backend.standBy(WorkerClassPath.find(), MAIN);
        Set<Long> before = children();
        WorkerHandle worker = launch(JvmSettings.DEFAULT);
        assertThat(before).containsExactly(worker.pid());
        assertThat(standbys.size()).isZero();
        kill(worker);
    }

    @Test
    void launch_withSettings_startsAFreshOneAndLeavesTheOthers() throws Exception {
        backend.standBy(WorkerClassPath.find(), MAIN);
        Set<Long> before = children();
        WorkerHandle worker = launch(new JvmSettings(Optional.of("64m"), List.of(), Optional.empty(), List.of()));
        assertThat(before).doesNotContain(worker.pid());
        assertThat(standbys.size()).isOne();
        kill(worker);
    }

    @Test
    void launch_whenTheOneThatStoodByDied_startsAFreshOne() throws Exception {
        backend.standBy(WorkerClassPath.find(), MAIN);
        ProcessHandle standby = ProcessHandle.current().children().findFirst().orElseThrow();
        standby.destroyForcibly();
        standby.onExit().get(10, TimeUnit.SECONDS);
        WorkerHandle worker = launch(JvmSettings.DEFAULT);
        assertThat(worker.pid()).isNotEqualTo(standby.pid());
        kill(worker);
    }

    @Test
    void dismiss_endsThem_andCloseLetsNoMoreStart() throws Exception {
        backend.standBy(WorkerClassPath.find(), MAIN);
        ProcessHandle standby = ProcessHandle.current().children().findFirst().orElseThrow();
        standbys.dismiss();
        standby.onExit().get(10, TimeUnit.SECONDS);
        assertThat(standbys.size()).isZero();
        backend.close();
        assertThat(backend.standBy(WorkerClassPath.find(), MAIN)).isFalse();
        assertThat(standbys.size()).isZero();
    }
}
