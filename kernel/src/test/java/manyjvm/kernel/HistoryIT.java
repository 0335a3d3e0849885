package manyjvm.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import manyjvm.kernel.runner.JupyterClient;
import manyjvm.kernel.runner.JupyterClient.Channel;
import manyjvm.kernel.runner.KernelCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The history of cells over several kernels, one of which is killed. */
@Timeout(180)
final class HistoryIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    private JupyterClient start() throws Exception {
        return JupyterClient.start(
                KernelCommand.ofThisJvm("manyjvm.kernel.FakeKernelMain"),
                folder,
                Map.of("MANYJVM_HISTORY", file().toString()),
                new PrintStream(log, true, UTF_8),
                Duration.ofSeconds(60));
    }

    private Path file() {
        return folder.resolve("history.jsonl");
    }

    private static List<String> history(JupyterClient client, String access, Object... more) throws Exception {
        JsonObject content = new JsonObject();
        content.addProperty("hist_access_type", access);
        content.addProperty("raw", true);
        for (int i = 0; i < more.length; i += 2) {
            content.add(more[i].toString(), new com.google.gson.Gson().toJsonTree(more[i + 1]));
        }
        List<String> entries = new ArrayList<>();
        for (JsonElement one : client.request(Channel.SHELL, "history_request", content, SOON)
                .content()
                .getAsJsonArray("history")) {
            JsonArray entry = one.getAsJsonArray();
            entries.add(entry.get(0) + "/" + entry.get(1) + " " + entry.get(2));
        }
        return entries;
    }

    @Test
    void history_overSessions_isFoundByTailRangeAndSearch() throws Exception {
        try (JupyterClient first = start()) {
            assertThat(history(first, "tail", "n", 10)).isEmpty();
            assertThat(file()).doesNotExist();
            first.execute("value a1", SOON);
            first.execute("value a2", SOON);
            first.request(Channel.CONTROL, "shutdown_request", new JsonObject(), SOON);
            first.kernel().onExit().get(60, TimeUnit.SECONDS);
        }
        try (JupyterClient second = start()) {
            second.execute("value b1", SOON);
            // What is asked of the file waits for what is to be written.
            assertThat(history(second, "tail", "n", 1)).containsExactly("2/1 \"value b1\"");
        } // is killed
        try (JupyterClient third = start();
                JupyterClient fourth = start()) {
            third.execute("value a1", SOON);
            third.execute("value c2", SOON);
            assertThat(history(third, "tail", "n", 3))
                    .containsExactly("2/1 \"value b1\"", "3/1 \"value a1\"", "3/2 \"value c2\"");
            fourth.execute("value d1", SOON);
            assertThat(history(fourth, "range", "session", 0)).containsExactly("4/1 \"value d1\"");
            assertThat(history(fourth, "range", "session", -1)).containsExactly("3/1 \"value a1\"", "3/2 \"value c2\"");
            assertThat(history(fourth, "range", "session", -3, "start", 2)).containsExactly("1/2 \"value a2\"");
            assertThat(history(fourth, "range", "session", 1, "start", 1, "stop", 2))
                    .containsExactly("1/1 \"value a1\"");
            assertThat(history(fourth, "range", "session", 1, "start", -1)).containsExactly("1/2 \"value a2\"");
            assertThat(history(fourth, "range", "session", -9)).isEmpty();
            assertThat(history(fourth, "search", "pattern", "*a?")).hasSize(3);
            assertThat(history(fourth, "search", "pattern", "*a?", "unique", true))
                    .containsExactly("1/2 \"value a2\"", "3/1 \"value a1\"");
            assertThat(history(fourth, "search", "pattern", "*[bd]1", "output", true))
                    .containsExactly("2/1 [\"value b1\",null]", "4/1 [\"value d1\",\"d1\"]");
        }
        assertThat(Files.readString(file())).hasLineCount(6);
        assertThat(log.toString(UTF_8)).doesNotContain("istory");
    }
}
