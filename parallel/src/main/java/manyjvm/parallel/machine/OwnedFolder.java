package manyjvm.parallel.machine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A folder of one JVM's that is to go with it, however that ends. The owner holds a lock on a file in the folder. The system
 * releases the lock with the process, so whoever gets it knows that the owner is gone; also across containers that share the
 * folder's parent, in which the number of a process says nothing.
 */
public final class OwnedFolder {
    private static final String OWNER = "owner";
    private static final String OWNER_TO_BE = "owner-to-be";

    private OwnedFolder() {}

    /**
     * Makes this JVM the owner. The file gets its name once it is locked: whoever found it before could lock it first, and
     * take the folder of a living JVM for an orphan.
     *
     * @return to be kept open as long as the folder is
     */
    public static AutoCloseable claim(Path folder) throws IOException {
        Path unlocked = folder.resolve(OWNER_TO_BE);
        FileChannel channel = FileChannel.open(
                unlocked,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            channel.lock();
            Files.move(unlocked, folder.resolve(OWNER), StandardCopyOption.ATOMIC_MOVE);
            return channel;
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
    }

    /** Whether it was claimed, which is right after it was made. */
    public static boolean isClaimed(Path folder) {
        return Files.exists(folder.resolve(OWNER));
    }

    /**
     * Deletes the folder if its owner is gone. Not for a folder of this JVM's own: to open and close the file would release
     * the lock, as POSIX has it.
     *
     * @return whether it is gone now
     */
    public static boolean deleteIfOrphaned(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder.resolve(OWNER), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                return false;
            }
            delete(folder);
            return true;
        } catch (NoSuchFileException deleted) {
            return true; // by somebody else in the same moment
        }
    }

    /**
     * Deletes the file of the owner last: whoever deletes may be killed meanwhile, and as long as that file is there, others
     * see that the rest is still to be done. A file that somebody else deletes in the same moment is passed over.
     */
    public static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.equals(folder.resolve(OWNER))) {
                    Files.deleteIfExists(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                if (directory.equals(folder)) {
                    Files.deleteIfExists(folder.resolve(OWNER));
                }
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
