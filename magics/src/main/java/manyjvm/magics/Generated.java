package manyjvm.magics;

import java.util.Optional;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/** Pieces of the Java that magics write. Names are given in full, so that no name of the user's can get in the way. */
final class Generated {
    static final String API = "manyjvm.magics.api.Magics";

    private Generated() {}

    /** {@code .method(argument)}, when there is an argument. */
    static void append(StringBuilder java, String method, Optional<String> argument) {
        argument.ifPresent(text -> java.append("." + method + "(" + text + ")"));
    }

    /** A string literal, or {@code null}. */
    static String text(Optional<String> text) {
        return text.map(JavaText::literal).orElse("null");
    }

    /** Items of any kind as an {@code Iterable}; {@code 0..9} includes 9. */
    static String items(String written) throws MagicUsageException {
        Optional<JavaText.Ends> range = JavaText.range(written);
        return range.isPresent()
                ? "manyjvm.parallel.Parallel.rangeClosed(" + range.get().first() + ", "
                        + range.get().last() + ")"
                : API + ".items(" + written + ")";
    }

    /** An expression, statements or a block, as work without a result; a lambda stays what it is. */
    static String action(String written) {
        String text = written.strip();
        if (text.matches("(?s)\\(\\s*\\)\\s*->.*")) {
            return text;
        }
        if (text.startsWith("(") && text.endsWith(")")) {
            text = text.substring(1, text.length() - 1).strip();
        }
        return text.startsWith("{") ? "() -> " + text : "() -> { " + text + (text.endsWith(";") ? " }" : "; }");
    }
}
