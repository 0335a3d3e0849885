package manyjvm.parallel.spi;

/**
 * Where the text of workers goes. The driver hands over every piece of text, from one thread, in order of arrival, with the
 * place that the submission was made from; a notebook maps places to cells.
 */
public interface OutputSink {
    enum Stream {
        STDOUT,
        STDERR
    }

    /** The place that the calling thread's submissions print to (a running cell). Opaque to the library; not null. */
    Object place();

    /**
     * Shows text. Must not block on slow readers and must not throw.
     *
     * @param place what {@link #place} gave when the work was submitted
     * @param origin who wrote it
     * @param text whole lines in the modes {@code live} and {@code grouped}, any piece in {@code raw}
     */
    void write(Object place, OutputOrigin origin, Stream stream, String text);
}
