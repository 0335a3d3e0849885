package manyjvm.magics;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import manyjvm.kernel.spi.Magic.Names;

/**
 * Turns what a user names as a function into a Java expression: a notebook method's name becomes a lambda that calls it (a
 * method cannot be named alone in Java), anything else is an expression already.
 */
final class Callables {
    private final Names names;

    Callables(Names names) {
        this.names = names;
    }

    /** A function of one argument. */
    String ofOne(String written) throws MagicUsageException {
        if (!isMethod(written)) {
            return expression(written);
        }
        Set<Integer> arities = names.methodArities(written);
        if (arities.isEmpty() || arities.contains(1)) {
            return lambda(written, 1);
        }
        throw new MagicUsageException(written + " takes " + numbers(arities) + ", and map gives it one; "
                + (arities.contains(0) ? "apply calls it without any" : "starmap gives it several")
                + ", and a lambda can fix some: (x -> " + written + "(x, 1))");
    }

    /** A function of several arguments. */
    String ofSeveral(String written) throws MagicUsageException {
        if (!isMethod(written)) {
            return expression(written);
        }
        Set<Integer> several = new TreeSet<>(names.methodArities(written));
        several.removeIf(arity -> arity < 2 || arity > 4);
        if (several.size() == 1) {
            return lambda(written, several.iterator().next());
        }
        String problem = several.isEmpty()
                ? written + " takes " + numbers(names.methodArities(written)) + ", and starmap gives it 2 to 4"
                : written + " exists with " + numbers(several) + "; choose one";
        throw new MagicUsageException(problem + " with a lambda: ((a, b) -> " + written + "(a, b))");
    }

    /** Work without arguments: {@code f} and its arguments become {@code () -> f(1, 2)}; their number is the compiler's to check. */
    String called(String written, List<String> arguments) throws MagicUsageException {
        boolean lambda = JavaText.isLambda(written);
        if (lambda && !arguments.isEmpty()) {
            throw new MagicUsageException(
                    "a lambda is applied as it is, without arguments after it: %pool apply (() -> f(20))");
        }
        if (lambda) {
            return written;
        }
        if (arguments.isEmpty() && written.endsWith(")")) {
            return "() -> " + written;
        }
        String list = "(" + String.join(", ", arguments) + ")";
        if (isMethod(written)) {
            return "() -> " + written + list;
        }
        if (written.contains("::")) {
            return "() -> " + written.replace("::", ".") + list;
        }
        if (names.variables().contains(written)) {
            return arguments.isEmpty() ? written : "() -> " + written + ".apply" + list;
        }
        return "() -> " + expression(written) + list;
    }

    private boolean isMethod(String written) {
        return names.methods().contains(written);
    }

    /**
     * What is no method's name, as it is; a name that looks like a slip of the pen is refused. A short one may also be a
     * parameter of the method that the magic stands in, which nobody here knows of.
     */
    private String expression(String written) throws MagicUsageException {
        if (!JavaText.isName(written) || names.variables().contains(written)) {
            return written;
        }
        List<String> known = new ArrayList<>(names.methods());
        known.addAll(names.variables());
        String hint = written.length() < 4 ? "" : Spelling.hint(written, known);
        if (!hint.isEmpty()) {
            throw new MagicUsageException("the notebook has no method or variable '" + written + "'" + hint);
        }
        return written;
    }

    /** {@code (a$1, a$2) -> f(a$1, a$2)}: names that no user's variable has. */
    private static String lambda(String method, int parameters) {
        String list =
                IntStream.rangeClosed(1, parameters).mapToObj(i -> "a$" + i).collect(Collectors.joining(", "));
        return "(" + list + ") -> " + method + "(" + list + ")";
    }

    private static String numbers(Set<Integer> arities) {
        String list = new TreeSet<>(arities).stream().map(String::valueOf).collect(Collectors.joining(" or "));
        return arities.equals(Set.of(0))
                ? "no arguments"
                : list + (arities.equals(Set.of(1)) ? " argument" : " arguments");
    }
}
