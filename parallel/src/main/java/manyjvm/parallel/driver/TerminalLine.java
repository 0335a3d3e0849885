package manyjvm.parallel.driver;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The line at the foot of a terminal that shows how far submissions are. Drawn in place by carriage returns and blanks alone,
 * which every terminal knows. What a program prints itself while a line stands there goes on in that line, as with other
 * tools; text of workers does not. Confined to the thread that prints.
 */
final class TerminalLine {
    private static final int WIDTH = 79; // a character less than the usual terminal has, which may wrap after its last

    private final PrintStream terminal;
    private String drawn = ""; // what stands there now

    TerminalLine(PrintStream terminal) {
        this.terminal = terminal;
    }

    /**
     * That of standard error; empty where it is none, or nobody knows: Java asks about standard input and output alone, so a
     * system without {@code /proc} has no answer. The stream is the process's own, whatever the program has set.
     */
    static Optional<TerminalLine> ofStandardError() {
        return isTerminal()
                ? Optional.of(new TerminalLine(new PrintStream(new FileOutputStream(FileDescriptor.err), true)))
                : Optional.empty();
    }

    private static boolean isTerminal() {
        try {
            String device = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    void draw(String line) {
        String cut = line.length() > WIDTH ? line.substring(0, WIDTH - 3) + "..." : line;
        terminal.print("\r" + cut + " ".repeat(Math.max(0, drawn.length() - cut.length())));
        terminal.flush();
        drawn = cut;
    }

    /** Text comes next. */
    void wipe() {
        if (!drawn.isEmpty()) {
            terminal.print("\r" + " ".repeat(drawn.length()) + "\r");
            terminal.flush();
            drawn = "";
        }
    }

    /** The last state of a line, which stays. */
    void end(String line) {
        wipe();
        terminal.print(line + "\n");
        terminal.flush();
    }
}
