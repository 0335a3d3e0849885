package manyjvm.kernel.spi;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A magic that is rewritten to a Java expression, which the session compiles in place: {@code var} then gets the
 * expression's own type, errors point into the cell, and lambdas are the session's.
 */
public interface Magic {
    /** The word after {@code %} or {@code %%}. */
    String name();

    /**
     * The Java expression for this use. Keeps the number of lines: a line magic becomes one line; a cell magic becomes a
     * prefix without line ends that replaces the header line, then the body's lines as they are, then a suffix.
     *
     * @throws MagicUsageException when the arguments are wrong; its message is shown to the user as it is
     */
    Rewritten rewrite(Call call) throws MagicUsageException;

    /** How to use it, for {@code %name?} and {@code %name --help}. Plain text, ends without a line end. */
    String usage();

    /**
     * Other Java for a use whose Java the compiler has refused, to be tried in this order; the first that compiles runs. Of
     * the same shape as {@link #rewrite}'s.
     */
    default List<Rewritten> instead(Call call, Problem problem) {
        return List.of();
    }

    /**
     * What is wrong with a use whose Java the compiler has refused, in place of the compiler's words, which speak of Java
     * that no user wrote; empty when these tell it well, as for a name in the user's own expression.
     */
    default Optional<String> explain(Call call, Problem problem) {
        return Optional.empty();
    }

    /**
     * Advice on a message of the compiler's about Java that the user wrote over the API behind this magic.
     *
     * @param message in English
     * @param source the Java, of which {@code at} is the place that the message is about
     */
    default Optional<String> hint(String message, String source, int at) {
        return Optional.empty();
    }

    /** Completions for the last word of {@code argumentsBeforeCursor}: whole words, which replace that word. */
    default List<String> complete(String argumentsBeforeCursor, Names names) {
        return List.of();
    }

    /**
     * One use of a magic in a cell.
     *
     * @param arguments the text after the name, trimmed, without a final {@code ;}
     * @param body the cell's remaining lines for {@code %%name}, empty for {@code %name}
     * @param usedAsValue whether it stands after {@code =} or {@code return}
     * @param names what the session has defined so far, including earlier lines of the same cell as far as known
     */
    record Call(String arguments, Optional<String> body, boolean usedAsValue, Names names) {}

    /**
     * Why the compiler refuses a use's Java.
     *
     * @param message in English, as the compiler says it; types of cells go by the names that cells gave them
     * @param source the piece of the use's Java that it is about
     */
    record Problem(String message, String source) {}

    /** The names of the session, without their values. */
    interface Names {
        /** The numbers of parameters that the overloads of a method have; empty where there is none of the name. */
        Set<Integer> methodArities(String methodName);

        /** The names of the methods that cells have defined. */
        Set<String> methods();

        /** The names of the variables, those of results ({@code $1}) included. */
        Set<String> variables();

        /** The simple names of the types that cells have defined. */
        Set<String> types();
    }

    /**
     * @param before a prefix without line ends; the whole expression for a line magic
     * @param after a suffix without line ends, appended to the body's last line; empty for a line magic
     * @param declares the name of a variable to declare with it ({@code var NAME =} is put in front), or empty
     */
    record Rewritten(String before, String after, Optional<String> declares) {
        /** The whole Java of a line magic, which declares no variable. */
        public static Rewritten expression(String java) {
            return new Rewritten(java, "", Optional.empty());
        }
    }

    /** A magic was used in a way it does not understand. The message says what, and what to write instead. */
    final class MagicUsageException extends Exception {
        private static final long serialVersionUID = 1L;

        /** @param message shown to the user as it is; its first line stands beside the place of the use */
        public MagicUsageException(String message) {
            super(message);
        }

        /** Never null, unlike that of other exceptions. */
        @Override
        public String getMessage() {
            return Objects.requireNonNull(super.getMessage(), "an exception of usage says what is wrong");
        }
    }
}
