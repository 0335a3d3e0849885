package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import manyjvm.kernel.runner.Execution;
import manyjvm.kernel.runner.JupyterClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Libraries by their coordinates, in a kernel and its living workers. The repository is a folder of the test's, in the place of all
 * others by the settings in a home of the test's. One session, whose class path only grows: so the tests have an order.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LibrariesIT {
    @TempDir
    private static Path folder;

    private static Path repository;
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        repository = Files.createDirectories(folder.resolve("repository"));
        library(
                "toy:box:1",
                "",
                Map.of("toy.Box", "package toy; public class Box { public int size() { return 1; } }"));
        library(
                "toy:box:2",
                "",
                Map.of("toy.Box", "package toy; public class Box { public int size() { return 2; } }"));
        library(
                "toy:driver:1",
                dependency("toy:box:1"),
                Map.of("toy.ToyDriver", DRIVER, "toy.ToyService", SERVICE),
                Map.of(
                        "META-INF/services/java.sql.Driver", "toy.ToyDriver",
                        "META-INF/services/java.lang.Runnable", "toy.ToyService",
                        "toy/words.txt", "hello from a jar",
                        // Unpacked by the library itself, as those with native code do.
                        "toy/native.bin", "bits"));
        library("toy:user:1", dependency("toy:box:2"), Map.of());
        Path home = Files.createDirectories(folder.resolve("home/.m2")).getParent();
        Files.writeString(
                home.resolve(".m2/settings.xml"),
                "<settings><mirrors><mirror><id>toys</id><mirrorOf>central</mirrorOf><url>" + repository.toUri()
                        + "</url></mirror></mirrors></settings>");
        notebook = new NotebookKernel();
        notebook.run("System.setProperty(\"user.home\", \"" + home + "\");\nimport java.sql.DriverManager;");
        notebook.run("var pool = new Pool(1);\npool.apply(() -> 1);");
        notebook.run("String connect() { try { DriverManager.getConnection(\"jdbc:toy:\"); return \"connected\"; }"
                + " catch (java.sql.SQLException e) { return e.getMessage(); } }");
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    @Test
    @Order(1)
    void nothingOfTheResolver_isLoadedOrSeen_beforeItIsUsed() throws Exception {
        assertThat(loadedResolver()).isZero();
        assertThat(notebook.value("connect()")).contains("No suitable driver");
        assertThat(notebook.value("pool.apply(() -> connect())")).contains("No suitable driver");
        assertThat(notebook.run("%maven").stdout()).contains("%maven GROUP:ARTIFACT:VERSION");
        assertThat(loadedResolver()).isZero();
    }

    /** One with this library, of one class. */
    private static Path otherRepository(String name, String coordinates, String type) throws IOException {
        Path before = repository;
        repository = folder.resolve(name);
        try {
            String source = "package toy; public class " + type.substring("toy.".length()) + " {}";
            library(coordinates, "", Map.of(type, source));
            return repository;
        } finally {
            repository = before;
        }
    }

    /** How many classes of Maven Resolver the kernel's JVM has. */
    private static long loadedResolver() throws Exception {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(notebook.client().kernel().pid()),
                        "GC.class_histogram")
                .start();
        try (var lines = jcmd.inputReader()) {
            return lines.lines()
                    .filter(line -> line.contains("org.eclipse.aether") || line.contains("manyjvm.maven"))
                    .count();
        }
    }

    @Test
    @Order(2)
    void library_worksAtOnce_hereAndInLivingWorkers() throws Exception {
        assertThat(notebook.error("%maven nonsense")).contains("'nonsense' is not a Maven coordinate: write group:");
        Execution added = notebook.run("%maven toy:driver:1");
        assertThat(added.stdout()).isEqualTo("added 2 jars: driver-1.jar, box-1.jar\n");
        assertThat(added.stderr()).isEmpty();
        assertThat(notebook.value("connect()")).contains("connected 1");
        assertThat(notebook.value("pool.apply(() -> connect())")).contains("connected 1");
        notebook.run("String service() { return ServiceLoader.load(Runnable.class).findFirst().get().toString(); }\n"
                + "String words(String name) throws Exception {\n"
                + "    try (var in = toy.ToyDriver.class.getResourceAsStream(name)) { return new String(in.readAllBytes()); } }\n"
                + "String unpacked() throws Exception { return toy.ToyDriver.unpacked(); }");
        for (String call : new String[] {"service()", "words(\"words.txt\")", "unpacked()"}) {
            String here = notebook.value(call);
            assertThat(here).isIn("a service of toys", "hello from a jar", "bits");
            assertThat(notebook.value("pool.apply(() -> " + call + ")")).isEqualTo(here);
        }
        assertThat(loadedResolver()).isPositive();
        assertThat(notebook.error("Class.forName(\"org.eclipse.aether.RepositorySystem\")"))
                .contains("ClassNotFoundException");
        assertThat(notebook.error("org.eclipse.aether.RepositorySystem r = null;"))
                .contains("does not exist");
        assertThat(
                        notebook.value(
                                "pool.apply(() -> { try { Class.forName(\"org.slf4j.Logger\"); return \"seen\"; } catch (ClassNotFoundException e) { return \"unseen\"; } })"))
                .isEqualTo("unseen");
    }

    @Test
    @Order(3)
    void otherVersions_areSaid_andOneStays() throws Exception {
        assertThat(notebook.value("new toy.Box().size()")).isEqualTo("1");
        Execution other = notebook.run("%maven toy:box:2");
        assertThat(other.stdout()).isEmpty();
        assertThat(other.stderr())
                .contains("note: toy:box stays 1, which is on the class path since In[")
                .contains("for toy:driver; a running JVM cannot exchange it. For 2, restart the kernel");
        Execution user = notebook.run("%maven toy:user:1");
        assertThat(user.stdout()).isEqualTo("added 1 jar: user-1.jar\n");
        assertThat(user.stderr()).contains("toy:user was made for 2");
        assertThat(notebook.value("new toy.Box().size()")).isEqualTo("1");
        assertThat(notebook.value("pool.apply(() -> new toy.Box().size())")).isEqualTo("1");
        assertThat(notebook.run("%maven toy:driver:1").stdout()).contains("nothing to add");
        assertThat(notebook.run("%maven").stdout()).contains("toy:box:1   In[", " for toy:driver\n");
    }

    @Test
    @Order(4)
    void pomsAndRepositories_areTakenAsOtherKernelsTakeThem() throws Exception {
        Path other = otherRepository("other one", "toy:extra:1", "toy.Extra");
        otherRepository("other one", "toy:more:1", "toy.More");
        assertThat(notebook.error("%maven toy:extra:1"))
                .contains("cannot get toy:extra:1: it is in none of the repositories asked: toys (file:");
        notebook.run("%mavenRepo extras \"" + other + "\"");
        assertThat(notebook.run("%mavenRepo").stdout()).contains("toys file:", "extras " + other.toUri());
        assertThat(notebook.run("%maven toy:extra:1\nnew toy.Extra();").stdout())
                .contains("added 1 jar: extra-1.jar");
        Execution pom = notebook.run("%%loadFromPOM\n" + dependency("toy:more:1") + "\n<!-- 100 %pure -->");
        assertThat(pom.stdout()).isEqualTo("added 1 jar: more-1.jar\n");
        notebook.run("new toy.More()");
        Files.writeString(folder.resolve("pom.xml"), "<project>\n<dependencies></project>");
        assertThat(notebook.error("%loadFromPOM " + folder)).contains("this is no XML: line 2: ");
        assertThat(notebook.error("%loadFromPOM " + folder.resolve("none.xml"))).contains("there is no such file");
        assertThat(notebook.error("%%loadFromPOM later\n<dependency/>")).contains("there is no scope later");
        assertThat(notebook.error("%%mavenRepo a b\nc")).contains("is a line magic");
    }

    @Test
    @Order(5)
    void stop_endsADownload_andTheNextBeginsAnew() throws Exception {
        Path slow = otherRepository("slow", "toy:late:1", "toy.Late");
        CountDownLatch stalled = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                Path file = slow.resolve(exchange.getRequestURI().getPath().substring(1));
                byte[] content = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
                exchange.sendResponseHeaders(Files.exists(file) ? 200 : 404, content.length == 0 ? -1 : content.length);
                if (file.toString().endsWith("late-1.jar") && over.getCount() > 0) {
                    exchange.getResponseBody().write(content, 0, 10);
                    exchange.getResponseBody().flush();
                    stalled.countDown();
                    over.await();
                } else {
                    exchange.getResponseBody().write(content);
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
            notebook.run("%mavenRepo slow " + url);
            Future<Execution> cell =
                    threads.submit(() -> notebook.client().execute("%maven toy:late:1", NotebookKernel.LONG));
            assertThat(stalled.await(60, TimeUnit.SECONDS)).isTrue();
            notebook.client().interrupt(NotebookKernel.LONG);
            Execution stopped = cell.get(60, TimeUnit.SECONDS);
            assertThat(stopped.status()).isEqualTo("error");
            assertThat(stopped.error().orElseThrow()).contains("Interrupted");
            over.countDown();
            assertThat(notebook.error("new toy.Late()")).contains("cannot find symbol");
            assertThat(notebook.run("%maven toy:late:1").stdout()).contains("added 1 jar: late-1.jar");
            notebook.run("new toy.Late()");
        } finally {
            over.countDown();
            server.stop(0);
            threads.shutdownNow();
        }
    }

    @Test
    @Order(6)
    void jars_areAddedByPattern() throws Exception {
        Path jars = Files.createDirectories(folder.resolve("jars/deep"));
        Files.copy(repository.resolve("toy/box/2/box-2.jar"), jars.resolve("b.jar"));
        Files.copy(folder.resolve("slow/toy/late/1/late-1.jar"), jars.resolveSibling("l.jar"));
        Files.writeString(jars.resolveSibling("data.csv"), "1,2");
        assertThat(notebook.run("%jars " + jars.getParent() + "/*.jar").stdout())
                .isEqualTo("added 1 jar: l.jar\n");
        assertThat(notebook.run("%jars " + jars.getParent() + "/**.jar").stdout())
                .isEqualTo("added 1 jar: b.jar\n");
        assertThat(notebook.run("%jars " + jars).stdout()).contains("nothing to add");
        assertThat(notebook.run("%jars " + jars + "/**/*.jar").stdout())
                .as("no folder between")
                .contains("nothing to add");
        assertThat(notebook.error("%jars " + jars + "/*.zip")).contains("no jar fits");
        assertThat(notebook.error("%jars " + jars.resolveSibling("data.csv"))).contains("neither a jar nor a folder");
        assertThat(notebook.error("%classpath " + jars.resolveSibling("data.csv")))
                .contains("neither a jar nor a folder");
    }

    @Test
    @Order(7)
    void arguments_complete() throws Exception {
        assertThat(completions("%maven to")).contains("\"toy:\"");
        assertThat(completions("%maven toy:dr")).contains("\"toy:driver:\"");
        assertThat(completions("%maven --b")).contains("\"--bom\"");
    }

    private static String completions(String code) throws Exception {
        JsonObject question = new JsonObject();
        question.addProperty("code", code);
        question.addProperty("cursor_pos", code.length());
        return notebook.client()
                .request(JupyterClient.Channel.SHELL, "complete_request", question, NotebookKernel.LONG)
                .content()
                .get("matches")
                .toString();
    }

    private static final String SERVICE =
            """
            package toy;
            public class ToyService implements Runnable {
                public void run() {}
                public String toString() { return "a service of toys"; }
            }""";

    private static final String DRIVER =
            """
            package toy;
            import java.nio.file.*;
            import java.sql.*;
            public class ToyDriver implements Driver {
                static {
                    try { DriverManager.registerDriver(new ToyDriver()); }
                    catch (SQLException e) { throw new IllegalStateException(e); }
                }
                public static String unpacked() throws java.io.IOException {
                    Path file = Files.createTempFile("toy", ".bin");
                    try (var in = ToyDriver.class.getResourceAsStream("/toy/native.bin")) {
                        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
                        return Files.readString(file);
                    } finally {
                        Files.delete(file);
                    }
                }
                public Connection connect(String url, java.util.Properties info) throws SQLException {
                    if (acceptsURL(url)) throw new SQLException("connected " + new Box().size());
                    return null;
                }
                public boolean acceptsURL(String url) { return url.startsWith("jdbc:toy:"); }
                public DriverPropertyInfo[] getPropertyInfo(String url, java.util.Properties info) { return null; }
                public int getMajorVersion() { return 1; }
                public int getMinorVersion() { return 0; }
                public boolean jdbcCompliant() { return false; }
                public java.util.logging.Logger getParentLogger() { return null; }
            }""";

    private static String dependency(String coordinates) {
        String[] parts = coordinates.split(":");
        return "<dependency><groupId>" + parts[0] + "</groupId><artifactId>" + parts[1] + "</artifactId><version>"
                + parts[2] + "</version></dependency>";
    }

    private static void library(String coordinates, String dependencies, Map<String, String> sources)
            throws IOException {
        library(coordinates, dependencies, sources, Map.of());
    }

    private static void library(
            String coordinates, String dependencies, Map<String, String> sources, Map<String, String> resources)
            throws IOException {
        String[] parts = coordinates.split(":");
        Path home = Files.createDirectories(repository.resolve(String.join("/", parts)));
        String name = parts[1] + "-" + parts[2];
        Files.writeString(
                home.resolve(name + ".pom"),
                "<project><modelVersion>4.0.0</modelVersion><groupId>" + parts[0] + "</groupId><artifactId>" + parts[1]
                        + "</artifactId><version>" + parts[2] + "</version><dependencies>" + dependencies
                        + "</dependencies></project>");
        Map<String, byte[]> content = new LinkedHashMap<>();
        resources.forEach((path, text) -> content.put(path, text.getBytes(StandardCharsets.UTF_8)));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            String path = source.getKey().replace('.', '/');
            Path java = classes.resolve(path + ".java");
            Files.createDirectories(java.getParent());
            Files.writeString(java, source.getValue());
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            int result = ToolProvider.getSystemJavaCompiler()
                    .run(
                            null,
                            said,
                            said,
                            "--release",
                            "17",
                            "-cp",
                            classes.toString(),
                            "-d",
                            classes.toString(),
                            java.toString());
            assertThat(result).as(said::toString).isZero();
            content.put(path + ".class", Files.readAllBytes(classes.resolve(path + ".class")));
        }
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(home.resolve(name + ".jar")))) {
            for (Map.Entry<String, byte[]> one : content.entrySet()) {
                out.putNextEntry(new JarEntry(one.getKey()));
                out.write(one.getValue());
                out.closeEntry();
            }
        }
    }
}
