package manyjvm.kernel.session.command;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.spi.Magic;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/** {@code %classpath}: jars and class folders of the user's own. */
final class ClassPathCommand implements SessionCommand {
    @Override
    public String name() {
        return "classpath";
    }

    @Override
    public String usage() {
        return "%classpath PATH...   adds jars and class folders; their classes travel to workers too\n"
                + "%classpath           lists what was added\n"
                + "A path ending in /* stands for all jars of that folder. Quote a path that contains spaces.";
    }

    @Override
    public void run(String arguments, Shell shell, CellRun run) throws MagicUsageException {
        if (arguments.isBlank()) {
            shell.userClassPath().forEach(System.out::println);
            return;
        }
        List<Path> paths = new ArrayList<>();
        for (String word : SessionCommands.words(arguments)) {
            paths.addAll(expand(word));
        }
        paths.forEach(shell::addToClassPath);
    }

    private static List<Path> expand(String word) throws MagicUsageException {
        boolean allJars = word.endsWith("/*");
        try {
            Path path = inHome(allJars ? word.substring(0, word.length() - 2) : word);
            List<Path> found = allJars && Files.isDirectory(path) ? ClassPathEntry.jars(path) : List.of(path);
            for (Path entry : found) {
                ClassPathEntry.check(entry);
            }
            return found;
        } catch (InvalidPathException failure) {
            throw new MagicUsageException(word + " cannot be read: " + failure.getMessage());
        }
    }

    /** The path, of which {@code ~} is the user's home. */
    static Path inHome(String word) {
        String path =
                word.startsWith("~" + File.separator) ? System.getProperty("user.home") + word.substring(1) : word;
        return Path.of(path).toAbsolutePath().normalize();
    }

    @Override
    public List<String> complete(String argumentsBeforeCursor, Magic.Names names) {
        String word = argumentsBeforeCursor.substring(argumentsBeforeCursor.lastIndexOf(' ') + 1);
        int cut = word.lastIndexOf('/') + 1;
        List<String> found = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(Path.of(cut == 0 ? "." : word.substring(0, cut)))) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (name.startsWith(word.substring(cut)) && (name.endsWith(".jar") || Files.isDirectory(entry))) {
                    found.add(word.substring(0, cut) + name + (Files.isDirectory(entry) ? "/" : ""));
                }
            }
        } catch (InvalidPathException | IOException ignored) {
            // No such folder: nothing to propose.
        }
        found.sort(null);
        return found;
    }
}
