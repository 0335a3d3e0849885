package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.ParallelException;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink;
import manyjvm.parallel.spi.ProgressReport;
import manyjvm.parallel.spi.ProgressReport.WorkerState;
import manyjvm.parallel.wire.Code;
import manyjvm.parallel.wire.Payload;
import org.junit.jupiter.api.Test;

/** Plays what happens to submissions, by a clock that only the test moves. */
class ProgressLinesTest {
    private static final Optional<Boolean> AS_THE_DRIVER_HAS_IT = Optional.empty();

    private final List<ProgressReport> shown = new ArrayList<>();
    private final List<Long> at = new ArrayList<>();
    private long now = 1_000_000_000_000L;
    private long alarmAt = Long.MAX_VALUE;
    private Runnable alarm;
    private long drawing; // what the sink takes, in nanoseconds
    private long drawingElsewhere; // the same, on another thread
    private long drawn;
    private boolean byDefault = true;
    private long numbers;
    private List<ProgressLines.Look> looks = List.of(
            new ProgressLines.Look(WorkerState.BUSY, null, 0), new ProgressLines.Look(WorkerState.STARTING, null, 0));

    private final OutputSink sink = new OutputSink() {
        @Override
        public Object place() {
            return "here";
        }

        @Override
        public void write(Object place, OutputOrigin origin, Stream stream, String text) {
            throw new UnsupportedOperationException("progress is no text");
        }

        @Override
        public void progress(Object place, ProgressReport report) {
            shown.add(report);
            at.add(now);
            now += drawing;
            drawn += drawingElsewhere;
        }

        @Override
        public long drawingNanos() {
            return drawn;
        }
    };

    private final ProgressLines lines =
            new ProgressLines(sink, () -> byDefault, () -> looks, () -> now, (delay, action) -> {
                alarm = action;
                alarmAt = now + delay.toNanos();
                return () -> alarmAt = Long.MAX_VALUE;
            });

    private Submission submission(String what, Optional<Boolean> wanted, OptionalLong items, Object place) {
        JobSettings settings = new JobSettings(what, Optional.empty(), 0, false, false, wanted, items);
        long id = ++numbers;
        Submission submission = new Submission(
                id,
                new Code.Local(null, place),
                CallKind.FUNCTION,
                settings,
                false,
                OutputTarget.ofSubmission(id, place, OutputMode.LIVE, sink),
                null,
                null);
        lines.submitted(submission, now);
        return submission;
    }

    private Submission map(int items) {
        return submission("map", AS_THE_DRIVER_HAS_IT, OptionalLong.of(items), "here");
    }

    private Submission single() {
        return submission("applyAsync", AS_THE_DRIVER_HAS_IT, OptionalLong.of(1), "here");
    }

    private static Chunk chunk(Submission submission, int size) {
        return new Chunk(
                1,
                submission,
                0,
                size,
                new Payload.Local(new Object[size]),
                List.of(),
                List.of(),
                java.util.OptionalInt.empty(),
                false);
    }

    private void pass(long millis) {
        long end = now + millis * 1_000_000;
        while (alarmAt <= end) {
            now = Math.max(now, alarmAt);
            alarmAt = Long.MAX_VALUE;
            alarm.run();
        }
        now = Math.max(now, end);
    }

    private List<String> texts() {
        return shown.stream().map(ProgressReport::toString).toList();
    }

