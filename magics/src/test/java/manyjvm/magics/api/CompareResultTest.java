package manyjvm.magics.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import manyjvm.magics.api.CompareResult.Row;
import manyjvm.magics.lesson.Run;
import manyjvm.magics.lesson.Span;
import org.junit.jupiter.api.Test;

/** What is said of times that are made up here, so that it is known what there is to be said. */
class CompareResultTest {
    private static final long MILLI = 1_000_000;

    private static Span span(int number, String lane, long from, long to, long ran) {
        return new Span(number, lane, new long[] {from * MILLI, to * MILLI}, new long[] {0, ran * MILLI});
    }

    /** Two lanes of two items each, of which each item runs for a share of its time. */
    private static Run lanes(String way, long wall, double share) {
        List<Span> spans = new ArrayList<>();
        long half = wall / 2;
        for (int i = 0; i < 4; i++) {
            spans.add(span(i, "lane " + i % 2, i / 2 * half, (i / 2 + 1) * half, (long) (half * share)));
        }
        return new Run(way, 0, wall * MILLI, 400 * MILLI, spans);
    }

    private static Run sequential(long wall) {
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            spans.add(span(i, "lane", i * wall / 4, (i + 1) * wall / 4, wall / 4));
        }
        return new Run("sequential", 0, wall * MILLI, 400 * MILLI, spans);
    }

    private static CompareResult usual() {
        return new CompareResult(
                List.of(
                        new Row("sequential", 1, List.of(sequential(400), sequential(420), sequential(404))),
                        new Row("threads", 1, List.of(lanes("threads", 410, 0.5), lanes("threads", 430, 0.5))),
                        new Row("sequential", 2, List.of(sequential(402), sequential(406))),
                        new Row("threads", 2, List.of(lanes("threads", 200, 1), lanes("threads", 212, 1))),
                        new Row(
                                "processes",
                                2,
                                List.of(lanes("processes", 1000, 0.02), lanes("processes", 1040, 0.02)))),
                4,
                2,
                List.of("a note"));
    }

    @Test
    void table_tellsMedianSpreadAndSpeedUp() {
        List<List<String>> rows = usual().table().rows();

        assertThat(rows.get(0))
                .containsExactly("1 processor", "sequential", "404 ms", "400 - 420 ms", "400 ms", "1", "1.0", "1.0");
        assertThat(rows.get(1))
                .containsExactly(
                        "1 processor", "threads", "410 ms", "410 - 430 ms", "400 ms", "\u2248 1", "2.0", "1.0");
        assertThat(rows.get(3))
                .containsExactly("2 processors", "threads", "200 ms", "200 - 212 ms", "400 ms", "2.02", "2.0", "2.0");
        assertThat(rows.get(4)).contains("0.40", "0.0");
    }

    @Test
    void conclusion_saysWhatWasSeen_andNoMore() {
        CompareResult result = usual();

        assertThat(result.gain("threads")).isEqualTo(2.05);
        assertThatThrownBy(() -> result.gain("thread"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("thread was not measured, but ");
        assertThat(result.conclusion())
                .anySatisfy(each ->
                        assertThat(each).startsWith("On 1 processor, threads: ").contains("took turns", "concurrency"))
                .anySatisfy(each -> assertThat(each)
                        .startsWith("On 2 processors, threads: ")
                        .contains("parallelism"))
                .anySatisfy(each -> assertThat(each)
                        .startsWith("On 2 processors, processes: ")
                        .contains("only waited"))
                .anySatisfy(each -> assertThat(each)
                        .contains("sequential no faster and no slower, within the noise; threads 2.05 times as fast"))
                .anySatisfy(each -> assertThat(each).contains("warm-up", "3 times each"))
                .contains("a note");
    }

    @Test
    void conclusion_ofOneRun_claimsNoNoise() {
        CompareResult once =
                new CompareResult(List.of(new Row("threads", 1, List.of(lanes("threads", 410, 0.5)))), 4, 2, List.of());

        assertThat(once.table().rows().get(0)).contains("one run");
        assertThat(String.join(" ", once.conclusion()))
                .contains("how much that varies is not known")
                .doesNotContain("noise");
        assertThat(once.gain("threads")).isEqualTo(1);
    }

    @Test
    void text_drawsLanesOnOneAxis() {
        assertThat(usual().toString())
                .contains("threads on 1 processor: 410 ms\n|+++++++++++++++++++++++++ ")
                .contains("threads on 2 processors: 200 ms\n|############ ")
                .contains(
                        "processes on 2 processors: 1,000 ms\n|............................................................|");
    }

    @Test
    void turnsTooShortToBeSeen_areShownOnceMore_magnified() {
        CompareResult.CloseUp part = usual().closeUp().orElseThrow();

        assertThat(part.from()).isEqualTo(50 * MILLI); // the middle of the shortest
        assertThat(part.length()).isEqualTo(100 * MILLI);
        assertThat(part.rows())
                .extracting(Row::title)
                .containsExactly("threads on 1 processor", "threads on 2 processors", "processes on 2 processors");
        assertThat(part.title()).isEqualTo("From 50 to 150 ms, magnified:");
        assertThat(part.scale()).isEqualTo("10 times as wide as above");
        assertThat(usual().toString())
                .contains("magnified: 10 times as wide as above\nthreads on 1 processor\n|" + "+".repeat(60) + "|\n");
    }

    @Test
    void nothingIsMagnified_whereAllIsSeen_orNobodyTakesTurns() {
        Row turns = new Row("threads", 1, List.of(lanes("threads", 390, 0.5)));
        Row atOnce = new Row("threads", 2, List.of(lanes("threads", 2_000, 1)));
        Row asleep = new Row("threads", 1, List.of(lanes("threads", 2_000, 0.01)));

        for (Row row : List.of(turns, atOnce, asleep)) {
            assertThat(new CompareResult(List.of(row), 4, 2, List.of()).closeUp())
                    .isEmpty();
        }
    }

    @Test
    void looksThatAreFarApart_areSaid() {
        List<Span> spans = new ArrayList<>();
        for (int lane = 0; lane < 2; lane++) {
            long[] at = {0, 500 * MILLI, 1_000 * MILLI};
            spans.add(new Span(lane, "lane " + lane, at, new long[] {0, 250 * MILLI, 500 * MILLI}));
        }
        Run run = new Run("threads", 0, 1_000 * MILLI, 1_000 * MILLI, spans);
        CompareResult result = new CompareResult(List.of(new Row("threads", 1, List.of(run))), 2, 2, List.of());

        assertThat(result.closeUp().orElseThrow().scale())
                .isEqualTo("10 times as wide as above; looked at each 500 ms");
    }

    @Test
    void span_tellsWhatRanBetweenTwoLooks() {
        Span span = new Span(0, "", new long[] {100, 200, 400}, new long[] {0, 100, 100});

        assertThat(span.runningUntil(50)).isZero();
        assertThat(span.runningUntil(150)).isEqualTo(50);
        assertThat(span.runningUntil(300)).isEqualTo(100);
        assertThat(span.runningUntil(900)).isEqualTo(100);
    }

    @Test
    void numbers_ofProcessors_areReadAsTheSystemWritesThem() {
        assertThat(Compare.numbers("0-2,7")).containsExactly(0, 1, 2, 7);
        assertThat(Compare.numbers("3")).containsExactly(3);
    }
}
