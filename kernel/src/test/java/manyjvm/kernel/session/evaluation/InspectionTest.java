package manyjvm.kernel.session.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import manyjvm.kernel.session.Session.Completeness;
import manyjvm.kernel.session.Session.Inspection;
import manyjvm.kernel.session.Session.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is told of names, by {@code inspect_request} and by {@code name?}: of the user's, of libraries with sources, of the JDK. */
@Timeout(120)
final class InspectionTest {
    private static final String SOURCE =
            """
            package lib;

            /** A shape. Has an area. */
            public interface Shape {
                /**
                 * Its area.
                 *
                 * @param scale how much larger, at least {@code 1}
                 * @return in <b>square</b> metres
                 */
                double area(int scale);

                /** A square of this side. */
                static Shape square(double side) { return new Square(side); }

                /** The unit. */
                Shape UNIT = square(1);

                record Square(double side) implements Shape {
                    @Override
                    public double area(int scale) { return side * side * scale; }

                    /** Two of them. */
                    public Square(String text, java.util.List<String> more) { this(text.length() + more.size()); }

                    /** From a number in text. */
                    public Square(String text, Integer more) { this(text.length() + more); }
                }
            }
            """;

    @TempDir
    static Path folder;

    private static final SessionFixture cells = new SessionFixture();

    @BeforeAll
    static void makeLibrary() throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        Path source = Files.createDirectories(folder.resolve("lib")).resolve("Shape.java");
        Files.writeString(source, SOURCE);
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), source.toString()))
                .isZero();
        try (OutputStream out = Files.newOutputStream(folder.resolve("lib-1.jar"));
                ZipOutputStream jar = new ZipOutputStream(out)) {
            for (String name : List.of("lib/Shape.class", "lib/Shape$Square.class")) {
                jar.putNextEntry(new ZipEntry(name));
                jar.write(Files.readAllBytes(classes.resolve(name)));
            }
        }
        try (OutputStream out = Files.newOutputStream(folder.resolve("lib-1-sources.jar"));
                ZipOutputStream jar = new ZipOutputStream(out)) {
            jar.putNextEntry(new ZipEntry("lib/Shape.java"));
            jar.write(SOURCE.getBytes(StandardCharsets.UTF_8));
        }
        cells.value("%classpath \"" + folder.resolve("lib-1.jar") + "\"");
        cells.value("import lib.*;\nShape shape = Shape.square(3);\nint forty = 40;");
        cells.value(
                "/**\n * Doubles.\n * It has {@code {} braces}.\n * @param x a number\n */\nint twice(int x) { return 2 * x; }");
    }

    @AfterAll
    static void close() {
        cells.close();
    }

    private static String inspect(String code, int detail) {
        Map<String, Object> data = cells.session
                .inspect(code, code.length(), detail)
                .orElseThrow(() -> new AssertionError(code))
                .data();
        assertThat(data).containsOnlyKeys("text/plain", "text/html");
        return data.get("text/plain").toString();
    }

    @Test
    void libraryWithSources_isToldWithItsComments() {
        assertThat(inspect("shape.area", 0))
                .isEqualTo(
                        """
                        double Shape.area(int scale)
                            Its area.

                            Parameters:
                                scale - how much larger, at least 1
                            Returns:
                                in square metres""");
        assertThat(inspect("Shape", 0)).contains("Shape", "A shape. Has an area.");
        assertThat(inspect("Shape.UNIT", 0)).contains("The unit.");
        assertThat(inspect("lib.Shape.square(", 0)).contains("square(double side)", "A square of this side.");
        // Of the method it overrides.
        assertThat(inspect("((Shape.Square) shape).area(", 0)).contains("Its area.");
        assertThat(inspect("new Shape.Square(", 0)).contains("Two of them.", "From a number in text.", "Integer more)");
        Object html =
                cells.session.inspect("shape.area", 10, 0).orElseThrow().data().get("text/html");
        assertThat(html.toString())
                .startsWith("<pre><code>double Shape.area(int scale)</code></pre>")
                .contains("<b>square</b>", "<dt>Parameters:</dt>");
    }

    @Test
    void usersMethod_isToldWithItsComment_orAsItWasWritten() {
        assertThat(inspect("twice", 0))
                .isEqualTo("int twice(int x)\n    Doubles. It has {} braces.\n\n    Parameters:\n        x - a number");
        assertThat(inspect("twice", 1)).contains("/**", "return 2 * x;");
    }

    @Test
    void theJdk_isToldWithItsComments_orWhereToGetThem() {
        Path sources = Path.of(System.getProperty("java.home"), "lib", "src.zip");
        String first = inspect("Math.abs", 1) + inspect("String", 1);
        if (Files.isReadable(sources)) {
            assertThat(first).contains("absolute value", "character strings");
        } else {
            assertThat(first).containsOnlyOnce("src.zip").contains("-source");
            assertThat(inspect("Math.max", 1)).contains("max(int a, int b)").doesNotContain("src.zip");
        }
        assertThat(inspect("new ArrayList<>().add(", 0)).contains("add(").doesNotContain("extends Object");
    }

    private static String help(String cell) {
        cells.value(cell);
        return cells.shown.stream()
                .map(one -> ((Inspection) one).data().get("text/plain").toString())
                .toList()
                .toString();
    }

    @Test
    void questionMarks_showWhatANameMeans() {
        assertThat(help("forty?")).isEqualTo("[int forty = 40]");
        assertThat(help("?forty")).isEqualTo("[int forty = 40]");
        assertThat(help("int fifty = forty + 10;\nfifty?\n??twice"))
                .startsWith("[int fifty = 50, ")
                .contains("return 2 * x;");
        assertThat(cells.value("forty + 1\nforty?")).isEqualTo(41);
        assertThat(help("shape.area?")).contains("Its area.");
        assertThat(help("Shape.square()?")).contains("A square of this side.");
        assertThat(help("java.util.List.add?")).contains("add(int", "add(E");
        assertThat(help("Map.Entry?")).contains("java.util.Map.Entry<K, V>");
        assertThat(cells.value("boolean yes = true;\nint chosen = yes ?\n 1 : 2;\nchosen"))
                .isEqualTo(1);
    }

    @Test
    void lineWithAQuestion_isComplete_andItsNameCompletes() {
        for (String cell : List.of("Shape?", "?Shape", "shape.area??", "int x = 1;\nx?")) {
            assertThat(cells.session.isComplete(cell).state()).as(cell).isEqualTo(Completeness.State.COMPLETE);
        }
        assertThat(cells.session.isComplete("int f() {\n").state()).isEqualTo(Completeness.State.INCOMPLETE);
        assertThat(cells.session.complete("int y = 2;\n?fort", 16).matches()).containsExactly("forty");
    }

    @Test
    void questionAboutNothing_isAnErrorThatSaysSo() {
        Outcome.Failed failed = cells.failure("int sixty = 60;\nfourty?", 77);
        assertThat(failed.name()).isEqualTo("HelpError");
        assertThat(failed.message()).isEqualTo("In[77]:2: nothing here is called fourty; did you mean forty?");
        assertThat(String.join("\n", failed.traceback())).contains("    fourty?\n    ^^^^^^");
        assertThat(cells.value("sixty")).isEqualTo(60);
        assertThat(cells.failure("shape.aera?").message()).contains("did you mean shape.area?");
        // What is wrong before it is told first.
        assertThat(cells.failure("int x = nope;\nforty?").name()).isEqualTo("CompilationError");
    }
}
