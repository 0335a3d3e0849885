package manyjvm.kernel.spi;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * What the compiler's parser makes of a source file; names mean nothing here. Costs a millisecond or two. May be made by any
 * thread.
 *
 * @param comments the documentation comments of what is in the tree
 * @param isWellFormed whether there is no mistake in its form; else the tree is what the parser could make of it
 */
public record ParsedJava(CompilationUnitTree tree, SourcePositions positions, DocTrees comments, boolean isWellFormed) {
    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    private static final List<String> OPTIONS = Stream.concat(
                    Stream.of("-proc:none"), PreviewFeatures.compilerOptions().stream())
            .toList();

    /** Not made for several threads: guarded by the class's lock. */
    private static final StandardJavaFileManager NO_CLASSES = withoutClasses();

    /** Each task looks for plug-ins of the compiler on the class path; in the kernel's own that took ten times the parsing. */
    private static StandardJavaFileManager withoutClasses() {
        StandardJavaFileManager files = COMPILER.getStandardFileManager(null, null, null);
        try {
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, List.of());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return files;
    }

    /** @param source a whole source file */
    public static synchronized ParsedJava of(String source) {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///C.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        JavacTask task = (JavacTask) COMPILER.getTask(null, NO_CLASSES, diagnostics, OPTIONS, null, List.of(file));
        try {
            CompilationUnitTree tree = task.parse().iterator().next();
            DocTrees comments = DocTrees.instance(task);
            return new ParsedJava(
                    tree,
                    comments.getSourcePositions(),
                    comments,
                    diagnostics.getDiagnostics().stream().noneMatch(one -> one.getKind() == Diagnostic.Kind.ERROR));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The documentation comment of the first type of a source file, which has one. */
    public static DocCommentTree docComment(String source) {
        ParsedJava parsed = of(source);
        TreePath file = new TreePath(parsed.tree());
        return Objects.requireNonNull(
                parsed.comments()
                        .getDocCommentTree(
                                new TreePath(file, parsed.tree().getTypeDecls().get(0))),
                "the type has a comment");
    }

    /** The offset at which a part begins. */
    public int start(Tree part) {
        return (int) positions.getStartPosition(tree, part);
    }

    /** The offset behind a part; negative where the parser has added it. */
    public int end(Tree part) {
        return (int) positions.getEndPosition(tree, part);
    }
}
