package manyjvm.kernel.session.shell;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import manyjvm.kernel.session.SessionHost;
import manyjvm.kernel.spi.IoReason;

/**
 * A jar with the API packages alone, for the compiler: given the kernel's own class path it would accept, and completion
 * would propose, our internals and our dependencies. It lies in a private folder named after this process; the folder goes
 * with the session, and those of kernels that were killed go with the next start.
 */
final class ApiJar implements AutoCloseable {
    private static final String PREFIX = "manyjvm-session-";

    private final Path folder;
    private final Path jar;

    private ApiJar(Path folder, Path jar) {
        this.folder = folder;
        this.jar = jar;
    }

    static ApiJar of(List<SessionHost.Api> api) {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            sweep(temporary);
            // createTempDirectory gives the folder to its owner alone (0700).
            Path folder = Files.createTempDirectory(
                    temporary, PREFIX + ProcessHandle.current().pid() + "-");
            ApiJar result = new ApiJar(folder, folder.resolve("api.jar"));
            try (OutputStream file = Files.newOutputStream(result.jar);
                    ZipOutputStream zip = new ZipOutputStream(file)) {
                zip.setLevel(0);
                zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
                zip.write("Manifest-Version: 1.0\n\n".getBytes(StandardCharsets.UTF_8));
                Set<String> written = new HashSet<>();
                for (SessionHost.Api part : api) {
                    copy(part, zip, written);
                }
            }
            return result;
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "Cannot write the jar of the API to " + temporary + ": " + IoReason.of(failure)
                            + ". Make room there, or set java.io.tmpdir.",
                    failure);
        }
    }

    Path path() {
        return jar;
    }

    @Override
    public void close() {
        delete(folder);
    }

    private static void copy(SessionHost.Api part, ZipOutputStream zip, Set<String> written) throws IOException {
        Path origin;
        try {
            origin = Path.of(part.anchor()
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
        if (Files.isDirectory(origin)) {
            copy(part, origin, zip, written);
        } else {
            try (FileSystem inside = FileSystems.newFileSystem(origin)) {
                copy(part, inside.getPath("/"), zip, written);
            }
        }
    }

    private static void copy(SessionHost.Api part, Path root, ZipOutputStream zip, Set<String> written)
            throws IOException {
        for (String name : part.packages()) {
            String folder = name.replace('.', '/');
            if (!Files.isDirectory(root.resolve(folder))) {
                continue;
            }
            try (DirectoryStream<Path> classFiles = Files.newDirectoryStream(root.resolve(folder), "*.class")) {
                for (Path classFile : classFiles) {
                    String entry = folder + "/" + classFile.getFileName();
                    if (written.add(entry)) {
                        zip.putNextEntry(new ZipEntry(entry));
                        Files.copy(classFile, zip);
                    }
                }
            }
        }
    }

    private static void sweep(Path temporary) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(temporary, PREFIX + "*")) {
            for (Path folder : folders) {
                String[] words = folder.getFileName().toString().split("-");
                if (words.length > 2
                        && words[2].matches("\\d{1,18}")
                        && ProcessHandle.of(Long.parseLong(words[2])).isEmpty()) {
                    delete(folder);
                }
            }
        }
    }

    private static void delete(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve("api.jar"));
            Files.deleteIfExists(folder);
        } catch (IOException ignored) {
            // Another user's folder, or one that the next start will remove: nothing depends on it.
        }
    }
}
