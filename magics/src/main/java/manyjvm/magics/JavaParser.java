package manyjvm.magics;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import manyjvm.kernel.spi.ParsedJava;

/** What only the compiler's parser can tell of a user's Java. */
final class JavaParser {
    private JavaParser() {}

    /**
     * The {@code return} statements of a body, without those of lambdas and classes in it.
     *
     * @param withValue whether there is a {@code return} with a value
     * @param bare where those without one lie: offsets of the {@code return}
     */
    record Returns(boolean withValue, List<Integer> bare) {
        boolean none() {
            return !withValue && bare.isEmpty();
        }
    }

    /** The returns of statements; empty when these are no Java, which the compiler then tells. */
    static Optional<Returns> returns(String statements) {
        String before = "class C { Object m() { ";
        return parsed(before + statements + "\n} }").map(unit -> {
            boolean[] withValue = new boolean[1];
            List<Integer> bare = new ArrayList<>();
            new TreeScanner<Void, Void>() {
                private int depth;

                @Override
                public Void visitClass(ClassTree type, Void nothing) {
                    return depth++ > 0 ? null : super.visitClass(type, nothing);
                }

                @Override
                public Void visitLambdaExpression(LambdaExpressionTree lambda, Void nothing) {
                    return null;
                }

                @Override
                public Void visitReturn(ReturnTree statement, Void nothing) {
                    if (statement.getExpression() != null) {
                        withValue[0] = true;
                    } else {
                        bare.add(unit.start(statement) - before.length());
                    }
                    return null;
                }
            }.scan(unit.tree(), null);
            return new Returns(withValue[0], bare);
        });
    }

    /** The arguments that a call has between its parentheses; empty when this is no Java. */
    static Optional<List<String>> arguments(String written) {
        String source = "class C { Object m() { return f(" + written + "\n); } }";
        return parsed(source).map(unit -> {
            List<String> arguments = new ArrayList<>();
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
                    // The first is the one around all of it.
                    call.getArguments().forEach(one -> arguments.add(source.substring(unit.start(one), unit.end(one))));
                    return null;
                }
            }.scan(unit.tree(), null);
            return arguments;
        });
    }

    static boolean isExpression(String written) {
        return parsed("class C { Object m() { return " + written + "\n; } }").isPresent();
    }

    /** A source without mistakes in its form. */
    private static Optional<ParsedJava> parsed(String source) {
        return Optional.of(ParsedJava.of(source)).filter(ParsedJava::isWellFormed);
    }
}
