package manyjvm.parallel.driver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A class-data sharing archive of a worker's own classes, which makes the start of a worker a third shorter. Kept in the
 * user's cache folder under a name that tells the JDK and the jars it is for; made once, in the background, by a worker that
 * nobody waits for. Everything about it is optional: when something fails, workers start as without it.
 */
final class WorkerArchive {
    private final Path file;

    WorkerArchive(Path file) {
        this.file = file;
    }

    /** The archive for this JDK and these jars; empty when they are class folders, which cannot be archived. */
    static Optional<WorkerArchive> of(List<Path> classPath) {
        try {
            StringBuilder key = new StringBuilder(System.getProperty("java.home") + Runtime.version());
            for (Path jar : classPath) {
                BasicFileAttributes attributes = Files.readAttributes(jar, BasicFileAttributes.class);
                if (!attributes.isRegularFile()) {
                    return Optional.empty();
                }
                key.append('\n').append(jar).append(attributes.size()).append(attributes.lastModifiedTime());
            }
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(key.toString().getBytes(StandardCharsets.UTF_8));
            String name = "worker-" + HexFormat.of().formatHex(hash, 0, 12) + ".jsa";
            return Optional.of(new WorkerArchive(cacheFolder().resolve(name)));
        } catch (IOException | NoSuchAlgorithmException unusable) {
            return Optional.empty();
        }
    }

    private static Path cacheFolder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("manyjvm");
    }

    boolean isReady() {
        return Files.isReadable(file);
    }

    Path file() {
        return file;
    }

    /** A file of this driver's own to write the archive to; empty when the folder cannot be written. */
    Optional<Path> begin() {
        try {
            Files.createDirectories(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path draft = file.resolveSibling(
                    file.getFileName() + "." + ProcessHandle.current().pid());
            return Optional.of(draft);
        } catch (IOException unwritable) {
            return Optional.empty();
        }
    }

    /**
     * The draft becomes the archive in one step, so that no worker ever sees half of it. Half a draft, of a JVM that was killed
     * while it wrote, stays one: it would slow down each start from now on.
     */
    void finish(Path draft) {
        try {
            if (isWhole(draft)) {
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException failed) {
            discard(draft);
        }
    }

    /** The JVM writes the head last (HotSpot, {@code filemap.cpp}): until then it is zeros. */
    private static boolean isWhole(Path draft) throws IOException {
        try (InputStream in = Files.newInputStream(draft)) {
            byte[] magic = in.readNBytes(Integer.BYTES);
            return magic.length == Integer.BYTES && !Arrays.equals(magic, new byte[Integer.BYTES]);
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    void discard(Path draft) {
        try {
            Files.deleteIfExists(draft);
        } catch (IOException left) {
            // a few megabytes in a cache folder
        }
    }
}
