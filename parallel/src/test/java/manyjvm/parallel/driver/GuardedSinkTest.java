package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.BrokenSink;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GuardedSinkTest {
    @Test
    void lostOutput_isToldOnce_whereTheProgramPrints_andNotByTheDriversThread() throws Exception {
        LinkedBlockingQueue<String> told = new LinkedBlockingQueue<>();
        Thread self = Thread.currentThread();
        PrintStream before = System.err;
        System.setErr(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8) {
            @Override
            public void println(String line) {
                told.add((Thread.currentThread() == self ? "here: " : "") + line);
            }
        });
        try {
            GuardedSink sink = new GuardedSink(new BrokenSink());
            for (int i = 0; i < 3; i++) {
                sink.write("here", new OutputOrigin("worker", 1, 0, -1), OutputSink.Stream.STDOUT, "text");
            }
            assertThat(told.poll(20, TimeUnit.SECONDS))
                    .startsWith("warning: output of workers is lost: it could not be shown (")
                    .contains("java.lang.IllegalStateException: the sink is broken");
            assertThat(told.poll(100, TimeUnit.MILLISECONDS)).isNull();
        } finally {
            System.setErr(before);
        }
    }
}
