package manyjvm.parallel.shared.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.regex.Pattern;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.machine.IoReason;

/** The file of a {@link manyjvm.parallel.SharedMemory}: known by a name that users may choose, there until it is removed. */
public final class NamedMemory {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

    private NamedMemory() {}

    /** @throws ParallelException when the name is taken, or there is no room */
    public static ByteBuffer create(Path folder, String name, int bytes) {
        Path file = path(folder, name);
        // It gets its name once it is whole: an open that comes meanwhile would map what there is so far.
        Path draft = folder.resolve("draft-" + UUID.randomUUID());
        try {
            if (Files.exists(file)) {
                throw new FileAlreadyExistsException(name);
            }
            ByteBuffer memory = MappedFile.createMemory(draft, bytes);
            try {
                Files.createLink(file, draft); // unlike a move, it replaces nothing
            } finally {
                Files.delete(draft);
            }
            return memory;
        } catch (FileAlreadyExistsException taken) {
            throw new ParallelException(
                    "There is a SharedMemory \"" + name + "\" already: open(\"" + name
                            + "\") it, or choose another name.",
                    taken);
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "Cannot make the SharedMemory \"" + name + "\": " + IoReason.of(failure), failure);
        }
    }

    /** @throws ParallelException when there is none of this name */
    public static ByteBuffer open(Path folder, String name) {
        try {
            return MappedFile.openMemory(path(folder, name));
        } catch (NoSuchFileException gone) {
            throw new ParallelException(
                    "There is no SharedMemory \"" + name + "\": it was never created, or unlinked already.");
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "Cannot map the SharedMemory \"" + name + "\": " + IoReason.of(failure), failure);
        }
    }

    /** Removes the name; those who have the memory open keep it. Harmless when it is gone. */
    public static void remove(Path folder, String name) {
        try {
            Files.deleteIfExists(path(folder, name));
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "Cannot remove the SharedMemory \"" + name + "\": " + IoReason.of(failure), failure);
        }
    }

    private static Path path(Path folder, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" cannot be the name of a SharedMemory: use letters, digits,"
                            + " dots, dashes and underscores, 200 at most, beginning with a letter or digit.");
        }
        return folder.resolve("memory-" + name);
    }
}
