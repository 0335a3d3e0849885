package manyjvm.parallel.driver;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The last lines that a JVM wrote to its real output. Of the report of a crash of the JVM itself, which is longer than what is
 * kept and ends with the address for reports of its own faults, these are what failed, where, and the file with the rest. Safe
 * for use by any thread.
 */
final class LastWords {
    private static final int MOST = 10;
    private static final int LONGEST_REPORT = 30;
    private static final int LONGEST_LINE = 8192; // what never ends its line is kept in pieces
    private static final String CRASH = "# A fatal error has been detected by the Java Runtime Environment";
    private static final String NO_MEMORY = "# There is insufficient memory for the Java Runtime Environment";
    private static final String FRAME = "# Problematic frame:";
    private static final String FILE = "# An error report file with more information is saved as:";

    private final Deque<String> lines = new ArrayDeque<>(); // guarded by this

    /** One stream of the JVM, of which lines arrive in pieces. For one thread. */
    final class Ear {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        void hear(byte[] bytes) {
            int from = 0;
            for (int at = 0; at < bytes.length; at++) {
                if (bytes[at] == '\n' || line.size() + at - from >= LONGEST_LINE) {
                    line.write(bytes, from, at - from);
                    end();
                    from = bytes[at] == '\n' ? at + 1 : at;
                }
            }
            line.write(bytes, from, bytes.length - from);
        }

        /** The stream has ended, or its line. */
        void end() {
            keep(line.toString(StandardCharsets.UTF_8).strip());
            line.reset();
        }
    }

    private synchronized void keep(String line) {
        if (!line.isEmpty()) {
            lines.add(line);
            if (lines.size() > MOST + LONGEST_REPORT) {
                lines.poll();
            }
        }
    }

    synchronized List<String> lines() {
        List<String> told = told(lines);
        return List.copyOf(told.subList(Math.max(0, told.size() - MOST), told.size()));
    }

    private static List<String> told(Iterable<String> lines) {
        List<String> told = new ArrayList<>();
        boolean report = false;
        boolean wanted = false; // the next line that says something
        String before = "";
        for (String line : lines) {
            boolean noMemory = line.startsWith(NO_MEMORY);
            if (!report && (noMemory || line.startsWith(CRASH))) {
                report = true;
                if (!told.isEmpty() && told.get(told.size() - 1).equals("#")) {
                    told.remove(told.size() - 1); // the report's first line
                }
            }
            if (!report || !line.startsWith("#")) {
                told.add(line);
                continue;
            }
            String text = line.substring(1).strip();
            if (noMemory || wanted && !text.isEmpty()) {
                told.add(before + text);
                wanted = noMemory;
                before = "";
            } else if (line.startsWith(CRASH) || line.startsWith(FRAME) || line.startsWith(FILE)) {
                wanted = true;
                before = line.startsWith(FRAME) ? "in " : line.startsWith(FILE) ? "The JVM's report is in " : "";
            }
        }
        return told;
    }
}
