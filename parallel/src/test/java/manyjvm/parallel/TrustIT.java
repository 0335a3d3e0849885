package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What others on this machine can do to a pool, and learn from it: nothing. The acceptor itself is tested in WorkerAcceptorTest. */
@Timeout(120)
class TrustIT {
    @RegisterExtension
    final NoLeftovers leftovers = new NoLeftovers();

    private static Path folder() throws IOException {
        return Leftovers.folders().iterator().next();
    }

    @Test
    void strangersAtTheDriversSocket_costThePoolNothing() throws Exception {
        Path socket = folder().resolve("socket");
        List<SocketChannel> strangers = new ArrayList<>();
        try (Pool pool = new Pool(2)) {
            assertThat(pool.map(x -> x * x, range(4))).containsExactly(0, 1, 4, 9);
            for (int i = 0; i < 1000; i++) {
                SocketChannel stranger = SocketChannel.open(StandardProtocolFamily.UNIX);
                strangers.add(stranger);
                stranger.connect(UnixDomainSocketAddress.of(socket));
                if (i % 3 == 0) {
                    say(stranger, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
                } else if (i % 3 == 1) {
                    say(stranger, "\0\0\0");
                }
            }
            assertThat(pool.map(x -> x * x, range(1000))).hasSize(1000).endsWith(998_001);
            pool.restart(); // new workers come in between them
            assertThat(pool.map(x -> x * x, range(4))).containsExactly(0, 1, 4, 9);
        } finally {
            for (SocketChannel stranger : strangers) {
                stranger.close();
            }
        }
        assertThat(leftovers.sink().err()).isEmpty();
    }

    private static void say(SocketChannel channel, String text) {
        try {
            channel.write(ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        } catch (IOException dropped) {
            // by the acceptor, which has heard enough
        }
    }

    @Test
    void filesInSharedMemory_areTheirOwnersAlone() throws Exception {
        Value.OfInt value = Value.of(1);
        Lock lock = new Lock();
        try (Pool pool = new Pool(2)) {
            pool.everyWorker(() -> lock.withLock(() -> value.getAndAdd(1)));
            assertThat(mode(folder())).isEqualTo("rwx------");
            try (Stream<Path> files = Files.list(folder())) {
                assertThat(files.toList())
                        .hasSizeGreaterThanOrEqualTo(6) // socket, owner, a journal each, value, lock
                        .allSatisfy(file ->
                                assertThat(mode(file)).as(file.toString()).isEqualTo("rw-------"));
            }
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    /** A secret is as good as random: what the command line and the environment hold must be known word for word. */
    @Test
    void commandLineAndEnvironmentOfAWorker_holdNothingOfTheDriversOwn() throws Exception {
        try (Pool pool = new Pool(1)) {
            pool.apply(() -> 1);
            Path proc = Path.of(
                    "/proc", String.valueOf(pool.status().workers().get(0).pid()));
            List<String> words =
                    List.of(Files.readString(proc.resolve("cmdline")).split("\0"));
            assertThat(words).endsWith("manyjvm.parallel.worker.WorkerMain").allSatisfy(word -> assertThat(word)
                    .satisfiesAnyOf(
                            each -> assertThat(each).startsWith("/"), // the program, the class path
                            each -> assertThat(each).isEqualTo("-cp"),
                            each -> assertThat(each)
                                    .matches(
                                            "-XX:([-+]\\w+|\\w+=[\\w.]{1,20})|-X(share|log):\\w+|-D\\w+\\.encoding=UTF-8"),
                            each -> assertThat(each).matches("-XX:SharedArchiveFile=/.*\\.jsa"),
                            each -> assertThat(each).isEqualTo("--sun-misc-unsafe-memory-access=allow"),
                            each -> assertThat(each).isEqualTo("manyjvm.parallel.worker.WorkerMain")));
            assertThat(List.of(Files.readString(proc.resolve("environ")).split("\0")))
                    .allSatisfy(entry -> {
                        String name = entry.substring(0, entry.indexOf('='));
                        assertThat(entry).isEqualTo(name + "=" + System.getenv(name));
                    });
        }
    }
}
