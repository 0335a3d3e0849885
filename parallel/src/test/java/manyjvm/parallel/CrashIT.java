package manyjvm.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker whose JVM itself crashes. */
@Timeout(120)
class CrashIT {
    private static final String REPORT = "The JVM's report is in ";

    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    @ParameterizedTest
    @ValueSource(strings = {"SEGV", "BUS"})
    void lastWords_areTheSignalTheFrameAndTheReport(String signal) throws Exception {
        try (Pool pool = new Pool(1)) {
            WorkerDiedException death = catchThrowableOfType(
                    WorkerDiedException.class,
                    () -> pool.apply((Action) () -> {
                        new ProcessBuilder(
                                        "sh",
                                        "-c",
                                        "kill -" + signal + " "
                                                + ProcessHandle.current().pid())
                                .start()
                                .waitFor();
                        Thread.sleep(60_000);
                    }));
            assertThat(death.lastLines())
                    .anyMatch(line -> line.startsWith("SIG" + signal + " (0x"))
                    .anyMatch(line -> line.startsWith("in ") && line.contains("["))
                    .noneMatch(line -> line.contains("http"));
            String file = death.lastLines().stream()
                    .filter(line -> line.startsWith(REPORT))
                    .findFirst()
                    .orElseThrow()
                    .substring(REPORT.length());
            assertThat(death).hasMessageContaining(file);
            assertThat(Files.deleteIfExists(Path.of(file))).isTrue();
        }
    }
}
