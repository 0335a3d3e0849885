package manyjvm.kernel.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import manyjvm.kernel.runner.ExecuteRequest;
import manyjvm.kernel.runner.Execution;
import manyjvm.kernel.runner.JupyterClient;
import manyjvm.kernel.runner.JupyterClient.Channel;
import manyjvm.kernel.runner.JupyterClient.Conversation;
import manyjvm.kernel.runner.JupyterClient.Received;
import manyjvm.kernel.runner.KernelCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Subshells between processes, with a language that is a fake. One kernel serves all tests, each has a subshell of its own. */
@Timeout(120)
final class SubshellsIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static JupyterClient client;
    private String subshell;

    @BeforeAll
    static void startKernel() throws Exception {
        client = JupyterClient.start(KernelCommand.ofThisJvm("manyjvm.kernel.FakeKernelMain"));
    }

    @AfterAll
    static void stopKernel() throws Exception {
        // Those that are left end with the kernel.
        client.createSubshell(SOON);
        assertThat(client.shutdown(SOON)).isZero();
        client.close();
    }

    @BeforeEach
    void create() throws Exception {
        subshell = client.createSubshell(SOON);
    }

    @AfterEach
    void delete() throws Exception {
        assertThat(control("delete_subshell_request", subshell).text("status", ""))
                .isEqualTo("ok");
    }

    private static JsonObject object(Object... pairs) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < pairs.length; i += 2) {
            object.add(pairs[i].toString(), new Gson().toJsonTree(pairs[i + 1]));
        }
        return object;
    }

    private static JupyterMessage control(String type, String id) throws Exception {
        return client.request(Channel.CONTROL, type, object("subshell_id", id), SOON);
    }

    private static List<String> list() throws Exception {
        return client
                .request(Channel.CONTROL, "list_subshell_request", object(), SOON)
                .content()
                .getAsJsonArray("subshell_id")
                .asList()
                .stream()
                .map(id -> id.getAsString())
                .toList();
    }

    private static Conversation begin(String subshell, String code) {
        return client.open(subshell, "execute_request", new ExecuteRequest(code).content());
    }

    private static Execution execute(String subshell, String code) throws Exception {
        try (Conversation cell = begin(subshell, code)) {
            return cell.execution(SOON, message -> {});
        }
    }

    private static void awaitInput(Conversation conversation) throws Exception {
        while (!conversation.next(SOON).message().type().equals("execute_input")) {
            // The busy comes before it.
            continue;
        }
    }

    /** All messages of a request until its idle, and its reply where it has one. */
    private static List<Received> all(String subshell, String type, JsonObject content) throws Exception {
        List<Received> received = new ArrayList<>();
        try (Conversation conversation = client.open(subshell, type, content)) {
            boolean idle = false;
            boolean reply = !type.endsWith("_request");
            while (!idle || !reply) {
                Received next = conversation.next(SOON);
                received.add(next);
                idle |= next.message().text("execution_state", "").equals("idle");
                reply |= next.channel() == Channel.SHELL;
            }
        }
        return received;
    }

    private static JupyterMessage reply(List<Received> received) {
        return received.stream()
                .filter(each -> each.channel() == Channel.SHELL)
                .findFirst()
                .orElseThrow()
                .message();
    }

    @Test
    void subshells_createdAndDeleted_areListedInBetween() throws Exception {
        assertThat(list()).containsExactly(subshell);
        String second = client.createSubshell(SOON);
        assertThat(list()).containsExactly(subshell, second);
        assertThat(execute(second, "value 2").result()).contains("2");
        assertThat(control("delete_subshell_request", second).text("status", ""))
                .isEqualTo("ok");

        assertThat(list()).containsExactly(subshell);
        JupyterMessage again = control("delete_subshell_request", second);
        assertThat(again.text("status", "")).isEqualTo("error");
        assertThat(again.text("evalue", "")).contains("no subshell " + second);
        assertThat(execute(second, "value 2").status()).isEqualTo("error");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "execute_request",
                "complete_request",
                "inspect_request",
                "is_complete_request",
                "history_request",
                "kernel_info_request",
                "comm_info_request"
            })
    void request_forAnUnknownSubshell_isAnError(String type) throws Exception {
        List<Received> received = all("none-such", type, object("code", "value 1", "cursor_pos", 1));

        assertThat(received.stream().map(each -> each.message().text("execution_state", "")))
                .contains("busy", "idle");
        JupyterMessage reply = reply(received);
        assertThat(reply.type()).isEqualTo(type.replace("request", "reply"));
        assertThat(reply.text("status", "")).isEqualTo("error");
        assertThat(reply.text("ename", "")).isEqualTo("UnknownSubshell");
        assertThat(reply.text("evalue", "")).contains("no subshell none-such");
        assertThat(reply.content().getAsJsonArray("traceback")).isNotEmpty();
        assertThat(reply.content().has("execution_count")).isEqualTo(type.equals("execute_request"));
    }

    @Test
    void comm_forAnUnknownSubshell_isToldOnStandardError() throws Exception {
        List<Received> received = all("none-such", "comm_msg", object("comm_id", "c", "data", Map.of()));

        assertThat(received.stream().map(each -> each.message().text("text", "")))
                .anyMatch(text -> text.contains("no subshell none-such"));
    }

    @Test
    void cells_ofTwoShells_runBesideEachOtherUnderTheirOwnParents() throws Exception {
        try (var running = client.begin(new ExecuteRequest("wait"))) {
            awaitInput(running);
            Execution beside = execute(subshell, "print beside\nvalue 42");

            assertThat(beside.result()).contains("42");
            assertThat(beside.stdout()).isEqualTo("beside\n");
            assertThat(beside.reply().parentHeader().get("subshell_id").getAsString())
                    .isEqualTo(subshell);
            assertThat(beside.outputs())
                    .allMatch(output -> output.parentHeader().has("subshell_id"));
            // The light of the kernel stays on: the other one is still running.
            assertThat(running.next(SOON).message().text("execution_state", "")).isEqualTo("busy");
            client.interrupt(SOON);
            Execution stopped = running.execution(SOON, message -> {});
            assertThat(stopped.error()).contains("Interrupted: the cell was interrupted");
            assertThat(stopped.outputs()).allMatch(output -> output.type().equals("error"));
            assertThat(beside.reply().number("execution_count", 0))
                    .isEqualTo(stopped.reply().number("execution_count", 0) + 1);
        }
    }

    @Test
    void questions_ofASubshell_areAnsweredWhileBothAreBusy() throws Exception {
        try (var running = client.begin(new ExecuteRequest("wait"));
                var beside = begin(subshell, "wait")) {
            awaitInput(running);
            awaitInput(beside);
            for (String type : List.of(
                    "complete_request",
                    "inspect_request",
                    "is_complete_request",
                    "kernel_info_request",
                    "comm_info_request")) {
                JupyterMessage reply = reply(all(subshell, type, object("code", "ab", "cursor_pos", 2)));
                assertThat(reply.text("status", "")).as(type).isIn("ok", "complete");
                assertThat(reply.parentHeader().get("subshell_id").getAsString())
                        .isEqualTo(subshell);
            }
            client.interrupt(SOON);
            running.execution(SOON, message -> {});
            beside.execution(SOON, message -> {});
        }
    }

    @Test
    void interrupt_whileTwoShellsRun_endsBoth() throws Exception {
        try (var running = client.begin(new ExecuteRequest("wait"));
                var beside = begin(subshell, "wait")) {
            awaitInput(running);
            awaitInput(beside);
            client.interrupt(SOON);

            assertThat(running.execution(SOON, message -> {}).error())
                    .contains("Interrupted: the cell was interrupted");
            assertThat(beside.execution(SOON, message -> {}).error()).contains("Interrupted: the cell was interrupted");
        }
        assertThat(execute(subshell, "value 1").result()).contains("1");
    }

    @Test
    void interrupt_asSoonAsASubshellIsBusy_stopsItsCell() throws Exception {
        for (int i = 0; i < 50; i++) {
            try (var cell = begin(subshell, "wait")) {
                while (!cell.next(SOON).message().text("execution_state", "").equals("busy")) {
                    continue;
                }
                client.interrupt(SOON);
                assertThat(cell.execution(SOON, message -> {}).error())
                        .contains("Interrupted: the cell was interrupted");
            }
        }
    }

    @Test
    void delete_whileCellsRunAndWait_interruptsTheOneAndAbortsTheOthers() throws Exception {
        String doomed = client.createSubshell(SOON);
        try (var main = client.begin(new ExecuteRequest("wait"));
                var running = begin(doomed, "wait");
                var waiting = begin(doomed, "print never")) {
            awaitInput(main);
            awaitInput(running);
            control("delete_subshell_request", doomed);

            assertThat(running.execution(SOON, message -> {}).error())
                    .contains("Interrupted: the cell was interrupted");
            Execution aborted = waiting.execution(SOON, message -> {});
            assertThat(aborted.status()).isEqualTo("aborted");
            assertThat(aborted.outputs()).isEmpty();
            // The main shell's cell is none of it.
            assertThat(execute(subshell, "value 1").result()).contains("1");
            client.interrupt(SOON);
            assertThat(main.execution(SOON, message -> {}).error()).contains("Interrupted: the cell was interrupted");
        }
    }

    @Test
    void stopOnError_inOneShell_abortsThereAlone() throws Exception {
        try (var main = client.begin(new ExecuteRequest("wait"));
                var second = client.begin(new ExecuteRequest("value second"))) {
            awaitInput(main);
            try (var failing = begin(subshell, "settle-wait\nfail x");
                    var aborted = begin(subshell, "print never")) {
                while (!failing.next(SOON).message().type().equals("stream")) {
                    continue; // it settles now; the next one is in the queue when the target below is asked for
                }
                client.send(
                        Channel.SHELL,
                        "comm_open",
                        object("comm_id", "s2", "target_name", "settled", "data", Map.of()));
                assertThat(failing.execution(SOON, message -> {}).status()).isEqualTo("error");
                assertThat(aborted.execution(SOON, message -> {}).status()).isEqualTo("aborted");
            }
            assertThat(execute(subshell, "value again").result()).contains("again");
            control("interrupt_request", "");
            assertThat(main.execution(SOON, message -> {}).status()).isEqualTo("error");
            assertThat(second.execution(SOON, message -> {}).status()).isEqualTo("aborted");
        }
    }

    @Test
    void comm_bySubshell_isServedWithItsParent() throws Exception {
        all(subshell, "comm_open", object("comm_id", "c9", "target_name", "echo", "data", Map.of()));
        List<Received> heard = all(subshell, "comm_msg", object("comm_id", "c9", "data", Map.of("a", 1)));

        assertThat(heard.stream().map(each -> each.message().type()))
                .containsExactly("status", "comm_msg", "stream", "status");
        assertThat(heard).allMatch(each -> each.message()
                .parentHeader()
                .get("subshell_id")
                .getAsString()
                .equals(subshell));
    }

    @Test
    void input_inASubshellWhileTheMainShellRuns_isAskedAndAnswered() throws Exception {
        JsonObject asking = new ExecuteRequest("ask Name?", false, true, Map.of(), true, true).content();
        try (var running = client.begin(new ExecuteRequest("wait", false, true, Map.of(), true, true));
                var asked = client.open(subshell, "execute_request", asking)) {
            awaitInput(running);
            Execution execution = asked.execution(SOON, received -> {
                if (received.message().type().equals("input_request")) {
                    assertThat(received.message()
                                    .parentHeader()
                                    .get("subshell_id")
                                    .getAsString())
                            .isEqualTo(subshell);
                    client.answer("Ada");
                }
            });
            assertThat(execution.result()).contains("Ada");
            client.interrupt(SOON);
            running.execution(SOON, message -> {});
        }
    }
}
