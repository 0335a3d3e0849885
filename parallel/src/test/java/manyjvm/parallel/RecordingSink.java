package manyjvm.parallel;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink;

/** Keeps what it is given. The place is what the test says it is. */
public final class RecordingSink implements OutputSink {
    /** One call of {@code write}. */
    public record Written(Object place, OutputOrigin origin, Stream stream, String text) {}

    private final List<Written> written = new ArrayList<>();
    private volatile Object place = "here";

    @Override
    public Object place() {
        return place;
    }

    public void place(Object place) {
        this.place = place;
    }

    @Override
    public synchronized void write(Object place, OutputOrigin origin, Stream stream, String text) {
        written.add(new Written(place, origin, stream, text));
        notifyAll();
    }

    public synchronized List<Written> written() {
        return List.copyOf(written);
    }

    public synchronized String text(Stream stream) {
        return written.stream()
                .filter(one -> one.stream() == stream)
                .map(Written::text)
                .collect(Collectors.joining());
    }

    public String out() {
        return text(Stream.STDOUT);
    }

    public String err() {
        return text(Stream.STDERR);
    }

    /** Waits until a text has appeared so many times. */
    public synchronized void awaitText(String text, int times) throws InterruptedException {
        while (text(Stream.STDOUT).split(java.util.regex.Pattern.quote(text), -1).length - 1 < times) {
            wait(60_000);
        }
    }

    /** Waits until a text has appeared on the standard error. */
    public synchronized void awaitError(String text) throws InterruptedException {
        while (!text(Stream.STDERR).contains(text)) {
            wait(60_000);
        }
    }

    public synchronized void clear() {
        written.clear();
        place = "here";
    }
}
