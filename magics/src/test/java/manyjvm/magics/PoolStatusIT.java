package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import manyjvm.kernel.protocol.JupyterMessage;
import manyjvm.kernel.runner.ExecuteRequest;
import manyjvm.kernel.runner.Execution;
import manyjvm.kernel.runner.JupyterClient.Conversation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code %pool status} as a front end is sent it, while work runs in the background. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PoolStatusIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run("%pool start 2 --name watched");
        notebook.run("watched.everyWorker(() -> 1);");
        notebook.run("var go = new Event();");
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    private static String text(JupyterMessage message) {
        return message.object("data").get("text/plain").getAsString();
    }

    private static List<JupyterMessage> displays(Execution execution) {
        return Stream.concat(
                        execution.outputs("display_data").stream(), execution.outputs("update_display_data").stream())
                .toList();
    }

    private static void begin() throws Exception {
        notebook.run(
                "go.clear(); var later = watched.mapAsync(x -> { System.out.println(\"at \" + x); go.await(); return x; },"
                        + " range(70, 72));");
    }

    private static void end() throws Exception {
        notebook.run("go.set(); later.get();");
    }

    @Test
    void status_whileWorkRuns_hasWhatWorkersDo_asTableAndAsText() throws Exception {
        begin();
        Execution execution = notebook.run(
                "while (watched.status().workers().stream().filter(w -> w.lastLine().startsWith(\"at\")).count() < 2)"
                        + " Thread.sleep(10);\n%pool status watched");
        JupyterMessage result = execution.outputs("execute_result").get(0);
        assertThat(result.object("data").keySet()).containsExactlyInAnyOrder("text/plain", "text/html");
        assertThat(text(result).lines())
                .hasSize(4)
                .first()
                .asString()
                .matches("watched  running  processes  live  0 queued, 2 running, \\d+ done, 0 failed");
        assertThat(text(result))
                .containsPattern(
                        "1 +\\d+ +busy [\\d.]+ s +mapAsync item \\d: 7[01] +\\d+ MB of .*B +[\\d.]+ s +\\d+ +at 7[01]")
                .contains("mapAsync item 0: 70", "mapAsync item 1: 71");
        assertThat(result.object("data").get("text/html").getAsString()).contains("<table", "mapAsync item 0: 70");
        end();
    }

    @Test
    void watch_forATime_isOneDisplayThatChanges() throws Exception {
        begin();
        Execution execution = notebook.run("%pool status watched --watch --for 2s");
        assertThat(execution.outputs("display_data")).hasSize(1);
        assertThat(execution.outputs("update_display_data")).isNotEmpty();
        assertThat(displays(execution).stream()
                        .map(message ->
                                message.object("transient").get("display_id").getAsString())
                        .distinct())
                .hasSize(1);
        assertThat(displays(execution))
                .allSatisfy(message -> assertThat(message.object("data").keySet())
                        .containsExactlyInAnyOrder("text/plain", "text/html"));
        assertThat(text(displays(execution).get(1))).contains("mapAsync item 0: 70");
        assertThat(execution.result()).isEmpty();
        end();
    }

    @Test
    void watch_untilTheCellIsStopped_seesWorkEnd_andTheSessionGoesOn() throws Exception {
        begin();
        notebook.run(
                "var opener = new Thread(() -> { try { Thread.sleep(1500); } catch (InterruptedException e) {} go.set(); }); opener.start();");
        try (Conversation cell = notebook.client().begin(new ExecuteRequest("%pool status --watch"))) {
            List<String> seen = new ArrayList<>();
            while (seen.stream()
                    .noneMatch(
                            text -> text.matches("(?s).*watched  running  processes  live  0 queued, 0 running,.*"))) {
                JupyterMessage message = cell.next(NotebookKernel.LONG).message();
                if (message.type().endsWith("display_data")) {
                    seen.add(text(message));
                }
            }
            assertThat(seen.get(0)).contains("mapAsync item");
            notebook.client().interrupt(Duration.ofSeconds(60));
            Execution execution = cell.execution(NotebookKernel.LONG, message -> {});
            assertThat(execution.error()).get().asString().startsWith("Interrupted");
        }
        assertThat(notebook.value("later.get()")).isEqualTo("[70, 71]");
    }

    @Test
    void wrongUses_areExplained() throws Exception {
        assertThat(notebook.error("%pool status --for 3s")).contains("--for says how long to --watch");
        assertThat(notebook.error("var s = %pool status --watch")).contains("has no value");
        assertThat(notebook.error("%pool status --watch nowhere")).contains("there is no pool named 'nowhere'");
    }
}
