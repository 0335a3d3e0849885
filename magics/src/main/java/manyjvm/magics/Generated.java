package manyjvm.magics;

import java.util.List;
import java.util.Optional;
import manyjvm.kernel.api.Notebook;
import manyjvm.kernel.spi.Magic;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/** Pieces of the Java that magics write. Names are given in full, so that no name of the user's can get in the way. */
final class Generated {
    static final String API = "manyjvm.magics.api.Magics";
    static final String ITERABLES = "manyjvm.magics.api.Iterables";

    /** Java for what shows a value, and draws others in its place. */
    static final String PAGE = "shown$ -> " + Notebook.class.getName() + ".display(shown$)::update";

    private Generated() {}

    /** {@code .method(argument)}, when there is an argument. */
    static void append(StringBuilder java, String method, Optional<String> argument) {
        argument.ifPresent(text -> java.append("." + method + "(" + text + ")"));
    }

    /**
     * The variable that {@code --out} makes.
     *
     * @throws MagicUsageException where the value is assigned already
     */
    static Optional<String> out(Arguments arguments, Magic.Call call) throws MagicUsageException {
        if (call.usedAsValue() && arguments.has("--out")) {
            throw new MagicUsageException(
                    "--out makes a variable of its own, and cannot be used where the value is assigned already");
        }
        return arguments.name("--out");
    }

    /** A string literal, or {@code null}. */
    static String text(Optional<String> text) {
        return text.map(JavaText::literal).orElse("null");
    }

    /**
     * The returns of a cell's body. One that is no Java counts as having those that it mentions: the compiler then points at
     * what is wrong.
     *
     * @throws MagicUsageException when it returns a value here and nothing there
     */
    static JavaParser.Returns returns(String body) throws MagicUsageException {
        if (!JavaText.mentions("return", body)) {
            return new JavaParser.Returns(false, List.of());
        }
        JavaParser.Returns returns = JavaParser.returns(body).orElse(new JavaParser.Returns(true, List.of()));
        if (returns.withValue() && !returns.bare().isEmpty()) {
            throw new MagicUsageException("the cell returns a value in one place and nothing in another: write"
                    + " return null; where there is no value");
        }
        return returns;
    }

    /** An expression, statements or a block, as work without a result; a lambda stays what it is. */
    static String action(String written) throws MagicUsageException {
        String text = written.strip();
        while (JavaText.isEnclosed(text, '(', ')')) {
            text = JavaText.withoutParentheses(text).strip();
        }
        if (text.matches("(?s)\\(\\s*\\)\\s*->.*")) {
            return text;
        }
        return text.startsWith("{") ? "() -> " + text : "() -> { " + text + (text.endsWith(";") ? " }" : "; }");
    }
}
