package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import manyjvm.kernel.protocol.JupyterMessage;
import manyjvm.kernel.runner.ExecuteRequest;
import manyjvm.kernel.runner.Execution;
import manyjvm.kernel.runner.JupyterClient;
import manyjvm.kernel.runner.JupyterClient.Channel;
import manyjvm.kernel.runner.JupyterClient.Conversation;
import manyjvm.kernel.runner.KernelCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a front end is sent while work lasts: one display, which is drawn again in place, and ends in words. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CellProgressIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        // The build turns it off for the other tests, which look at all that a cell shows.
        notebook = new NotebookKernel(JupyterClient.start(
                KernelCommand.ofThisJvm(),
                Path.of("."),
                Map.of("MANYJVM_PROGRESS", "on"),
                System.err,
                NotebookKernel.LONG));
        notebook.run("%pool start 2");
        notebook.run("int slow(int x) throws Exception { Thread.sleep(250); return x; }");
        notebook.run(
                "int failing(int x) throws Exception { Thread.sleep(250); if (x > 9) throw new Exception(); return x; }");
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    /** What was displayed and redrawn, in order. */
    private static List<String> lines(Execution execution) {
        return Stream.concat(
                        execution.outputs("display_data").stream(), execution.outputs("update_display_data").stream())
                .map(CellProgressIT::text)
                .toList();
    }

    private static String text(JupyterMessage message) {
        return message.object("data").get("text/plain").getAsString();
    }

    private static String id(JupyterMessage message) {
        return message.object("transient").get("display_id").getAsString();
    }

    /** @return its last line */
    private static String ending(Execution execution, String what) {
        List<String> lines = lines(execution);
        assertThat(execution.outputs("display_data"))
                .as(() -> "one display: " + lines)
                .hasSize(1);
        assertThat(lines).hasSizeGreaterThanOrEqualTo(2);
        assertThat(lines.subList(0, lines.size() - 1)).allMatch(line -> line.startsWith(what + " "), "runs");
        return lines.get(lines.size() - 1);
    }

    @Test
    void map_thatLasts_isOneDisplayDrawnAgain_andItsLastStateIsSaved() throws Exception {
        Execution waited = notebook.client().execute("%pool map failing 0..15", NotebookKernel.LONG);
        assertThat(waited.status()).isEqualTo("error");
        assertThat(ending(waited, "map")).matches("map: done in [\\d.]+ s, 16 items, 6 failed");
        assertThat(lines(waited).get(0)).matches("map \\[[#.]{20}] \\d+/16 .*workers [#.~x]{2}");
        List<JupyterMessage> all = new ArrayList<>(waited.outputs("display_data"));
        all.addAll(waited.outputs("update_display_data"));
        assertThat(all.stream().map(CellProgressIT::id).distinct()).hasSize(1);
        assertThat(all).allSatisfy(message -> assertThat(message.object("data").keySet())
                .containsExactlyInAnyOrder("text/plain", "text/html"));
    }

    /** Runs a cell, in which POOL is the default pool. */
    private static Execution run(String code) throws Exception {
        return notebook.run(code.replace("POOL", "manyjvm.magics.api.Magics.pool()"));
    }

    @Test
    void imap_andSinglesInALoop_andInvokeAll_haveOneLineEach() throws Exception {
        assertThat(ending(run("for (int x : POOL.imap(a -> slow(a), range(14))) {}"), "imap"))
                .matches("imap: done in [\\d.]+ s, 14 items");
        String loop = "var all = new ArrayList<AsyncResult<Integer>>(); for (int i = 0; i < 14; i++) { int x = i;"
                + " all.add(POOL.applyAsync(() -> slow(x))); } for (var one : all) one.get();";
        assertThat(ending(run(loop), "applyAsync")).matches("applyAsync: done in [\\d.]+ s, 14 items");
        assertThat(ending(run("POOL.invokeAll(Collections.nCopies(14, (Callable<Integer>) () -> slow(1)));"), "submit"))
                .matches("submit: done in [\\d.]+ s, 14 items");
    }

    @Test
    void interrupt_endsTheLine_inTheCellItself() throws Exception {
        try (Conversation cell = notebook.client().begin(new ExecuteRequest("%pool map slow 0..9999"))) {
            CompletableFuture<Void> shown = new CompletableFuture<>();
            Thread stopper = new Thread(() -> {
                shown.join();
                try {
                    notebook.client().interrupt(NotebookKernel.LONG);
                } catch (InterruptedException | TimeoutException failure) {
                    throw new IllegalStateException(failure);
                }
            });
            stopper.start();
            Execution execution = cell.execution(NotebookKernel.LONG, received -> {
                if (received.channel() == Channel.IOPUB
                        && received.message().type().equals("display_data")) {
                    shown.complete(null);
                }
            });
            stopper.join();
            assertThat(execution.status()).isEqualTo("error");
            assertThat(ending(execution, "map")).matches("map: cancelled after [\\d.]+ s: \\d+ of 10000 done");
        }
    }

    @Test
    void noProgress_showsNothing_andProgressShowsOneItem() throws Exception {
        assertThat(lines(notebook.run("%pool map slow 0..19 --no-progress"))).isEmpty();
        assertThat(lines(notebook.run("%pool apply (() -> { Thread.sleep(2500); return 1; })")))
                .isEmpty();
        assertThat(ending(notebook.run("%pool apply (() -> { Thread.sleep(2500); return 1; }) --progress"), "apply"))
                .matches("apply: done in [\\d.]+ s, 1 item");
    }

    @Test
    void deathOfAWorker_isAFailureOfTheLine_andTheRestGoesOn() throws Exception {
        Execution execution = notebook.client()
                .execute(
                        "%pool map (x -> { Thread.sleep(200); if (x == 3) Runtime.getRuntime().halt(7); return x; }) 0..15 --chunk 1",
                        NotebookKernel.LONG);
        assertThat(execution.status()).isEqualTo("error");
        assertThat(ending(execution, "map")).matches("map: done in [\\d.]+ s, 16 items, 1 failed");
    }

    @Test
    void printedText_isNotTorn() throws Exception {
        Execution execution = notebook.run(
                "%pool map (x -> { for (int i = 0; i < 50; i++) { System.out.println(\"line \" + i); Thread.sleep(10); } return x; }) 0..7");
        ending(execution, "map");
        assertThat(execution.stdout().lines()).hasSize(400).allMatch(line -> line.matches("\\[[12]] line \\d+"));
        assertThat(execution.outputs("stream"))
                .allSatisfy(message -> assertThat(message.text("text", "")).endsWith("\n"));
    }

    @Test
    void restartOfThePool_endsTheLineOfWorkInTheBackground() throws Exception {
        try (Conversation cell =
                notebook.client().begin(new ExecuteRequest("%pool map slow 0..9998 --async --out later"))) {
            assertThat(cell.execution(NotebookKernel.LONG, message -> {}).status())
                    .isEqualTo("ok");
            List<String> seen = new ArrayList<>();
            boolean restarted = false;
            while (seen.stream().noneMatch(line -> line.contains("cancelled"))) {
                JupyterMessage message = cell.next(NotebookKernel.LONG).message();
                if (message.type().endsWith("display_data")) {
                    seen.add(text(message));
                    if (!restarted) {
                        restarted = true;
                        notebook.run("%pool restart");
                    }
                }
            }
            assertThat(seen).last().asString().matches("mapAsync: cancelled after .* \\(default was restarted\\): .*");
        }
    }

    @Test
    void comparison_saysWhatItMeasures_andEndsInWords() throws Exception {
        List<String> lines = lines(notebook.run("%compare sequential threads slow 0..3 --repeat 2 --out compared"));
        String last = lines.get(lines.size() - 1);

        assertThat(lines.get(0)).startsWith("compare: a JVM on ").contains(" starts [....................] 0/");
        assertThat(lines)
                .anySatisfy(line ->
                        assertThat(line).startsWith("compare: threads on ").contains(", round 2 of 2 ["));
        assertThat(last).matches("compare: done in [\\d.]+ s, [48] runs");
        assertThat(lines(notebook.run("%compare threads slow 0..1 --repeat 1 --no-progress")))
                .isEmpty();
    }
}
