package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Only the JVM's own notes are left out, each once, at the start. */
class StartNotesTest {
    private static final String NOTE = "Picked up JAVA_TOOL_OPTIONS: -Da=b\n";
    private static final Map<String, String> SET = Map.of("JAVA_TOOL_OPTIONS", "-Da=b");

    private static String left(Map<String, String> environment, String... pieces) {
        StartNotes notes = new StartNotes(environment);
        StringBuilder left = new StringBuilder();
        for (String piece : pieces) {
            left.append(new String(notes.without(piece.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8));
        }
        return left + new String(notes.rest(), StandardCharsets.UTF_8);
    }

    @Test
    void notes_areLeftOut_inAnyPieces() {
        assertThat(left(SET, NOTE)).isEmpty();
        assertThat(left(SET, "Picked u", "p JAVA_TOOL_OPTIONS: -Da", "=b\nhello\n"))
                .isEqualTo("hello\n");
        Map<String, String> all = Map.of("JAVA_TOOL_OPTIONS", "", "_JAVA_OPTIONS", "", "JDK_JAVA_OPTIONS", "");
        assertThat(left(all, "NOTE: Picked up JDK_JAVA_OPTIONS: -Dx\n" + NOTE + "Picked up _JAVA_OPTIONS: -Dy\nrest"))
                .isEqualTo("rest");
    }

    @Test
    void linesOfTheUsers_areKept() {
        assertThat(left(SET, NOTE, NOTE)).as("a second one is a child's").isEqualTo(NOTE);
        assertThat(left(SET, "first\n", NOTE)).isEqualTo("first\n" + NOTE);
        assertThat(left(Map.of(), NOTE)).isEqualTo(NOTE);
        assertThat(left(SET, "Picked")).isEqualTo("Picked");
    }
}
