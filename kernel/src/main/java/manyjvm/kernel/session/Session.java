package manyjvm.kernel.session;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import manyjvm.kernel.spi.SessionClasses;

/**
 * The language side of the kernel: evaluates cells and answers questions about code. Knows nothing of the Jupyter protocol.
 * The cells of one shell are run from one thread at a time, those of a subshell beside them; the rest may be called from any
 * thread, also while a cell runs (questions are then answered from what is known, without waiting for it).
 */
public interface Session extends AutoCloseable {
    /** Begins what the first cell would have to wait for, in the background. Called once, when all extensions have started. */
    default void warmUp() {}

    /**
     * Begins a cell of the main shell. {@link #interrupt} stops all that is asked of the run until it is closed. There is one run at
     * a time, and one of each subshell.
     *
     * @param executionCount the number that errors name as {@code In[executionCount]}
     * @param join makes the thread that calls it one that works for the cell; called on each thread of the session's that runs
     *     the cell's code or prints into it, where that is not the thread that began the run
     */
    Run begin(int executionCount, Runnable join);

    /** A subshell, whose cells run beside those of others; they share all that cells define. Costs nothing before its first cell. */
    Subshell openSubshell();

    /** Where cells run one after the other, on a thread of its own. */
    interface Subshell extends AutoCloseable {
        /** As {@link Session#begin}. */
        Run begin(int executionCount, Runnable join);

        /** Ends its thread, when the cell that runs there does. */
        @Override
        void close();
    }

    /** A cell, from its code to the look of its last value. Used on one thread, which waits for all that is asked. */
    interface Run extends AutoCloseable {
        /**
         * Runs the cell. It prints to {@code System.out} and {@code System.err}.
         *
         * @param values receives the value of every expression but the last when the session shows all of them; called as the
         *     cell's own code is. Receives an {@link Inspection} for each line that asks for one ({@code name?})
         */
        Outcome run(String code, Consumer<Object> values);

        /** Evaluates one expression, for {@code user_expressions}. Defines nothing. */
        Outcome evaluate(String expression);

        /** Calls this as the cell's own code, since what a value looks like may be up to a method of the user's. */
        Outcome show(Supplier<?> look);

        /** What the cell wants to stand in its place, for a {@code set_next_input}; empty for nothing. */
        default Optional<String> nextInput() {
            return Optional.empty();
        }

        /** Stops this cell alone, as {@link Session#interrupt(Runnable)} does all. From any thread. */
        void interrupt(Runnable others);

        @Override
        void close();
    }

    /** Runs one cell as {@link Run#run} does. */
    default Outcome run(String code, int executionCount, Consumer<Object> values) {
        try (Run run = begin(executionCount, () -> {})) {
            return run.run(code, values);
        }
    }

    /** Evaluates one expression as {@link Run#evaluate} does. */
    default Outcome evaluate(String expression) {
        try (Run run = begin(0, () -> {})) {
            return run.evaluate(expression);
        }
    }

    Completeness isComplete(String code);

    /** @param cursor in UTF-16 units of {@code code} */
    Completions complete(String code, int cursor);

    /** @param detail 0: signature and short text; 1: also the source or the whole documentation */
    Optional<Inspection> inspect(String code, int cursor, int detail);

    /**
     * Stops the running cells, wherever each is between {@link #begin} and the end of its run: interrupts its code and makes
     * loops of session code end, on every supported JDK. Returns at once; without a running cell it does nothing.
     */
    default void interrupt() {
        interrupt(() -> {});
    }

    /**
     * The same, with something to be done between the mark that the cell is stopped and the interrupt of its code: whatever
     * that makes the cell's code throw is then known to be the stop.
     */
    void interrupt(Runnable others);

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

    /**
     * Replace {@code code[start, end)} by one of the matches, the likeliest of which come first.
     *
     * @param kinds what the matches are, as far as that is known
     */
    record Completions(List<String> matches, int start, int end, Map<String, Kind> kinds) {
        public Completions(List<String> matches, int start, int end) {
            this(matches, start, end, Map.of());
        }

        /**
         * @param type {@code function}, {@code class}, {@code module}, {@code instance}, {@code property}, {@code keyword},
         *     {@code magic} or {@code path}, which front ends know
         * @param signature parameters and result, a type, or nothing
         */
        public record Kind(String type, String signature) {}
    }

    /** MIME type to content; has {@code text/plain} at least. */
    record Inspection(Map<String, Object> data) {}
}
