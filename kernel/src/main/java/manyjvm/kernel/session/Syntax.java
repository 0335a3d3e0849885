package manyjvm.kernel.session;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** What can be told of a snippet by parsing alone. JShell's own analysis takes {@code int = 3;} for complete. */
final class Syntax {
    private static final Pattern TYPE = Pattern.compile("\\b(?:class|interface|enum|record)\\s+(\\w+)");
    private static final Pattern MEMBER = Pattern.compile("^[\\w<>\\[\\],.?&\\s]+?\\s(\\w+)\\s*[=(;]");

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    /** Not made for several threads: guarded by the class's lock. */
    private static final StandardJavaFileManager NO_CLASSES = withoutClasses();

    private Syntax() {}

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

    /** Whether it is an import, a declaration, or statements, whatever its names mean. */
    static boolean isJava(String source) {
        return source.startsWith("import") && parses(source)
                || isLocal(source)
                || parses("class C { " + source + "\n}");
    }

    /** Whether it may stand within a block. */
    static boolean isLocal(String source) {
        return parses("class C { void m() { " + source + "\n} }")
                || parses("class C { Object m() { return "
                        + source.stripTrailing().replaceFirst(";$", "") + "\n; } }");
    }

    /** The type, method or variable that it declares. */
    static Optional<String> declaredName(String source) {
        Matcher type = TYPE.matcher(source.lines().findFirst().orElse(""));
        if (type.find()) {
            return Optional.of(type.group(1));
        }
        Matcher member = MEMBER.matcher(source);
        return member.find() ? Optional.of(member.group(1)) : Optional.empty();
    }

    /** A documentation comment as plain text. */
    static String withoutMarkup(String documentation) {
        return documentation
                .replaceAll("\\{@(?:code|literal|link|linkplain|value|index)\\s+([^}]*)}", "$1")
                .replaceAll("(?i)</?(?:p|ul|ol|pre|blockquote|div|table|tr|h\\d)[^>]*>\\s*", "\n")
                .replaceAll("(?i)<li>", "\n- ")
                .replaceAll("<[a-zA-Z/][^>]*>", "")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&nbsp;", " ")
                .replace("&amp;", "&")
                .replaceAll("(?m)^@(\\w+)", "$1:")
                .replaceAll("(?m)^ +", "")
                .replaceAll("\n{3,}", "\n\n")
                .strip();
    }

    private static synchronized boolean parses(String unit) {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///C.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return unit;
            }
        };
        JavacTask task =
                (JavacTask) COMPILER.getTask(null, NO_CLASSES, diagnostics, List.of("-proc:none"), null, List.of(file));
        try {
            task.parse();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return diagnostics.getDiagnostics().stream().noneMatch(one -> one.getKind() == Diagnostic.Kind.ERROR);
    }
}
