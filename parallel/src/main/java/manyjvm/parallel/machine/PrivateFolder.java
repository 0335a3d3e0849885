package manyjvm.parallel.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The driver's own folder {@code manyjvm-<pid>-*} (0700) in shared memory, or where there is none in the temporary folder.
 * Removed at the end; what a killed driver leaves behind is removed by its workers when they notice, or swept by the next
 * driver. See {@link OwnedFolder} for how they know.
 */
public final class PrivateFolder implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Pattern NAME = Pattern.compile("manyjvm-(\\d+)-(\\d+)-.*");

    private final Path path;
    private final AutoCloseable claim;

    private PrivateFolder(Path path, AutoCloseable claim) {
        this.path = path;
        this.claim = claim;
    }

    public static PrivateFolder create() {
        Path base = base();
        ProcessHandle self = ProcessHandle.current();
        try {
            Path path = Files.createTempDirectory(
                    base,
                    "manyjvm-" + self.pid() + "-" + startOf(self) + "-",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return new PrivateFolder(path, OwnedFolder.claim(path));
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "cannot make a folder for workers in " + base + ": " + IoReason.of(failure)
                            + ". Free some space, or set java.io.tmpdir.",
                    failure);
        }
    }

    private static Path base() {
        return Files.isDirectory(SHARED_MEMORY) && Files.isWritable(SHARED_MEMORY)
                ? SHARED_MEMORY
                : Path.of(System.getProperty("java.io.tmpdir"));
    }

    public Path path() {
        return path;
    }

    /** Deletes the folders of drivers that are gone. */
    public static void sweep() {
        sweep(base());
    }

    static void sweep(Path base) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(base, "manyjvm-*")) {
            for (Path folder : folders) {
                Matcher name = NAME.matcher(folder.getFileName().toString());
                if (name.matches()) {
                    sweepOne(folder, name);
                }
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            // then nothing is swept today
        }
    }

    private static void sweepOne(Path folder, Matcher name) {
        try {
            sweep(folder, Long.parseLong(name.group(1)), Long.parseLong(name.group(2)));
        } catch (IOException | NumberFormatException unimportant) {
            // another user's folder, or one that another driver is sweeping at this moment; those behind it are swept
        }
    }

    private static void sweep(Path folder, long pid, long started) throws IOException {
        ProcessHandle self = ProcessHandle.current();
        if (pid == self.pid() && started == startOf(self)) {
            return; // of this very JVM
        }
        if (OwnedFolder.isClaimed(folder)) {
            OwnedFolder.deleteIfOrphaned(folder);
        } else if (isGone(pid, started)) { // killed in the instant between making and claiming it
            OwnedFolder.delete(folder);
        }
    }

    private static boolean isGone(long pid, long started) {
        Optional<ProcessHandle> owner = ProcessHandle.of(pid);
        return owner.isEmpty() || (started != 0 && startOf(owner.get()) != 0 && startOf(owner.get()) != started);
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    @Override
    public void close() {
        try {
            try {
                OwnedFolder.delete(path);
            } finally {
                claim.close(); // else nobody sweeps what is left while this JVM lives
            }
        } catch (Exception left) {
            // swept by the next driver
        }
    }
}
