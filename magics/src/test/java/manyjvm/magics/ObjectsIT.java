package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import manyjvm.kernel.runner.Execution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Objects of libraries, images, and what belongs to one JVM: what travels, and how the rest is refused. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ObjectsIT {
    private static final String LIBRARY =
            """
            package lib;
            import java.io.Serializable;
            import java.util.concurrent.locks.*;
            public class Mapper implements Serializable {
                private final ReentrantLock lock = new ReentrantLock();
                private final Cache cache = new Cache();
                public String read(int x) {
                    lock.lock();
                    try { return cache.find(x); } finally { lock.unlock(); }
                }
                public Mapper locked() { lock.lock(); return this; }
                static class Cache implements Serializable {
                    final ReentrantReadWriteLock both = new ReentrantReadWriteLock();
                    String find(int x) {
                        both.readLock().lock();
                        try { return "read " + x; } finally { both.readLock().unlock(); }
                    }
                }
                public static class Source { private final Inner inner = new Inner(); }
                static class Inner { final Thread poller = new Thread(); }
            }
            """;

    @TempDir
    private static Path folder;

    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run("%classpath " + jar());
        notebook.run("var pool = new Pool(2);");
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    @Test
    void libraryObjectWithLocks_travelsUnlocked_asVariableFieldItemAndResult() throws Exception {
        notebook.run("import lib.Mapper; var mapper = new Mapper().locked();");
        notebook.run(
                "class Service { final Mapper own = new Mapper().locked(); String go(int x) { return own.read(x); } }");
        notebook.run("class MyMapper extends Mapper {}");
        notebook.run("var service = new Service(); var mine = new MyMapper();");

        assertThat(notebook.value("pool.map(x -> mapper.read(x), range(2))")).isEqualTo("[read 0, read 1]");
        assertThat(notebook.value("pool.map(x -> service.go(x) + mine.read(x), range(1))"))
                .isEqualTo("[read 0read 0]");
        assertThat(notebook.value("pool.map(m -> m.read(7), List.of(mapper))")).isEqualTo("[read 7]");
        assertThat(notebook.value("pool.apply(() -> new Mapper().locked()).read(3)"))
                .isEqualTo("read 3");
    }

    @Test
    void lockOfTheUsersOwn_isRefused() throws Exception {
        notebook.run("import java.util.concurrent.locks.ReentrantLock;");
        notebook.run("class Guarded extends lib.Mapper { final ReentrantLock own = new ReentrantLock(); }");
        notebook.run("var guarded = new Guarded();");

        assertThat(notebook.error("pool.apply(() -> guarded.read(1))"))
                .contains("guarded.own is a java.util.concurrent.locks.ReentrantLock")
                .contains("use manyjvm.parallel.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a | new Pool(1) | a is a Pool | it belongs to this JVM; make one inside the function",
                "b | pool.applyAsync(() -> 1) | b is an AsyncResult | send its result: get()",
                "c | pool.imap(x -> x, range(3)) | c is a Results | read it into a list first",
                "d | new Process(() -> {}) | d is a Process | send its pid()",
                "e | new Manager() | e is a Manager | send the maps and lists that it made",
                "f | Pool.builder() | f is a Pool.Builder | make one inside the function",
                "g | Stream.of(1) | g is a java.util.stream.Stream | collect it first",
                "h | List.of(1).iterator() | h is a java.util.Iterator | send the collection",
                "i | Thread.currentThread().getContextClassLoader() | i is a java.lang.ClassLoader | classes travel",
                "j | new lib.Mapper.Source() | j is a lib.Mapper$Source, which holds a java.lang.Thread | make one inside",
                "k | Map.of(1, List.of(new lib.Mapper.Source())) | k.get(1)[0] is a lib.Mapper$Source, which | make one",
            })
    void whatBelongsToOneJvm_isRefusedByTheWayThatTheUserKnows(String name, String value, String what, String advice)
            throws Exception {
        notebook.run("Object " + name + " = " + value + ";");

        assertThat(notebook.error("pool.apply(() -> " + name + ".hashCode())"))
                .contains("cannot send notebook variable " + name + ": " + what)
                .contains(advice);
    }

    @Test
    void poolInAFieldOfTheUsers_isRefusedByItsField() throws Exception {
        notebook.run("class Job { final Pool inner = pool; int n = 3; int run() { return n; } }");
        notebook.run("var job = new Job();");

        assertThat(notebook.error("pool.apply(() -> job.run())"))
                .contains("job.inner is a Pool (used by the lambda): ");
    }

    @Test
    void refusal_ofAResultAnElementAndAnItem_isSaidOnceWithoutNamesOfOurs() throws Exception {
        notebook.run("var queue = new Queue<Object>();");
        for (String cell : List.of(
                "pool.apply(() -> List.of(new java.io.StringReader(\"x\")))",
                "pool.apply(() -> { queue.put(new java.io.StringReader(\"x\")); return 1; })",
                "queue.put(new java.io.StringReader(\"x\"));",
                "pool.map(x -> 1, List.of(new java.io.StringReader(\"x\")))")) {
            Execution execution = notebook.client().execute(cell, NotebookKernel.LONG);

            assertThat(NotebookKernel.traceback(execution))
                    .containsOnlyOnce("is a java.io.StringReader: ")
                    .doesNotContain("EncodingFailure")
                    .doesNotContain("manyjvm.parallel.code");
        }
    }

    @Test
    void images_travelAsItemsVariablesResultsAndParts() throws Exception {
        notebook.run("import java.awt.image.BufferedImage;");
        notebook.run("record Tile(int y, BufferedImage image) {}");
        notebook.run("var picture = new BufferedImage(400, 300, BufferedImage.TYPE_INT_RGB);");
        notebook.run(
                """
                Tile inverted(int y) {
                    var part = picture.getSubimage(0, y, 400, 100);
                    for (int j = 0; j < 100; j++)
                        for (int i = 0; i < 400; i++) part.setRGB(i, j, ~part.getRGB(i, j));
                    return new Tile(y, part);
                }""");
        notebook.run("for (int i = 0; i < 400; i++) for (int j = 0; j < 300; j++) picture.setRGB(i, j, i * 1000 + j);");

        assertThat(
                        notebook.value(
                                """
                        var whole = new BufferedImage(400, 300, BufferedImage.TYPE_INT_RGB);
                        for (Tile tile : pool.map(y -> inverted(y), List.of(0, 100, 200)))
                            whole.getRaster().setRect(0, tile.y(), tile.image().getRaster());
                        boolean same = true;
                        for (int i = 0; i < 400; i++)
                            for (int j = 0; j < 300; j++) same &= whole.getRGB(i, j) == (~(i * 1000 + j) | 0xff000000);
                        same"""))
                .isEqualTo("true");
        assertThat(notebook.value("pool.map(t -> t.image().getRGB(1, 1) & 0xffffff, List.of(new Tile(0, picture)))"))
                .isEqualTo("[1001]");
        assertThat(notebook.run("pool.apply(() -> picture)").outputs("execute_result"))
                .singleElement()
                .satisfies(result -> assertThat(result.object("data").keySet()).contains("image/png"));
    }

    private static Path jar() throws IOException {
        Path source = Files.createDirectories(folder.resolve("lib")).resolve("Mapper.java");
        Files.writeString(source, LIBRARY);
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "--release", "17", "-d", folder.toString(), source.toString());
        assertThat(result).isZero();
        Path jar = folder.resolve("lib.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.list(folder.resolve("lib"))) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".class")).toList()) {
                out.putNextEntry(new JarEntry("lib/" + file.getFileName()));
                out.write(Files.readAllBytes(file));
                out.closeEntry();
            }
        }
        return jar;
    }
}
