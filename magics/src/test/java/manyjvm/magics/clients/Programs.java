package manyjvm.magics.clients;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Programs that a machine may have: how they are found, and how they end. */
public final class Programs {
    private static final int GRACE_SECONDS = 60;

    private Programs() {}

    /** @return the first of these that the PATH has */
    public static Optional<Path> find(String... names) {
        List<Path> folders = Arrays.stream(
                        Objects.requireNonNullElse(System.getenv("PATH"), "").split(File.pathSeparator))
                .map(Path::of)
                .toList();
        return Stream.of(names)
                .flatMap(name -> folders.stream().map(folder -> folder.resolve(name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Skips the tests where none of the names is there, in a line that says what to install. */
    public static Path need(String what, String debianPackage, String... names) {
        Optional<Path> program = find(names);
        assumeTrue(
                program.isPresent(),
                what + ": not tested, since this needs " + names[0] + " (Debian: apt-get install " + debianPackage
                        + ")");
        return program.orElseThrow();
    }

    /**
     * Asks a process to end, and ends what it has started and has not ended itself. Returns when all of them are gone.
     *
     * @return whether nothing had to be forced
     */
    public static boolean end(Process process) {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        process.destroy();
        boolean ended = allEnd(all);
        all.forEach(ProcessHandle::destroyForcibly);
        allEnd(all);
        return ended;
    }

    /**
     * Whether all of these end, within some time. One whose parent has died may stay a zombie until the system asks for its exit
     * code, which can last: it has ended. An interrupt ends the wait, too.
     */
    static boolean allEnd(List<ProcessHandle> processes) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(GRACE_SECONDS);
        for (ProcessHandle process : processes) {
            while (process.isAlive() && !isZombie(process)) {
                if (System.nanoTime() > end) {
                    return false;
                }
                try {
                    process.onExit().get(50, TimeUnit.MILLISECONDS);
                } catch (TimeoutException stillThere) {
                    continue; // or a zombie by now
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return false;
                } catch (ExecutionException impossible) {
                    throw new IllegalStateException(impossible);
                }
            }
        }
        return true;
    }

    private static boolean isZombie(ProcessHandle process) {
        try {
            String state = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return state.startsWith("Z", state.lastIndexOf(')') + 2); // behind the name, which may hold anything
        } catch (IOException goneOrNoLinux) {
            return false;
        }
    }
}
