package manyjvm.kernel.protocol;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/**
 * The log of the kernel and of what is joined to it: to the standard error of the process, never into a cell. Quiet by default: warnings and worse;
 * {@code MANYJVM_LOG=debug} (or {@code info}, {@code off}) changes that. It stands apart from the root logger, which is
 * the users'.
 */
public final class KernelLog {
    public static final Logger LOGGER = Logger.getLogger("manyjvm.kernel");

    /** The parent of all of ours, those of extensions and of the worker library too; held, since loggers may be collected. */
    private static final Logger OURS = Logger.getLogger("manyjvm");

    private KernelLog() {}

    /** Tells of a fault of ours, as {@link #severe} does. */
    static void fault(String what, Throwable failure) {
        severe(what, "; this is a fault of manyjvm, please report it", failure);
    }

    /** Throws nothing: where there is no memory for a line, the calling thread is worth more. */
    static void severe(String what, Throwable failure) {
        severe(what, "", failure);
    }

    private static void severe(String what, String advice, Throwable failure) {
        try {
            LOGGER.log(Level.SEVERE, what + advice, failure);
        } catch (RuntimeException | Error unlogged) {
            // as said above
        }
    }

    /**
     * @param standardError the process's own, as it was before cells got theirs
     * @param level {@code debug}, {@code info}, {@code warning}, {@code off}; null is {@code warning}
     * @throws IllegalArgumentException for any other level
     */
    public static void configure(PrintStream standardError, String level) {
        Level threshold = level(level);
        for (Handler handler : OURS.getHandlers()) {
            OURS.removeHandler(handler);
        }
        Handler handler = new StreamHandler(standardError, new OneLine()) {
            @Override
            public synchronized void publish(LogRecord record) {
                super.publish(record);
                flush();
            }
        };
        handler.setLevel(Level.ALL);
        OURS.setUseParentHandlers(false);
        OURS.addHandler(handler);
        OURS.setLevel(threshold);
    }

    private static Level level(String name) {
        if (name == null || name.isBlank()) {
            return Level.WARNING;
        }
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "debug" -> Level.FINE;
            case "info" -> Level.INFO;
            case "warning" -> Level.WARNING;
            case "off" -> Level.OFF;
            default ->
                throw new IllegalArgumentException(
                        "MANYJVM_LOG is '" + name + "'; it may be debug, info, warning or off");
        };
    }

    private static final class OneLine extends Formatter {
        @Override
        public String format(LogRecord record) {
            StringBuilder line = new StringBuilder("[manyjvm] ")
                    .append(record.getLevel().getName().toLowerCase(Locale.ROOT))
                    .append(": ")
                    .append(formatMessage(record))
                    .append('\n');
            if (record.getThrown() != null) {
                StringWriter stack = new StringWriter();
                record.getThrown().printStackTrace(new PrintWriter(stack, true));
                line.append(stack);
            }
            return line.toString();
        }
    }
}