    @Test
    void within_aSecond_nothingIsShown_norIsThereAnAlarmForLong() {
        Submission map = map(10);
        pass(900);
        lines.outcomes(map, 10, 0);
        lines.ended(map, Optional.empty(), now);
        pass(5_000);
        assertThat(shown).isEmpty();
        assertThat(alarmAt).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void line_isShownAfterASecond_andEndsHonestly() {
        Submission map = map(10);
        lines.outcomes(map, 4, 1);
        pass(1_000);
        assertThat(texts())
                .containsExactly("map [########............] 4/10  4.0/s  about 1.5 s left  1 failed  workers #~");
        assertThat(shown.get(0).first()).isTrue();
        pass(600);
        lines.outcomes(map, 6, 1);
        pass(1_600);
        lines.ended(map, Optional.empty(), now);
        assertThat(texts()).last().isEqualTo("map: done in 3.2 s, 10 items, 2 failed");
        assertThat(shown.stream().filter(ProgressReport::first)).hasSize(1);
        int all = shown.size();
        pass(10_000);
        assertThat(shown).hasSize(all);
    }

    @Test
    void whatWorkersHaveDoneOfAChunk_counts_andNeverGoesBack() {
        Submission map = map(10);
        Submission other = submission("map", Optional.of(false), OptionalLong.of(10), "here");
        looks = List.of(
                new ProgressLines.Look(WorkerState.BUSY, map, 3), new ProgressLines.Look(WorkerState.BUSY, other, 5));
        pass(1_000);
        looks = List.of(new ProgressLines.Look(WorkerState.BUSY, map, 1));
        pass(1_000);
        assertThat(shown).extracting(ProgressReport::done).startsWith(3L).containsOnly(3L);
    }

    @Test
    void singles_ofOnePlace_haveOneLine_thatCountsThemAll() {
        List<Submission> loop = IntStream.range(0, 5).mapToObj(i -> single()).toList();
        submission("applyAsync", AS_THE_DRIVER_HAS_IT, OptionalLong.of(1), "elsewhere");
        lines.outcomes(loop.get(0), 1, 0);
        lines.ended(loop.get(0), Optional.empty(), now);
        pass(1_000);
        assertThat(texts()).singleElement().asString().startsWith("applyAsync [####................] 1/5");
        for (Submission one : loop.subList(1, 4)) {
            lines.outcomes(one, 1, 0);
            lines.ended(one, Optional.empty(), now);
        }
        lines.ended(loop.get(4), Optional.of(new CancellationException("applyAsync was cancelled")), now);
        assertThat(texts()).last().isEqualTo("applyAsync: done in 1.0 s, 4 items, 1 cancelled");
    }

    @Test
    void endsOfOtherKinds_areNotCalledCancelled() {
        List<Submission> loop = IntStream.range(0, 3).mapToObj(i -> single()).toList();
        pass(1_000);
        lines.outcomes(loop.get(0), 1, 0);
        lines.ended(loop.get(0), Optional.empty(), now);
        lines.ended(loop.get(1), Optional.of(new CancellationException("applyAsync was cancelled")), now);
        lines.ended(loop.get(2), Optional.of(new IllegalStateException("no")), now);
        assertThat(texts()).last().isEqualTo("applyAsync: done in 1.0 s, 1 item, 2 not finished");
    }

    @Test
    void manyLinesAtOnce_areAFewAndOneForAllOthers() {
        List<Submission> maps = IntStream.range(0, 1_000).mapToObj(i -> map(10)).toList();
        Submission elsewhere = submission("imap", AS_THE_DRIVER_HAS_IT, OptionalLong.of(5), "elsewhere");
        maps.forEach(map -> lines.outcomes(map, 1, 0));
        looks = List.of(new ProgressLines.Look(WorkerState.BUSY, maps.get(999), 4));
        pass(1_000);
        assertThat(texts()).hasSize(10).anyMatch(text -> text.startsWith("imap [")); // eight, all others, and that
        assertThat(texts()).last().asString().startsWith("others [##..................] 996/9920");
        lines.ended(maps.get(500), Optional.of(new CancellationException("map was cancelled")), now);
        for (Submission map : maps) {
            if (map != maps.get(500)) {
                lines.outcomes(map, 9, map == maps.get(999) ? 1 : 0);
                lines.ended(map, Optional.empty(), now);
            }
        }
        lines.ended(elsewhere, Optional.empty(), now);
        assertThat(shown.stream().filter(report -> report.end().isPresent())).hasSize(10);
        assertThat(texts()).contains("others: done in 1.0 s, 9911 items, 1 failed, 1 cancelled");
        assertThat(shown.stream().map(ProgressReport::line).distinct()).hasSize(10);
        pass(5_000);
        assertThat(alarmAt).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void oneItemAlone_isShownOnlyWhereItIsAskedFor() {
        single();
        submission("apply", Optional.of(true), OptionalLong.of(1), "elsewhere");
        pass(1_500);
        assertThat(shown).isNotEmpty().allSatisfy(report -> assertThat(report.what())
                .isEqualTo("apply"));
    }

    @Test
    void whatNobodyWants_isNotShown() {
        byDefault = false;
        map(10);
        submission("map", Optional.of(false), OptionalLong.of(10), "here");
        pass(3_000);
        assertThat(shown).isEmpty();
    }

    @Test
    void unknownTotal_isToldWhenItIsKnown() {
        Submission imap = submission("imap", AS_THE_DRIVER_HAS_IT, OptionalLong.empty(), "here");
        lines.added(imap, List.of(chunk(imap, 3)), false);
        lines.outcomes(imap, 2, 0);
        pass(1_000);
        assertThat(texts()).last().isEqualTo("imap 2 done  2.0/s  workers #~");
        lines.added(imap, List.of(chunk(imap, 5)), true);
        pass(1_000);
        assertThat(texts()).last().asString().contains("2/8");
        lines.ended(imap, Optional.of(new CancellationException("Pool-1 was restarted")), now);
        assertThat(texts()).last().isEqualTo("imap: cancelled after 2.0 s (Pool-1 was restarted): 2 of 8 done");
    }

    @Test
    void endings_haveEachItsWord() {
        assertThat(ending(10, Optional.of(new CancellationException("map was cancelled"))))
                .isEqualTo("map: cancelled after 1.5 s: 3 of 10 done, 1 failed");
        assertThat(ending(10, Optional.of(new ParallelException("no worker starts\nsince"))))
                .isEqualTo("map: failed after 1.5 s (no worker starts): 3 of 10 done, 1 failed");
        assertThat(ending(10, Optional.of(new CancellationException("RUNTIMES was restarted"))))
                .startsWith("map: cancelled after 1.5 s (RUNTIMES was restarted)");
        assertThat(ending(10, Optional.empty())).isEqualTo("map: ended early after 1.5 s: 3 of 10 done, 1 failed");
    }

    private String ending(int items, Optional<Throwable> reason) {
        Submission map = map(items);
        lines.outcomes(map, 3, 1);
        pass(1_500);
        lines.ended(map, reason, now);
        return texts().get(texts().size() - 1);
    }

    @Test
    void updates_areAtMostTenASecond_andAHundredthOfTheTime() {
        Submission map = map(100_000);
        for (int i = 0; i < 3_000; i++) {
            lines.outcomes(map, 1, 0);
            pass(1);
        }
        assertThat(shown).hasSizeBetween(15, 21);
        shown.clear();
        at.clear();
        drawing = Duration.ofMillis(5).toNanos();
        for (int i = 0; i < 20_000; i++) {
            lines.outcomes(map, 1, 0);
            pass(1);
        }
        assertThat(shown).hasSizeBetween(20, 41);
        assertThat(at.get(at.size() - 1) - at.get(at.size() - 2)).isGreaterThanOrEqualTo(500_000_000L);
    }

    @Test
    void drawingElsewhere_countsAsMuch() {
        Submission map = map(100_000);
        drawingElsewhere = Duration.ofMillis(5).toNanos();
        for (int i = 0; i < 21_000; i++) {
            lines.outcomes(map, 1, 0);
            pass(1);
        }
        assertThat(shown).hasSizeBetween(35, 45);
    }

    @Test
    void drawingThatIsHeldUp_delaysTheNextBySecondsOnly() {
        Submission map = map(100_000);
        pass(1_000);
        drawingElsewhere = Duration.ofMinutes(1).toNanos(); // the terminal was stopped for so long
        lines.outcomes(map, 1, 0);
        pass(100);
        drawingElsewhere = 0;
        shown.clear();
        lines.outcomes(map, 1, 0);
        pass(10_100);
        assertThat(shown).isNotEmpty();
    }

    @Test
    void unchangedLine_isDrawnOnceASecond() {
        map(10);
        pass(5_050);
        assertThat(shown).hasSize(5);
    }

    @Test
    void lineThatIsStillForLong_isDrawnMoreAndMoreSeldom() {
        map(10);
        pass(3_600_000);
        assertThat(shown).hasSizeLessThan(80);
        assertThat(at.get(at.size() - 1) - at.get(at.size() - 2)).isGreaterThan(60_000_000_000L);
    }

    @Test
    void cancelledLine_countsWhatWorkersHaveDone() {
        Submission map = map(10);
        looks = List.of(new ProgressLines.Look(WorkerState.BUSY, map, 3));
        pass(1_000);
        looks = List.of(new ProgressLines.Look(WorkerState.BUSY, map, 4));
        lines.ended(map, Optional.of(new CancellationException("map was cancelled")), now);
        assertThat(texts()).last().isEqualTo("map: cancelled after 1.0 s: 4 of 10 done");
    }

    @Test
    void close_leavesNoAlarm() {
        map(10);
        lines.close();
        assertThat(alarmAt).isEqualTo(Long.MAX_VALUE);
    }
}
