package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink.Stream;
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
    private final TerminalSink sink = new TerminalSink(threads);

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
