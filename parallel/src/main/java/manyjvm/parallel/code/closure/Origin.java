package manyjvm.parallel.code.closure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where an object that some code handles comes from. What the code itself made has none: null stands for it. */
sealed interface Origin {
    /** A static field. */
    record Field(ClassFacts.Member member) implements Origin {}

    /** A parameter of the method, by position; an instance method's {@code this} is the first. */
    record Parameter(int index) implements Origin {}

    /** What lies inside another: in a field, an array, a container. */
    record Part(Origin whole) implements Origin {
        static @Nullable Origin of(@Nullable Origin whole) {
            return whole == null || whole instanceof Part ? whole : new Part(whole);
        }
    }

    /** What a method of the user's gives back. */
    record Result(Call call, int depth) implements Origin {
        private static final int DEEPEST = 4;

        /** Null for a chain of calls so long that nobody would see what it leads to. */
        static @Nullable Origin of(Call call) {
            int depth = 1;
            for (Origin argument : call.arguments()) {
                Origin whole = argument instanceof Part part ? part.whole() : argument;
                if (whole instanceof Result result) {
                    depth = Math.max(depth, result.depth() + 1);
                }
            }
            return depth > DEEPEST ? null : new Result(call, depth);
        }
    }

    /** @param arguments one a parameter, {@code this} first; null for what comes from nowhere */
    record Call(ClassFacts.Member callee, List<@Nullable Origin> arguments) {}

    /**
     * @param locked whether its monitor is entered, rather than its content changed
     * @param assigned whether it is a field that is given another value
     */
    record Change(Origin target, boolean locked, boolean assigned) {}
}
