package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink.Stream;
import manyjvm.parallel.spi.ProgressReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever waits for text to be printed is told, whatever befalls the thread that prints it. */
@Timeout(60)
class TerminalSinkTest {
    private static final OutputOrigin ORIGIN = new OutputOrigin("worker 1", 1, 1, 0);

    private final PrintStream before = System.out;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final FewThreads threads = new FewThreads();
    private final TerminalSink sink = new TerminalSink(
            threads, () -> Optional.of(new TerminalLine(new PrintStream(printed, true, StandardCharsets.UTF_8))));

    /** A system that has no thread for a while. */
    private static final class FewThreads implements ThreadFactory {
        private int missing;

        @Override
        public Thread newThread(Runnable task) {
            if (missing > 0) {
                missing--;
                throw new OutOfMemoryError("unable to create native thread");
            }
            return new Thread(task, "parallel-terminal");
        }
    }

    @BeforeEach
    void keepOutput() {
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void end() {
        sink.close();
        System.setOut(before);
    }

    private void write(String text) {
        sink.write(sink.place(), ORIGIN, Stream.STDOUT, text);
    }

    private CompletableFuture<String> shown() {
        CompletableFuture<String> shown = new CompletableFuture<>();
        sink.whenShown(sink.taken(), () -> shown.complete(printed.toString(StandardCharsets.UTF_8)));
        return shown;
    }

    @Test
    void whoeverWaitsForText_startsTheThreadThatCouldNotBeStartedBefore() throws Exception {
        threads.missing = 2;
        write("a");
        write("b");
        assertThat(shown().get(30, TimeUnit.SECONDS)).isEqualTo("ab");
    }

    @Test
    void withoutAnyThread_thoseWhoWaitAreToldAtOnce_inTheirOrder_andTheTextComesLater() throws Exception {
        threads.missing = 2;
        write("a");
        List<Integer> told = new ArrayList<>();
        sink.whenShown(1, () -> told.add(1));
        assertThat(told).containsExactly(1);
        assertThat(sink.hasShown(1)).isFalse();
        write("b");
        assertThat(shown().get(30, TimeUnit.SECONDS)).isEqualTo("ab");
    }

    @Test
    void close_printsWhatNoThreadCouldBeStartedFor() {
        threads.missing = 1;
        write("a");
        sink.close();
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo("a");
    }

    private void progress(long done, Optional<String> end) {
        sink.progress(
                sink.place(),
                new ProgressReport(1, false, false, "map", done, 0, OptionalLong.of(4), 0, List.of(), end));
    }

    private void awaitText(String text) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!printed.toString(StandardCharsets.UTF_8).endsWith(text) && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).endsWith(text);
    }

    @Test
    void progress_isDrawnInPlace_givesWayToText_andItsEndStays() throws Exception {
        progress(1, Optional.empty());
        String first = "map [#####...............] 1/4";
        awaitText("\r" + first);
        write("text\n");
        String wiped = "\r" + " ".repeat(first.length()) + "\r";
        awaitText(wiped + "text\n\r" + first);
        progress(4, Optional.of("done in 1.0 s"));
        assertThat(shown().get(30, TimeUnit.SECONDS)).endsWith(wiped + "map: done in 1.0 s\n");
    }

    @Test
    void progress_tearsNoTextWithoutALineEnd() throws Exception {
        write("half a ");
        shown().get(30, TimeUnit.SECONDS); // before anybody has looked for a terminal
        progress(1, Optional.empty());
        Thread.sleep(300); // a line may be drawn ten times a second
        write("line\n");
        assertThat(shown().get(30, TimeUnit.SECONDS)).startsWith("half a line\n");
        progress(2, Optional.of("cancelled"));
        assertThat(shown().get(30, TimeUnit.SECONDS)).endsWith("map: cancelled\n");
    }

    @Test
    void progress_withoutATerminal_isTheLastLine_whereItIsAskedFor() throws Exception {
        PrintStream errorsBefore = System.err;
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        TerminalSink plain = new TerminalSink(threads, Optional::empty);
        try {
            for (boolean asked : List.of(false, true)) {
                for (Optional<String> end : List.of(Optional.<String>empty(), Optional.of("done in 2.0 s"))) {
                    plain.progress(
                            plain.place(),
                            new ProgressReport(1, false, asked, "map", 2, 0, OptionalLong.of(4), 0, List.of(), end));
                }
            }
            plain.close();
        } finally {
            System.setErr(errorsBefore);
        }
        assertThat(errors.toString(StandardCharsets.UTF_8)).isEqualTo("map: done in 2.0 s\n");
    }

    @Test
    void commandThatThrows_holdsUpNoOther() throws Exception {
        List<String> told = new ArrayList<>();
        CompletableFuture<Void> last = new CompletableFuture<>();
        synchronized (sink) { // so that both wait
            write("a");
            sink.whenShown(1, () -> {
                told.add("first");
                throw new IllegalStateException("told wrongly");
            });
            sink.whenShown(1, () -> {
                told.add("second");
                last.complete(null);
            });
        }
        last.get(30, TimeUnit.SECONDS);
        assertThat(told).containsExactly("first", "second");
        write("b");
        assertThat(shown().get(30, TimeUnit.SECONDS)).isEqualTo("ab");
    }
}
