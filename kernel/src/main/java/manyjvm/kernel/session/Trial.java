package manyjvm.kernel.session;

import com.sun.source.util.JavacTask;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * Lets the compiler look at variants of a snippet, to tell which of them fits: nothing is defined, nothing runs. JShell has no
 * such question; what it is asked to evaluate, and cannot resolve, it keeps. Owned by the holder of the session's lock.
 */
final class Trial implements AutoCloseable {
    private static final String SESSION_PACKAGE = "REPL";

    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private final SessionLoader loader;
    private final StandardJavaFileManager files;
    private final JavaFileManager filesAndSession;

    Trial(SessionLoader loader) {
        this.loader = loader;
        files = compiler.getStandardFileManager(null, null, null);
        filesAndSession = new WithSession(files);
    }

    void useClassPath(Collection<Path> classPath) {
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
        List<JavaFileObject> units = new ArrayList<>();
        String head = "package " + SESSION_PACKAGE + "; " + String.join(" ", imports) + " ";
        for (int i = 0; i < variants.size(); i++) {
            errors.add(new ArrayList<>());
            units.add(new Unit(i, head + "class $Trial" + i + " { " + variants.get(i) + " }"));
        }
        JavacTask task = (JavacTask) compiler.getTask(
                null,
                filesAndSession,
                one -> {
                    if (one.getKind() == Diagnostic.Kind.ERROR && one.getSource() instanceof Unit unit) {
                        errors.get(unit.number).add(one.getMessage(Locale.ENGLISH));
                    }
                },
                List.of("-proc:none", "-Xlint:none"),
                null,
                units);
        try {
            task.analyze();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return errors;
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
        private final String text;

        Unit(int number, String text) {
            super(URI.create("string:///" + SESSION_PACKAGE + "/$Trial" + number + ".java"), Kind.SOURCE);
            this.number = number;
            this.text = text;
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
