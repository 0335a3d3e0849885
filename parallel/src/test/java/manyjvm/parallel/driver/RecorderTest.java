package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.bytes.ByteOutput;
import manyjvm.parallel.insight.Life;
import manyjvm.parallel.insight.Recording;
import manyjvm.parallel.insight.Run;
import manyjvm.parallel.insight.Shipment;
import manyjvm.parallel.insight.SlowItem;
import manyjvm.parallel.insight.Spent;
import manyjvm.parallel.insight.Work;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.spi.JobListener;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.spi.OutputOrigin;
import manyjvm.parallel.spi.OutputSink;
import manyjvm.parallel.wire.Code;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.Values;
import org.junit.jupiter.api.Test;

/** Whole lives of pools, in milliseconds that the test gives. */
class RecorderTest {
    private static final long MS = 1_000_000;
    private static final Batches.Reading READING = new Batches.Reading(
            bytes -> "decoded " + new String(bytes, StandardCharsets.UTF_8), UnaryOperator.identity());

    private static final OutputSink SILENT = new OutputSink() {
        @Override
        public Object place() {
            return "nowhere";
        }

        @Override
        public void write(Object place, OutputOrigin origin, Stream stream, String text) {
            // nothing is printed here
        }
    };

    private static final JobListener DEAF = new JobListener() {
        @Override
        public void arrived(Batch batch) {
            // nothing is run here
        }

        @Override
        public void ended(Optional<Throwable> reason) {
            // nothing is run here
        }
    };

    private final Recorder recorder = new Recorder("crunch", "processes", 2, 2, 0);
    private long numbers;

    private Submission submission(String place, String description, boolean hook) {
        long id = ++numbers;
        return new Submission(
                id,
                new Code.Local("function", place),
                CallKind.FUNCTION,
                new JobSettings(description, Optional.empty(), 0, false, false),
                hook,
                OutputTarget.ofSubmission(id, place, OutputMode.RAW, SILENT),
                null,
                DEAF);
    }

    private Submission submitted(String place, String description, long at) {
        Submission submission = submission(place, description, false);
        recorder.submitted(submission, at * MS);
        return submission;
    }

    private Chunk chunk(Submission submission, long first, Object... items) {
        return new Chunk(
                ++numbers,
                submission,
                first,
                items.length,
                new Payload.Local(items),
                List.of(),
                List.of(),
                OptionalInt.empty(),
                false);
    }

    private WorkerLife worker(int number, long launched, long cameIn) {
        WorkerLife life = new WorkerLife(number);
        recorder.launched(life, launched * MS);
        recorder.pid(life, 4700 + number);
        recorder.cameIn(life, cameIn * MS);
        return life;
    }

    private void tells(Chunk chunk, int failed, Spent spent, Message.Slow slow, long at) {
        Message.ChunkItems message = new Message.ChunkItems(
                chunk.id,
                0,
                chunk.size,
                failed,
                true,
                false,
                spent,
                slow == null ? List.of() : List.of(slow),
                new Payload.Bytes(new byte[7]));
        recorder.told(chunk, message, READING, at * MS);
        recorder.outcomes(chunk, chunk.size, failed);
        recorder.answered(chunk, Run.End.DONE, at * MS);
    }

    private static Spent worked(long ms) {
        return new Spent(0, ms * MS, 0, 0);
    }

    private Recording recording(long at) {
        return recorder.recording(at * MS).get();
    }

    // ------------------------------------------------------------ runs

