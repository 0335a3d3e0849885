package manyjvm.kernel.runner;

import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The command that starts a kernel process; the connection file comes after it. */
public record KernelCommand(List<String> words) {
    public KernelCommand {
        words = List.copyOf(words);
    }

    /** The kernel that this JVM would be: the same Java, the same class path. */
    public static KernelCommand ofThisJvm() {
        return ofThisJvm("manyjvm.kernel.Main");
    }

    /** The same with another main class, one that takes the connection file as its argument. */
    public static KernelCommand ofThisJvm(String mainClass) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.add("-XX:-UsePerfData");
        if (Runtime.version().feature() >= 24) {
            // Options that older versions reject; without them libraries of ours make the JVM print warnings.
            words.add("--sun-misc-unsafe-memory-access=allow");
            words.add("--enable-native-access=ALL-UNNAMED");
        }
        words.add("-cp");
        words.add(absoluteClassPath());
        words.add(mainClass);
        return new KernelCommand(words);
    }

    /**
     * The kernel that a {@code kernel.json} describes, ours or another's.
     *
     * @throws IOException when it cannot be read
     */
    public static KernelCommand installed(Path kernelJson) throws IOException {
        Path folder = Objects.requireNonNull(kernelJson.toAbsolutePath().getParent(), "a file is in a folder");
        List<String> words = new ArrayList<>();
        JsonParser.parseString(Files.readString(kernelJson))
                .getAsJsonObject()
                .getAsJsonArray("argv")
                .forEach(word -> words.add(word.getAsString().replace("{resource_dir}", folder.toString())));
        words.remove("{connection_file}");
        return new KernelCommand(words);
    }

    /** As {@link #ofThisJvm()}, with the class-data sharing archive that the launcher of an installation has named, where there is one. */
    public static KernelCommand ofThisInstallation() {
        KernelCommand kernel = ofThisJvm();
        String archive = System.getProperty(ArchiveRefresh.PROPERTY);
        if (archive == null) {
            return kernel;
        }
        kernel = kernel.with("-D" + ArchiveRefresh.PROPERTY + "=" + archive).with(KernelArchive.quiet());
        return Files.exists(Path.of(archive)) ? kernel.with("-XX:SharedArchiveFile=" + archive) : kernel;
    }

    /** The same with one more option for its JVM. */
    KernelCommand with(String jvmOption) {
        List<String> more = new ArrayList<>(words);
        more.add(1, jvmOption);
        return new KernelCommand(more);
    }

    private static String absoluteClassPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            entries.add(entry.isEmpty() ? "" : Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }
}
