package manyjvm.parallel.driver;

import java.util.concurrent.atomic.AtomicBoolean;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink;
import manyjvm.parallel.spi.ProgressReport;

/**
 * Another sink, for the driver's thread: what that throws is told once, in the log and where the program prints. It must not
 * throw, and when it does all the same, the text is lost, and nothing of what the driver was about.
 */
final class GuardedSink implements OutputSink {
    private static final System.Logger LOG = System.getLogger("manyjvm.parallel");

    private final OutputSink sink;
    private final AtomicBoolean told = new AtomicBoolean();

    GuardedSink(OutputSink sink) {
        this.sink = sink;
    }

    @Override
    public Object place() {
        return sink.place();
    }

    @Override
    public void write(Object place, OutputOrigin origin, Stream stream, String text) {
        try {
            sink.write(place, origin, stream, text);
        } catch (RuntimeException | Error broken) {
            lost(broken);
        }
    }

    @Override
    public void show(Object place, OutputOrigin origin, byte[] content) {
        try {
            sink.show(place, origin, content);
        } catch (RuntimeException | Error broken) {
            lost(broken);
        }
    }

    @Override
    public boolean showsProgress() {
        return sink.showsProgress();
    }

    @Override
    public void progress(Object place, ProgressReport report) {
        try {
            sink.progress(place, report);
        } catch (RuntimeException | Error broken) {
            lost(broken);
        }
    }

    @Override
    public long drawingNanos() {
        return sink.drawingNanos();
    }

    @Override
    public void enter(Object place) {
        sink.enter(place);
    }

    @Override
    public long taken() {
        return sink.taken();
    }

    @Override
    public boolean hasShown(long mark) {
        return sink.hasShown(mark);
    }

    @Override
    public void whenShown(long mark, Runnable command) {
        sink.whenShown(mark, command);
    }

    @Override
    public boolean isBehind() {
        return sink.isBehind();
    }

    @Override
    public void close() {
        sink.close();
    }

    private void lost(Throwable broken) {
        if (!told.getAndSet(true)) {
            try {
                // Not here: the stream may be the user's, or a pipe that nobody reads.
                Thread teller = new Thread(() -> tell(broken), "parallel-lost-output");
                teller.setDaemon(true);
                teller.start();
            } catch (OutOfMemoryError noThread) {
                told.set(false); // with the next text that is lost
            }
        }
    }

    private void tell(Throwable broken) {
        String type = sink.getClass().getName();
        LOG.log(System.Logger.Level.WARNING, "output of workers is lost: " + type + " failed to show it", broken);
        System.err.println("warning: output of workers is lost: it could not be shown (" + type + " failed: " + broken
                + "); this is a fault of manyjvm, please report it");
    }
}