    @Test
    void chunk_thatFindsItsWorkerIdle_isHalfOfTheRestOnTheWayThere() {
        WorkerLife worker = worker(1, 0, 100);
        Submission map = submitted("cell 1", "map", 150);
        Chunk chunk = chunk(map, 20, "a", "b");
        recorder.sent(worker, chunk, 200 * MS);
        tells(chunk, 1, new Spent(2 * MS, 90 * MS, 8 * MS, 0), null, 310);
        recorder.ended(map, 311 * MS);

        Recording seen = recording(400);
        assertThat(seen.runs())
                .containsExactly(new Run(
                        1,
                        1,
                        "map",
                        false,
                        1,
                        20,
                        2,
                        1,
                        0,
                        7,
                        200 * MS,
                        205 * MS,
                        305 * MS,
                        new Spent(2 * MS, 90 * MS, 8 * MS, 5 * MS),
                        Run.End.DONE));
        Work work = seen.works().get(0);
        assertThat(work.from()).isEqualTo(150 * MS);
        assertThat(work.to()).isEqualTo(311 * MS);
        assertThat(work.items()).isEqualTo(2);
        assertThat(work.failed()).isEqualTo(1);
        assertThat(work.calls()).containsExactly(Map.entry("map", 1L));
    }

    @Test
    void chunk_thatWaitsBehindAnother_beginsWhenThatEnds() {
        WorkerLife worker = worker(1, 0, 0);
        Submission map = submitted("cell", "map", 0);
        Chunk first = chunk(map, 0, 1);
        Chunk second = chunk(map, 1, 2);
        recorder.sent(worker, first, 10 * MS);
        recorder.sent(worker, second, 10 * MS);
        tells(first, 0, worked(50), null, 62);
        tells(second, 0, worked(50), null, 113);
        assertThat(recording(200).runs()).extracting(Run::begun).containsExactly(11 * MS, 61 * MS);
        assertThat(recording(200).runs()).extracting(Run::ended).containsExactly(61 * MS, 111 * MS);
    }

    @Test
    void timeOfAWorker_countsOnce_howeverManyChunksItHolds() {
        WorkerLife worker = worker(1, 0, 0);
        Submission map = submitted("cell", "map", 0);
        Deque<Chunk> held = new ArrayDeque<>();
        for (int i = 0; i < 1000; i++) {
            Chunk chunk = chunk(map, i, i);
            recorder.sent(worker, chunk, i * MS);
            held.add(chunk);
            if (held.size() == 12) { // the worker tells itself that it waited for room
                tells(held.remove(), 0, new Spent(0, MS / 4, 0, MS / 4), null, i + 1);
            }
        }
        Spent spent = recording(1000).works().get(0).spent();
        assertThat(spent.busy()).isEqualTo(989 * MS / 4);
        assertThat(spent.busy() + spent.sending()).isBetween(900 * MS, 1001 * MS);
        assertThat(recording(1000).insights().workers().get(0).waiting()).isLessThan(100 * MS);
    }

    @Test
    void wayBack_countsForTheChunkThatTheWorkerWaitedFor_andNoTimeCountsTwice() {
        WorkerLife worker = worker(1, 0, 0);
        Submission map = submitted("cell", "map", 0);
        long sum = 0;
        for (int i = 0; i < 3; i++) { // each is sent 6 ms after the answer of the one before
            Chunk chunk = chunk(map, i, i);
            recorder.sent(worker, chunk, 100L * i * MS);
            tells(chunk, 0, worked(90), null, 100 * i + 94);
        }
        for (Run run : recording(300).runs()) {
            assertThat(run.spent().sending()).isEqualTo(run.first() == 0 ? 2 * MS : 4 * MS);
            sum += run.spent().sending() + run.spent().busy();
        }
        assertThat(sum).isEqualTo(3 * 90 * MS + 10 * MS);
        assertThat(recording(300).insights().workers().get(0).waiting()).isEqualTo(20 * MS);
    }

    @Test
    void chunk_whoseWorkerTellsMoreThanThereWas_endsWhenItsAnswerCame() {
        WorkerLife worker = worker(1, 0, 0);
        Chunk chunk = chunk(submitted("cell", "map", 0), 0, 1);
        recorder.sent(worker, chunk, 10 * MS);
        tells(chunk, 0, worked(100), null, 60); // its clock is fast
        assertThat(recording(70).runs().get(0).begun()).isEqualTo(10 * MS);
        assertThat(recording(70).runs().get(0).ended()).isEqualTo(60 * MS);
    }

