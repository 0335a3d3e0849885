package manyjvm.magics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import manyjvm.kernel.spi.Magic.Names;
import manyjvm.kernel.spi.Spelling;

/**
 * Turns what a user names as a function into a Java expression: a notebook method's name becomes a lambda that calls it (a
 * method cannot be named alone in Java), anything else is an expression already.
 */
final class Callables {
    /** Of the functional types that give a value. */
    private static final List<String> VALUE_METHODS =
            List.of("apply", "test", "applyAsInt", "applyAsLong", "applyAsDouble", "call");

    /** A parameter of a lambda. */
    private static final Pattern PRIMITIVE =
            Pattern.compile("(?:final\\s+)?(int|long|double|float|short|byte|char|boolean)\\s+(?U:[\\w$]+)");

    private static final Map<String, String> BOXES = Map.of(
            "int",
            "Integer",
            "long",
            "Long",
            "double",
            "Double",
            "float",
            "Float",
            "short",
            "Short",
            "byte",
            "Byte",
            "char",
            "Character",
            "boolean",
            "Boolean");

    private static final int MOST_IN_A_TUPLE = 4;

    private final Names names;

    Callables(Names names) {
        this.names = names;
    }

    /** A function of one argument. */
    String ofOne(String written) throws MagicUsageException {
        if (!isMethod(written)) {
            return boxed(expression(written));
        }
        Set<Integer> arities = names.methodArities(written);
        if (arities.isEmpty() || arities.contains(1)) {
            return lambda(written, 1);
        }
        String advice = arities.stream().anyMatch(Callables::isForStarmap)
                ? "use starmap, or fix the others in a lambda: (x -> " + written + "(x, ..))"
                : arities.contains(0)
                        ? "use %pool apply " + written + ", or (x -> " + written + "())"
                        : "fix the others in a lambda: (x -> " + written + "(x, ..))";
        throw new MagicUsageException(written + " takes " + numbers(arities) + ", but map gives it one: " + advice);
    }

    /** A function of several arguments. */
    String ofSeveral(String written) throws MagicUsageException {
        if (!isMethod(written)) {
            return boxed(expression(written));
        }
        Set<Integer> arities = names.methodArities(written);
        List<Integer> several =
                arities.stream().filter(Callables::isForStarmap).sorted().toList();
        if (several.size() == 1) {
            return lambda(written, several.get(0));
        }
        if (!several.isEmpty()) {
            throw new MagicUsageException(written + " exists with " + numbers(several)
                    + ": choose one with a lambda, such as ((a, b) -> " + written + "(a, b))");
        }
        String advice = arities.contains(1)
                ? "use map"
                : arities.stream().anyMatch(arity -> arity > MOST_IN_A_TUPLE)
                        ? "write a lambda of 2 to 4 arguments: ((a, b) -> " + written + "(a, b, ..))"
                        : "use apply";
        throw new MagicUsageException(
                written + " takes " + numbers(arities) + ", but starmap gives it 2 to 4: " + advice);
    }

    private static boolean isForStarmap(int arity) {
        return arity >= 2 && arity <= MOST_IN_A_TUPLE;
    }

