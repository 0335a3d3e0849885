package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a pool whose workers die. */
@Timeout(120)
class WorkerDeathIT {
    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    /** The ways to die, by name, so that one test covers them all. */
    @SuppressWarnings("ModifiedButNotUsed") // memory that is in use
    static void die(String how) throws Exception {
        switch (how) {
            case "exit" -> System.exit(3);
            case "halt" -> Runtime.getRuntime().halt(3);
            case "kill" -> signal("-KILL");
            case "terminate" -> signal("-TERM");
            case "memory" -> {
                List<byte[]> all = new ArrayList<>();
                while (true) {
                    all.add(new byte[1 << 20]);
                }
            }
            default -> throw new IllegalArgumentException(how);
        }
    }

    private static void signal(String signal) throws Exception {
        new ProcessBuilder(
                        "sh",
                        "-c",
                        "kill " + signal + " " + ProcessHandle.current().pid())
                .start()
                .waitFor();
        Thread.sleep(60_000);
    }

    @Test
    void deathWithAJournalThatWasCutOff_isADeathAllTheSame() throws Exception {
        try (Pool pool = new Pool(1)) {
            Event running = new Event();
            AsyncResult<Integer> result = pool.applyAsync((Task<Integer>) () -> {
                running.set();
                Thread.sleep(600_000);
                return 1;
            });
            running.await();
            for (Path folder : Leftovers.folders()) {
                try (DirectoryStream<Path> journals = Files.newDirectoryStream(folder, "journal-*")) {
                    for (Path journal : journals) {
                        Files.write(journal, new byte[100]);
                    }
                }
            }
            long pid = pool.status().workers().get(0).pid();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            assertThatThrownBy(() -> result.get(Duration.ofSeconds(60))).hasCauseInstanceOf(WorkerDiedException.class);
            assertThat((int) pool.apply(() -> 7)).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "exit, exit code 3, 3",
        "halt, exit code 3, 3",
        "kill, signal 9 (SIGKILL), -9",
        "terminate, signal 15 (SIGTERM), -15",
        "memory, out of memory, 3"
    })
    void death_failsOnlyTheItemItHeld(String how, String reason, int exitCode) {
        try (Pool pool = Pool.builder().workers(2).maxHeap("64m").build()) {
            // One chunk of ten: the items before the death are done, those after it are not started.
            assertThatThrownBy(() -> pool.chunk(10)
                            .map(
                                    x -> {
                                        System.out.println("item " + x);
                                        if (x == 5) {
                                            die(how);
                                        }
                                        return x * x;
                                    },
                                    range(20)))
                    .isInstanceOfSatisfying(WorkerDiedException.class, death -> {
                        assertThat(death.reason()).isEqualTo(reason);
                        assertThat(death.exitCode()).isEqualTo(exitCode);
                        assertThat(death.index()).isEqualTo(5);
                        assertThat(death.pid()).isPositive();
                        assertThat(death.worker()).matches("Pool-\\d+ worker [12]");
                        assertThat(death.failures().keySet()).containsExactly(5);
                        assertThat(death.getMessage())
                                .contains(reason)
                                .contains("item 5 of map")
                                .contains("argument 5");
                        List<Integer> expected = new ArrayList<>(pool.map(x -> x * x, range(20)));
                        expected.set(5, null);
                        assertThat(death.results()).isEqualTo(expected);
                    });
            for (int item = 0; item < 20; item++) { // each item has run once, and its text is there
                assertThat(leftovers.sink().out()).containsOnlyOnce("item " + item + "\n");
            }
        }
    }

    @Test
    void deathOfManyWorkers_leavesThePoolUsable() {
        try (Pool pool = new Pool(2)) {
            for (int round = 0; round < 3; round++) {
                assertThatThrownBy(() ->
                                pool.apply((Action) () -> Runtime.getRuntime().halt(1)))
                        .isInstanceOf(WorkerDiedException.class);
            }
            assertThat((int) pool.apply(() -> 7)).isEqualTo(7);
        }
    }

    @Test
    void retries_runTheLostItemAgain() throws Exception {
        Path marker = java.nio.file.Files.createTempFile("retried", "");
        java.nio.file.Files.delete(marker);
        String path = marker.toString();
        try (Pool pool = new Pool(2)) {
            assertThat(pool.retries(1)
                            .map(
                                    x -> {
                                        if (x == 2 && java.nio.file.Files.notExists(Path.of(path))) {
                                            java.nio.file.Files.createFile(Path.of(path));
                                            Runtime.getRuntime().halt(1);
                                        }
                                        return x;
                                    },
                                    range(6)))
                    .containsExactly(0, 1, 2, 3, 4, 5);
            assertThatThrownBy(() -> pool.retries(1)
                            .apply((Action) () -> Runtime.getRuntime().halt(1)))
                    .isInstanceOf(WorkerDiedException.class);
        } finally {
            java.nio.file.Files.deleteIfExists(marker);
        }
    }

