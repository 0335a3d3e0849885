package manyjvm.kernel.session.command;

import java.io.File;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import manyjvm.kernel.spi.IoReason;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import manyjvm.kernel.spi.Spelling;

/** The name of a file, as the argument of a magic. */
final class FileArgument {
    private FileArgument() {}

    /** The path that a word names; {@code ~/} is the user's home. */
    static Path path(String word) throws MagicUsageException {
        try {
            return Path.of(
                    word.startsWith("~" + File.separator) ? System.getProperty("user.home") + word.substring(1) : word);
        } catch (InvalidPathException invalid) {
            throw new MagicUsageException("'" + word + "' is not a valid file name: " + invalid.getReason());
        }
    }

    /** The text of a file that must be there. */
    static String read(Path path) throws MagicUsageException {
        if (Files.isDirectory(path)) {
            throw new MagicUsageException(path + " is a folder: name a file in it");
        }
        if (!Files.exists(path)) {
            throw new MagicUsageException("there is no file " + path.toAbsolutePath() + near(path));
        }
        try {
            return Files.readString(path);
        } catch (CharacterCodingException binary) {
            throw new MagicUsageException(path + " is no text in UTF-8");
        } catch (IOException failure) {
            throw new MagicUsageException(path + " cannot be read: " + IoReason.of(failure));
        }
    }

    private static String near(Path path) {
        Path folder = path.toAbsolutePath().getParent();
        List<String> names = new ArrayList<>();
        if (folder != null && Files.isDirectory(folder)) {
            names = names(folder, any -> true);
        }
        return path.getFileName() == null
                ? ""
                : Spelling.hint(path.getFileName().toString(), names);
    }

    private static List<String> names(Path folder, Predicate<Path> which) {
        List<String> names = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (which.test(entry)) {
                    names.add(entry.getFileName() + (Files.isDirectory(entry) ? "/" : ""));
                }
            }
        } catch (IOException unreadable) {
            return List.of(); // then there is nothing to propose
        }
        names.sort(null);
        return names;
    }

    /** What the last word of the arguments may become: folders, and files with one of these endings. */
    static List<String> complete(String argumentsBeforeCursor, List<String> endings) {
        String word = argumentsBeforeCursor.substring(argumentsBeforeCursor.lastIndexOf(' ') + 1);
        int cut = word.lastIndexOf('/') + 1;
        try {
            Path folder = Path.of(cut == 0 ? "." : word.substring(0, cut));
            return Files.isDirectory(folder)
                    ? names(
                                    folder,
                                    entry -> entry.getFileName().toString().startsWith(word.substring(cut))
                                            && (Files.isDirectory(entry)
                                                    || endings.isEmpty()
                                                    || endings.stream().anyMatch(entry.toString()::endsWith)))
                            .stream()
                            .map(name -> word.substring(0, cut) + name)
                            .toList()
                    : List.of();
        } catch (InvalidPathException noPath) {
            return List.of(); // nothing to propose
        }
    }
}
