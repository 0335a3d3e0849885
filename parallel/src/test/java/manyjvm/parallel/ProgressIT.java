package manyjvm.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How far long submissions are, as a plain program's terminal shows it, and its standard error where that is none. */
@Timeout(300)
class ProgressIT {
    private static final Path SCRIPT = Path.of("/usr/bin/script");

    static final class Program {
        public static void main(String[] arguments) {
            try (Pool pool = arguments[0].equals("asked")
                    ? Pool.builder().workers(2).progress(true).build()
                    : new Pool(2)) {
                switch (arguments[0]) {
                    case "map", "asked" ->
                        pool.map(x -> slow(x), IntStream.range(0, 12).boxed());
                    case "quiet" ->
                        pool.progress(false)
                                .map(x -> slow(x), IntStream.range(0, 12).boxed());
                    case "printing" ->
                        pool.each(x -> System.out.println("item " + slow(x)), List.of(0, 1, 2, 3, 4, 5, 6, 7));
                    default -> throw new IllegalArgumentException(arguments[0]);
                }
            }
            System.out.println("end");
        }

        private static int slow(int x) {
            try {
                Thread.sleep(400);
            } catch (InterruptedException never) {
                throw new IllegalStateException(never);
            }
            return x;
        }
    }

    private static String run(boolean terminal, String what) throws IOException, InterruptedException {
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                what);
        Path out = Files.createTempFile("manyjvm-progress-", ".txt");
        try {
            List<String> words = new ArrayList<>();
            if (terminal) {
                words.addAll(List.of(
                        SCRIPT.toString(),
                        "--quiet",
                        "--return",
                        "--command",
                        "'" + String.join("' '", java) + "'",
                        "/dev/null"));
            } else {
                words.addAll(java);
            }
            java.lang.Process program = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile())
                    .start();
            assertThat(program.waitFor(4, TimeUnit.MINUTES)).isTrue();
            String text = Files.readString(out, StandardCharsets.UTF_8).replace("\r\n", "\n");
            assertThat(program.exitValue()).as(text).isZero();
            return text;
        } finally {
            Files.delete(out);
        }
    }

    @Test
    void map_onATerminal_isDrawnInPlace_andEndsBeforeItsResultIsUsed() throws Exception {
        assumeTrue(Files.isExecutable(SCRIPT), "there is a program that makes terminals");
        String text = run(true, "map");
        assertThat(text).contains("\rmap [").matches("(?s).*\\rmap: done in [\\d.]+ s, 12 items\nend\n");
        assertThat(text.split("\n")).hasSize(2);
    }

    @Test
    void map_onATerminal_tearsNoLineOfAWorker() throws Exception {
        assumeTrue(Files.isExecutable(SCRIPT), "there is a program that makes terminals");
        assertThat(Stream.of(run(true, "printing").split("\n")).map(line -> line.substring(line.lastIndexOf('\r') + 1)))
                .filteredOn(line -> line.contains("item "))
                .hasSize(8)
                .allMatch(line -> line.matches("\\[[12]] item \\d"));
    }

    @Test
    void map_withProgressOff_showsNothing() throws Exception {
        assumeTrue(Files.isExecutable(SCRIPT), "there is a program that makes terminals");
        assertThat(run(true, "quiet")).isEqualTo("end\n");
    }

    @Test
    void map_withoutATerminal_showsNothing_unlessAsked() throws Exception {
        assertThat(run(false, "map")).isEqualTo("end\n");
        assertThat(run(false, "asked")).matches("map: done in [\\d.]+ s, 12 items\nend\n");
    }
}
