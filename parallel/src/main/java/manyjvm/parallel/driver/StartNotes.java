package manyjvm.parallel.driver;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Leaves out what a starting JVM notes on its standard error of the options that it took from the environment: the options
 * stay in force, the notes are no user's output. A JVM notes each variable once, before anything else; a line of the same words
 * that comes later is somebody's own. Confined to the thread that reads the stream.
 */
final class StartNotes {
    private final List<String> expected = new ArrayList<>();
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream(); // a line that may yet become a note

    /** @param environment of the JVM */
    StartNotes(Map<String, String> environment) {
        EnvironmentOptions.NOTES.forEach((variable, note) -> {
            if (environment.containsKey(variable)) {
                expected.add(note);
            }
        });
    }

    /** What is left of the next bytes; perhaps less than all of it, until a line is whole. */
    byte[] without(byte[] bytes) {
        if (expected.isEmpty() && begun.size() == 0) {
            return bytes;
        }
        begun.writeBytes(bytes);
        byte[] text = begun.toByteArray();
        begun.reset();
        int from = 0;
        while (!expected.isEmpty() && from < text.length) {
            int end = from;
            while (end < text.length && text[end] != '\n') {
                end++;
            }
            String line = new String(text, from, end - from, StandardCharsets.ISO_8859_1);
            boolean whole = end < text.length;
            if (whole && expected.removeIf(line::startsWith)) {
                from = end + 1;
            } else if (!whole && expected.stream().anyMatch(note -> note.startsWith(line) || line.startsWith(note))) {
                begun.write(text, from, text.length - from);
                return new byte[0];
            } else {
                expected.clear(); // the JVM has said something else: its notes are over
            }
        }
        return Arrays.copyOfRange(text, from, text.length);
    }

    /** The stream has ended: a line that did not become a note. */
    byte[] rest() {
        return begun.toByteArray();
    }
}
