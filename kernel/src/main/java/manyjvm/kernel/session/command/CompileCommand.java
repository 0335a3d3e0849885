package manyjvm.kernel.session.command;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.session.source.CellSource;
import manyjvm.kernel.spi.IoReason;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import manyjvm.kernel.spi.PreviewFeatures;

/**
 * {@code %%javac}: a whole source file, compiled as {@code javac} does, with the annotation processors of the added jars
 * (Lombok's for one). JShell, which compiles all other cells, runs none: the compiler that it keeps for many snippets
 * cannot. The classes are in a folder of the session's class path, from which workers get them, too. It is removed when the
 * JVM ends.
 */
final class CompileCommand implements SessionCommand {
    private static final Pattern PACKAGE = Pattern.compile("(?m)^\\s*package\\s+([\\w.]+)\\s*;");
    private static final int SHOWN = 3;

    /** What was compiled by now, by the names of classes: a class that has been loaded stays as it is. */
    private final Map<String, String> compiled = new HashMap<>();

    @Override
    public String name() {
        return "javac";
    }

    @Override
    public String usage() {
        return "%%javac [OPTION...]   compiles the rest of the cell as a source file, with the annotation processors of the added jars\n"
                + "It begins with a package, by which other cells import its classes. Cells run no processors: Lombok's annotations work here.\n"
                + "The options are those of javac. A class that is there already stays: give a changed one another name, or restart.";
    }

    @Override
    public boolean takesBody() {
        return true;
    }

    @Override
    public void runCell(String arguments, String body, Shell shell, CellRun run) throws MagicUsageException {
        Matcher inPackage = PACKAGE.matcher(body);
        if (!inPackage.find()) {
            throw new MagicUsageException("%%javac needs a package, by which other cells can import its classes:"
                    + " write 'package model;' on the next line");
        }
        CellSource cell = new CellSource(run.label(), "\n" + body);
        List<String> options = SessionCommands.words(arguments);
        List<Path> classPath = shell.userClassPath();
        try {
            Path folder = Files.createTempDirectory("manyjvm-classes-");
            boolean kept = false;
            try {
                // Processors are users' code: a Stop must reach them, and completion must not wait for them.
                shell.engine().withoutLock(run, () -> {
                    compile(cell, body, options, classPath, folder);
                    return "";
                });
                List<String> names = names(folder);
                kept = keep(names, body, folder, shell);
                System.out.println("compiled " + String.join(", ", names) + "; import " + inPackage.group(1) + ".*;");
            } finally {
                if (!kept) {
                    delete(folder);
                }
            }
        } catch (IOException failure) {
            throw unwritable(failure);
        }
    }

    /** Whether the session did not have these classes yet, and has them in the folder from now on. */
    private boolean keep(List<String> names, String body, Path folder, Shell shell) throws MagicUsageException {
        for (String name : names) {
            String before = compiled.get(name);
            if (before != null && !before.equals(body)) {
                throw new MagicUsageException(name + " is there already, as an earlier cell has it:"
                        + " give it another name, or restart the kernel");
            }
        }
        if (compiled.keySet().containsAll(names)) {
            return false;
        }
        names.forEach(name -> compiled.put(name, body));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        shell.addToClassPath(folder);
        return true;
    }

    private static MagicUsageException unwritable(IOException failure) {
        return new MagicUsageException("the classes cannot be written: " + IoReason.of(failure));
    }

    private static void compile(CellSource cell, String body, List<String> options, List<Path> classPath, Path folder)
            throws MagicUsageException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        List<String> all = new ArrayList<>(PreviewFeatures.compilerOptions());
        all.addAll(List.of("-g", "-parameters"));
        // Older ones run processors unless they are told not to, newer ones only when they are told to.
        if (Runtime.version().feature() >= 21 && options.stream().noneMatch(option -> option.startsWith("-proc"))) {
            all.add("-proc:full");
        }
        all.addAll(options);
        StringWriter other = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(found, Locale.ENGLISH, null)) {
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(folder));
            boolean good = compiler.getTask(other, files, found, all, null, List.of(new Source(body)))
                    .call();
            if (!good) {
                throw new MagicUsageException(errors(cell, found, other));
            }
        } catch (IllegalArgumentException badOption) {
            throw new MagicUsageException("javac does not take these options: " + badOption.getMessage());
        } catch (IOException failure) {
            throw unwritable(failure);
        } catch (RuntimeException failed) {
            // What a processor throws comes out as its cause.
            throw new MagicUsageException("an annotation processor of the added jars failed: "
                    + (failed.getCause() == null ? failed : failed.getCause())
                    + "; a newer version of it may know JDK "
                    + Runtime.version().feature());
        }
    }

    private static String errors(CellSource cell, DiagnosticCollector<JavaFileObject> found, StringWriter other) {
        List<String> lines = new ArrayList<>();
        List<Diagnostic<? extends JavaFileObject>> errors = found.getDiagnostics().stream()
                .filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
                .collect(Collectors.toList());
        lines.add("javac found " + errors.size() + (errors.size() == 1 ? " error" : " errors"));
        for (Diagnostic<? extends JavaFileObject> error : errors.subList(0, Math.min(SHOWN, errors.size()))) {
            int width = (int) Math.max(1, error.getEndPosition() - error.getPosition());
            List<String> message = error.getMessage(Locale.ENGLISH).lines().toList();
            lines.addAll(cell.pointAt(
                    (int) error.getLineNumber() + 1,
                    (int) Math.max(0, error.getColumnNumber() - 1),
                    width,
                    message.get(0),
                    message.subList(1, message.size())));
        }
        if (errors.isEmpty()) {
            other.toString().lines().limit(SHOWN).forEach(lines::add);
        }
        return String.join("\n", lines);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .map(file -> folder.relativize(file)
                            .toString()
                            .replaceAll("\\.class$", "")
                            .replaceAll("[/\\\\]", "."))
                    .filter(name -> !name.contains("$"))
                    .sorted()
                    .toList();
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        } catch (IOException | UncheckedIOException failure) {
            System.err.println(folder + " could not be removed: " + failure.getMessage());
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///Cell.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        /** A public class may have any name here: it is in no file. */
        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return !simpleName.endsWith("-info");
        }
    }
}
