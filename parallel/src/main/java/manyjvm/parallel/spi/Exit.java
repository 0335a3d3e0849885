package manyjvm.parallel.spi;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a worker ended.
 *
 * @param status what the operating system says: an exit code, or 128 + n after signal n
 * @param lastLines the last lines of its real standard error
 * @param host where it ran
 */
public record Exit(int status, List<String> lastLines, String host) {
    private static final Map<Integer, String> SIGNALS = Map.of(
            1, "SIGHUP", 2, "SIGINT", 3, "SIGQUIT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL",
            11, "SIGSEGV", 15, "SIGTERM");

    /** A signal's name, of those that end JVMs: {@code SIGKILL}. */
    public static Optional<String> signalName(int number) {
        return Optional.ofNullable(SIGNALS.get(number));
    }

    /** What a signal is called: {@code signal 9 (SIGKILL)}, or {@code signal 12} where it has no name here. */
    public static String signal(int number) {
        return "signal " + number
                + signalName(number).map(name -> " (" + name + ")").orElse("");
    }
}
