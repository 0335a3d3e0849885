package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.time.Duration;
import manyjvm.kernel.runner.Execution;
import manyjvm.kernel.runner.JupyterClient;
import manyjvm.kernel.runner.JupyterClient.Channel;
import manyjvm.kernel.runner.KernelCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a front end is told while a user types, by one kernel with this library's API. */
@Timeout(300)
final class EditingIT {
    private static final Duration SOON = Duration.ofSeconds(120);

    private static JupyterClient client;

    @BeforeAll
    static void startKernel() throws Exception {
        client = JupyterClient.start(KernelCommand.ofThisJvm());
    }

    @AfterAll
    static void stopKernel() {
        if (client != null) {
            client.close();
        }
    }

    private static JsonObject ask(String type, String code) throws Exception {
        JsonObject content = new JsonObject();
        content.addProperty("code", code);
        content.addProperty("cursor_pos", code.codePointCount(0, code.length()));
        content.addProperty("detail_level", 0);
        return client.request(Channel.SHELL, type, content, SOON).content();
    }

    private static String inspect(String code) throws Exception {
        JsonObject reply = ask("inspect_request", code);
        assertThat(reply.get("found").getAsBoolean()).as(code).isTrue();
        JsonObject data = reply.getAsJsonObject("data");
        assertThat(data.get("text/html").getAsString()).startsWith("<pre><code>");
        return data.get("text/plain").getAsString();
    }

    @Test
    void inspection_ofThisLibrary_hasItsDocumentation() throws Exception {
        assertThat(inspect("Pool")).contains("manyjvm.parallel.Pool", "Workers that are JVMs");
        assertThat(inspect("new Pool(2).map(")).contains("map(Fn<A,R> function, Iterable<? extends A> items)");
        assertThat(inspect("Pool.map")).contains("Iterable<? extends A> items)");
        assertThat(inspect("Pool.builder().maxTasksPerWorker("))
                .contains("maxTasksPerWorker(int ")
                .contains("    ");
        assertThat(inspect("new Queue<Integer>(")).contains("Queue<E>(int ");
        assertThat(inspect("Parallel.cpuCount(")).contains("processors");
        assertThat(inspect("display(")).contains("Shows a value as a result would be shown");
        assertThat(inspect("pids = Value.of(")).contains("Value.");
        assertThat(inspect("%pool")).contains("%pool map");
    }

    @Test
    void completion_tellsWhatEachNameIs_andAddsTheImportOfAType() throws Exception {
        JsonObject reply = ask("complete_request", "new Pool(2).sta");
        JsonObject first = reply.getAsJsonObject("metadata")
                .getAsJsonArray("_jupyter_types_experimental")
                .get(0)
                .getAsJsonObject();
        assertThat(reply.getAsJsonArray("matches").get(0).getAsString()).startsWith("sta");
        assertThat(first.get("text")).isEqualTo(reply.getAsJsonArray("matches").get(0));
        assertThat(first.get("type").getAsString()).isEqualTo("function");
        assertThat(first.get("signature").getAsString()).startsWith("(");
        assertThat(first.get("start").getAsInt()).isEqualTo(12);
        assertThat(first.get("end").getAsInt()).isEqualTo(15);
        assertThat(ask("complete_request", "Pool.th").getAsJsonArray("matches").toString())
                .contains("threads(");
        assertThat(ask("complete_request", "%pool ma").getAsJsonArray("matches").toString())
                .contains("map");
        assertThat(ask("complete_request", "%pool map (x -> x) List.o")
                        .getAsJsonArray("matches")
                        .toString())
                .contains("of(");
        // Types of a worker's task, too.
        Execution execution = client.execute("%pool map (x -> new DecimalFormat(\"000\").format(x)) 1..2", SOON);
        assertThat(execution.result().orElse(execution.toString())).isEqualTo("[001, 002]");
        assertThat(execution.stderr()).isEqualTo("note: import java.text.DecimalFormat; was added\n");
    }

    @Test
    void questionMark_showsTheDocumentationInTheCell() throws Exception {
        Execution execution = client.execute("int seven = 7;\nPool.map?", SOON);
        assertThat(execution.reply().text("status", "")).isEqualTo("ok");
        assertThat(execution.toString()).contains("Iterable<? extends A> items)", "text/html");
    }
}
