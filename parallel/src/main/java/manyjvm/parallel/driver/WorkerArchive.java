package manyjvm.parallel.driver;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A class-data sharing archive of a worker's own classes, which makes the start of a worker a third shorter. Kept in the
 * user's cache folder under a name that tells the JDK and the jars it is for; made once, in the background, by a worker that
 * nobody waits for. Everything about it is optional: when something fails, workers start as without it.
 *
 * <p>Beside each archive {@code worker-X.jsa} stands {@code worker-X.made-from}, which names the files that it was made from.
 * Each new archive makes room: those whose files are gone or have changed since are removed, and of the others the least
 * recently used beyond {@link #KEPT}.
 */
final class WorkerArchive {
    /** JDKs times installations that somebody may use in turn; each archive has a few megabytes. */
    static final int KEPT = 4;

    private static final String ARCHIVE = ".jsa";
    private static final String MADE_FROM = ".made-from";

    private final Path file;
    private final String madeFrom;

    /** @param madeFrom as {@link #describe} gives it */
    WorkerArchive(Path file, String madeFrom) {
        this.file = file;
        this.madeFrom = madeFrom;
    }

    /** The archive for this JDK and these jars; empty when they are class folders, which cannot be archived. */
    static Optional<WorkerArchive> of(List<Path> classPath) {
        return of(classPath, cacheFolder(System.getenv(), System.getProperty("user.home")));
    }

    static Optional<WorkerArchive> of(List<Path> classPath, Path folder) {
        List<Path> files = new ArrayList<>(classPath);
        files.add(Path.of(System.getProperty("java.home"), "lib", "modules"));
        try {
            String madeFrom = describe(files);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(madeFrom.getBytes(StandardCharsets.UTF_8));
            String name = "worker-" + HexFormat.of().formatHex(hash, 0, 12) + ARCHIVE;
            return Optional.of(new WorkerArchive(folder.resolve(name), madeFrom));
        } catch (IOException | NoSuchAlgorithmException unusable) {
            return Optional.empty(); // workers start without one, only slower
        }
    }

    /** A line for each file: when one of them changes, so does the text. */
    private static String describe(List<Path> files) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Path each : files) {
            BasicFileAttributes attributes = Files.readAttributes(each, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw new IOException(each + " is not a file");
            }
            lines.append(each).append('\t').append(attributes.size()).append('\t');
            lines.append(attributes.lastModifiedTime()).append('\n');
        }
        return lines.toString();
    }

    /** {@code install.sh --uninstall} looks in the same place. */
    static Path cacheFolder(Map<String, String> environment, String userHome) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        String home = environment.getOrDefault("HOME", "");
        Path base = cache.isBlank() ? Path.of(home.isBlank() ? userHome : home, ".cache") : Path.of(cache);
        return base.resolve("manyjvm");
    }

    boolean isReady() {
        return Files.isReadable(file);
    }

    Path file() {
        return file;
    }

    /** Notes that somebody starts workers with it. */
    void use() {
        try {
            if (isReady()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            }
        } catch (IOException notOurs) {
            // it may be removed a little early
        }
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
            return Optional.empty(); // no home folder, or a full one: workers start without an archive, only slower
        }
    }

    /**
     * The draft becomes the archive in one step, so that no worker ever sees half of it. Half a draft, of a JVM that was killed
     * while it wrote, stays one: it would slow down each start from now on.
     */
    void finish(Path draft) {
        try {
            if (isWhole(draft)) {
                Files.writeString(madeFrom(file), madeFrom);
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                makeRoom(Objects.requireNonNull(file.getParent(), "a file in the cache folder"));
            }
        } catch (IOException failed) {
            discard(draft); // the next driver tries again
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
            // the next archive that is made removes it
        }
    }

    /** A worker that is about to start with an archive that goes starts without; one that runs keeps the file it has mapped. */
    private static void makeRoom(Path folder) throws IOException {
        Map<Path, FileTime> fitting = new HashMap<>();
        List<Path> goes = new ArrayList<>();
        for (Path each : contents(folder)) {
            String name = each.getFileName().toString();
            if (name.endsWith(ARCHIVE)) {
                if (fits(each)) {
                    fitting.put(each, Files.getLastModifiedTime(each));
                } else {
                    goes.add(each);
                }
            } else if (isDraftOfTheDead(name)) {
                goes.add(each);
            }
        }
        fitting.keySet().stream()
                .sorted(Comparator.<Path, FileTime>comparing(fitting::get).reversed())
                .skip(KEPT)
                .forEach(goes::add);
        for (Path each : goes) {
            Files.deleteIfExists(each);
        }
        for (Path each : contents(folder)) {
            String name = each.getFileName().toString();
            if (name.endsWith(MADE_FROM) && !Files.exists(each.resolveSibling(stem(name) + ARCHIVE))) {
                Files.deleteIfExists(each);
            }
        }
    }

    private static List<Path> contents(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(each -> each.getFileName().toString().startsWith("worker-"))
                    .toList();
        }
    }

    private static boolean fits(Path archive) {
        try {
            String then = Files.readString(madeFrom(archive));
            List<Path> files = then.lines()
                    .map(line -> Path.of(line.substring(0, line.indexOf('\t'))))
                    .toList();
            return describe(files).equals(then);
        } catch (IOException | RuntimeException goneOrUnknown) {
            return false; // of another version of this class, or cut off: it is made anew
        }
    }

    /** A draft's name ends in the process that writes it. */
    private static boolean isDraftOfTheDead(String name) {
        int end = name.indexOf(ARCHIVE + ".");
        String pid = end < 0 ? "" : name.substring(end + ARCHIVE.length() + 1);
        return pid.matches("[0-9]{1,18}")
                && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
    }

    private static Path madeFrom(Path archive) {
        return archive.resolveSibling(stem(archive.getFileName().toString()) + MADE_FROM);
    }

    private static String stem(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }
}
