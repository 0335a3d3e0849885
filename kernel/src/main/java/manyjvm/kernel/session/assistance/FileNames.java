package manyjvm.kernel.session.assistance;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import manyjvm.kernel.spi.JavaLexeme;

/** The names of files that go on with what stands in a string. Reads one folder. */
final class FileNames {
    private static final int MOST = 500;

    /**
     * @param names whole names of files, those of folders with a slash behind; as they stand in a string
     * @param start where the name begins that they replace
     */
    record Found(List<String> names, int start) {}

    private FileNames() {}

    /** Where the content begins of the string in which Java text breaks off; empty where it does not break off in one. */
    static Optional<Integer> openString(String java) {
        int at = 0;
        while (at < java.length()) {
            Optional<JavaLexeme> lexeme = JavaLexeme.at(java, at);
            if (lexeme.isPresent()
                    && lexeme.get().kind() == JavaLexeme.Kind.STRING
                    && !lexeme.get().isClosed()
                    && lexeme.get().end() == java.length()) {
                return Optional.of(at + 1);
            }
            at = lexeme.map(JavaLexeme::end).orElse(at + 1);
        }
        return Optional.empty();
    }

    /** @param start where in the text a path begins, which goes to its end */
    static Found in(String text, int start) {
        String written = text.substring(start);
        int slash = written.lastIndexOf('/');
        String begun = unescaped(written.substring(slash + 1));
        TreeSet<String> names = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                Path.of(unescaped(written.substring(0, slash + 1))),
                file -> file.getFileName() != null
                        && file.getFileName().toString().startsWith(begun)
                        && (begun.startsWith(".")
                                || !file.getFileName().toString().startsWith(".")))) {
            for (Path file : files) {
                names.add(escaped(file.getFileName().toString()) + (Files.isDirectory(file) ? "/" : ""));
                if (names.size() == MOST) {
                    break;
                }
            }
        } catch (IOException | InvalidPathException | DirectoryIteratorException none) {
            return new Found(List.of(), start + slash + 1); // the string is no path, or one to nowhere
        }
        return new Found(List.copyOf(names), start + slash + 1);
    }

    private static String unescaped(String written) {
        return written.replaceAll("\\\\(.)", "$1");
    }

    private static String escaped(String name) {
        return name.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