    /**
     * {@code (int x) -> x + 1} as {@code (Integer a$1) -> { int x = a$1; return x + 1; }}: items are objects, and Java asks
     * for their very type; in the body {@code x} stays an int, since {@code ==} and overloads tell the two apart.
     */
    private static String boxed(String function) throws MagicUsageException {
        String lambda = JavaText.withoutParentheses(function.strip());
        int arrow = JavaText.indexOf("->", lambda);
        String declared = arrow < 0 ? "" : lambda.substring(0, arrow).strip();
        if (!JavaText.isEnclosed(declared, '(', ')')) {
            return function;
        }
        List<String> parameters = new ArrayList<>();
        StringBuilder locals = new StringBuilder();
        for (String parameter : JavaText.splitAt(',', JavaText.withoutParentheses(declared))) {
            Matcher primitive = PRIMITIVE.matcher(parameter);
            if (primitive.matches()) {
                String passed = "a$" + (parameters.size() + 1);
                parameters.add("java.lang." + BOXES.get(primitive.group(1)) + " " + passed);
                locals.append(parameter + " = " + passed + "; ");
            } else {
                parameters.add(parameter);
            }
        }
        if (locals.isEmpty()) {
            return function;
        }
        String body = lambda.substring(arrow + 2).stripLeading();
        return "(" + String.join(", ", parameters) + ") -> { " + locals
                + (body.startsWith("{") ? body.substring(1) : "return " + body + "; }");
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

    /**
     * A function that returns nothing, as one that returns null: what to try when the compiler has found that it returns
     * nothing. Empty when that cannot be said in Java's terms.
     *
     * @param parameters how many a method reference or a variable takes
     */
    List<String> withoutResult(String written, int parameters) throws MagicUsageException {
        if (JavaText.isLambda(written)) {
            return List.of(boxed(lambdaWithoutResult(JavaText.withoutParentheses(written.strip()))));
        }
        if (isMethod(written)) {
            return names.methodArities(written).stream()
                    .filter(arity -> arity > 0 && (arity == parameters || parameters > 1))
                    .map(arity -> nullLambda(written, arity, 1))
                    .toList();
        }
        int colons = JavaText.indexOf("::", written);
        if (colons > 0) {
            String type =
                    JavaText.withoutParentheses(written.substring(0, colons).strip());
            String method = written.substring(colons + 2).strip();
            // Of a type or an object, or of the first argument.
            return List.of(nullLambda(type + "." + method, parameters, 1), nullLambda("a$1." + method, parameters, 2));
        }
        return List.of();
    }

    /** A variable of one of the JDK's functional types as a function: which type it has only the compiler knows. */
    List<String> ofVariable(String written, int parameters) {
        if (!names.variables().contains(written)) {
            return List.of();
        }
        List<String> functions = new ArrayList<>(VALUE_METHODS.stream()
                .map(method -> lambda(written + "." + method, parameters))
                .toList());
        functions.add(nullLambda(written + ".accept", parameters, 1));
        return functions;
    }

    /**
     * A function for items of which there are none, so that nothing tells the type that it is to take: whatever it takes.
     *
     * @param parameters how many a variable or a method reference takes; a method that takes several has its own number
     */
    List<String> ofNoItems(String written, int parameters) {
        List<String> functions = new ArrayList<>();
        if (isMethod(written)) {
            for (int arity : new TreeSet<>(names.methodArities(written))) {
                if (arity == parameters || parameters > 1 && arity > 1 && arity <= 4) {
                    functions.add(lambdaOfAny(written, arity));
                    functions.add(nullLambdaOfAny(written, arity));
                }
            }
        } else if (names.variables().contains(written)) {
            VALUE_METHODS.forEach(method -> functions.add(lambdaOfAny(written + "." + method, parameters)));
            functions.add(nullLambdaOfAny(written + ".accept", parameters));
        }
        return functions;
    }

    /** Stands in for a lambda or a method reference that is never called; empty for other functions. */
    static Optional<String> neverCalled(String written, int parameters) throws MagicUsageException {
        if (JavaText.isLambda(written)) {
            String lambda = JavaText.withoutParentheses(boxed(written).strip());
            return Optional.of(lambda.substring(0, JavaText.indexOf("->", lambda)) + "-> null");
        }
        return JavaText.indexOf("::", written) > 0
                ? Optional.of("(" + parameterList(parameters) + ") -> null")
                : Optional.empty();
    }

    private static String lambdaOfAny(String method, int parameters) {
        return "(" + parameterList(parameters) + ") -> " + method + anyList(parameters);
    }

    private static String nullLambdaOfAny(String method, int parameters) {
        return "(" + parameterList(parameters) + ") -> { " + method + anyList(parameters) + "; return null; }";
    }

    /** Arguments of whatever types are asked for, in a call that is compiled and never made. */
    private static String anyList(int parameters) {
        return "(" + String.join(", ", Collections.nCopies(parameters, "java.util.Objects.requireNonNull(null)")) + ")";
    }

    /** As {@link #called}, for a variable of another functional type than those that have {@code apply}. */
    List<String> calledVariable(String written, List<String> arguments) {
        if (!names.variables().contains(written)) {
            return List.of();
        }
        String list = "(" + String.join(", ", arguments) + ")";
        return Stream.concat(VALUE_METHODS.stream(), Stream.of("accept"))
                .map(method -> "() -> " + written + "." + method + list)
                .toList();
    }

    private static String lambdaWithoutResult(String lambda) throws MagicUsageException {
        int arrow = JavaText.indexOf("->", lambda);
        String parameters = lambda.substring(0, arrow).strip();
        String body = lambda.substring(arrow + 2).strip();
        if (!body.startsWith("{")) {
            return parameters + " -> { " + body + "; return null; }";
        }
        StringBuilder block = new StringBuilder(body);
        List<Integer> bare =
                JavaParser.returns(body).map(JavaParser.Returns::bare).orElse(List.of());
        for (int i = bare.size() - 1; i >= 0; i--) {
            block.insert(bare.get(i) + "return".length(), " null");
        }
        return parameters + " -> { if (true) " + block + " return null; }";
    }

    private static String nullLambda(String method, int parameters, int firstPassedOn) {
        String passed = IntStream.rangeClosed(firstPassedOn, parameters)
                .mapToObj(i -> "a$" + i)
                .collect(Collectors.joining(", "));
        return "(" + parameterList(parameters) + ") -> { " + method + "(" + passed + "); return null; }";
    }

    private static String parameterList(int parameters) {
        return IntStream.rangeClosed(1, parameters).mapToObj(i -> "a$" + i).collect(Collectors.joining(", "));
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
        String list = parameterList(parameters);
        return "(" + list + ") -> " + method + "(" + list + ")";
    }

    private static String numbers(Collection<Integer> arities) {
        String list = new TreeSet<>(arities).stream().map(String::valueOf).collect(Collectors.joining(" or "));
        return list.equals("0") ? "no arguments" : list + (list.equals("1") ? " argument" : " arguments");
    }
}
