package manyjvm.parallel.insight;

import static manyjvm.parallel.insight.Recordings.MS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class InsightsTest {
    @Test
    void figures_shareOutTheTimeOfEachWorker() {
        Insights insights = Recordings.of(2)
                .submitted(100, "map")
                .worker(1, 0, 100)
                .worker(2, 0, 200)
                .hook(2, 200, 250)
                .run(1, 110, 410, 5, 20, 10, Run.End.DONE)
                .run(2, 260, 460, 5)
                .taken(500)
                .insights();
        Insights.PerWorker one = insights.workers().get(0);
        assertThat(one.startUp()).isEqualTo(100 * MS);
        assertThat(one.spent()).isEqualTo(new Spent(20 * MS, 270 * MS, 10 * MS, 0));
        assertThat(one.waiting()).isEqualTo(100 * MS);
        Insights.PerWorker two = insights.workers().get(1);
        assertThat(two.startUp()).isEqualTo(250 * MS);
        assertThat(two.waiting()).isEqualTo(50 * MS);
        assertThat(insights.wall()).isEqualTo(360 * MS);
        assertThat(insights.work()).isEqualTo(470 * MS);
        assertThat(insights.speedUp()).isBetween(1.30, 1.31);
        assertThat(insights.efficiency()).isBetween(.65, .66);
    }

    @Test
    void work_ofTheDeadAndOfWhatRuns_counts() {
        Insights insights = Recordings.of(1)
                .submitted(0, "map")
                .worker(1, 0, 0)
                .run(1, 0, 100, 1, 0, 0, Run.End.DIED)
                .dies(1, 100, "exit code 3")
                .worker(1, 100, 150)
                .run(1, 150, 250, 1, 0, 0, Run.End.RUNNING)
                .taken(250)
                .insights();
        assertThat(insights.workers().get(0).spent().working()).isEqualTo(200 * MS);
        assertThat(insights.workers().get(0).startUp()).isEqualTo(50 * MS);
        assertThat(insights.workers().get(0).tasks()).isEqualTo(1);
    }

    private static Run runOf(int work, int worker, long begun, long ended, Run.End end) {
        Spent spent = end == Run.End.DONE ? new Spent(0, (ended - begun) * MS, 0, 0) : Spent.NONE;
        return new Run(work, worker, "map", false, 1, 0, 1, 0, 0, 0, begun * MS, begun * MS, ended * MS, spent, end);
    }

    private static Work work(int number, long from, long to, long working) {
        Spent spent = new Spent(0, working * MS, 0, 0);
        return new Work(number, from * MS, to * MS, 0, Map.of("map", 1L), 1, 1, 0, spent, 1, 1, List.of(), List.of());
    }

    private static Recording recordingOf(long from, long taken, List<Run> runs, Work... works) {
        List<Life> lives = List.of(1, 2).stream()
                .map(worker -> new Life(
                        worker,
                        4700 + worker,
                        0,
                        OptionalLong.of(0),
                        OptionalLong.empty(),
                        "",
                        false,
                        false,
                        Vitals.NONE))
                .toList();
        return new Recording("crunch", "processes", 2, 2, from * MS, taken * MS, lives, runs, List.of(works));
    }

    /** A long task in the background is no work of the cell that was looked at. */
    @Test
    void othersTasks_keepAWorkerBusy_andAreNotCounted() {
        Insights insights = recordingOf(
                        60_000,
                        60_100,
                        List.of(runOf(1, 1, 0, 60_100, Run.End.RUNNING), runOf(2, 2, 60_010, 60_100, Run.End.DONE)),
                        work(2, 60_000, 60_100, 90))
                .insights();
        assertThat(insights.speedUp()).isEqualTo(.9);
        Insights.PerWorker one = insights.workers().get(0);
        assertThat(one.items()).isZero();
        assertThat(one.spent()).isEqualTo(Spent.NONE);
        assertThat(one.waiting()).isZero();
        assertThat(insights.workers().get(1).items()).isEqualTo(1);
        assertThat(insights.workers().get(1).waiting()).isEqualTo(10 * MS);
    }

    @Test
    void wall_ofWorksAtTheSameTime_countsOnce() {
        Recording recording = recordingOf(
                0,
                20_000,
                List.of(runOf(1, 1, 0, 5000, Run.End.DONE), runOf(2, 2, 1000, 6000, Run.End.DONE)),
                work(2, 1000, 6000, 5000),
                work(1, 0, 5000, 5000),
                work(3, 10_000, 11_000, 0));
        assertThat(recording.insights().wall()).isEqualTo(7000 * MS);
        assertThat(recording.insights().speedUp()).isEqualTo(10 / 7.0);
        assertThat(recording.insights().heading()).endsWith(", 7 s");
    }

    /** What a worker did for another cell between these tasks is not their cost. */
    @Test
    void tasksBetweenOthers_areNotCalledSmall() {
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            runs.add(runOf(1, 1, 10L * i, 10L * i + 1, Run.End.DONE));
            runs.add(runOf(2, 1, 10L * i + 1, 10L * i + 10, Run.End.DONE));
        }
        Spent spent = new Spent(0, 100 * MS, 0, 0);
        Work small = new Work(1, 0, 1000 * MS, 0, Map.of("map", 1L), 100, 100, 0, spent, 1, 1, List.of(), List.of());
        assertThat(recordingOf(0, 1000, runs, small, work(2, 0, 1000, 900))
                        .insights()
                        .advice())
                .isEmpty();
    }

    @Test
    void text_isATableAndWhatItComesTo() {
        String text = Recordings.of(2)
                .submitted(0, "map")
                .worker(1, 0, 0)
                .worker(2, 0, 0)
                .vitals(1, new Vitals(900 * MS, 3, 12 * MS, 5, 6))
                .run(1, 0, 1000, 5)
                .run(2, 0, 900, 5)
                .slow(7, 600, "7")
                .sent(Shipment.Kind.VARIABLE, "table", 16_000_000, 2, 2)
                .sent(Shipment.Kind.RESULTS, "map", 900, 2, 2)
                .taken(1000)
                .insights()
                .toString();
        assertThat(text)
                .startsWith("crunch, 2 processes: map, 10 items in 2 tasks, 1 s\nworker  start-up  waiting  working")
                .contains("1              0        0      1 s")
                .contains("900 ms   3 in 12 ms")
                .contains(
                        "speed-up 1.90, efficiency 95 %\n  1.9 s of work in 1 s of time, by 2 workers on 2 processors")
                .contains("slowest items\n  600 ms  item 7 of map, argument 7, worker 1")
                .contains("16 MB  variable table, twice to 2 workers")
                .contains("900 bytes  results of map, twice from 2 workers")
                .doesNotContain("advice");
    }

    @Test
    void poolWithoutWork_saysSo() {
        assertThat(Recordings.ofThreads(2).taken(100).insights().toString())
                .startsWith("crunch, 2 threads: no work yet\nworker")
                .doesNotContain("speed-up");
    }

    @Test
    void words_haveTwoOrThreeDigits() {
        assertThat(List.of(
                        Words.time(0),
                        Words.time(999),
                        Words.time(3_000),
                        Words.time(12_340),
                        Words.time(999_600),
                        Words.time(1_234_000_000),
                        Words.time(119_000_000_000L),
                        Words.time(125_000_000_000L)))
                .containsExactly("0", "999 ns", "3 us", "12.3 us", "1 ms", "1.23 s", "119 s", "2 min 5 s");
        assertThat(List.of(Words.bytes(1), Words.bytes(999), Words.bytes(1_500), Words.bytes(8_000_000)))
                .containsExactly("1 byte", "999 bytes", "1.5 KB", "8 MB");
    }

    // ------------------------------------------------------------ advice, and none

    private static List<String> advice(Recordings of, long taken) {
        return of.taken(taken).insights().advice();
    }

    private static Recordings smallTasks(long pause) {
        Recordings of = Recordings.of(2).submitted(0, "map").worker(1, 0, 0).worker(2, 0, 0);
        for (int i = 0; i < 1000; i++) {
            of.quick(1 + i % 2, i / 2 * pause, i / 2 * pause + 3, 1, 0, 0);
        }
        return of;
    }

    @Test
    void smallTasks_areAdvisedToBeLarger() {
        assertThat(advice(smallTasks(100), 50))
                .containsExactly("1,000 items of 3 us in chunks of 1: try --chunk 100, in Java chunk(100)");
    }

    @Test
    void smallTasksThatKeepWorkersBusy_areLeftAlone() {
        Recordings of = Recordings.of(2).submitted(0, "map").worker(1, 0, 0).worker(2, 0, 0);
        for (int i = 0; i < 1000; i++) {
            of.quick(1 + i % 2, i / 2 * 100L, i / 2 * 100L + 95, 1, 0, 0);
        }
        assertThat(advice(of, 50)).isEmpty();
    }

    @Test
    void smallTasksAfterALongStart_orBesideALongOne_areLeftAlone() {
        Recordings late = Recordings.of(2).submitted(0, "map").worker(1, 0, 60).worker(2, 0, 60);
        Recordings beside = Recordings.of(2).submitted(0, "map").worker(1, 0, 0).worker(2, 0, 0);
        for (int i = 0; i < 100; i++) {
            late.quick(1 + i % 2, 60_000 + i / 2 * 1000L, 60_950 + i / 2 * 1000L, 1, 0, 0);
            beside.quick(1, i * 1000L, i * 1000L + 950, 1, 0, 0);
        }
        beside.run(2, 0, 1000, 1);
        assertThat(advice(late, 110)).noneMatch(line -> line.contains("chunk"));
        assertThat(advice(beside, 1000)).noneMatch(line -> line.contains("chunk"));
    }

    @Test
    void manyCallsOfApply_areAdvisedToBeAMap() {
        Recordings of = Recordings.of(1).calls("apply", 1000).worker(1, 0, 0);
        for (int i = 0; i < 1000; i++) {
            of.quick(1, i * 100L, i * 100L + 3, 1, 0, 0);
        }
        assertThat(advice(of, 100))
                .containsExactly(
                        "1,000 calls of apply that work for 3 us each: one map over as many items sends them together");
    }

    /** It was said of loops that wait between their calls, and of imaps whose results are read slowly. */
    @Test
    void pausesOfWhoeverCalls_areNotTheTasksCost() {
        for (long pause : List.of(5_000L, 50_000L)) {
            Recordings of = Recordings.of(1).calls("apply", 100).worker(1, 0, 0);
            Recordings read = Recordings.of(1).submitted(0, "imap").worker(1, 0, 0);
            for (int i = 0; i < 100; i++) {
                of.quick(1, i * pause, i * pause + 3, 1, 0, 0);
                read.quick(1, i * pause, i * pause + 3, 1, 0, 0);
            }
            assertThat(advice(of, 100 * pause / 1000)).isEmpty();
            assertThat(advice(read, 100 * pause / 1000)).isEmpty();
        }
    }

    @Test
    void fewCallsOfApply_areLeftAlone() {
        Recordings of = Recordings.of(1).calls("apply", 20).worker(1, 0, 0);
        for (int i = 0; i < 20; i++) {
            of.quick(1, i * 5000L, i * 5000L + 3, 1, 0, 0);
        }
        assertThat(advice(of, 100)).isEmpty();
    }

    private static Recordings busy() {
        return Recordings.of(2)
                .submitted(0, "map")
                .worker(1, 0, 0)
                .worker(2, 0, 0)
                .run(1, 0, 500, 1)
                .run(2, 0, 490, 1);
    }

    @Test
    void variableThatWentAgain_isNamed() {
        assertThat(advice(busy().sent(Shipment.Kind.VARIABLE, "table", 32_000_000, 4, 2), 500))
                .containsExactly(
                        "8 MB of table went to each worker twice, since it had changed in between, or shares objects with"
                                + " another variable that had: keep what changes apart from what is large");
    }

    @Test
    void variableThatWentOnce_orIsSmall_orWentToReplacements_isLeftAlone() {
        assertThat(advice(busy().sent(Shipment.Kind.VARIABLE, "table", 16_000_000, 2, 2), 500))
                .isEmpty();
        assertThat(advice(busy().sent(Shipment.Kind.VARIABLE, "limit", 400, 4, 2), 500))
                .isEmpty();
        assertThat(advice(
                        Recordings.of(1)
                                .submitted(0, "map")
                                .worker(1, 0, 0)
                                .dies(1, 1, "exit code 3")
                                .worker(1, 1, 2)
                                .run(1, 2, 500, 1)
                                .sent(Shipment.Kind.VARIABLE, "table", 16_000_000, 2, 1),
                        500))
                .isEmpty();
    }

    @Test
    void copyingThatTakesLongerThanWork_isNamed() {
        assertThat(advice(
                        Recordings.of(1)
                                .submitted(0, "map")
                                .worker(1, 0, 0)
                                .run(1, 0, 500, 10, 200, 200, Run.End.DONE)
                                .sent(Shipment.Kind.ITEMS, "map", 80_000_000, 1, 1)
                                .sent(Shipment.Kind.RESULTS, "map", 40_000_000, 1, 1),
                        500))
                .containsExactly(
                        "to copy 120 MB of items and results took 400 ms, and to work on them 100 ms: send what says"
                                + " where they are (a range, a file's name), or share them in an Array");
    }

    @Test
    void copyingThatIsCheap_isLeftAlone() {
        assertThat(advice(
                        Recordings.of(1)
                                .submitted(0, "map")
                                .worker(1, 0, 0)
                                .run(1, 0, 500, 10, 50, 50, Run.End.DONE)
                                .sent(Shipment.Kind.ITEMS, "map", 80_000_000, 1, 1),
                        500))
                .isEmpty();
    }

    @Test
    void lastTaskThatOthersWaitFor_isAdvisedToBeSmaller() {
        assertThat(advice(
                        Recordings.of(2)
                                .submitted(0, "map")
                                .worker(1, 0, 0)
                                .worker(2, 0, 0)
                                .run(1, 0, 500, 20)
                                .run(2, 0, 100, 20),
                        500))
                .containsExactly("others waited 400 ms for the last task of worker 1, 20 items: try --chunk 5, in Java"
                        + " chunk(5)");
    }

    @Test
    void evenWork_isLeftAlone() {
        assertThat(advice(busy(), 500)).isEmpty();
    }

    @Test
    void slowestItem_thatIsMostOfAll_isNamed() {
        assertThat(advice(
                        Recordings.of(2)
                                .submitted(0, "map")
                                .worker(1, 0, 0)
                                .worker(2, 0, 0)
                                .run(1, 0, 500, 1)
                                .run(2, 0, 50, 1)
                                .run(2, 50, 100, 1)
                                .slow(0, 500, "0"),
                        500))
                .containsExactly(
                        "item 0 of map took 500 ms of the 500 ms: more workers do not help as long as it is one item;"
                                + " split it, or put it first");
    }

    @Test
    void slowItem_besidesWhichOthersWork_isLeftAlone() {
        assertThat(advice(busy().slow(0, 500, "0"), 500)).isEmpty();
    }

    @Test
    void startThatTakesMostOfTheTime_isNamed() {
        assertThat(advice(Recordings.of(1).submitted(0, "map").worker(1, 0, 300).run(1, 310, 500, 1), 500))
                .containsExactly(
                        "the first task waited 310 ms of the 500 ms for a worker to start: a pool that is kept, or"
                                + " started earlier, is ready");
    }

    @Test
    void startThatIsShort_isLeftAlone() {
        assertThat(advice(Recordings.of(1).submitted(0, "map").worker(1, 0, 100).run(1, 110, 500, 1), 500))
                .isEmpty();
    }

    @Test
    void collections_thatTakeMuch_areNamed_andOthersAreNot() {
        Recordings of = Recordings.of(1).submitted(0, "map").worker(1, 0, 0).run(1, 0, 500, 1);
        assertThat(advice(of.vitals(1, new Vitals(MS, 90, 200 * MS, 5, 6)), 500))
                .containsExactly(
                        "worker 1 collected garbage for 200 ms while it worked for 500 ms: give it more memory,"
                                + " --heap 1g, or keep less at a time");
        assertThat(advice(of.vitals(1, new Vitals(MS, 9, 20 * MS, 5, 6)), 500)).isEmpty();
    }

    @Test
    void whatIsOverInNoTime_getsNoAdvice() {
        Recordings of = Recordings.of(2).submitted(0, "map").worker(1, 0, 0).worker(2, 0, 0);
        for (int i = 0; i < 60; i++) {
            of.quick(1, i * 100L, i * 100L + 3, 1, 0, 0);
        }
        assertThat(advice(of, 6)).isEmpty();
    }
}
