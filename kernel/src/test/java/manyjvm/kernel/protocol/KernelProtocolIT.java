package manyjvm.kernel.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import manyjvm.kernel.runner.ExecuteRequest;
import manyjvm.kernel.runner.Execution;
import manyjvm.kernel.runner.JupyterClient;
import manyjvm.kernel.runner.JupyterClient.Channel;
import manyjvm.kernel.runner.JupyterClient.Received;
import manyjvm.kernel.runner.KernelCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol between processes, over real sockets, with a language that is a fake. One kernel serves all tests. */
@Timeout(120)
final class KernelProtocolIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final ByteArrayOutputStream LOG = new ByteArrayOutputStream();
    private static JupyterClient client;

    @BeforeAll
    static void startKernel() throws Exception {
        client = JupyterClient.start(
                KernelCommand.ofThisJvm("manyjvm.kernel.FakeKernelMain"),
                Path.of("").toAbsolutePath(),
                Map.of(),
                new PrintStream(LOG, true, UTF_8),
                Duration.ofSeconds(60));
    }

    @AfterAll
    static void stopKernel() {
        if (client != null) {
            client.close();
        }
    }

    private static Execution execute(String code) throws Exception {
        return client.execute(code, SOON);
    }

    private static JsonObject object(Object... pairs) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < pairs.length; i += 2) {
            object.add(pairs[i].toString(), new com.google.gson.Gson().toJsonTree(pairs[i + 1]));
        }
        return object;
    }

    /** All messages of a request until its idle and reply. */
    private static List<Received> all(Channel channel, String type, JsonObject content, boolean replied)
            throws Exception {
        List<Received> received = new ArrayList<>();
        try (JupyterClient.Conversation conversation = client.open(channel, type, content)) {
            boolean idle = false;
            boolean reply = !replied;
            while (!idle || !reply) {
                Received next = conversation.next(SOON);
                received.add(next);
                idle |= next.message().text("execution_state", "").equals("idle");
                reply |= next.channel() == channel;
            }
        }
        return received;
    }

    private static List<String> statuses(List<Received> received) {
        return received.stream()
                .map(each -> each.message().text("execution_state", ""))
                .filter(state -> !state.isEmpty())
                .toList();
    }

    @Test
    void execute_withAValue_sendsBusyInputResultReplyIdle() throws Exception {
        List<Received> received = new ArrayList<>();
        Execution execution = client.execute(new ExecuteRequest("value 42"), SOON, received::add);

        assertThat(received.stream()
                        .filter(each -> each.channel() == Channel.IOPUB)
                        .map(each -> each.message().type()))
                .containsExactly("status", "execute_input", "execute_result", "status");
        assertThat(statuses(received)).containsExactly("busy", "idle");
        assertThat(execution.result()).contains("42");
        assertThat(execution.status()).isEqualTo("ok");
        assertThat(execution.reply().content().get("payload").getAsJsonArray()).isEmpty();
    }

    @Test
    void execute_severalValues_showsAllButTheLastAsDisplayData() throws Exception {
        Execution execution = execute("value 1\nvalue 2\nvalue 3");

        assertThat(execution.outputs("display_data")).hasSize(2);
        assertThat(execution.result()).contains("3");
    }

    @Test
    void header_ofEveryMessage_hasADateWithMicroseconds() throws Exception {
        Instant before = Instant.now().minusMillis(1);
        String date = execute("value 1").reply().header().get("date").getAsString();

        assertThat(date).matches(".*T\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
        assertThat(Instant.parse(date)).isBetween(before, Instant.now());
    }

    /** JupyterLab shows how long a cell took by it. */
    @Test
    void executeReply_always_tellsWhenTheCellBegan() throws Exception {
        Instant before = Instant.now().minusMillis(1);
        JupyterMessage reply = execute("value 1").reply();

        assertThat(Instant.parse(reply.metadata().get("started").getAsString()))
                .isBetween(before, Instant.parse(reply.header().get("date").getAsString()));
        assertThat(reply.metadata().get("status").getAsString()).isEqualTo("ok");
        assertThat(execute("fail x").reply().metadata().get("status").getAsString())
                .isEqualTo("error");
    }

    @Test
    void usage_askedTwice_tellsOfProcessorAndMemory() throws Exception {
        JupyterMessage first = client.request(Channel.CONTROL, "usage_request", object(), SOON);
        execute("both 20000");
        JupyterMessage second = client.request(Channel.CONTROL, "usage_request", object(), SOON);

        assertThat(first.text("status", "")).isEqualTo("ok");
        assertThat(first.content().get("kernel_cpu").getAsDouble()).isZero();
        assertThat(second.content().get("kernel_cpu").getAsDouble()).isPositive();
        assertThat(second.content().get("pid").getAsLong())
                .isEqualTo(client.kernel().pid());
        assertThat(second.content().get("kernel_memory").getAsLong()).isGreaterThan(10L << 20);
        JsonObject host = second.object("host_virtual_memory");
        assertThat(host.get("total").getAsLong())
                .isGreaterThan(host.get("available").getAsLong());
        assertThat(host.get("percent").getAsDouble()).isBetween(0.1, 100.0);
        assertThat(second.text("hostname", "")).isNotEmpty();
        assertThat(second.number("cpu_count", 0)).isPositive();
    }

    @Test
    void debug_ofAnyCommand_isRefusedRatherThanIgnored() throws Exception {
        List<Received> received = all(
                Channel.CONTROL, "debug_request", object("type", "request", "seq", 7, "command", "debugInfo"), true);

        assertThat(statuses(received)).containsExactly("busy", "idle");
        JupyterMessage reply = received.stream()
                .map(Received::message)
                .filter(message -> message.type().equals("debug_reply"))
                .findFirst()
                .orElseThrow();
        assertThat(reply.text("status", "")).isEqualTo("error");
        assertThat(reply.text("evalue", "")).contains("no debugger");
        assertThat(reply.flag("success", true)).isFalse();
        assertThat(reply.number("request_seq", 0)).isEqualTo(7);
        assertThat(reply.text("command", "")).isEqualTo("debugInfo");
    }

    @Test
    void replies_ofAllRequests_haveAStatus() throws Exception {
        Map<String, JsonObject> requests = Map.of(
                "kernel_info_request", object(),
                "history_request", object("hist_access_type", "tail", "n", 3, "output", false, "raw", true),
                "comm_info_request", object(),
                "complete_request", object("code", "a", "cursor_pos", 1),
                "inspect_request", object("code", "a", "cursor_pos", 1, "detail_level", 0));
        for (Map.Entry<String, JsonObject> request : requests.entrySet()) {
            JupyterMessage reply = client.request(Channel.SHELL, request.getKey(), request.getValue(), SOON);
            assertThat(reply.text("status", "")).as(request.getKey()).isEqualTo("ok");
        }
        assertThat(client.request(Channel.CONTROL, "interrupt_request", object(), SOON)
                        .text("status", ""))
                .isEqualTo("ok");
    }

    @Test
    void kernelInfo_always_tellsLanguageAndProtocol() throws Exception {
        JupyterMessage reply = client.request(Channel.SHELL, "kernel_info_request", object(), SOON);

        assertThat(reply.text("protocol_version", "")).isEqualTo("5.5");
        assertThat(reply.header().get("version").getAsString()).isEqualTo("5.5");
        assertThat(reply.content().getAsJsonArray("supported_features").toString())
                .isEqualTo("[\"kernel subshells\"]");
        assertThat(reply.flag("debugger", true)).isFalse();
        assertThat(client.request(Channel.CONTROL, "kernel_info_request", object(), SOON)
                        .content())
                .isEqualTo(reply.content());
        assertThat(reply.object("language_info").get("name").getAsString()).isEqualTo("java");
        assertThat(reply.object("language_info").get("file_extension").getAsString())
                .startsWith(".");
        assertThat(reply.text("banner", "")).contains("manyjvm");
    }

    @Test
    void roundTrip_ofASmallCell_needsNoNap() throws Exception {
        for (int i = 0; i < 50; i++) {
            execute("value 1");
        }
        long start = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            execute("value 1");
        }
        Duration perCell = Duration.ofNanos((System.nanoTime() - start) / 100);
        System.out.println("round trip of a cell: " + perCell.toNanos() / 1000 + " us");
        // A channel that naps 50 ms between polls takes 100 ms; the bound leaves room for a busy machine.
        assertThat(perCell).isLessThan(Duration.ofMillis(45));
    }

    @Test
    void escapingError_fromTheSession_isAReplyAndTheKernelGoesOn() throws Exception {
        Execution execution = execute("escape deep");

        assertThat(execution.status()).isEqualTo("error");
        assertThat(execution.error().orElseThrow())
                .contains("the kernel failed on this cell (java.lang.StackOverflowError: deep)")
                .contains("please report it with the cell");
        assertThat(execute("value 1").result()).contains("1");
    }

    @Test
    void escapingError_fromAQuestion_isAnErrorReply() throws Exception {
        List<Received> received = all(Channel.SHELL, "is_complete_request", object("code", "crash"), true);

        assertThat(statuses(received)).containsExactly("busy", "idle");
        JupyterMessage reply = received.stream()
                .map(Received::message)
                .filter(message -> message.type().equals("is_complete_reply"))
                .findFirst()
                .orElseThrow();
        assertThat(reply.text("status", "")).isEqualTo("error");
        assertThat(execute("value 1").result()).contains("1");
    }

    @Test
    void failingCell_always_publishesTheErrorAndTellsItInTheReply() throws Exception {
        Execution execution = execute("print before\nfail on purpose");

        assertThat(execution.stdout()).isEqualTo("before\n");
        JupyterMessage error = execution.outputs("error").get(0);
        assertThat(error.text("ename", "")).isEqualTo("IllegalStateException");
        assertThat(error.text("evalue", "")).isEqualTo("on purpose");
        assertThat(error.content().get("traceback").getAsJsonArray()).isNotEmpty();
        assertThat(execution.reply().text("evalue", "")).isEqualTo("on purpose");
        assertThat(execution.reply().content().has("execution_count")).isTrue();
    }

    @Test
    void lateOutput_ofAThreadThatOutlivesItsCell_goesToItsCell() throws Exception {
        try (JupyterClient.Conversation first = client.begin(new ExecuteRequest("late from the first"))) {
            first.execution(SOON, message -> {});
            Execution second = execute("release\nprint from the second");
            Received late = first.next(SOON);
            assertThat(second.stdout()).isEqualTo("from the second\n");
            assertThat(late.message().text("text", "")).isEqualTo("from the first\n");
        }
    }

    @Test
    void commonPool_usedByASecondCell_printsIntoTheSecond() throws Exception {
        String expected = "shared\n".repeat(64);

        assertThat(execute("common-pool shared").stdout()).isEqualTo(expected);
        assertThat(execute("common-pool shared").stdout()).isEqualTo(expected);
    }

    @Test
    void threadsOfOneCell_printingInPieces_neverTearLines() throws Exception {
        Execution execution = execute("threads 500");

        Set<String> expected = new TreeSet<>();
        for (String name : List.of("a", "b", "c", "d")) {
            IntStream.range(0, 500).forEach(i -> expected.add(name + " " + i));
        }
        List<String> lines = execution.stdout().lines().toList();
        assertThat(lines).hasSize(2000);
        assertThat(new TreeSet<>(lines)).isEqualTo(expected);
    }

    @Test
    void flood_ofAHundredThousandLines_arrivesWholeInFewBoundedMessages() throws Exception {
        long start = System.nanoTime();
        Execution execution = execute("lines 100000");
        double seconds = Math.max(1, (System.nanoTime() - start) / 1e9);

        StringBuilder expected = new StringBuilder();
        IntStream.range(0, 100_000)
                .forEach(i -> expected.append("line ").append(i).append('\n'));
        assertThat(execution.stdout()).isEqualTo(expected.toString());
        List<JupyterMessage> messages = execution.outputs("stream");
        assertThat(messages.size() / seconds).isLessThan(500);
        assertThat(messages).allMatch(message -> message.text("text", "").length() <= IoPub.LARGEST_TEXT);
    }

    @Test
    void flood_alternatingStreams_staysInFewMessages() throws Exception {
        long start = System.nanoTime();
        Execution execution = execute("both 20000");
        double seconds = Math.max(1, (System.nanoTime() - start) / 1e9);

        assertThat(execution.stdout().lines()).hasSize(20_000);
        assertThat(execution.stderr().lines()).hasSize(20_000);
        assertThat(execution.outputs("stream").size() / seconds).isLessThan(500);
    }

    @Test
    void printing_underTheInterruptFlag_losesNeitherTextNorFlagNorTheChannel() throws Exception {
        Execution execution = execute("interrupted-lines 2000");

        assertThat(execution.result()).contains("true");
        assertThat(execution.stdout().lines()).hasSize(2000);
        assertThat(execute("print after").stdout()).isEqualTo("after\n");
    }

    @Test
    void displays_fromManyThreads_allArrive() throws Exception {
        assertThat(execute("displays 250").outputs("display_data")).hasSize(1000);
    }

    @Test
    void interrupt_ofAValuesToString_endsTheCell() throws Exception {
        try (var slow = client.begin(new ExecuteRequest("slow-text"))) {
            while (!slow.next(SOON).message().type().equals("stream")) {
                // The busy and the input come before it.
                continue;
            }
            client.interrupt(SOON);
            assertThat(slow.execution(SOON, message -> {}).error()).contains("Interrupted: the cell was interrupted");
        }
        assertThat(execute("value 1").result()).contains("1");
    }

    @Test
    void streams_writtenInTurn_keepTheirOrder() throws Exception {
        Execution execution = execute("print one\nerr two\nprint three");

        assertThat(execution.outputs("stream").stream().map(message -> message.text("text", "")))
                .containsExactly("one\n", "two\n", "three\n");
    }

    @Test
    void displayBetweenPrints_always_staysBetweenThem() throws Exception {
        Execution execution = execute("print one\ndisplay **two**\nprint three");

        assertThat(execution.outputs().stream().map(JupyterMessage::type))
                .containsExactly("execute_input", "stream", "display_data", "stream");
    }

    @Test
    void bytes_writtenOneByOne_areDecodedAsUtf8() throws Exception {
        assertThat(execute("bytes grün 中 😀").stdout()).isEqualTo("grün 中 😀");
    }

    @Test
    void setOut_ofTheUsers_worksInsideACell() throws Exception {
        assertThat(execute("redirect").stdout()).isEqualTo("shown\n");
    }

    @Test
    void silentCell_always_hasNoInputNoResultNoCount() throws Exception {
        int before = execute("value 1").reply().number("execution_count", -1);
        Execution silent =
                client.execute(new ExecuteRequest("value 2", true, true, Map.of(), false, true), SOON, message -> {});
        int after = execute("value 3").reply().number("execution_count", -1);

        assertThat(silent.outputs()).isEmpty();
        assertThat(silent.status()).isEqualTo("ok");
        assertThat(after).isEqualTo(before + 1);
        assertThat(history("search", "pattern", "value 2")).isEmpty();
    }

    @Test
    void unstoredCell_always_showsItsResultButLeavesNoTrace() throws Exception {
        int before = execute("value 1").reply().number("execution_count", -1);
        Execution unstored = client.execute(
                new ExecuteRequest("value unstored", false, false, Map.of(), false, true), SOON, message -> {});

        assertThat(unstored.result()).contains("unstored");
        assertThat(execute("value 3").reply().number("execution_count", -1)).isEqualTo(before + 1);
        assertThat(history("search", "pattern", "*unstored*")).isEmpty();
    }

    @Test
    void userExpressions_ofASuccessfulCell_areEvaluatedEachForItself() throws Exception {
        Map<String, String> expressions = Map.of("good", "x", "wrong", "bad x");
        JsonObject values = client.execute(
                        new ExecuteRequest("value 1", false, true, expressions, false, true), SOON, message -> {})
                .reply()
                .object("user_expressions");

        JsonObject good = values.getAsJsonObject("good");
        assertThat(good.get("status").getAsString()).isEqualTo("ok");
        assertThat(good.getAsJsonObject("data").get("text/plain").getAsString()).isEqualTo("<x>");
        JsonObject wrong = values.getAsJsonObject("wrong");
        assertThat(wrong.get("status").getAsString()).isEqualTo("error");
        assertThat(wrong.get("evalue").getAsString()).isEqualTo("a bad expression");
    }

    @Test
    void stopOnError_withQueuedCells_abortsThem() throws Exception {
        try (var blocking = client.begin(new ExecuteRequest("wait"));
                var second = client.begin(new ExecuteRequest("print never"));
                var third = client.begin(new ExecuteRequest("print never"))) {
            awaitInput(blocking);
            client.interrupt(SOON);

            assertThat(blocking.execution(SOON, message -> {}).error())
                    .contains("Interrupted: the cell was interrupted");
            for (var aborted : List.of(second, third)) {
                Execution execution = aborted.execution(SOON, message -> {});
                assertThat(execution.status()).isEqualTo("aborted");
                assertThat(execution.outputs()).isEmpty();
            }
        }
        assertThat(execute("value 1").result()).contains("1");
    }

    /** The light in the front end says that the kernel is at the cell; that the cell has begun it cannot know. */
    @Test
    void interrupt_asSoonAsTheKernelIsBusy_stopsTheCell() throws Exception {
        for (int i = 0; i < 100; i++) {
            try (var cell = client.begin(new ExecuteRequest("wait"))) {
                while (!cell.next(SOON).message().text("execution_state", "").equals("busy")) {
                    continue;
                }
                client.interrupt(SOON);
                assertThat(cell.execution(SOON, message -> {}).error())
                        .contains("Interrupted: the cell was interrupted");
            }
        }
    }

    /** Its code is done: the user who stops means what comes next, and all that has been sent by then. */
    @Test
    void interrupt_whileACellSettles_stopsTheNext() throws Exception {
        try (var settling = client.begin(new ExecuteRequest("settle-wait"));
                var second = client.begin(new ExecuteRequest("print never"));
                var third = client.begin(new ExecuteRequest("print never"))) {
            while (!settling.next(SOON).message().type().equals("stream")) {
                continue;
            }
            client.interrupt(SOON);
            client.send(
                    Channel.SHELL, "comm_open", object("comm_id", "s1", "target_name", "settled", "data", Map.of()));

            assertThat(settling.execution(SOON, message -> {}).status()).isEqualTo("ok");
            Execution stopped = second.execution(SOON, message -> {});
            assertThat(stopped.error()).contains("Interrupted: the cell was interrupted");
            assertThat(stopped.stdout()).isEmpty();
            assertThat(third.execution(SOON, message -> {}).status()).isEqualTo("aborted");
        }
        assertThat(execute("value 1").result()).contains("1");
    }

    /** Whoever has the answer to an interrupt may send the next cell: it is another one. */
    @Test
    void interrupt_betweenTwoCells_leavesTheNextAlone() throws Exception {
        for (int i = 0; i < 200; i++) {
            try (var cell = client.begin(new ExecuteRequest("value between " + i))) {
                client.interrupt(SOON);
                try (var next =
                        client.begin(new ExecuteRequest("value between", false, true, Map.of(), false, false))) {
                    String status = cell.execution(SOON, message -> {}).status();
                    String following = next.execution(SOON, message -> {}).status();
                    assertThat(following).isIn("ok", status.equals("error") ? "aborted" : "ok");
                }
            }
        }
    }

    @Test
    void stopOnError_withACellSentAfterTheReply_runsIt() throws Exception {
        for (int i = 0; i < 200; i++) {
            assertThat(execute("fail x").status()).isEqualTo("error");
            assertThat(execute("value " + i).result()).contains("" + i);
        }
    }

    @Test
    void stopOnErrorOff_withQueuedCells_runsThem() throws Exception {
        try (var failing = client.begin(new ExecuteRequest("fail x", false, true, Map.of(), false, false));
                var second = client.begin(new ExecuteRequest("value 2"))) {
            assertThat(failing.execution(SOON, message -> {}).status()).isEqualTo("error");
            assertThat(second.execution(SOON, message -> {}).result()).contains("2");
        }
    }

    @Test
    void interrupt_whenNothingRuns_harmsNothing() throws Exception {
        for (int i = 0; i < 20; i++) {
            client.interrupt(SOON);
            assertThat(execute("value 1").result()).contains("1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kernel_info_request", "complete_request", "is_complete_request", "comm_info_request"})
    void question_whileACellRuns_isAnsweredAndTheCellIsBusyAgain(String type) throws Exception {
        try (var running = client.begin(new ExecuteRequest("wait"))) {
            awaitInput(running);
            List<Received> received = all(Channel.SHELL, type, object("code", "ab", "cursor_pos", 2), true);

            assertThat(statuses(received)).containsExactly("busy", "idle");
            assertThat(running.next(SOON).message().text("execution_state", "")).isEqualTo("busy");
            client.interrupt(SOON);
            running.execution(SOON, message -> {});
        }
    }

    @Test
    void comm_forAnUnknownTargetWhileACellRuns_isClosedAtOnce() throws Exception {
        try (var running = client.begin(new ExecuteRequest("wait"))) {
            awaitInput(running);
            List<Received> received = all(
                    Channel.SHELL,
                    "comm_open",
                    object("comm_id", "c1", "target_name", "none", "data", Map.of()),
                    false);

            assertThat(received.stream().map(each -> each.message().type())).contains("comm_close");
            client.interrupt(SOON);
            running.execution(SOON, message -> {});
        }
    }

    @Test
    void comm_withATarget_isServedWhileACellRuns() throws Exception {
        try (var running = client.begin(new ExecuteRequest("wait"))) {
            awaitInput(running);
            all(Channel.SHELL, "comm_open", object("comm_id", "c2", "target_name", "echo", "data", Map.of()), false);
            List<Received> heard =
                    all(Channel.SHELL, "comm_msg", object("comm_id", "c2", "data", Map.of("a", 1)), false);

            assertThat(heard.stream().map(each -> each.message().type()))
                    .containsExactly("status", "comm_msg", "stream", "status");
            assertThat(heard.get(1).message().object("data")).isEqualTo(object("a", 1));
            JsonObject comms = client.request(Channel.SHELL, "comm_info_request", object("target_name", "echo"), SOON)
                    .object("comms");
            assertThat(comms.getAsJsonObject("c2").get("target_name").getAsString())
                    .isEqualTo("echo");

            List<Received> failing =
                    all(Channel.SHELL, "comm_msg", object("comm_id", "c2", "data", Map.of("throw", 1)), false);
            assertThat(failing.stream().map(each -> each.message().text("text", "")))
                    .anyMatch(text -> text.contains("A comm handler failed: java.lang.StackOverflowError: in a comm"));
            List<Received> closing =
                    all(Channel.SHELL, "comm_msg", object("comm_id", "c2", "data", Map.of("close", 1)), false);
            assertThat(closing.stream().map(each -> each.message().type())).contains("comm_close");
            assertThat(client.request(Channel.SHELL, "comm_info_request", object(), SOON)
                            .object("comms")
                            .keySet())
                    .doesNotContain("c2");
            client.interrupt(SOON);
            running.execution(SOON, message -> {});
        }
    }

    @Test
    void comm_openedByTheKernel_namesItsCell() throws Exception {
        Execution execution = execute("open-comm widget");

        JupyterMessage open = execution.outputs("comm_open").get(0);
        assertThat(open.text("target_name", "")).isEqualTo("widget");
        assertThat(execution.result()).contains(open.text("comm_id", ""));
        all(Channel.SHELL, "comm_close", object("comm_id", open.text("comm_id", ""), "data", Map.of()), false);
    }

    @Test
    void settle_ofAFailingExtension_comesBeforeTheReplyAndHarmsNothing() throws Exception {
        Execution execution = execute("settle-text from a worker");

        assertThat(execution.stdout()).isEqualTo("from a worker\n");
        assertThat(execution.status()).isEqualTo("ok");
    }

    @Test
    void unknownMessageType_always_isBusyThenIdle() throws Exception {
        assertThat(statuses(all(Channel.SHELL, "no_such_request", object(), false)))
                .containsExactly("busy", "idle");
        assertThat(statuses(all(Channel.CONTROL, "no_such_request", object(), false)))
                .containsExactly("busy", "idle");
    }

    @Test
    void history_withoutAnyManagerOfIts_answersTailRangeAndSearch() throws Exception {
        int first = execute("value history-a").reply().number("execution_count", -1);
        execute("value history-b");
        execute("value history-a");

        assertThat(history("tail", "n", 2))
                .extracting(each -> each.get(2).getAsString())
                .containsExactly("value history-b", "value history-a");
        assertThat(history("range", "session", 0, "start", first, "stop", first + 2))
                .extracting(each -> each.get(2).getAsString())
                .containsExactly("value history-a", "value history-b");
        assertThat(history("search", "pattern", "value history-?", "unique", true))
                .extracting(each -> each.get(2).getAsString())
                .containsExactly("value history-b", "value history-a");
        assertThat(history("search", "pattern", "*[b]", "output", true, "n", 1)
                        .get(0)
                        .get(2)
                        .getAsJsonArray())
                .extracting(each -> each.getAsString())
                .containsExactly("value history-b", "history-b");
    }

    private static List<JsonArray> history(String access, Object... more) throws Exception {
        JsonObject content = object("hist_access_type", access, "output", false, "raw", true);
        object(more).entrySet().forEach(entry -> content.add(entry.getKey(), entry.getValue()));
        List<JsonArray> entries = new ArrayList<>();
        client.request(Channel.SHELL, "history_request", content, SOON)
                .content()
                .getAsJsonArray("history")
                .forEach(entry -> entries.add(entry.getAsJsonArray()));
        return entries;
    }

    @Test
    void complete_afterACharacterOutsideTheBasicPlane_countsCodePoints() throws Exception {
        JupyterMessage reply =
                client.request(Channel.SHELL, "complete_request", object("code", "😀ab", "cursor_pos", 2), SOON);

        assertThat(reply.content().getAsJsonArray("matches").get(0).getAsString())
                .isEqualTo("😀a");
        assertThat(reply.number("cursor_start", -1)).isEqualTo(1);
        assertThat(reply.number("cursor_end", -1)).isEqualTo(2);
    }

    @Test
    void inspect_ofAKnownAndAnUnknownName_saysWhatWasFound() throws Exception {
        JupyterMessage known = client.request(
                Channel.SHELL, "inspect_request", object("code", "known 😀", "cursor_pos", 7, "detail_level", 1), SOON);
        JupyterMessage unknown =
                client.request(Channel.SHELL, "inspect_request", object("code", "x", "cursor_pos", 1), SOON);

        assertThat(known.flag("found", false)).isTrue();
        assertThat(known.object("data").get("text/plain").getAsString()).isEqualTo("at 8 detail 1");
        assertThat(unknown.flag("found", true)).isFalse();
        assertThat(unknown.object("data").entrySet()).isEmpty();
    }

    @Test
    void isComplete_ofAnOpenBlock_givesTheIndent() throws Exception {
        List<Received> received = all(Channel.SHELL, "is_complete_request", object("code", "if {"), true);

        JupyterMessage reply = received.stream()
                .map(Received::message)
                .filter(message -> message.type().equals("is_complete_reply"))
                .findFirst()
                .orElseThrow();
        assertThat(reply.text("status", "")).isEqualTo("incomplete");
        assertThat(reply.text("indent", "")).isEqualTo("  ");
    }

    @Test
    void values_ofEveryKind_areReadable() throws Exception {
        assertThat(execute("array").result()).contains("[[1, 2], [3]]");
        assertThat(execute("unprintable").result().orElseThrow())
                .contains("its toString() threw java.lang.IllegalStateException: no text for you");
        JsonObject rich = execute("rich x").outputs("execute_result").get(0).object("data");
        assertThat(rich.get("text/html").getAsString()).isEqualTo("<b>x</b>");
        assertThat(rich.has("text/plain")).isTrue();
    }

    @Test
    void display_withAnUpdate_redrawsUnderOneId() throws Exception {
        Execution execution = execute("display-update x");

        JsonObject shown = execution.outputs("display_data").get(0).object("transient");
        JupyterMessage update = execution.outputs("update_display_data").get(0);
        assertThat(update.object("transient")).isEqualTo(shown);
        assertThat(update.object("data").get("text/plain").getAsString()).isEqualTo("x again");
        assertThat(execution.result()).as("a display is no result").isEmpty();
        assertThat(execute("clear").outputs("clear_output").get(0).flag("wait", false))
                .isTrue();
    }

    // ---- standard input ----

    private static Execution answering(String code, String answer) throws Exception {
        return client.execute(new ExecuteRequest(code, false, true, Map.of(), true, true), SOON, received -> {
            if (received.message().type().equals("input_request")) {
                client.answer(answer);
            }
        });
    }

    @Test
    void read_withAnAnswer_getsTheLineInUnsignedBytes() throws Exception {
        assertThat(answering("read", "grün").result()).contains("grün");
        assertThat(answering("read-bytes 3", "ü").result()).contains("[195, 188, 10]");
    }

    @Test
    void ask_withAPrompt_sendsItAfterThePrintedText() throws Exception {
        List<String> order = new ArrayList<>();
        client.execute(
                new ExecuteRequest("part text\nask Name?", false, true, Map.of(), true, true), SOON, received -> {
                    order.add(
                            received.message().type() + " " + received.message().text("prompt", ""));
                    if (received.message().type().equals("input_request")) {
                        client.answer("x");
                    }
                });
        assertThat(order).contains("input_request Name?", "stream ", "execute_result ");
    }

    @Test
    void read_whenInterrupted_endsTheCell() throws Exception {
        try (var reading = client.begin(new ExecuteRequest("read", false, true, Map.of(), true, true))) {
            Received received = reading.next(SOON);
            while (!received.message().type().equals("input_request")) {
                received = reading.next(SOON);
            }
            client.interrupt(SOON);
            assertThat(reading.execution(SOON, message -> {}).error())
                    .contains("Interrupted: the cell was interrupted");
        }
        assertThat(answering("read-bytes 2", "a").result()).contains("[97, 10]");
    }

    @Test
    void read_whenTheFrontEndTakesNoQuestions_isAClearError() throws Exception {
        assertThat(execute("read").error().orElseThrow()).contains("allow_stdin is false");
        assertThat(execute("value 1").result()).contains("1");
    }

    private static void awaitInput(JupyterClient.Conversation conversation) throws Exception {
        while (!conversation.next(SOON).message().type().equals("execute_input")) {
            // The busy comes before it.
            continue;
        }
    }
}
