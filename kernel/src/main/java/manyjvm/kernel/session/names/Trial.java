package manyjvm.kernel.session.names;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeKind;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticListener;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import manyjvm.kernel.session.execution.SessionLoader;
import manyjvm.kernel.spi.PreviewFeatures;

/**
 * Lets the compiler look at variants of a snippet, to tell which of them fits: nothing is defined, nothing runs. JShell has no
 * such question; what it is asked to evaluate, and cannot resolve, it keeps. Owned by the holder of the session's lock.
 */
public final class Trial implements AutoCloseable {
    private static final String SESSION_PACKAGE = "REPL";

    private static final List<String> OPTIONS = Stream.concat(
                    Stream.of("-proc:none", "-Xlint:none"), PreviewFeatures.compilerOptions().stream())
            .toList();

    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private final SessionLoader loader;
    private final StandardJavaFileManager files;
    private final JavaFileManager filesAndSession;

    public Trial(SessionLoader loader) {
        this.loader = loader;
        files = compiler.getStandardFileManager(null, null, null);
        filesAndSession = new WithSession(files);
    }

    public void useClassPath(Collection<Path> classPath) {
        try {
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * The compiler's errors of each variant. They may be more than JShell would find, but alike for all.
     *
     * @param variants members of a class each
     */
    List<List<String>> errors(List<String> imports, List<String> variants) {
        List<List<String>> errors = new ArrayList<>();
        List<Unit> units = new ArrayList<>();
        for (String variant : variants) {
            errors.add(new ArrayList<>());
            units.add(new Unit(units.size(), imports, variant));
        }
        analyzed(task(units, one -> {
            if (one.getKind() == Diagnostic.Kind.ERROR && one.getSource() instanceof Unit unit) {
                errors.get(unit.number).add(one.getMessage(Locale.ENGLISH));
            }
        }));
        return errors;
    }

    /**
     * What the simple names in members of a class mean with each of some sets of imports, by their offsets: the canonical name
     * of a class, or nothing for a variable, a method, a type parameter or a local class. Those of which the compiler cannot tell
     * are left out.
     */
    List<Map<Integer, String>> meanings(List<List<String>> imports, String members) {
        List<Map<Integer, String>> meanings = new ArrayList<>();
        List<Unit> units = new ArrayList<>();
        for (List<String> one : imports) {
            meanings.add(new HashMap<>());
            units.add(new Unit(units.size(), one, members));
        }
        JavacTask task = task(units, any -> {});
        List<CompilationUnitTree> analyzed = analyzed(task);
        Trees trees = Trees.instance(task);
        for (int i = 0; i < analyzed.size(); i++) {
            CompilationUnitTree tree = analyzed.get(i);
            int head = units.get(i).head;
            Map<Integer, String> found = meanings.get(i);
            new TreePathScanner<Void, Void>() {
                @Override
                public Void visitIdentifier(IdentifierTree node, Void nothing) {
                    int offset = (int) trees.getSourcePositions().getStartPosition(tree, node) - head;
                    Element element = trees.getElement(getCurrentPath());
                    boolean isKnown = element != null
                            && element.getKind() != ElementKind.PACKAGE
                            && element.asType().getKind() != TypeKind.ERROR;
                    // The compiler adds names of its own, at the places of others.
                    if (isKnown
                            && offset >= 0
                            && members.startsWith(node.getName().toString(), offset)) {
                        found.putIfAbsent(
                                offset,
                                element instanceof TypeElement type
                                        ? type.getQualifiedName().toString()
                                        : "");
                    }
                    return null;
                }
            }.scan(tree, null);
        }
        return meanings;
    }

    private JavacTask task(List<Unit> units, DiagnosticListener<JavaFileObject> diagnostics) {
        return (JavacTask) compiler.getTask(null, filesAndSession, diagnostics, OPTIONS, null, units);
    }

    private static List<CompilationUnitTree> analyzed(JavacTask task) {
        try {
            List<CompilationUnitTree> trees = new ArrayList<>();
            task.parse().forEach(trees::add);
            task.analyze();
            return trees;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Override
    public void close() {
        try {
            filesAndSession.close();
        } catch (IOException ignored) {
            // The jars were only read.
        }
    }

    private static final class Unit extends SimpleJavaFileObject {
        final int number;
        /** Where the members begin. */
        final int head;

        private final String text;

        Unit(int number, List<String> imports, String members) {
            super(URI.create("string:///" + SESSION_PACKAGE + "/$Trial" + number + ".java"), Kind.SOURCE);
            this.number = number;
            String before =
                    "package " + SESSION_PACKAGE + "; " + String.join(" ", imports) + " class $Trial" + number + " { ";
            this.head = before.length();
            this.text = before + members + " }";
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** The classes that cells have defined stand in front of the class path. */
    private final class WithSession extends ForwardingJavaFileManager<StandardJavaFileManager> {
        WithSession(StandardJavaFileManager files) {
            super(files);
        }

        @Override
        public Iterable<JavaFileObject> list(
                Location location, String packageName, Set<JavaFileObject.Kind> kinds, boolean recurse)
                throws IOException {
            if (location == StandardLocation.CLASS_PATH && packageName.equals(SESSION_PACKAGE)) {
                return loader.classFileNames().map(Defined::new).collect(Collectors.toList());
            }
            return super.list(location, packageName, kinds, recurse);
        }

        @Override
        public String inferBinaryName(Location location, JavaFileObject file) {
            return file instanceof Defined defined ? defined.binaryName : super.inferBinaryName(location, file);
        }

        @Override
        public boolean isSameFile(FileObject one, FileObject other) {
            return one instanceof SimpleJavaFileObject || other instanceof SimpleJavaFileObject
                    ? one == other
                    : super.isSameFile(one, other);
        }
    }

    private final class Defined extends SimpleJavaFileObject {
        final String binaryName;

        Defined(String binaryName) {
            super(URI.create("string:///" + binaryName.replace('.', '/') + ".class"), Kind.CLASS);
            this.binaryName = binaryName;
        }

        @Override
        public InputStream openInputStream() {
            return new ByteArrayInputStream(loader.classFile(binaryName));
        }
    }
}
