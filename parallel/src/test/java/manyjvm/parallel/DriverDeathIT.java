package manyjvm.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that ends leaves nothing behind, however it ends. */
@Timeout(120)
class DriverDeathIT {
    /** A plain program with busy workers; prints their pids, then waits or returns. */
    static final class Program {
        public static void main(String[] arguments) throws Exception {
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

    private static Running start(String argument) throws Exception {
        java.lang.Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        argument)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<ProcessHandle> workers = new ArrayList<>();
        BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream()));
        for (String line = lines.readLine(); !"ready".equals(line); line = lines.readLine()) {
            ProcessHandle.of(Long.parseLong(line)).ifPresent(workers::add);
        }
        return new Running(process, workers);
    }

    @Test
    void sigkillOfTheDriver_leavesNoWorker_andTheNextDriverSweepsItsFolder() throws Exception {
        Running running = start("wait");
        assertThat(running.workers()).hasSize(3);
        running.process().destroyForcibly().waitFor();
        for (ProcessHandle worker : running.workers()) {
            worker.onExit().get(3, TimeUnit.SECONDS);
        }
        java.lang.Process next = start("return").process();
        assertThat(next.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(folders(running.process().pid())).isEmpty();
        assertThat(folders(next.pid())).isEmpty();
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
        assertThat(folders(running.process().pid())).isEmpty();
    }

    private static List<Path> folders(long pid) throws Exception {
        try (Stream<Path> all = Files.list(Path.of("/dev/shm"))) {
            return all.filter(path -> path.getFileName().toString().startsWith("manyjvm-" + pid + "-"))
                    .toList();
        }
    }
}
