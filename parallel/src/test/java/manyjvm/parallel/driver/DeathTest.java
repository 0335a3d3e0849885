package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import manyjvm.parallel.spi.Exit;
import manyjvm.parallel.wire.connect.WorkerJournal.Announcement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeathTest {
    @ParameterizedTest
    @CsvSource({
        "0, EXIT, '', exit code 0, 0",
        "3, EXIT, '', exit code 3, 3",
        "3, NONE, '', exit code 3, 3",
        "3, NONE, Terminating due to java.lang.OutOfMemoryError: Java heap space, out of memory, 3",
        "3, EXIT, Terminating due to java.lang.OutOfMemoryError: Java heap space, exit code 3, 3",
        "137, NONE, '', signal 9 (SIGKILL), -9",
        "137, EXIT, '', exit code 137, 137",
        "143, TERMINATED, '', signal 15 (SIGTERM), -15",
        "143, EXIT, '', exit code 143, 143",
        "134, NONE, '', signal 6 (SIGABRT), -6",
        "200, NONE, '', exit code 200, 200",
        "1, TERMINATED, '', exit code 1, 1"
    })
    void reason_followsStatusAnnouncementAndLastWords(
            int status, Announcement announcement, String line, String reason, int exitCode) {
        Death death = Death.of(new Exit(status, List.of(line), "localhost"), announcement, Optional.empty());
        assertThat(death.reason()).isEqualTo(reason);
        assertThat(death.byDriver()).isFalse();
        assertThat(death.exitCode()).isEqualTo(exitCode);
    }

    @Test
    void told_isTheReasonAndWhatTheJvmSaid_withoutAFullStop() {
        assertThat(new Death("exit code 1", 1, "", List.of()).told()).isEqualTo("(exit code 1)");
        assertThat(new Death("exit code 1", 1, "", List.of("Unrecognized option: -y", "Program will exit.")).told())
                .isEqualTo("(exit code 1): Unrecognized option: -y | Program will exit");
    }

    @ParameterizedTest
    @CsvSource({"137, NONE, -9", "1, EXIT, 1"})
    void killByTheDriver_isToldInItsOwnWords(int status, Announcement announcement, int exitCode) {
        Death death = Death.of(new Exit(status, List.of(), "localhost"), announcement, Optional.of("too slow"));
        assertThat(death.reason()).isEqualTo("too slow");
        assertThat(death.byDriver()).isTrue();
        assertThat(death.exitCode()).isEqualTo(exitCode);
    }
}