    @Test
    void chunk_thatRuns_isSeenUpToNow_andThoseBehindItAreNot() {
        WorkerLife worker = worker(1, 0, 0);
        Submission map = submitted("cell", "map", 0);
        recorder.sent(worker, chunk(map, 0, 1), 10 * MS);
        recorder.sent(worker, chunk(map, 1, 2), 10 * MS);
        Recording seen = recording(60);
        assertThat(seen.runs()).hasSize(1);
        assertThat(seen.runs().get(0).end()).isEqualTo(Run.End.RUNNING);
        assertThat(seen.runs().get(0).ended()).isEqualTo(60 * MS);
        assertThat(seen.works().get(0).running()).isEqualTo(1);
        assertThat(seen.works().get(0).to()).isEqualTo(60 * MS);
    }

    @Test
    void chunk_thatIsTakenBackBeforeItBegan_isNoRun() {
        WorkerLife worker = worker(1, 0, 0);
        Submission map = submitted("cell", "map", 0);
        Chunk first = chunk(map, 0, 1);
        Chunk second = chunk(map, 1, 2);
        recorder.sent(worker, first, 0);
        recorder.sent(worker, second, 0);
        recorder.answered(second, Run.End.STOPPED, 5 * MS);
        tells(first, 0, worked(10), null, 12);
        assertThat(recording(20).runs()).extracting(Run::first).containsExactly(0L);
    }

    @Test
    void initializer_belongsToNobodysWork() {
        WorkerLife worker = worker(1, 0, 50);
        Chunk hook = chunk(submission("cell", "the initializer", true), 0, (Object) null);
        recorder.sent(worker, hook, 50 * MS);
        tells(hook, 0, worked(30), null, 82);
        Recording seen = recording(100);
        assertThat(seen.runs()).hasSize(1);
        assertThat(seen.runs().get(0).hook()).isTrue();
        assertThat(seen.works()).isEmpty();
        assertThat(seen.last()).isEqualTo(seen);
    }

    // ------------------------------------------------------------ deaths

    @Test
    void death_endsWhatTheWorkerWasAt_andAnotherTakesItsPlace() {
        WorkerLife first = worker(1, 0, 100);
        Submission map = submitted("cell", "map", 100);
        Chunk begun = chunk(map, 0, 1);
        Chunk behind = chunk(map, 1, 2);
        recorder.sent(first, begun, 110 * MS);
        recorder.sent(first, behind, 110 * MS);
        recorder.lost(map);
        recorder.gone(first, "signal 9 (SIGKILL)", true, chunk -> chunk == begun, 150 * MS);
        WorkerLife second = worker(1, 151, 300);
        recorder.sent(second, behind, 300 * MS);
        tells(behind, 0, worked(20), null, 322);
        recorder.ended(map, 322 * MS);

        Recording seen = recording(400);
        assertThat(seen.lives()).extracting(Life::died).containsExactly(true, false);
        assertThat(seen.lives()).extracting(Life::end).containsExactly("signal 9 (SIGKILL)", "");
        assertThat(seen.lives()).extracting(Life::replacement).containsExactly(false, true);
        assertThat(seen.runs()).extracting(Run::end).containsExactly(Run.End.DIED, Run.End.DONE);
        assertThat(seen.runs().get(0).ended()).isEqualTo(150 * MS);
        assertThat(seen.works().get(0).items()).isEqualTo(2);
        assertThat(seen.works().get(0).failed()).isEqualTo(1);
        assertThat(seen.works().get(0).spent().working()).isEqualTo(60 * MS); // what the dead one was at counts, too
    }

