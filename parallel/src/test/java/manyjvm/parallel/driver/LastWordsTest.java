package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LastWordsTest {
    private static List<String> of(String text) {
        LastWords words = new LastWords();
        LastWords.Ear ear = words.new Ear();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            ear.hear(new byte[] {each}); // lines and letters arrive in pieces
        }
        ear.end();
        return words.lines();
    }

    @Test
    void lines_areTheLastTen() {
        String text = String.join(
                "\n\n", IntStream.range(0, 100).mapToObj(n -> "é" + n).toList());
        assertThat(of(text)).hasSize(10).startsWith("é90").endsWith("é99");
        assertThat(of("x".repeat(10_000))).containsExactly("x".repeat(8192), "x".repeat(10_000 - 8192));
        assertThat(of("# one\n#\n# two")).containsExactly("# one", "#", "# two"); // no report
    }

    @Test
    void crash_isWhatWhereAndTheFile() {
        assertThat(
                        of(
                                """
                        working
                        #
                        # A fatal error has been detected by the Java Runtime Environment:
                        #
                        #  SIGBUS (0x7) at pc=0x00007f951f8d2f94, pid=24000, tid=24002
                        #
                        # JRE version: OpenJDK Runtime Environment (17.0.15+6)
                        # Problematic frame:
                        # V  [libjvm.so+0xed2f94]  Unsafe_PutLong+0x124
                        #
                        # No core dump will be written.
                        #
                        # An error report file with more information is saved as:
                        # /home/me/hs_err_pid24000.log
                        #
                        # If you would like to submit a bug report, please visit:
                        #   https://example.org/bugs
                        #
                        """))
                .containsExactly(
                        "working",
                        "SIGBUS (0x7) at pc=0x00007f951f8d2f94, pid=24000, tid=24002",
                        "in V  [libjvm.so+0xed2f94]  Unsafe_PutLong+0x124",
                        "The JVM's report is in /home/me/hs_err_pid24000.log");
    }

    @Test
    void nativeOutOfMemory_isWhatAndTheFile() {
        assertThat(
                        of(
                                """
                        # There is insufficient memory for the Java Runtime Environment to continue.
                        # Native memory allocation (mmap) failed to map 16384 bytes for committing reserved memory.
                        # An error report file with more information is saved as:
                        # /home/me/hs_err_pid1.log
                        """))
                .containsExactly(
                        "There is insufficient memory for the Java Runtime Environment to continue.",
                        "Native memory allocation (mmap) failed to map 16384 bytes for committing reserved memory.",
                        "The JVM's report is in /home/me/hs_err_pid1.log");
    }
}
