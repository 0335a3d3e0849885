package manyjvm.kernel.session.assistance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import manyjvm.kernel.session.source.SourceComments.Found;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class LibrarySourcesTest {
    @TempDir
    Path folder;

    @Test
    void sourcesThatMustBeFetched_areFetchedOnceInTheBackground() throws Exception {
        String source = "package lib; /** Says much. */ public class Told { }";
        Path file = Files.writeString(folder.resolve("Told.java"), source);
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.toString(), file.toString()))
                .isZero();
        Path jar = zip("told-1.jar", "lib/Told.class", Files.readAllBytes(folder.resolve("lib/Told.class")));
        Path sourcesJar = zip("elsewhere.jar", "lib/Told.java", source.getBytes(StandardCharsets.UTF_8));
        CountDownLatch downloaded = new CountDownLatch(1);
        AtomicInteger fetches = new AtomicInteger();
        LibrarySources sources = new LibrarySources(asked -> {
            assertThat(asked).isEqualTo(jar);
            fetches.incrementAndGet();
            try {
                downloaded.await();
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            }
            return Optional.of(sourcesJar);
        });
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            Class<?> told = loader.loadClass("lib.Told");

            assertThat(sources.type(told)).isEmpty();
            assertThat(sources.areComing(told)).isTrue();
            downloaded.countDown();
            while (sources.areComing(told)) {
                Thread.onSpinWait();
            }

            assertThat(sources.type(told))
                    .map(Found::comment)
                    .map(String::strip)
                    .contains("Says much.");
            assertThat(fetches).hasValue(1);
            assertThat(sources.type(String.class)).isEmpty();
            assertThat(sources.type(List.class)).isEmpty();
        }
    }

    private Path zip(String name, String entry, byte[] content) throws Exception {
        Path zip = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out)) {
            entries.putNextEntry(new ZipEntry(entry));
            entries.write(content);
        }
        return zip;
    }
}
