package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import manyjvm.kernel.runner.ExecuteRequest;
import manyjvm.kernel.runner.Execution;
import manyjvm.kernel.runner.JupyterClient.Channel;
import manyjvm.kernel.runner.JupyterClient.Conversation;
import manyjvm.kernel.runner.JupyterClient.Received;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers' text arrives in the cell that asked for the work: all of it, untorn, and in time. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class OutputIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run("var pool = new Pool(2);");
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    @Test
    void map_twentyThousandLinesFromTwoWorkers_arriveCompleteAndUntornBeforeIdle() throws Exception {
        notebook.run(
                "int say(int x) { for (int i = 0; i < 10_000; i++) System.out.println(x + \":\" + i); return x; }");

        Execution execution = notebook.run("pool.map(x -> say(x), range(2), 1);");

        for (int worker = 0; worker < 2; worker++) {
            String mark = worker + ":";
            assertThat(execution
                            .stdout()
                            .lines()
                            .map(line -> line.replaceFirst("^\\[\\d+\\] ", ""))
                            .filter(line -> line.startsWith(mark))
                            .toList())
                    .isEqualTo(
                            IntStream.range(0, 10_000).mapToObj(i -> mark + i).toList());
        }
        assertThat(execution.stdout().lines()).hasSize(20_000).allMatch(line -> line.matches("\\[[12]\\] [01]:\\d+"));
    }

    @Test
    void map_hundredThousandLines_arriveInMessagesThatNoServerDrops() throws Exception {
        notebook.run(
                "int flood(int x) { for (int i = 0; i < 50_000; i++) System.out.println(x + \":\" + i); return x; }");

        List<Long> arrivals = new ArrayList<>();
        Execution execution;
        try (Conversation cell = notebook.client().begin(new ExecuteRequest("pool.map(x -> flood(x), range(2), 1);"))) {
            execution = cell.execution(NotebookKernel.LONG, received -> {
                if (received.channel() == Channel.IOPUB) {
                    arrivals.add(System.nanoTime());
                }
            });
        }

        assertThat(execution.stdout().lines()).hasSize(100_000).allMatch(line -> line.matches("\\[[12]\\] [01]:\\d+"));
        assertThat(mostWithinASecond(arrivals)).isLessThan(500);
    }

    private static int mostWithinASecond(List<Long> times) {
        int most = 0;
        for (int first = 0, last = 0; last < times.size(); last++) {
            while (times.get(last) - times.get(first) > 1_000_000_000L) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    @Test
    void applyAsync_taskOutlivesItsCell_textStillArrivesThere() throws Exception {
        try (Conversation cell = notebook.client()
                .begin(
                        new ExecuteRequest(
                                "var later = pool.applyAsync(() -> { Thread.sleep(1000); System.out.println(\"late\"); return 1; });"))) {
            assertThat(cell.execution(NotebookKernel.LONG, message -> {}).status())
                    .isEqualTo("ok");
            Execution next = notebook.run("later.get()");

            assertThat(next.result()).contains("1");
            assertThat(next.stdout()).isEmpty();
            assertThat(streamed(cell, "late")).contains("late");
        }
    }

    @Test
    void applyAsync_twoCellsAtWork_neverMix() throws Exception {
        String code =
                """
                var %s = pool.applyAsync(() -> {
                    for (int i = 0; i < 200; i++) {
                        System.out.println("%s");
                        Thread.sleep(5);
                    }
                    System.out.println("end");
                    return 1;
                });
                """;
        try (Conversation first = notebook.client().begin(new ExecuteRequest(code.formatted("one", "first")));
                Conversation second = notebook.client().begin(new ExecuteRequest(code.formatted("two", "second")))) {
            assertThat(first.execution(NotebookKernel.LONG, message -> {}).status())
                    .isEqualTo("ok");
            StringBuilder early = new StringBuilder();
            assertThat(second.execution(NotebookKernel.LONG, message -> append(early, message))
                            .status())
                    .isEqualTo("ok");

            assertThat(streamed(first, "end")).doesNotContain("second");
            assertThat(early + streamed(second, "end")).contains("second").doesNotContain("first");
        }
        notebook.run("one.get(); two.get();");
    }

    @Test
    void map_rawMode_losesNothing() throws Exception {
        notebook.run("var raw = Pool.builder().workers(2).output(OutputMode.RAW).build();");

        Execution execution = notebook.run("raw.map(x -> { System.out.print(x); return x; }, range(10)); raw.close();");

        String digits = execution
                .stdout()
                .chars()
                .sorted()
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        assertThat(digits.strip()).isEqualTo("0123456789");
    }

    private static String streamed(Conversation cell, String until) throws InterruptedException, TimeoutException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(until) < 0) {
            append(text, cell.next(Duration.ofSeconds(60)));
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Received received) {
        if (received.channel() == Channel.IOPUB && received.message().type().equals("stream")) {
            text.append(received.message().text("text", ""));
        }
    }
}
