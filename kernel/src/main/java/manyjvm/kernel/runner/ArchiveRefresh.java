package manyjvm.kernel.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import manyjvm.kernel.protocol.KernelLog;

/**
 * Makes an installation's archive anew when its JDK is another one than that of the archive, which the JVM passes over then: an update
 * of the system has replaced it in its place, or the launcher has found another. A process of its own does it, some seconds after
 * the start of a kernel, and lasts some ten seconds more; the next kernel has it.
 */
public final class ArchiveRefresh {
    /** The system property by which an installation's launcher names its archive. */
    public static final String PROPERTY = "manyjvm.archive";

    /** The user's first cells come first. */
    private static final Duration AFTER = Duration.ofSeconds(5);

    private static final Path NICE = Path.of("/usr/bin/nice");

    private ArchiveRefresh() {}

    /** Looks whether that is to be done, and does it, in the background. */
    public static void begin(Path archive) {
        Thread thread = new Thread(
                () -> {
                    try {
                        if (isStale(archive) && isOurs(archive)) {
                            TimeUnit.NANOSECONDS.sleep(AFTER.toNanos());
                            make(archive);
                        }
                    } catch (IOException failure) {
                        KernelLog.LOGGER.info("The kernel's archive was not made anew: " + failure);
                    } catch (InterruptedException e) {
                        // Somebody interrupts all threads: a later kernel will see to it.
                        Thread.currentThread().interrupt();
                    }
                },
                "archive");
        thread.setDaemon(true);
        thread.start();
    }

    static boolean isStale(Path archive) throws IOException {
        Path told = KernelArchive.tellsOf(archive);
        return !Files.exists(told) || !Files.readString(told).equals(KernelArchive.jdk());
    }

    /** An installation for all users is not: whoever made it runs {@code install.sh} again. */
    private static boolean isOurs(Path archive) {
        Path folder = archive.toAbsolutePath().getParent();
        return folder != null && Files.isWritable(folder);
    }

    private static void make(Path archive) throws IOException {
        List<String> words = new ArrayList<>();
        if (Files.isExecutable(NICE)) {
            words.add(NICE.toString());
        }
        words.addAll(KernelCommand.ofThisJvm().words());
        words.addAll(List.of("archive", archive.toString()));
        new ProcessBuilder(words)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .getOutputStream()
                .close();
    }
}