    @Test
    void workerThatWasToEnd_hasStoppedWhatItWasAt_andHasNotDied() {
        WorkerLife worker = worker(1, 0, 0);
        Submission map = submitted("cell", "map", 0);
        Chunk begun = chunk(map, 0, 1);
        Chunk behind = chunk(map, 1, 2);
        recorder.sent(worker, begun, 0);
        recorder.sent(worker, behind, 0);
        recorder.gone(worker, "the pool was restarted", false, chunk -> chunk == begun, 50 * MS);
        Recording seen = recording(60);
        assertThat(seen.runs()).extracting(Run::end).containsExactly(Run.End.STOPPED);
        assertThat(seen.lives()).extracting(Life::died).containsExactly(false);
        assertThat(begun.noted).isNull();
        assertThat(behind.noted).isNull();
        assertThat(seen.timeline().toString()).doesNotContain("died after").doesNotContain("X\n");
    }

    @Test
    void workerThatIsGoneBeforeItCameIn_leavesALifeAlone() {
        WorkerLife life = new WorkerLife(2);
        recorder.launched(life, 0);
        recorder.gone(life, "could not be started", true, chunk -> true, 10 * MS);
        recorder.gone(life, "told twice", true, chunk -> true, 20 * MS);
        assertThat(recording(30).lives()).extracting(Life::end).containsExactly("could not be started");
        assertThat(recording(30).runs()).isEmpty();
    }

    // ------------------------------------------------------------ works

    @Test
    void submissionsOfOneCell_areOneWork_andThoseOfAnotherAnother() {
        recorder.ended(submitted("cell 1", "map", 0), 10 * MS);
        recorder.ended(submitted("cell 1", "apply", 20), 30 * MS);
        Submission background = submitted("cell 2", "map", 40);
        recorder.ended(submitted("cell 3", "map", 50), 60 * MS);
        recorder.ended(background, 70 * MS);
        assertThat(recording(100).works())
                .extracting(work -> work.calls().keySet().toString())
                .containsExactly("[apply, map]", "[map]", "[map]");
        submitted("cell 2", "map", 80); // the latest submission's work is the last one
        assertThat(recording(100).last().works()).extracting(Work::from).containsExactly(40 * MS);
    }

    @Test
    void submissionAfterAMinute_isAnotherWorkOfTheSamePlace() {
        recorder.ended(submitted("main", "map", 0), 10 * MS);
        submitted("main", "map", 61_000);
        assertThat(recording(61_001).works()).hasSize(2);
    }

    @Test
    void lastWork_includesTheStartThatItWaitedFor_andOthersWorkInItsTime() {
        WorkerLife early = worker(1, 0, 100);
        Submission before = submitted("cell 1", "map", 100);
        Chunk old = chunk(before, 0, 1);
        recorder.sent(early, old, 100 * MS);
        WorkerLife late = new WorkerLife(2);
        recorder.launched(late, 150 * MS);
        Submission last = submitted("cell 2", "map", 200);
        recorder.cameIn(late, 300 * MS);
        Chunk chunk = chunk(last, 0, 1);
        recorder.sent(late, chunk, 300 * MS);
        tells(chunk, 0, worked(10), null, 310);
        tells(old, 0, worked(300), null, 402);
        recorder.ended(last, 311 * MS);
        Recording seen = recording(500).last();
        assertThat(seen.from()).isEqualTo(150 * MS);
        assertThat(seen.taken()).isEqualTo(311 * MS);
        assertThat(seen.runs()).extracting(Run::work).containsExactly(1, 2);
    }

    // ------------------------------------------------------------ slow items

    @Test
    void slowestItems_areFiveWithTheirArguments() {
        WorkerLife worker = worker(1, 0, 0);
        Submission map = submitted("cell", "map", 0);
        for (int i = 0; i < 9; i++) {
            Chunk chunk = chunk(map, 10L * i, "a", "argument " + i);
            recorder.sent(worker, chunk, i * MS);
            tells(chunk, 0, worked(1), new Message.Slow(1, 1, (i * 7 % 9 + 1) * MS), i + 1);
        }
        List<SlowItem> slowest = recording(100).works().get(0).slowest();
        assertThat(slowest).extracting(SlowItem::nanos).containsExactly(9 * MS, 8 * MS, 7 * MS, 6 * MS, 5 * MS);
        assertThat(slowest.get(0).item()).isEqualTo(51);
        assertThat(slowest.get(0).argument()).isEqualTo("argument 5");
    }

