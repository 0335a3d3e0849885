package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each option of the builders, where {@link PoolContractIT} and {@link WorkerDeathIT} do not show it. */
@Timeout(120)
class BuilderIT {
    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"processes", "threads"})
    void workersAndName_areThePools(String backend) {
        try (Pool pool =
                Pool.builder().backend(backend).workers(3).name("crunch").build()) {
            assertThat(pool.size()).isEqualTo(3);
            assertThat(pool.everyWorker(() -> 1)).hasSize(3);
            assertThat(pool.name()).isEqualTo("crunch");
            assertThat(pool.status().name()).isEqualTo("crunch");
            assertThat(pool.status().workers()).hasSize(3);
            assertThatThrownBy(() -> pool.apply((Action) () -> {
                        throw new IllegalStateException();
                    }))
                    .isInstanceOf(TaskFailedException.class);
        }
        assertThatThrownBy(() -> Pool.builder().workers(0)).hasMessageContaining("at least 1 worker");
        assertThatThrownBy(() -> Pool.builder().name(" "))
                .hasMessageContaining("a name needs at least one visible character");
    }

    @Test
    void workers_beyondTheMachinesMemory_areRefusedBeforeAnyStarts() {
        assertThatThrownBy(() -> new Pool(100_000))
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("Cannot start the 100000 workers of")
                .hasMessageContaining(": each process needs at least 40 MB, and only ");
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    @Test
    void names_countUp_withoutOne() {
        try (Pool first = Pool.threads(1);
                Pool second = Pool.threads(1)) {
            assertThat(List.of(first.name(), second.name())).containsExactly("Pool-1", "Pool-2");
        }
    }

    @Test
    void maxHeapAndJvmOptions_areTheWorkers() {
        try (Pool pool = Pool.builder()
                .workers(1)
                .maxHeap("100m")
                .jvmOptions("-Dfirst=1", "-Dsecond=2")
                .build()) {
            assertThat((long) pool.apply(() -> Runtime.getRuntime().maxMemory()))
                    .isBetween(64L << 20, 100L << 20);
            assertThat(pool.apply(() -> System.getProperty("first") + System.getProperty("second")))
                    .isEqualTo("12");
        }
    }

    @Test
    void settingsOfAJvm_forThreads_areRefused() {
        for (Pool.Builder builder : List.of(
                Pool.builder().maxHeap("1g"),
                Pool.builder().jvmOptions("-Dx=1"),
                Pool.builder().javaHome(folder),
                Pool.builder().cpus(0))) {
            assertThatThrownBy(() -> builder.backend("threads").build())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("workers that are threads run in this JVM");
        }
    }

    @Test
    void javaHome_isTheWorkersJdk() throws Exception {
        Path home = jdk(System.getProperty("java.version"));
        try (Pool pool = Pool.builder().workers(1).javaHome(home).build()) {
            assertThat(pool.apply(() -> System.getProperty("started.by"))).isEqualTo("the other one");
        }
        Process process = Process.builder()
                .javaHome(home)
                .target((Action) () -> System.out.println(System.getProperty("started.by")))
                .start();
        process.join();
        assertThat(leftovers.sink().out()).isEqualTo("the other one\n");
    }

    @Test
    void javaHome_olderThanThisJvm_isRefused() throws Exception {
        Path home = jdk("11.0.2");
        try (Pool pool = Pool.builder().workers(1).javaHome(home).build()) {
            assertThatThrownBy(() -> pool.apply(() -> 1))
                    .isInstanceOf(ParallelException.class)
                    .hasMessageContaining("version 11, older than this JVM's");
        }
        assertThatThrownBy(() -> Process.builder()
                        .javaHome(home)
                        .target((Action) () -> {})
                        .start())
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("older than this JVM's");
    }

    @Test
    void javaHome_thatDoesNotTellItsVersion_isTried() throws Exception {
        Path home = jdk("of our own making");
        for (int round = 0; round < 2; round++) {
            try (Pool pool = Pool.builder().workers(1).javaHome(home).build()) {
                assertThat(pool.apply(() -> System.getProperty("started.by"))).isEqualTo("the other one");
            }
            Files.deleteIfExists(home.resolve("release"));
        }
    }

    /** A folder that passes for a JDK of this version, whose java is ours with a mark. */
    private Path jdk(String version) throws IOException {
        Path java = folder.resolve("bin").resolve("java");
        Files.createDirectories(java.getParent());
        Files.writeString(
                java,
                "#!/bin/sh\nexec '" + System.getProperty("java.home")
                        + "/bin/java' '-Dstarted.by=the other one' \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return folder;
    }

    @Test
    void cpus_thatDoNotExist_areToldAndDoNotRespawnForEver() {
        assertThatThrownBy(() -> Pool.builder().cpus(-1)).hasMessageContaining("no processor -1");
        try (Pool pool = Pool.builder().workers(1).cpus(4000).build()) {
            assertThatThrownBy(() -> pool.apply(() -> 1))
                    .isInstanceOf(ParallelException.class)
                    .hasMessageContaining("do not start")
                    .hasMessageContaining("taskset");
        }
    }

    @Test
    void processThatDoesNotStart_saysWhyAndWhatToCheck() throws Exception {
        Process process = Process.builder()
                .name("mute")
                .jvmOptions("-XX:NoSuchOption")
                .target((Action) () -> {})
                .start();
        assertThat(process.onExit().get(60, TimeUnit.SECONDS)).hasToString("mute (exit code 1)");
        assertThat(leftovers.sink().err())
                .contains("mute did not start (exit code 1): Unrecognized VM option 'NoSuchOption' | Error: ")
                .contains("Program will exit. Check the heap size, the JVM options and the JDK that it was given");
    }

    @Test
    void initializerThatEndsTheJvm_endsThePoolWithItsError() {
        try (Pool pool = Pool.builder()
                .workers(2)
                .initializer((Action) () -> System.exit(7))
                .build()) {
            assertThatThrownBy(() -> pool.map(x -> x, range(4)))
                    .isInstanceOf(ParallelException.class)
                    .hasMessageContaining("exit code 7");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"processes", "threads"})
    void exitHook_runsOnceAWorker(String backend) {
        Value.OfInt ended = Value.of(0);
        try (Pool pool = Pool.builder()
                .backend(backend)
                .workers(2)
                .exitHook((Action) () -> ended.getAndAdd(1))
                .build()) {
            pool.everyWorker(() -> 1);
        }
        assertThat(ended.get()).isEqualTo(2);
    }

    @Test
    void taskTimeout_ofTheBuilder_isOverriddenByTheCall() throws Exception {
        try (Pool pool =
                Pool.builder().workers(1).taskTimeout(Duration.ofMillis(300)).build()) {
            assertThatThrownBy(() -> pool.apply((Action) () -> Thread.sleep(600_000)))
                    .isInstanceOf(WorkerDiedException.class)
                    .hasMessageContaining("task timeout");
            pool.timeout(Duration.ofMinutes(2)).apply((Action) () -> Thread.sleep(600));
            Duration forEver = ChronoUnit.FOREVER.getDuration(); // more than nanoseconds can count
            assertThat(pool.timeout(forEver).applyAsync((Task<Integer>) () -> 5).get(forEver))
                    .isEqualTo(5);
        }
        assertThatThrownBy(() -> Pool.builder().taskTimeout(Duration.ZERO))
                .hasMessageContaining("a timeout must be more than 0, not 0 s");
    }

    @Test
    void retries_ofTheBuilder_runALostItemAgain() {
        Value.OfInt tries = Value.of(0);
        try (Pool pool = Pool.builder().workers(1).retries(2).build()) {
            assertThat((int) pool.apply((Task<Integer>) () -> {
                        if (tries.getAndAdd(1) < 2) {
                            Runtime.getRuntime().halt(1);
                        }
                        return tries.get();
                    }))
                    .isEqualTo(3);
            tries.set(0);
            assertThatThrownBy(() -> pool.retries(0)
                            .apply((Action) () -> Runtime.getRuntime().halt(1)))
                    .isInstanceOf(WorkerDiedException.class);
        }
        assertThatThrownBy(() -> Pool.builder().retries(-1)).hasMessageContaining("negative");
    }

    @Test
    void output_ofTheBuilder_isThePools() {
        try (Pool pool = Pool.builder().workers(2).output(OutputMode.GROUPED).build()) {
            assertThat(pool.status().output()).isEqualTo(OutputMode.GROUPED);
            pool.chunk(1)
                    .each(
                            x -> {
                                System.out.println("first " + x);
                                System.out.println("second " + x);
                            },
                            range(4));
        }
        String text = leftovers.sink().out().replaceAll("\\[\\d] ", "");
        assertThat(text).isEqualTo("first 0\nsecond 0\nfirst 1\nsecond 1\nfirst 2\nsecond 2\nfirst 3\nsecond 3\n");
    }

    @Test
    void processBuilder_settingsAreTheJvms() throws Exception {
        Process process = Process.builder()
                .name("worker bee")
                .maxHeap("100m")
                .jvmOptions("-Dmode=fast")
                .cpus(0)
                .output(OutputMode.RAW)
                .target((Action)
                        () -> System.out.print(Parallel.currentProcess().name() + ", "
                                + (Runtime.getRuntime().maxMemory() <= 100L << 20) + ", "
                                + System.getProperty("mode") + ", "
                                + Runtime.getRuntime().availableProcessors()))
                .build();
        assertThat(process.name()).isEqualTo("worker bee");
        assertThat(process.daemon()).isFalse();
        assertThat(process).hasToString("worker bee (not started)");
        assertThatThrownBy(process::pid).hasMessageContaining("worker bee has not been started: call start() first");
        assertThatThrownBy(process::join).isInstanceOf(IllegalStateException.class);
        process.close(); // never started: left alone
        process.start();
        assertThat(process.onExit().get(60, TimeUnit.SECONDS)).hasToString("worker bee (exit code 0)");
        assertThat(leftovers.sink().out()).isEqualTo("worker bee, true, fast, 1");
        assertThatThrownBy(() -> Process.builder().start())
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("target");
    }
}
