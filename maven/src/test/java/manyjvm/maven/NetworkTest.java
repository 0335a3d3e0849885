package manyjvm.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import manyjvm.kernel.spi.LibraryResolver.Request;
import manyjvm.kernel.spi.LibraryResolver.Resolution;
import manyjvm.kernel.spi.LibraryResolver.Transfers;
import manyjvm.maven.MavenSession.Line;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Repositories behind HTTP: mirrors, passwords, proxies, and downloads that do not come. The servers are this JVM's own. */
@Timeout(120)
class NetworkTest {
    @TempDir
    private Path folder;

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch stalled = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private FileRepository repository;
    private HttpServer server;
    private volatile String authorization = "";
    private volatile boolean stalls;

    @BeforeEach
    void serve() throws IOException {
        repository = new FileRepository(folder.resolve("repository"));
        repository.library("toy:a:1", "toy:b:1").library("toy:b:1");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void end() throws InterruptedException {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            seen.add(exchange.getRequestURI().toString());
            String sent = exchange.getRequestHeaders().getFirst("Authorization");
            if (!authorization.isEmpty() && !authorization.equals(sent)) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"toys\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            Path file = repository
                    .folder()
                    .resolve(exchange.getRequestURI().getPath().replaceFirst("^/+(repo/)?", ""));
            if (!Files.isRegularFile(file)) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] content = Files.readAllBytes(file);
            exchange.sendResponseHeaders(200, content.length);
            if (stalls && file.toString().endsWith(".jar")) {
                exchange.getResponseBody().write(content, 0, 10);
                exchange.getResponseBody().flush();
                stalled.countDown();
                over.await();
                return;
            }
            exchange.getResponseBody().write(content);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/repo/";
    }

    private MavenSession session(String url, String... settings) throws IOException {
        return new MavenSession(folder.resolve("m2"), url, settings);
    }

    @Test
    void mirror_takesThePlaceOfCentral() throws Exception {
        try (MavenSession session = session(url())) {
            assertThat(session.maven("toy:a:1")).isEqualTo(new Line("a-1.jar", "b-1.jar"));
            assertThat(session.refused("toy:c:1"))
                    .isEqualTo("cannot get toy:c:1: it is in none of the repositories asked: all (" + url() + ")");
        }
        int before = seen.size();
        try (MavenSession later = session(url())) {
            assertThat(later.maven("toy:a:1").jars()).hasSize(2);
        }
        assertThat(seen).as("what the local repository has is not asked for").hasSize(before);
    }

    @Test
    void passwordOfTheSettings_opensARepository() throws Exception {
        authorization =
                "Basic " + Base64.getEncoder().encodeToString("ann:secret".getBytes(StandardCharsets.ISO_8859_1));
        try (MavenSession stranger = session(url())) {
            assertThat(stranger.refused("toy:a:1"))
                    .contains("all (" + url()
                            + ") refuses access (401): user and password for it are those of <server> all" + " in "
                            + folder.resolve("m2/settings.xml"))
                    .doesNotContain("secret");
        }
        String server =
                "<servers><server><id>all</id><username>ann</username><password>secret</password></server></servers>";
        try (MavenSession known = session(url(), server)) {
            assertThat(known.maven("toy:a:1").jars()).hasSize(2);
        }
    }

    @Test
    void proxyOfTheSettings_isUsed() throws Exception {
        String proxy = "<proxies><proxy><active>true</active><protocol>http</protocol><host>127.0.0.1</host><port>"
                + server.getAddress().getPort() + "</port></proxy></proxies>";
        try (MavenSession session = session("http://nowhere.invalid/repo/", proxy)) {
            assertThat(session.maven("toy:a:1").jars()).hasSize(2);
            assertThat(seen).contains("http://nowhere.invalid/repo/toy/a/1/a-1.jar");
            assertThat(session.resolver.repositories())
                    .containsExactly("all http://nowhere.invalid/repo/ in the place of central by the proxy 127.0.0.1:"
                            + server.getAddress().getPort());
        }
    }

    @Test
    void repositoryThatCannotBeReached_isNamed() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        String url = "http://127.0.0.1:" + free + "/";
        try (MavenSession session = session(url)) {
            assertThat(session.refused("toy:a:1"))
                    .isEqualTo("cannot get toy:a:pom:1: all (" + url + ") cannot be reached (connection refused)");
            assertThat(session.refused("toy:a:[1,2)"))
                    .isEqualTo("no version [1,2) of toy:a was found: all (" + url
                            + ") cannot be reached (connection refused)");
        }
        try (MavenSession session = session("http://nowhere.invalid/")) {
            assertThat(session.refused("toy:a:1"))
                    .contains("cannot be reached (unknown host nowhere.invalid); without a network only what is in "
                            + folder.resolve("m2/repository"));
        }
    }

    @Test
    void download_isToldAsItComes() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        try (MavenSession session = session(url())) {
            session.resolver.resolve(request("toy:b:1"), new Transfers() {
                @Override
                public void progressed(String file, String from, long bytes, long total) {
                    told.add(file + " " + from + " " + bytes + " of " + total);
                }

                @Override
                public void ended(String file) {
                    told.add(file + " ended");
                }

                @Override
                public boolean cancelled() {
                    return false;
                }
            });
        }
        long size = Files.size(repository.path("toy:b:1", ".jar"));
        assertThat(told).contains("b-1.pom ended", "b-1.jar " + url() + " " + size + " of " + size, "b-1.jar ended");
    }

    @Test
    void downloadThatNobodyWaitsFor_ends_andTheNextBeginsAnew() throws Exception {
        stalls = true;
        try (MavenSession session = session(url())) {
            FutureTask<Resolution> task =
                    new FutureTask<>(() -> session.resolver.resolve(request("toy:b:1"), MavenSession.quiet()));
            threads.execute(task);
            assertThat(stalled.await(60, TimeUnit.SECONDS)).isTrue();
            session.resolver.close();
            assertThatThrownBy(() -> task.get(60, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
            stalls = false;
            assertThat(session.maven("toy:b:1")).isEqualTo(new Line("b-1.jar"));
        }
    }

    private static Request request(String library) {
        return new Request("In[1]", List.of(library), List.of(), Optional.empty(), Set.of(), false);
    }
}
