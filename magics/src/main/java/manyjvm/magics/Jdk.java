package manyjvm.magics;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import manyjvm.kernel.spi.Magic.MagicUsageException;

/** A JDK that a user names for workers. */
final class Jdk {
    private Jdk() {}

    /**
     * The given path, when workers can run there: it holds a {@code java}, of a version not older than this kernel's, whose
     * class files an older one rejects.
     */
    static Optional<String> checked(Optional<String> path) throws MagicUsageException {
        return path.isPresent()
                ? Optional.of(checked(Path.of(path.get()), Runtime.version().feature()))
                : path;
    }

    static String checked(Path home, int needed) throws MagicUsageException {
        if (!Files.isExecutable(home.resolve("bin/java")) && !Files.isExecutable(home.resolve("bin/java.exe"))) {
            throw new MagicUsageException("--jdk needs the folder of a JDK, and there is no bin/java in " + home);
        }
        Optional<Integer> feature = feature(home.resolve("release"));
        if (feature.isPresent() && feature.get() < needed) {
            throw new MagicUsageException("the JDK in " + home + " is version " + feature.get()
                    + "; the notebook's classes are made for version " + needed + " and need at least that");
        }
        return home.toAbsolutePath().toString();
    }

    /** Empty when the folder does not say: the worker's start then tells. */
    private static Optional<Integer> feature(Path release) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(release)) {
            properties.load(reader);
            String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
            return Optional.of(Runtime.Version.parse(version.startsWith("1.") ? version.substring(2, 3) : version)
                    .feature());
        } catch (IOException | IllegalArgumentException unreadable) {
            // Some vendors' JDKs have no such file, or one of their own form.
            return Optional.empty();
        }
    }
}
