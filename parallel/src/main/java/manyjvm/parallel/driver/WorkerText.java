package manyjvm.parallel.driver;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import manyjvm.parallel.spi.OutputSink.Stream;
import manyjvm.parallel.wire.Message;

/** What one worker prints and shows, and where that belongs. Confined to the driver's thread. */
final class WorkerText {
    private static final int LONGEST_LAST_LINE = 200; // bytes: for a table

    private final Driver driver;
    private final OutputRouter router;
    private final OutputTarget textPlace;
    private OutputTarget latest; // of the submission that it was given work of last
    private byte[] last = {}; // the end of the last text that was more than blanks

    /** @param textPlace for text outside any task, before it is given work */
    WorkerText(Driver driver, String worker, String prefix, OutputTarget textPlace) {
        this.driver = driver;
        this.textPlace = textPlace;
        latest = textPlace;
        router = new OutputRouter(driver.sink(), worker, prefix);
    }

    void pid(long pid) {
        router.pid(pid);
    }

    void worksFor(OutputTarget output) {
        latest = output;
    }

    void printed(Message.Output message) {
        keep(message.text());
        router.text(target(message.job()), message.task(), stream(message.error()), message.text());
    }

    void shown(Message.Shown message) {
        router.shown(target(message.job()), message.task(), message.content());
    }

    /** Text from the process's own standard output or error: of native code, or of the JVM itself. */
    void real(boolean error, byte[] text) {
        keep(text);
        router.text(latest, -1, stream(error), text);
    }

    private void keep(byte[] text) {
        int end = text.length;
        while (end > 0 && text[end - 1] >= 0 && text[end - 1] <= ' ') {
            end--;
        }
        if (end > 0) {
            last = Arrays.copyOfRange(text, Math.max(0, end - LONGEST_LAST_LINE), end);
        }
    }

    /** The last line that was printed, or as much of it as is kept; empty before the first. */
    String lastLine() {
        String text = new String(last, StandardCharsets.UTF_8);
        return text.substring(text.lastIndexOf('\n') + 1).strip();
    }

    private static Stream stream(boolean error) {
        return error ? Stream.STDERR : Stream.STDOUT;
    }

    private OutputTarget target(long submission) {
        return submission == 0 ? latest : driver.output(submission).orElse(latest);
    }

    /** Tasks {@code from} (inclusive) to {@code to} (exclusive) have ended. */
    void tasksEnded(OutputTarget output, long from, long to) {
        router.tasksEnded(output, from, to);
    }

    void submissionEnded(OutputTarget output) {
        router.submissionEnded(output);
    }

    /** The lines that it had begun are shown. */
    void workerEnded(List<OutputTarget> underWay) {
        underWay.forEach(router::submissionEnded);
        router.submissionEnded(textPlace);
    }

    /** The sink's mark after the last text that came from here. */
    long written() {
        return router.written();
    }
}
