package manyjvm.parallel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.tools.ToolProvider;
import manyjvm.parallel.code.lambda.LambdaTransform;
import manyjvm.parallel.spi.ClassSource;

/**
 * A session that makes classes by the thousand: each cell defines a function and a variable again, and a lambda that uses
 * both. They are compiled once and numbered in their class files, since a compiler would take most of the time.
 */
final class GeneratedSession implements ClassSource {
    private static final String NUMBER = "00000000";
    private static final Map<String, String> SOURCES = Map.of(
            "f", "public static int f(int x) { return x + Integer.parseInt(\"" + NUMBER + "\"); }",
            "v", "public static long[] w;",
            "c",
                    "public static manyjvm.parallel.Fn<Integer, Long> make(long[] captured) {"
                            + " return x -> $JShell$f00000000.f(x) + captured[0] + $JShell$v00000000.w[0]; }");

    private final Map<String, byte[]> templates = new ConcurrentHashMap<>();
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private Field present; // the variable's
    private volatile Cells cells = new Cells();

    /** @param folder for the compiler's output */
    GeneratedSession(Path folder) {
        try {
            for (Map.Entry<String, String> source : SOURCES.entrySet()) {
                String name = "$JShell$" + source.getKey() + NUMBER;
                Path file = folder.resolve(name + ".java");
                Files.writeString(file, "package REPL; public class " + name + " { " + source.getValue() + " }");
            }
            String[] arguments = SOURCES.keySet().stream()
                    .map(kind ->
                            folder.resolve("$JShell$" + kind + NUMBER + ".java").toString())
                    .toArray(String[]::new);
            String[] options = {"-d", folder.toString(), "-cp", System.getProperty("java.class.path")};
            String[] all = java.util.stream.Stream.of(options, arguments)
                    .flatMap(Arrays::stream)
                    .toArray(String[]::new);
            assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, all))
                    .isZero();
            for (String kind : SOURCES.keySet()) {
                String name = "REPL.$JShell$" + kind + NUMBER;
                byte[] compiled = Files.readAllBytes(folder.resolve("REPL/$JShell$" + kind + NUMBER + ".class"));
                templates.put(kind, LambdaTransform.apply(name, compiled));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** From now on classes of the same names are others. */
    void startAnew() {
        files.clear();
        cells = new Cells();
    }

    /**
     * Runs a cell.
     *
     * @param name of its classes
     * @param number that f adds to its argument
     * @param captured what the lambda captures; w holds {@code variable}
     */
    @SuppressWarnings("unchecked") // made above
    Fn<Integer, Long> cell(int name, int number, long[] captured, long[] variable) {
        for (Map.Entry<String, byte[]> template : templates.entrySet()) {
            String kind = template.getKey();
            byte[] file = template.getValue();
            for (String each : SOURCES.keySet()) {
                file = replaced(file, "$JShell$" + each + NUMBER, "$JShell$" + each + eight(name));
            }
            files.put("REPL.$JShell$" + kind + eight(name), replaced(file, NUMBER, eight(number)));
        }
        try {
            if (present != null) {
                present.set(null, null); // as a session does with a variable that is defined again
            }
            present = Class.forName("REPL.$JShell$v" + eight(name), true, cells).getField("w");
            present.set(null, variable);
            return (Fn<Integer, Long>) Class.forName("REPL.$JShell$c" + eight(name), true, cells)
                    .getMethod("make", long[].class)
                    .invoke(null, (Object) captured);
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String eight(int number) {
        return String.format("%08d", number);
    }

    private static byte[] replaced(byte[] file, String from, String to) {
        return new String(file, StandardCharsets.ISO_8859_1).replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
    }

    private final class Cells extends ClassLoader {
        Cells() {
            super(GeneratedSession.class.getClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] file = files.get(name);
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, file, 0, file.length);
        }
    }

    // ---------------------------------------------------------------- the session as a source

    @Override
    public boolean defines(Class<?> type) {
        return type.getClassLoader() instanceof Cells;
    }

    @Override
    public boolean isWrapper(Class<?> type) {
        return defines(type);
    }

    @Override
    public byte[] bytes(Class<?> type) {
        return files.get(type.getName());
    }

    @Override
    public Class<?> find(String binaryName) throws ClassNotFoundException {
        return Class.forName(binaryName, false, cells);
    }

    @Override
    public ClassLoader loader() {
        return cells;
    }

    @Override
    public List<Path> classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    @Override
    public StackTraceElement locate(StackTraceElement frame) {
        return frame;
    }
}
