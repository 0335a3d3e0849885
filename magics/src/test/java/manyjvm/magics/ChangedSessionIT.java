package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a session and its living workers make of jars that come later, and of types that are redefined. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ChangedSessionIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run("import java.sql.DriverManager;\nvar pool = new Pool(1);");
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    @Test
    void jdbcDriver_addedAfterDriverManagerLooked_isFound_inLivingWorkersToo(@TempDir Path folder) throws Exception {
        Path needed = jar(
                folder,
                "needed",
                Map.of("toy.Needed", "package toy; public class Needed { public static int two = 2; }"),
                Map.of());
        Path driver = jar(
                folder,
                "driver",
                Map.of(
                        "toy.ToyDriver",
                        DRIVER,
                        "toy.ToyService",
                        "package toy; public class ToyService implements Runnable { public void run() {} }"),
                Map.of(
                        "java.sql.Driver",
                        "# drivers\ntoy.Missing\ntoy.ToyDriver\n",
                        "java.lang.Runnable",
                        "toy.ToyService"));
        Path other = jar(folder, "other", Map.of("toy.Other", "package toy; public class Other {}"), Map.of());
        notebook.run("String connect() { try { DriverManager.getConnection(\"jdbc:toy:\"); return \"connected\"; }"
                + " catch (java.sql.SQLException e) { return e.getMessage(); } }");
        assertThat(notebook.value("connect()")).contains("No suitable driver");
        assertThat(notebook.value("pool.apply(() -> connect())")).contains("No suitable driver");

        // The driver first, in a cell of its own: it needs the other jar when it is initialised.
        notebook.run("%classpath " + driver);
        notebook.run("%classpath " + needed);
        assertThat(notebook.run("System.out.println(connect());").stdout()).contains("connected 2");
        assertThat(notebook.value("connect()")).contains("connected 2");
        assertThat(notebook.value("pool.apply(() -> connect())")).contains("connected 2");
        assertThat(notebook.value("DriverManager.getDriver(\"jdbc:toy:\").getClass().getName()"))
                .isEqualTo("toy.ToyDriver");
        assertThat(notebook.value(
                        "java.util.ServiceLoader.load(Runnable.class).findFirst().get().getClass().getName()"))
                .isEqualTo("toy.ToyService");
        assertThat(
                        notebook.value(
                                "pool.apply(() -> java.util.ServiceLoader.load(Runnable.class).findFirst().get().getClass().getName())"))
                .isEqualTo("toy.ToyService");

        // A new class path is a new class of the driver in a worker.
        notebook.run("%classpath " + other);
        assertThat(notebook.value("pool.apply(() -> connect())")).contains("connected 2");
        assertThat(notebook.value("connect()")).contains("connected 2");
    }

    @Test
    void objectsOfARedefinedType_areNamed_whereAWorkerFailsToo() throws Exception {
        notebook.run("record P(String n) {}");
        notebook.run("var ps = new ArrayList<>(List.of(new P(\"a\")));");
        assertThat(notebook.run("record P(String n) { int length() { return n.length(); } }")
                        .stderr())
                .contains("note: ps was made before In[")
                .contains("redefined P: run its cell again");
        assertThat(notebook.error("ps.get(0).length()")).contains("; ps was made before In[");
        assertThat(notebook.error("pool.map(p -> p.length(), ps)")).contains("; ps was made before In[");
        assertThat(notebook.error("pool.apply(() -> ps.get(0).length())")).contains("; ps was made before In[");
        notebook.run("ps = new ArrayList<>(List.of(new P(\"abc\")));");
        assertThat(notebook.value("pool.map(p -> p.length(), ps)")).isEqualTo("[3]");
    }

    private static final String DRIVER =
            """
            package toy;
            import java.sql.*;
            public class ToyDriver implements Driver {
                static final int TWO = Needed.two;
                static {
                    try { DriverManager.registerDriver(new ToyDriver()); }
                    catch (SQLException e) { throw new IllegalStateException(e); }
                }
                public Connection connect(String url, java.util.Properties info) throws SQLException {
                    if (acceptsURL(url)) throw new SQLException("connected " + TWO);
                    return null;
                }
                public boolean acceptsURL(String url) { return url.startsWith("jdbc:toy:"); }
                public DriverPropertyInfo[] getPropertyInfo(String url, java.util.Properties info) { return null; }
                public int getMajorVersion() { return 1; }
                public int getMinorVersion() { return 0; }
                public boolean jdbcCompliant() { return false; }
                public java.util.logging.Logger getParentLogger() { return null; }
            }""";

    private static Path jar(Path folder, String name, Map<String, String> sources, Map<String, String> services)
            throws IOException {
        Path jar = folder.resolve(name + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, String> source : sources.entrySet()) {
                String path = source.getKey().replace('.', '/');
                Path java = folder.resolve(path + ".java");
                Files.createDirectories(java.getParent());
                Files.writeString(java, source.getValue());
                int result = ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "--release",
                                "17",
                                "-cp",
                                folder.toString(),
                                "-d",
                                folder.toString(),
                                java.toString());
                assertThat(result).isZero();
                add(out, path + ".class", Files.readAllBytes(folder.resolve(path + ".class")));
            }
            for (Map.Entry<String, String> service : services.entrySet()) {
                add(
                        out,
                        "META-INF/services/" + service.getKey(),
                        service.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return jar;
    }

    private static void add(JarOutputStream out, String path, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(path));
        out.write(content);
        out.closeEntry();
    }
}
