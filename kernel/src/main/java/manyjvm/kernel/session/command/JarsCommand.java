package manyjvm.kernel.session.command;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import manyjvm.kernel.session.execution.CellRun;
import manyjvm.kernel.session.shell.Shell;
import manyjvm.kernel.spi.IoReason;
import manyjvm.kernel.spi.Magic;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/** {@code %jars}: jars by a pattern of their names. The name is that of other Java kernels. */
final class JarsCommand implements SessionCommand {
    private static final Pattern WILD = Pattern.compile("[*?\\[{]");
    private static final Pattern ANY_FOLDERS = Pattern.compile("(?<![^/])(?:\\*\\*/)+");

    private final ClassPathCommand paths;

    JarsCommand(ClassPathCommand paths) {
        this.paths = paths;
    }

    @Override
    public String name() {
        return "jars";
    }

    @Override
    public String usage() {
        return "%jars PATTERN...   adds the jars whose paths fit, for workers too: lib/*.jar, lib/**/*.jar, or a folder of jars\n"
                + "? * ** {a,b} [a-c] stand for one character, some, folders too, one of these words, one of these letters.";
    }

    @Override
    public void run(String arguments, Shell shell, CellRun run) throws MagicUsageException {
        List<String> words = SessionCommands.words(arguments);
        if (words.isEmpty()) {
            throw new MagicUsageException(usage());
        }
        List<Path> found = new ArrayList<>();
        for (String word : words) {
            found.addAll(shell.engine().withoutLock(run, () -> jars(word)));
        }
        for (Path jar : found) {
            ClassPathEntry.check(jar);
        }
        List<Path> before = shell.userClassPath();
        List<Path> added =
                found.stream().distinct().filter(jar -> !before.contains(jar)).toList();
        added.forEach(shell::addToClassPath);
        System.out.println(
                added.isEmpty()
                        ? "nothing to add: all of it is on the class path"
                        : "added " + MavenCommand.names(added));
    }

    private static List<Path> jars(String word) throws MagicUsageException {
        Matcher wild = WILD.matcher(word);
        try {
            if (!wild.find()) {
                Path path = ClassPathCommand.inHome(word);
                return Files.isDirectory(path) ? ClassPathEntry.jars(path) : List.of(path);
            }
            Path top = ClassPathCommand.inHome(word.substring(
                    0,
                    Math.max(word.lastIndexOf('/', wild.start()), word.lastIndexOf(File.separatorChar, wild.start()))
                            + 1));
            String rest = word.substring(
                    Math.max(word.lastIndexOf('/', wild.start()), word.lastIndexOf(File.separatorChar, wild.start()))
                            + 1);
            List<PathMatcher> fitting = readings(rest).stream()
                    .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
                    .toList();
            try (Stream<Path> files = Files.walk(top, rest.contains("**") ? Integer.MAX_VALUE : depth(rest))) {
                List<Path> found = files.filter(JarsCommand::isJar)
                        .filter(file -> fitting.stream().anyMatch(fits -> fits.matches(top.relativize(file))))
                        .sorted()
                        .toList();
                if (found.isEmpty()) {
                    throw new MagicUsageException("no jar fits " + word + ", seen from " + top);
                }
                return found;
            }
        } catch (InvalidPathException | PatternSyntaxException malformed) {
            throw new MagicUsageException(word + " is no pattern of paths: " + malformed.getMessage());
        } catch (IOException unreadable) {
            throw new MagicUsageException(word + " cannot be read: " + IoReason.of(unreadable));
        } catch (UncheckedIOException unreadable) {
            throw new MagicUsageException(word + " cannot be read: " + IoReason.ofAny(unreadable));
        }
    }

    /** A walk may be long; a stop ends it at the next file. */
    private static boolean isJar(Path file) {
        if (Thread.currentThread().isInterrupted()) {
            throw new UncheckedIOException(new InterruptedIOException("interrupted"));
        }
        return file.toString().endsWith(".jar");
    }

    /** Folders that may be there stand for none, too, as in shells and in Ant; the JDK's patterns want one. */
    private static List<String> readings(String pattern) {
        Matcher folders = ANY_FOLDERS.matcher(pattern);
        if (!folders.find()) {
            return List.of(pattern);
        }
        String head = pattern.substring(0, folders.start());
        return readings(pattern.substring(folders.end())).stream()
                .flatMap(rest -> Stream.of(head + folders.group() + rest, head + rest))
                .toList();
    }

    private static int depth(String pattern) {
        return pattern.split("/").length;
    }

    @Override
    public List<String> complete(String argumentsBeforeCursor, Magic.Names names) {
        return paths.complete(argumentsBeforeCursor, names);
    }
}
