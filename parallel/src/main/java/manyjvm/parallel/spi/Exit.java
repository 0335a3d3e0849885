package manyjvm.parallel.spi;

import java.util.List;

/**
 * How a worker ended.
 *
 * @param status what the operating system says: an exit code, or 128 + n after signal n
 * @param lastLines the last lines of its real standard error
 * @param host where it ran
 */
public record Exit(int status, List<String> lastLines, String host) {}
