package manyjvm.kernel.runner;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import manyjvm.kernel.runner.JupyterClient.Channel;
import manyjvm.kernel.spi.IoReason;

/**
 * Makes a class-data sharing archive: a kernel that is started with it ({@code -XX:SharedArchiveFile}) finds its own classes
 * and those of the compiler parsed and verified, and has its first result a third sooner. It fits this JDK and these jars at
 * these places alone; the JVM ignores one that does not fit.
 */
public final class KernelArchive {
    private static final Duration STARTED_WITHIN = Duration.ofSeconds(60);
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(60);
    private static final Duration WRITTEN_WITHIN = Duration.ofMinutes(2);

    /** Together they use what most cells use: each kind of snippet, output, and an error. */
    private static final List<String> CELLS = List.of(
            "1 + 1",
            "int square(int x) { return x * x; }",
            "record Point(int x, int y) {}\nnew Point(1, square(2))",
            "for (int i = 0; i < 3; i++) { System.out.println(i); }",
            "import java.util.stream.*;\nIntStream.range(0, 3).mapToObj(x -> \"x\" + x).toList()",
            "var list = new ArrayList<>(List.of(1, 2));\nlist.add(square(2));\nlist",
            "int x = undefined;");

    private KernelArchive() {}

    /**
     * Runs a kernel of this class path for a few cells, and writes the archive when it ends; takes some ten seconds. The file
     * appears, or is replaced, in one step. A file beside it tells of which JDK it is.
     *
     * @throws IOException when the class path holds folders, which cannot be archived, when another process is making it, or
     *     the kernel did not do it
     */
    public static void make(Path archive) throws IOException, InterruptedException {
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!Files.isRegularFile(Path.of(entry))) {
                throw new IOException(
                        "'" + entry + "' on the class path is not a jar: an archive is made from jars only");
            }
        }
        Path target = archive.toAbsolutePath();
        try (FileChannel told =
                FileChannel.open(tellsOf(target), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (told.tryLock() == null) {
                throw new IOException("another process is making it");
            }
            // First of all: where it cannot be made, no later kernel of this JDK tries it again.
            told.truncate(0);
            told.write(ByteBuffer.wrap(jdk().getBytes(StandardCharsets.UTF_8)));
            make(target, draftBeside(target));
        } catch (AccessDeniedException | NoSuchFileException unwritable) {
            throw new IOException("cannot write to " + target.getParent() + ": " + IoReason.of(unwritable), unwritable);
        }
    }

    /** The file that tells of which JDK an archive is. */
    static Path tellsOf(Path archive) {
        return Path.of(archive + ".jdk");
    }

    /** The option for a JVM that says nothing of archives that do not fit. */
    static String quiet() {
        return Runtime.version().feature() < 25 ? "-Xlog:cds*=off" : "-Xlog:cds*=off,aot*=off";
    }

    /** This JDK, with all that an archive depends on. */
    static String jdk() {
        return System.getProperty("java.home") + "\n" + System.getProperty("java.vm.version") + "\n";
    }

    private static void make(Path target, Path draft) throws IOException, InterruptedException {
        Path file = draft.resolve("kernel.jsa");
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        try {
            KernelCommand kernel = KernelCommand.ofThisJvm()
                    .with("-XX:ArchiveClassesAtExit=" + file)
                    .with(quiet());
            try (JupyterClient client = JupyterClient.start(
                    kernel,
                    draft,
                    Map.of("MANYJVM_STARTUP", "off"), // the user's own files are for the user's sessions
                    new PrintStream(log, true, StandardCharsets.UTF_8),
                    STARTED_WITHIN)) {
                use(client);
                int status = client.shutdown(WRITTEN_WITHIN);
                if (status != 0) { // killed while it wrote, perhaps: what is there may be half of it
                    throw new IOException("the kernel ended with exit code " + status + lastWords(log));
                }
            }
            if (!Files.exists(file)) {
                throw new IOException("the kernel wrote none" + lastWords(log));
            }
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (TimeoutException | JupyterClient.KernelDiedException failed) {
            throw new IOException(failed.getMessage() + lastWords(log), failed);
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(draft);
        }
    }

    private static Path draftBeside(Path target) throws IOException {
        try {
            return Files.createTempDirectory(target.getParent(), ".archive-");
        } catch (IOException unwritable) {
            throw new IOException("cannot write to " + target.getParent() + ": " + IoReason.of(unwritable), unwritable);
        }
    }

    private static String lastWords(ByteArrayOutputStream log) {
        String words = log.toString(StandardCharsets.UTF_8).strip().replace('\n', ' ');
        return words.isEmpty() ? "" : "; its last output: " + words;
    }

    private static void use(JupyterClient client) throws InterruptedException, TimeoutException {
        for (String cell : CELLS) {
            client.execute(cell, ANSWERED_WITHIN);
        }
        JsonObject question = new JsonObject();
        question.addProperty("code", "Math.ma");
        question.addProperty("cursor_pos", "Math.ma".length());
        for (String type : List.of("complete_request", "is_complete_request", "inspect_request")) {
            client.request(Channel.SHELL, type, question, ANSWERED_WITHIN);
        }
    }
}
