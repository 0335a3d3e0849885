package manyjvm.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.driver.Driver;
import manyjvm.parallel.machine.OwnedFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that ends leaves nothing behind, however it ends. */
@Timeout(120)
class DriverDeathIT {
    private static final String MARK = "MANYJVM_TEST";

    /** A plain program with busy workers; prints their pids, then waits or returns. */
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            if (arguments[0].equals("hold")) {
                AutoCloseable claim = OwnedFolder.claim(Path.of(arguments[1]));
                System.out.println("ready");
                Thread.sleep(600_000);
                claim.close();
            }
            Pool pool = new Pool(2);
            pool.everyWorker(() -> 1);
            Process process = Process.builder()
                    .target((Action) () -> Thread.sleep(600_000))
                    .daemon(true)
                    .start();
            pool.applyAsync((Action) () -> {
                while (true) {
                    Thread.onSpinWait();
                }
            });
            assertThat(process.isAlive()).isTrue();
            Parallel.activeChildren().forEach(child -> System.out.println(child.pid()));
            System.out.println("ready");
            if (arguments[0].equals("wait")) {
                Thread.sleep(600_000);
            }
        }
    }

    private record Running(java.lang.Process process, List<ProcessHandle> workers) {}

    private static Running start(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName()));
        command.addAll(List.of(arguments));
        java.lang.Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<ProcessHandle> workers = new ArrayList<>();
        BufferedReader lines = process.inputReader();
        for (String line = lines.readLine(); !"ready".equals(line); line = lines.readLine()) {
            ProcessHandle.of(Long.parseLong(line)).ifPresent(workers::add);
        }
        return new Running(process, workers);
    }

    @Test
    void sigkillOfTheDriver_leavesNoWorker_andNoFile() throws Exception {
        Running running = start("wait");
        assertThat(running.workers()).hasSize(3);
        running.process().destroyForcibly().waitFor();
        for (ProcessHandle worker : running.workers()) {
            worker.onExit().get(3, TimeUnit.SECONDS);
        }
        Leftovers.await(
                Duration.ofSeconds(3),
                () -> Leftovers.folders(running.process().pid()).isEmpty());
        assertThat(Leftovers.folders(running.process().pid())).isEmpty();
    }

    /** A plain program that is killed in a phase of its workers' lives; prints "now" in it. */
    static final class Phases {
        public static void main(String[] arguments) throws Exception {
            switch (arguments[0]) {
                case "starting" -> {
                    Pool pool = new Pool(3);
                    Thread.sleep(Long.parseLong(arguments[1]));
                    System.out.println("now " + pool.name());
                }
                case "initializer" ->
                    Pool.builder().workers(2).initializer(Phases::stay).build();
                case "running" -> new Pool(2).applyAsync(Phases::stay);
                case "exit hook" -> {
                    Pool pool = Pool.builder().workers(2).exitHook(Phases::stay).build();
                    pool.everyWorker(() -> 1);
                    pool.shutdown();
                }
                case "nested" ->
                    new Pool(1).applyAsync(() -> {
                        try (Pool inner = new Pool(1)) {
                            inner.apply(Phases::stay);
                        }
                    });
                default -> throw new IllegalArgumentException(arguments[0]);
            }
            Thread.sleep(600_000);
        }

        static void stay() {
            System.out.println("now");
            while (true) {
                Thread.onSpinWait(); // deaf to interrupts, too
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "starting, 0",
        "starting, 30",
        "starting, 80",
        "starting, 150",
        "starting, 250",
        "starting, 400",
        "initializer, 0",
        "running, 0",
        "exit hook, 0",
        "nested, 0"
    })
    void sigkillOfTheDriver_inAnyPhase_leavesNothing(String phase, String delay) throws Exception {
        String mark = UUID.randomUUID().toString();
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Phases.class.getName(),
                        phase,
                        delay)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put(MARK, mark); // the workers inherit it
        java.lang.Process process = builder.start();
        BufferedReader lines = process.inputReader();
        for (String line = lines.readLine(); !line.contains("now"); line = lines.readLine()) {
            // until the program is in the phase
        }
        process.destroyForcibly().waitFor();

        Leftovers.await(Duration.ofSeconds(3), () -> marked(mark).isEmpty());
        assertThat(marked(mark)).as("processes that have outlived their driver").isEmpty();
        if (phase.equals("starting")) { // perhaps before a worker knew the folder: then the next driver sweeps it
            Driver.builder().open().close();
        }
        Leftovers.await(
                Duration.ofSeconds(3), () -> Leftovers.folders(process.pid()).isEmpty());
        assertThat(Leftovers.folders(process.pid())).isEmpty();
    }

    /** The processes that carry a mark in their environment. */
    private static List<ProcessHandle> marked(String mark) {
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    try {
                        return Files.readString(
                                        Path.of("/proc", String.valueOf(process.pid()), "environ"),
                                        StandardCharsets.ISO_8859_1)
                                .contains(MARK + "=" + mark);
                    } catch (IOException goneOrNotOurs) {
                        return false;
                    }
                })
                .toList();
    }

    @Test
    void folderOfALivingDriver_isNotSwept_evenWhenItsNumberSeemsFree() throws Exception {
        Path base = Path.of("/dev/shm");
        // As a driver in another container looks from here: no process has its number. Their names are of
        // this JVM alone, and given last, since any other driver of this machine sweeps, too.
        String gone = "manyjvm-" + (900_000_000 + ProcessHandle.current().pid());
        Path living = base.resolve(gone + "-1-living");
        Path dead = base.resolve(gone + "-1-dead");
        Path unnamed = Files.createTempDirectory(base, "unnamed-");
        try {
            Files.createFile(unnamed.resolve("owner"));
            Files.move(unnamed, dead);
            Files.createDirectory(unnamed);
            Running owner = start("hold", unnamed.toString());
            Files.move(unnamed, living);
            Driver.builder().open().close();
            Leftovers.await(Duration.ofSeconds(10), () -> Files.notExists(dead));
            assertThat(dead).doesNotExist();
            assertThat(living).exists();
            owner.process().destroyForcibly().waitFor();
            Driver.builder().open().close();
            Leftovers.await(Duration.ofSeconds(10), () -> Files.notExists(living));
            assertThat(living).doesNotExist();
        } finally {
            OwnedFolder.delete(unnamed);
            OwnedFolder.delete(living);
            OwnedFolder.delete(dead);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"return", "terminate"})
    void endOfTheProgram_endsItsWorkersAndRemovesItsFolder(String how) throws Exception {
        Running running = start(how.equals("return") ? "return" : "wait");
        if (how.equals("terminate")) {
            running.process().destroy();
        }
        assertThat(running.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        for (ProcessHandle worker : running.workers()) {
            worker.onExit().get(3, TimeUnit.SECONDS);
        }
        assertThat(Leftovers.folders(running.process().pid())).isEmpty();
    }
}