    @Test
    void itemOfAProcess_isDecodedByWhoeverAsks_andALargeOneIsNotKept() {
        ByteOutput items = new ByteOutput(16);
        Values.writeSimple(items, 42);
        Values.writeEncoded(items, "order".getBytes(StandardCharsets.UTF_8));
        Values.writeEncoded(items, new byte[5000]);
        Payload payload = new Payload.Bytes(items.toByteArray());
        assertThat(ItemText.of(payload, 0, READING).get()).isEqualTo("42");
        assertThat(ItemText.of(payload, 1, READING).get()).isEqualTo("decoded order");
        assertThat(ItemText.of(payload, 2, READING).get()).isEqualTo("(4 KB)");
    }

    @Test
    void largeItem_isNotCopiedForTheSakeOfItsText() {
        byte[] large = new byte[64 << 20];
        ByteOutput out = new ByteOutput(large.length + 100);
        Values.writeEncoded(out, large);
        Values.writeSimple(out, BigInteger.ONE.shiftLeft(1 << 20));
        Values.writeSimple(out, 42);
        Payload payload = new Payload.Bytes(out.toByteArray());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        assertThat(ItemText.of(payload, 0, READING).get()).isEqualTo("(65536 KB)");
        assertThat(ItemText.of(payload, 1, READING).get()).isEqualTo("(128 KB)");
        assertThat(ItemText.of(payload, 2, READING).get()).isEqualTo("42");
        assertThat(threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before)
                .isLessThan(large.length);
    }

    @Test
    void objectOfThisJvm_thatChanges_isNotKept() throws Exception {
        AtomicLong[] counter = {new AtomicLong(7)};
        Supplier<String> text = ItemText.of(new Payload.Local(new Object[] {counter[0]}), 0, READING);
        assertThat(text.get()).isEqualTo("7");
        WeakReference<Object> gone = new WeakReference<>(counter[0]);
        counter[0] = null;
        while (gone.get() != null) {
            System.gc();
        }
        assertThat(text.get()).isEmpty();
        assertThat(ItemText.of(new Payload.Local(new Object[] {123_456L}), 0, READING)
                        .get())
                .isEqualTo("123456");
    }

    @Test
    void slowestItem_isTheFunctionsOwnTime() {
        WorkerLife worker = worker(1, 0, 0);
        Chunk chunk = chunk(submitted("cell", "map", 0), 0, "x");
        recorder.sent(worker, chunk, 0);
        tells(chunk, 0, new Spent(25 * MS, 27 * MS, MS, 0), null, 60);
        assertThat(recording(60).works().get(0).slowest())
                .extracting(SlowItem::nanos)
                .containsExactly(27 * MS);
    }

