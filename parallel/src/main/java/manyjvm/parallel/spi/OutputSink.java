package manyjvm.parallel.spi;

/**
 * Where the text of workers goes, and what else they show. The driver hands over every piece of text, from one thread, in order of arrival, with the
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

    /**
     * Shows what the program's own {@link WorkerApi} made of a value in a worker, in order with the text. Must not block and
     * must not throw. Not called for a driver without such an API.
     *
     * @param content opaque to the library
     */
    default void show(Object place, OutputOrigin origin, byte[] content) {
        throw new IllegalStateException(getClass().getName() + " shows text only");
    }

    /** Whether it shows {@link #progress} where nobody has said whether to. Asked at each update: must be quick. */
    default boolean showsProgress() {
        return false;
    }

    /**
     * Shows how far a submission is, in the place of what it showed of the same line before. Called at most ten times a second
     * for a line, from the thread that hands over text. Must not block and must not throw: what it takes to draw it is done
     * elsewhere.
     *
     * @param place what {@link #place} gave when the work was submitted
     */
    default void progress(Object place, ProgressReport report) {}

    /**
     * How many nanoseconds drawing {@link #progress} has taken so far, wherever that is done: there is less to draw when it takes
     * long. May leave out the first time, which loads classes.
     */
    default long drawingNanos() {
        return 0;
    }

    /** How many pieces of text it has been given so far: a mark for those below. May be called from any thread. */
    default long taken() {
        return 0;
    }

    /** Whether everything up to a mark is shown. A sink whose readers may be slow shows text later than it takes it. */
    default boolean hasShown(long mark) {
        return true;
    }

    /**
     * Runs a command, which must return at once, when everything up to a mark is shown: now, or on a thread of the sink's,
     * in order of the marks and then of the calls.
     */
    default void whenShown(long mark, Runnable command) {
        command.run();
    }

    /** Whether so much text is not shown yet that those who print should wait. */
    default boolean isBehind() {
        return false;
    }

    /** The driver closes. All text is shown when this returns, unless nobody takes it; all commands have run. */
    default void close() {}

    /** From now on the calling thread, and those that it starts, do work that was submitted from this place. */
    default void enter(Object place) {}
}
