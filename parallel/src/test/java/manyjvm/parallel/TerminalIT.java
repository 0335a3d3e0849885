package manyjvm.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A plain program whose standard output is a pipe that is read late or never, or a stream that throws. */
@Timeout(120)
class TerminalIT {
    /** So much that a pipe, what the driver keeps and what a worker keeps are full of it. */
    private static final int MANY = 60_000;

    /** So much that only a pipe is full of it. */
    private static final int SOME = 8_000;

    private static final String FILLING = "-".repeat(80);

    static final class Program {
        public static void main(String[] arguments) throws Exception {
            switch (arguments[0]) {
                case "stalled" -> stalled();
                case "throwing" -> throwing();
                case "leaving" -> leaving();
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }

        /** Prints while nobody reads; on a word from there, other pools work. */
        private static void stalled() throws Exception {
            try (Pool printer = new Pool(1);
                    Pool other = new Pool(1);
                    Pool threads = Pool.builder().workers(1).backend("threads").build()) {
                AsyncResult<Integer> printing = printer.applyAsync(() -> {
                    print(MANY);
                    System.err.println("on the other stream");
                    return 7;
                });
                System.in.read();
                for (int i = 0; i < 20; i++) {
                    int number = i;
                    assertThat((int) other.apply(() -> number)).isEqualTo(i);
                    assertThat((int) threads.apply(() -> number)).isEqualTo(i);
                }
                Process process = new Process(() -> {}).start();
                process.join();
                System.err.println("others work; done: " + printing.isDone());
                System.out.println("result " + printing.get());
                printer.each(x -> System.out.println("item " + x), List.of(1));
                System.out.println("after each");
                Process speaker = new Process(() -> System.out.println("a process")).start();
                speaker.join();
                System.out.println("after join");
            }
            System.out.println("end");
        }

        private static void throwing() {
            System.setOut(new PrintStream(OutputStream.nullOutputStream()) {
                @Override
                public void print(String text) {
                    throw new IllegalStateException("no paper");
                }
            });
            try (Pool pool = new Pool(1)) {
                System.err.println("results " + pool.chunk(1).map(x -> spoken(x), List.of(1, 2, 3)));
                pool.apply((Action) () -> System.err.println("still heard"));
            }
        }

        private static int spoken(int x) {
            System.out.println(x);
            return x;
        }

        /** Ends while its worker's text waits for a reader. */
        private static void leaving() {
            Event printed = new Event();
            new Pool(1).applyAsync((Action) () -> {
                print(SOME);
                printed.set();
            });
            printed.await();
            System.err.println("main ends");
        }

        private static void print(int lines) {
            for (int i = 0; i < lines; i++) {
                System.out.println(i + FILLING);
            }
        }
    }

    private java.lang.Process program;

    private void start(String what) throws IOException {
        program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        what)
                .start();
    }

    @AfterEach
    void end() throws InterruptedException {
        program.destroyForcibly().waitFor();
    }

    private static String lines(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "[1] " + i + FILLING + "\n")
                .collect(Collectors.joining());
    }

    private static String rest(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    private void assertEnded() throws Exception {
        assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).isZero();
        assertThat(Leftovers.folders(program.pid())).isEmpty();
    }

    @Test
    void outputThatNobodyReads_holdsBackItsPrinterAlone_andIsCompleteInTheEnd() throws Exception {
        start("stalled");
        InputStream out = program.getInputStream();
        Leftovers.await(Duration.ofSeconds(60), () -> {
            try {
                return out.available() >= 60_000; // the pipe is full
            } catch (IOException gone) {
                return true;
            }
        });
        program.getOutputStream().write('\n');
        program.getOutputStream().flush();
        BufferedReader err = program.errorReader();
        assertThat(err.readLine()).isEqualTo("others work; done: false");
        assertThat(rest(out)).isEqualTo(lines(MANY) + "result 7\n[1] item 1\nafter each\na process\nafter join\nend\n");
        assertThat(err.readLine()).isEqualTo("[1] on the other stream");
        assertThat(err.readLine()).isNull();
        assertEnded();
    }

    @Test
    void outputThatThrows_losesItsTextAlone_andIsToldOnce() throws Exception {
        start("throwing");
        String err = rest(program.getErrorStream());
        assertThat(err).contains("results [1, 2, 3]\n[1] still heard\n");
        assertThat(err).containsOnlyOnce("text of workers is lost: System.out").containsOnlyOnce("no paper");
        assertEnded();
    }

    @Test
    void endOfTheProgram_waitsForItsReader() throws Exception {
        start("leaving");
        assertThat(program.errorReader().readLine()).isEqualTo("main ends");
        assertThat(rest(program.getInputStream())).isEqualTo(lines(SOME));
        assertEnded();
    }

    @Test
    void endOfTheProgram_withoutAnyReader_tellsWhatIsLost() throws Exception {
        start("leaving");
        assertThat(rest(program.getErrorStream()))
                .contains("main ends")
                .containsPattern("\\d+ characters that workers have printed are lost: nobody has read");
        assertEnded();
    }
}
