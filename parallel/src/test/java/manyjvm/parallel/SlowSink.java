package manyjvm.parallel;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.driver.Driver;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink;
import manyjvm.parallel.spi.ParallelRuntime;

/**
 * Takes its time with text: an outcome that is told before the text is seen before it. In a file of its own, since workers do
 * not know these types.
 */
final class SlowSink implements OutputSink {
    private final CountDownLatch told = new CountDownLatch(1);
    private final StringBuffer seen = new StringBuffer();

    private Driver driver;

    /** That of a fresh driver, which is the runtime from now on. */
    static SlowSink install() {
        SlowSink sink = new SlowSink();
        sink.driver = Driver.builder().outputSink(sink).open();
        ParallelRuntime.install(sink.driver);
        return sink;
    }

    /** Closes that driver. */
    void uninstall(Driver next) {
        driver.close();
        ParallelRuntime.install(next);
    }

    /** An outcome is known: the text that was written before it. */
    String told() {
        String text = seen.toString();
        told.countDown();
        return text;
    }

    @Override
    public Object place() {
        return "here";
    }

    @Override
    public void write(Object place, OutputOrigin origin, Stream stream, String text) {
        try {
            told.await(300, TimeUnit.MILLISECONDS); // in vain, if all is well
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
        seen.append(text);
    }
}
