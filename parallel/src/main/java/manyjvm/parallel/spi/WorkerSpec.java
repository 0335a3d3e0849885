package manyjvm.parallel.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A worker to start.
 *
 * @param name as users see it
 * @param number of the worker in its pool, from 1
 * @param jvm how its JVM differs from the default
 * @param classPath what the worker itself needs; users' code is sent later
 * @param mainClass its main
 * @param greeting what it reads from its standard input, which then stays open as long as the driver lives
 * @param text takes what it writes to its real standard output and error, from any thread
 * @param body all that the worker does, where it runs in the driver's JVM: it needs a thread, and nothing of the others but
 *     the name. Ends by itself when its worker is told to
 */
public record WorkerSpec(
        String name,
        int number,
        JvmSettings jvm,
        List<Path> classPath,
        String mainClass,
        byte[] greeting,
        TextListener text,
        Optional<Runnable> body) {
    /** One that runs in the driver's JVM. */
    public static WorkerSpec inThisJvm(String name, int number, Runnable body) {
        return new WorkerSpec(
                name, number, JvmSettings.DEFAULT, List.of(), "", new byte[0], (error, bytes) -> {}, Optional.of(body));
    }

    /** Takes bytes as they come. */
    @FunctionalInterface
    public interface TextListener {
        void text(boolean error, byte[] bytes);
    }
}
