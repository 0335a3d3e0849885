package manyjvm.kernel.session;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import manyjvm.kernel.spi.SessionClasses;

/**
 * The language side of the kernel: evaluates cells and answers questions about code. Knows nothing of the Jupyter protocol.
 * {@link #run} and {@link #evaluate} are called from one thread at a time; the others from any thread, also while a cell
 * runs (they then answer from what is known, without waiting for it).
 */
public interface Session extends AutoCloseable {
    /** Begins what the first cell would have to wait for, in the background. Called once, when all extensions have started. */
    default void warmUp() {}

    /**
     * Runs a cell on the calling thread. Prints go to {@code System.out} and {@code System.err} of that thread.
     *
     * @param executionCount the number that errors name as {@code In[executionCount]}
     * @param values receives the value of every expression but the last when the session shows all of them
     */
    Outcome run(String code, int executionCount, Consumer<Object> values);

    /** Evaluates one expression, for {@code user_expressions}. Defines nothing. */
    Outcome evaluate(String expression);

    Completeness isComplete(String code);

    /** @param cursor in UTF-16 units of {@code code} */
    Completions complete(String code, int cursor);

    /** @param detail 0: signature and short text; 1: also the source or the whole documentation */
    Optional<Inspection> inspect(String code, int cursor, int detail);

    /**
     * Stops the running cell: interrupts its thread and makes loops of session code end, on every supported JDK. Returns
     * at once; without a running cell it does nothing.
     */
    void interrupt();

    SessionClasses classes();

    @Override
    void close();

    sealed interface Outcome {
        /** @param value what to show as the result; empty when there is nothing (a declaration, {@code void}, or null) */
        record Done(Optional<Object> value) implements Outcome {}

        /**
         * The cell failed: it did not compile, or threw.
         *
         * @param name the exception's class name, or {@code CompilationError}, {@code MagicError}
         * @param message one line
         * @param traceback what a person reads, line by line, with the cell's own source line; may hold ANSI colours
         */
        record Failed(String name, String message, List<String> traceback) implements Outcome {}

        /** {@link Session#interrupt} ended it. */
        record Interrupted(List<String> traceback) implements Outcome {}
    }

    /** @param indent for {@link State#INCOMPLETE}: what to start the next line with */
    record Completeness(State state, String indent) {
        public enum State {
            COMPLETE,
            INCOMPLETE,
            INVALID,
            UNKNOWN
        }
    }

    /** Replace {@code code[start, end)} by one of the matches. */
    record Completions(List<String> matches, int start, int end) {}

    /** MIME type to content; has {@code text/plain} at least. */
    record Inspection(Map<String, Object> data) {}
}