    @Test
    void itemWhoseTextFails_isSaidToBeOne() {
        Object broken = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException();
            }
        };
        assertThat(ItemText.of(new Payload.Local(new Object[] {broken}), 0, READING)
                        .get())
                .isEqualTo("(cannot be shown: java.lang.IllegalStateException)");
    }

    // ------------------------------------------------------------ bounds

    @Test
    void hundredThousandTasks_takeNoMoreRoom_andTheirSumsAreExact() {
        WorkerLife one = worker(1, 0, 0);
        WorkerLife two = worker(2, 0, 0);
        Submission map = submitted("cell", "map", 0);
        for (int i = 0; i < 100_000; i++) {
            WorkerLife worker = i % 2 == 0 ? one : two;
            Chunk chunk = chunk(map, i, i);
            recorder.sent(worker, chunk, i / 2 * MS);
            tells(chunk, i % 1000 == 0 ? 1 : 0, new Spent(0, MS / 2, 0, 0), null, i / 2 + 1);
        }
        recorder.ended(map, 50_000 * MS);
        Recording seen = recording(50_000);
        assertThat(seen.runs()).hasSizeBetween(1000, Recorder.MOST_RUNS);
        assertThat(seen.runs().stream().mapToLong(Run::tasks).sum()).isEqualTo(100_000);
        assertThat(seen.runs().stream().mapToLong(Run::failed).sum()).isEqualTo(100);
        assertThat(seen.works().get(0).tasks()).isEqualTo(100_000);
        assertThat(seen.works().get(0).spent().working()).isEqualTo(50_000 * MS);
        assertThat(seen.runs()).allSatisfy(run -> assertThat(run.share()).isBetween(.4, 1.0));
    }

    @Test
    void runsThatCannotBecomeOne_goOldestFirst() {
        Submission map = submitted("cell", "map", 0);
        for (int i = 0; i < 3 * Recorder.MOST_RUNS; i++) {
            WorkerLife worker = worker(1, i, i);
            Chunk chunk = chunk(map, i, i);
            recorder.sent(worker, chunk, i * MS);
            recorder.gone(worker, "exit code 3", true, begun -> true, (i + 1) * MS);
        }
        Recording seen = recording(100_000);
        assertThat(seen.runs()).hasSizeLessThanOrEqualTo(Recorder.MOST_RUNS);
        assertThat(seen.runs().get(seen.runs().size() - 1).first()).isEqualTo(3 * Recorder.MOST_RUNS - 1);
        assertThat(seen.lives()).hasSize(Recorder.MOST_LIVES);
        assertThat(seen.works().get(0).tasks()).isEqualTo(3 * Recorder.MOST_RUNS);
    }

    @Test
    void works_areTheLastSixteen() {
        for (int i = 0; i < 40; i++) {
            recorder.ended(submitted("cell " + i, "map", i), i * MS);
        }
        assertThat(recording(50).works())
                .extracting(Work::number)
                .hasSize(Recorder.MOST_WORKS)
                .endsWith(40);
    }

    @Test
    void whatWasSent_isCountedByName_andTheManyTogether() {
        WorkerLife one = worker(1, 0, 0);
        WorkerLife two = worker(2, 0, 0);
        Submission map = submitted("cell", "map", 0);
        for (WorkerLife worker : Arrays.asList(one, two, two)) {
            recorder.shipped(worker, map, Shipment.Kind.VARIABLE, "table", 1000);
        }
        for (int i = 0; i < 1000; i++) {
            recorder.shipped(one, map, Shipment.Kind.CLASS, "REPL.$JShell$11$Point" + i, 10);
        }
        List<Shipment> shipped = recording(1).works().get(0).shipped();
        assertThat(shipped).contains(new Shipment(Shipment.Kind.VARIABLE, "table", 3000, 3, 2));
        assertThat(shipped).hasSizeLessThanOrEqualTo(RecordedWork.MOST_NAMES + 1);
        assertThat(shipped.stream().mapToLong(Shipment::bytes).sum()).isEqualTo(13_000);
        assertThat(shipped).extracting(Shipment::name).contains("Point0", "others");
    }

    @Test
    void classesOfCells_areCalledAsTheUserCallsThem() {
        assertThat(Recorder.shown("REPL.$JShell$11")).isEqualTo("the cells' own");
        assertThat(Recorder.shown("REPL.$JShell$11B$Point")).isEqualTo("Point");
        assertThat(Recorder.shown("REPL.$JShell$11$Point$Kind")).isEqualTo("Point.Kind");
        assertThat(Recorder.shown("shop.Order")).isEqualTo("shop.Order");
    }

    @Test
    void chunksOfNull_haveNoArgument() {
        WorkerLife worker = worker(1, 0, 0);
        Submission apply = submitted("cell", "apply", 0);
        Chunk chunk = chunk(apply, 0, Collections.singletonList(null).toArray());
        recorder.sent(worker, chunk, 0);
        tells(chunk, 0, worked(10), null, 12);
        assertThat(recording(20).works().get(0).slowest()).containsExactly(new SlowItem("apply", 0, 1, 1, 10 * MS, ""));
    }
}
