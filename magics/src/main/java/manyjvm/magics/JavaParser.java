package manyjvm.magics;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** What only the compiler's parser can tell of a user's Java; names mean nothing here. Costs a millisecond or two. */
final class JavaParser {
    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    /** Not made for several threads: guarded by the class's lock. */
    private static final StandardJavaFileManager NO_CLASSES = withoutClasses();

    private JavaParser() {}

    /** A task looks for plug-ins of the compiler on the class path, which takes longer than the parsing. */
    private static StandardJavaFileManager withoutClasses() {
        StandardJavaFileManager files = COMPILER.getStandardFileManager(null, null, null);
        try {
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, List.of());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return files;
    }

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
            unit.scan(new TreeScanner<Void, Void>() {
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
            });
            return new Returns(withValue[0], bare);
        });
    }

    /** The arguments that a call has between its parentheses; empty when this is no Java. */
    static Optional<List<String>> arguments(String written) {
        String source = "class C { Object m() { return f(" + written + "\n); } }";
        return parsed(source).map(unit -> {
            List<String> arguments = new ArrayList<>();
            unit.scan(new TreeScanner<Void, Void>() {
                @Override
                public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
                    // The first is the one around all of it.
                    call.getArguments().forEach(one -> arguments.add(source.substring(unit.start(one), unit.end(one))));
                    return null;
                }
            });
            return arguments;
        });
    }

    static boolean isExpression(String written) {
        return parsed("class C { Object m() { return " + written + "\n; } }").isPresent();
    }

    /** A source without mistakes in its form. */
    private record Parsed(CompilationUnitTree tree, SourcePositions positions) {
        void scan(TreeScanner<Void, Void> scanner) {
            scanner.scan(tree, null);
        }

        int start(Tree part) {
            return (int) positions.getStartPosition(tree, part);
        }

        int end(Tree part) {
            return (int) positions.getEndPosition(tree, part);
        }
    }

    private static synchronized Optional<Parsed> parsed(String source) {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///C.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        JavacTask task =
                (JavacTask) COMPILER.getTask(null, NO_CLASSES, diagnostics, List.of("-proc:none"), null, List.of(file));
        try {
            CompilationUnitTree tree = task.parse().iterator().next();
            boolean wrong =
                    diagnostics.getDiagnostics().stream().anyMatch(one -> one.getKind() == Diagnostic.Kind.ERROR);
            return wrong
                    ? Optional.empty()
                    : Optional.of(new Parsed(tree, Trees.instance(task).getSourcePositions()));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