    @ParameterizedTest
    @CsvSource({"processes", "threads"})
    void taskTimeout_endsOnlyTheSlowItem(String backend) {
        try (Pool pool = Pool.builder().backend(backend).workers(2).build()) {
            assertThatThrownBy(() -> pool.timeout(Duration.ofMillis(500))
                            .map(
                                    x -> {
                                        while (x == 3) {
                                            Thread.onSpinWait(); // deaf to interrupts
                                            if (Thread.currentThread().isInterrupted() && backend.equals("threads")) {
                                                break;
                                            }
                                        }
                                        return x;
                                    },
                                    range(6)))
                    .isInstanceOfSatisfying(WorkerDiedException.class, death -> {
                        assertThat(death.getMessage()).contains("task timeout");
                        assertThat(death.failures().keySet()).containsExactly(3);
                    });
            assertThat(pool.map(x -> x, range(3))).containsExactly(0, 1, 2);
        }
    }

    @Test
    void loopDeafToInterrupts_isKilledAfterTheGrace() throws Exception {
        try (Pool pool = new Pool(1)) {
            long before = pool.apply(() -> ProcessHandle.current().pid());
            AsyncResult<Integer> deaf = pool.applyAsync((Task<Integer>) () -> {
                System.out.println("looping");
                while (true) {
                    Thread.onSpinWait();
                }
            });
            leftovers.sink().awaitText("looping", 1);
            assertThat(deaf.cancel()).isTrue();
            assertThat((long) pool.apply(() -> ProcessHandle.current().pid())).isNotEqualTo(before);
        }
    }

    @Test
    void interruptOfAPlace_cancelsWhatItSubmittedOnly() throws Exception {
        try (Pool pool = new Pool(2)) {
            leftovers.sink().place("cell 1");
            AsyncResult<Integer> first = pool.applyAsync((Task<Integer>) () -> {
                Thread.sleep(60_000);
                return 1;
            });
            leftovers.sink().place("cell 2");
            AsyncResult<Integer> second = pool.applyAsync((Task<Integer>) () -> {
                Thread.sleep(300);
                return 2;
            });
            leftovers.driver().interruptPlace("cell 1");
            assertThatThrownBy(() -> first.get(60, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
            assertThat(second.get(60, TimeUnit.SECONDS)).isEqualTo(2);
        }
    }

    @Test
    void wrongSettings_areToldAndDoNotRespawnForEver() {
        assertThatThrownBy(() -> Pool.builder().maxHeap("lots")).hasMessageContaining("not a valid heap size");
        try (Pool pool =
                Pool.builder().workers(1).jvmOptions("-XX:NoSuchOption").build()) {
            assertThatThrownBy(() -> pool.apply(() -> 1))
                    .isInstanceOf(ParallelException.class)
                    .hasMessageContaining("do not start")
                    .hasMessageContaining("NoSuchOption");
        }
        try (Pool pool = Pool.builder().workers(1).javaHome(Path.of("/nowhere")).build()) {
            assertThatThrownBy(() -> pool.apply(() -> 1))
                    .isInstanceOf(ParallelException.class)
                    .hasMessageContaining("/nowhere");
        }
        assertThatThrownBy(() -> Pool.builder().backend("moon").build())
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("processes");
    }

    @Test
    void maxTasksPerWorker_replacesWorkers() {
        try (Pool pool = Pool.builder().workers(1).maxTasksPerWorker(2).build()) {
            List<Long> pids = pool.chunk(1).map(x -> ProcessHandle.current().pid(), range(6));
            assertThat(pids.stream().distinct().count()).isEqualTo(3);
            assertThat(pids.get(0)).isEqualTo(pids.get(1));
        }
    }

    @Test
    void exitHook_runsBeforeAWorkerEndsInGoodOrder() {
        try (Pool pool = Pool.builder()
                .workers(2)
                .exitHook((Action) () -> System.out.println("goodbye"))
                .build()) {
            pool.everyWorker(() -> 1);
        }
        assertThat(leftovers.sink().out()).contains("[1] goodbye\n", "[2] goodbye\n");
    }

    @Test
    void idleTimeout_stopsWorkersAndTheNextSubmissionStartsThem() throws Exception {
        try (Pool pool =
                Pool.builder().workers(1).idleTimeout(Duration.ofMillis(200)).build()) {
            long first = pool.apply(() -> ProcessHandle.current().pid());
            ProcessHandle.of(first)
                    .map(ProcessHandle::onExit)
                    .orElse(new CompletableFuture<>())
                    .get(60, TimeUnit.SECONDS);
            long second = pool.apply(() -> ProcessHandle.current().pid());
            assertThat(second).isNotEqualTo(first);
        }
    }

    @Test
    void cpus_pinWorkers() {
        try (Pool pool = Pool.builder().workers(2).cpus(0, 1).build()) {
            assertThat(pool.everyWorker(() -> Runtime.getRuntime().availableProcessors()))
                    .containsExactly(1, 1);
        }
    }
}
