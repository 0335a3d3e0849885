package manyjvm.kernel.session.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import manyjvm.kernel.spi.IoReason;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/** What may stand on a session's class path: compiler and loader pass over anything else without a word. */
final class ClassPathEntry {
    private static final int ZIP_MAGIC = 'P' << 8 | 'K';

    private ClassPathEntry() {}

    /** @throws MagicUsageException when this is neither a jar nor a folder of classes */
    static void check(Path path) throws MagicUsageException {
        try {
            if (!Files.exists(path)) {
                throw new MagicUsageException("there is no " + path + ": give a jar or a folder of classes");
            }
            if (Files.isDirectory(path)) {
                checkFolder(path);
            } else {
                checkArchive(path);
            }
        } catch (IOException unreadable) {
            throw new MagicUsageException(path + " cannot be read: " + IoReason.of(unreadable));
        }
    }

    /** The jars of a folder, in order. */
    static List<Path> jars(Path folder) throws MagicUsageException {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> jars =
                    entries.filter(ClassPathEntry::isNamedJar).sorted().toList();
            if (jars.isEmpty()) {
                throw new MagicUsageException("there is no jar in " + folder);
            }
            return jars;
        } catch (IOException unreadable) {
            throw new MagicUsageException(folder + " cannot be read: " + IoReason.of(unreadable));
        }
    }

    private static void checkFolder(Path folder) throws IOException, MagicUsageException {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> all = entries.toList();
            if (!all.isEmpty() && all.stream().allMatch(ClassPathEntry::isNamedJar)) {
                throw new MagicUsageException(
                        folder + " contains jars, not classes: write %classpath " + folder + "/*");
            }
        }
    }

    private static void checkArchive(Path file) throws IOException, MagicUsageException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (!isNamedJar(file)
                    && zip.stream().noneMatch(entry -> entry.getName().endsWith(".class"))) {
                throw new MagicUsageException(file + " holds no classes: %classpath takes jars and folders of classes");
            }
        } catch (ZipException damaged) {
            if (isNamedJar(file) || beginsAsZip(file)) {
                throw new MagicUsageException(
                        file + " is not a valid jar (" + damaged.getMessage() + "): download or build it again");
            }
            throw new MagicUsageException(file + " is neither a jar nor a folder of classes, which %classpath takes."
                    + " Data needs no class path: read it by its path, in workers too");
        }
    }

    private static boolean beginsAsZip(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return (in.read() << 8 | in.read()) == ZIP_MAGIC;
        }
    }

    private static boolean isNamedJar(Path file) {
        return file.getFileName().toString().endsWith(".jar");
    }
}
