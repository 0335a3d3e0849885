package manyjvm.kernel.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An installation's archive, when its JDK has become another one. */
@Timeout(300)
final class ArchiveRefreshIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    /** The kernel of an installation: its class path has jars only. */
    private static KernelCommand installed(Path archive) {
        List<String> words = new ArrayList<>(KernelCommand.ofThisJvm().words());
        int classPath = words.indexOf("-cp") + 1;
        words.set(
                classPath,
                Arrays.stream(words.get(classPath).split(File.pathSeparator))
                        .filter(entry -> entry.endsWith(".jar"))
                        .collect(Collectors.joining(File.pathSeparator)));
        words.add(1, "-D" + ArchiveRefresh.PROPERTY + "=" + archive);
        words.add(1, "-XX:SharedArchiveFile=" + archive);
        words.add(1, KernelArchive.quiet());
        return new KernelCommand(words);
    }

    private boolean isBeingMade() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith(".archive-"));
        }
    }

    @Test
    void archive_ofAnotherBuild_isPassedOverWithoutAWordAndMadeAnew() throws Exception {
        Path archive = folder.resolve("kernel.jsa");
        Files.writeString(archive, "made by another build of the JDK");
        Files.writeString(KernelArchive.tellsOf(archive), "/gone/jdk\n17.0.1+1\n");
        try (JupyterClient client = JupyterClient.start(installed(archive))) {
            assertThat(client.execute("1 + 1", SOON).result()).contains("2");
            while (Files.size(archive) < 1 << 20 || isBeingMade()) {
                Thread.sleep(50);
            }
            assertThat(ArchiveRefresh.isStale(archive)).isFalse();
            assertThat(client.shutdown(SOON)).isZero();
        }
        // The next kernel has it; nothing is made again.
        long made = Files.getLastModifiedTime(archive).toMillis();
        try (JupyterClient client = JupyterClient.start(installed(archive))) {
            assertThat(client.execute("1 + 1", SOON).result()).contains("2");
        }
        assertThat(Files.getLastModifiedTime(archive).toMillis()).isEqualTo(made);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("kernel.jsa", "kernel.jsa.jdk");
        }
    }
}
