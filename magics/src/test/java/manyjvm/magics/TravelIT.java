package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import manyjvm.kernel.runner.Execution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What travels from a notebook's cells to workers, and what does not. One kernel for all; each test has its own names. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TravelIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run("var pool = new Pool(2);");
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    @Test
    void map_functionEditedAfterwards_resultIsStillThereAndTyped() throws Exception {
        notebook.run("int square(int x) { return x * x; }");
        notebook.run("var squares = pool.map(x -> square(x), range(3));");
        notebook.run("int square(int x) { return x * x * x; }");

        assertThat(notebook.value("squares")).isEqualTo("[0, 1, 4]");
        assertThat(notebook.value("Integer last = squares.get(2); last + 1")).isEqualTo("5");
    }

    @Test
    void map_functionRedefined_livePoolUsesItAtOnce() throws Exception {
        notebook.run("int shift(int x) { return x + 1; }");
        assertThat(notebook.value("pool.map(x -> shift(x), range(3))")).isEqualTo("[1, 2, 3]");
        notebook.run("int shift(int x) { return x + 100; }");

        assertThat(notebook.value("pool.map(x -> shift(x), range(3))")).isEqualTo("[100, 101, 102]");
    }

    @Test
    void map_notebookVariable_hasItsValueOfTheCall() throws Exception {
        notebook.run("int offset = 7;");
        assertThat(notebook.value("pool.map(x -> x + offset, range(3))")).isEqualTo("[7, 8, 9]");
        notebook.run("offset = 9;");

        assertThat(notebook.value("pool.map(x -> x + offset, range(3))")).isEqualTo("[9, 10, 11]");
    }

    @Test
    void apply_codeThatCastsToWhatSharedObjectsHaveInCommon_runsInAWorker() throws Exception {
        notebook.run("var orders = new Queue<Integer>();\nvar done = new Event();");
        assertThat(
                        notebook.value(
                                "pool.apply(() -> { int named = 0; for (var each : List.of(orders, done)) { named += each.toString().length() > 0 ? 1 : 0; } return named; })"))
                .isEqualTo("2");
        notebook.run("var either = orders.isEmpty() ? orders : done;");
        assertThat(notebook.value("pool.apply(() -> either == null)")).isEqualTo("false");
    }

    @Test
    void map_sealedFamilyOfOneCell_goesAndComesBack() throws Exception {
        String family =
                """
                record Circle(double r) implements Form {}
                sealed interface Form {}
                record Square(double a) implements Form {}
                double area(Form f) { return f instanceof Square s ? s.a() * s.a() : 3 * ((Circle) f).r(); }
                """;
        notebook.run(family);
        assertThat(notebook.value("pool.map(f -> area(f), List.of(new Circle(1), new Square(2)))"))
                .isEqualTo("[3.0, 4.0]");
        notebook.run(family.replace("3 *", "4 *"));
        assertThat(notebook.value("pool.map(a -> new Square(area(new Circle(a))), range(2))"))
                .isEqualTo("[Square[a=0.0], Square[a=4.0]]");
    }

    @Test
    void map_familyWithNonSealedAndNestedTypes_goesAndComesBack() throws Exception {
        notebook.run(
                """
                sealed interface Part {}
                non-sealed class Free implements Part { int size() { return 2; } }
                class Box { record Screw(int n) implements Part {} }
                class Free2 extends Free { int size() { return 3; } }
                int size(Part p) { return p instanceof Box.Screw s ? s.n() : ((Free) p).size(); }
                """);
        assertThat(notebook.value("pool.map(p -> size(p), List.of(new Box.Screw(7), new Free(), new Free2()))"))
                .isEqualTo("[7, 2, 3]");
        assertThat(notebook.value("pool.map(n -> new Box.Screw(n), range(2))")).isEqualTo("[Screw[n=0], Screw[n=1]]");
    }

    @Test
    void map_editedSealedFamily_goesAndComesBack() throws Exception {
        notebook.run(
                "sealed interface Coin {}\nrecord Cent(int n) implements Coin {}\nrecord Yen(int n) implements Coin {}");
        notebook.run("int worth(Coin c) { return c instanceof Cent cent ? cent.n() : 100; }\nCoin coin = new Cent(1);");
        assertThat(notebook.value("pool.map(c -> worth(c), List.of(coin, new Yen(2)))"))
                .isEqualTo("[1, 100]");
        notebook.run(
                "sealed interface Coin {}\nrecord Cent(int n) implements Coin {}\nrecord Rupee(int n) implements Coin {}");
        assertThat(notebook.value("pool.map(c -> worth(c), List.of(new Cent(5), new Rupee(2)))"))
                .isEqualTo("[5, 100]");
        assertThat(notebook.value("pool.map(n -> new Rupee(n), range(2))")).isEqualTo("[Rupee[n=0], Rupee[n=1]]");
    }

    @Test
    void map_recordsEnumsAndGenericClasses_goAndComeBack() throws Exception {
        notebook.run("record Point(int x, int y) { Point mirrored() { return new Point(y, x); } }");
        notebook.run("enum Color { RED, GREEN; Color next() { return values()[(ordinal() + 1) % values().length]; } }");
        notebook.run(
                "class Box<T> { final T content; Box(T content) { this.content = content; } T open() { return content; } }");

        assertThat(notebook.value("pool.map(p -> p.mirrored(), List.of(new Point(1, 2), new Point(3, 4)))"))
                .isEqualTo("[Point[x=2, y=1], Point[x=4, y=3]]");
        assertThat(notebook.value("pool.map(c -> c.next(), Color.values())")).isEqualTo("[GREEN, RED]");
        assertThat(notebook.value("pool.map(c -> c.next(), List.of(Color.RED)).get(0) == Color.GREEN"))
                .isEqualTo("true");
        assertThat(notebook.value("pool.map(b -> new Box<>(b.open() + 1), List.of(new Box<>(1))).get(0).open()"))
                .isEqualTo("2");
    }

    @Test
    void apply_objectsOfTheJdk_comeBack_asResultsAndAsFailures() throws Exception {
        assertThat(notebook.value("pool.apply(() -> java.time.LocalDate.of(2024, 2, 29)).getYear()"))
                .isEqualTo("2024");
        assertThat(notebook.value("pool.apply(() -> TimeUnit.DAYS) == TimeUnit.DAYS"))
                .isEqualTo("true");
        notebook.run("class Refusal extends Exception { final int code; Refusal(int code) { this.code = code; } }");
        notebook.run("int refuse(int x) throws Refusal { throw new Refusal(x); }");
        notebook.run(
                """
                int code = 0;
                Throwable known = null;
                try { pool.apply(() -> refuse(7)); }
                catch (TaskFailedException failure) { code = ((Refusal) failure.getCause()).code; }
                try { pool.map(x -> 10 / x, List.of(0)); }
                catch (TaskFailedException failure) { known = failure.getCause(); }""");

        assertThat(notebook.value("code")).isEqualTo("7");
        assertThat(notebook.value("known instanceof ArithmeticException")).isEqualTo("true");
        assertThat(notebook.value("known.getStackTrace()[0].toString()")).contains("In[");
    }

    @Test
    void map_functionVariable_travels() throws Exception {
        notebook.run("int base = 10;");
        notebook.run("Function<Integer, Integer> plusBase = x -> x + base;");

        assertThat(notebook.value("pool.map(plusBase, range(3))")).isEqualTo("[10, 11, 12]");
        assertThat(notebook.value("pool.map(plusBase.andThen(x -> x * 2), range(3))"))
                .isEqualTo("[20, 22, 24]");
        assertThat(notebook.value("pool.map(x -> plusBase.apply(x) + 1, range(3))"))
                .isEqualTo("[11, 12, 13]");
        assertThat(notebook.value("%pool map plusBase 0..2")).isEqualTo("[10, 11, 12]");
    }

    @Test
    void apply_threadVariable_isRefusedByName() throws Exception {
        notebook.run("Thread sleeper = new Thread(() -> {});");

        assertThat(notebook.error("pool.apply(() -> sleeper.getName())"))
                .contains("NotShippableException")
                .contains("variable sleeper")
                .contains("java.lang.Thread");
        assertThat(notebook.value("pool.apply(() -> 1)")).isEqualTo("1");
    }

    @Test
    void apply_libraryAddedLater_isThereInWorkers(@TempDir Path folder) throws Exception {
        Path jar = jarOf(
                folder,
                "helper.Greeting",
                "package helper; public class Greeting { public static String to(String name)"
                        + " { return \"hello \" + name; } }");
        notebook.run("int before = 5;");
        notebook.run("%classpath " + jar);

        assertThat(notebook.value("pool.apply(() -> helper.Greeting.to(\"worker \" + before))"))
                .isEqualTo("hello worker 5");
        assertThat(notebook.value("pool.apply(() -> new helper.Greeting()).to(\"you\")"))
                .isEqualTo("hello you");
    }

    @Test
    void each_writingANotebookVariable_warnsOnce() throws Exception {
        notebook.run("int counter = 0;");
        notebook.run("void bump() { counter++; }");

        Execution first = notebook.run("pool.each(x -> bump(), range(4));");
        Execution second = notebook.run("pool.each(x -> bump(), range(4));");

        assertThat(first.stderr()).containsOnlyOnce("counter");
        assertThat(second.stderr()).isEmpty();
        assertThat(notebook.value("counter")).isEqualTo("0");
    }

    private static Path jarOf(Path folder, String name, String source) throws IOException {
        Path java = folder.resolve("Greeting.java");
        Files.writeString(java, source);
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "--release", "17", "-d", folder.toString(), java.toString());
        assertThat(result).isZero();
        Path jar = folder.resolve("greeting.jar");
        String entry = name.replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String path : List.of(entry)) {
                out.putNextEntry(new JarEntry(path));
                out.write(Files.readAllBytes(folder.resolve(path)));
                out.closeEntry();
            }
        }
        return jar;
    }
}
