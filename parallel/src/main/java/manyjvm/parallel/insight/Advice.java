package manyjvm.parallel.insight;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What would have made it faster. Each piece is given only where its figures bear it, and names them; where nothing would help
 * much there is none. What would save less than {@link #WORTH} of the time is not worth a word.
 */
final class Advice {
    private static final double WORTH = 0.2;

    /** Fewer say little about what more would do. */
    private static final long MANY = 50;

    /** A variable that is smaller may be sent with each call. */
    private static final long LARGE = 100_000;

    /** Of a task with less it is not the bytes that cost. */
    private static final long SOME = 1_000;

    /** What is shorter is over before anybody could have read this. */
    private static final long NOTICEABLE = 20_000_000;

    private static final int CHUNKS_PER_WORKER = 4;

    /** So much more than what a task costs anyhow should be in it. */
    private static final int WORK_TO_COST = 10;

    /**
     * So long at most a worker without a task waits for one that is there already: some messages, also on a busy machine. Where it
     * waits longer there was none, as when a loop pauses between its calls, or takes its time with what an imap gives.
     */
    private static final long TURNAROUND = 1_000_000;

    /** What is called once for each task, with no way to give it several items. */
    private static final Set<String> SINGLE = Set.of("apply", "applyAsync", "submit", "invokeAll");

    private final Insights of;
    private final List<String> advice = new ArrayList<>();

    private Advice(Insights of) {
        this.of = of;
    }

    static List<String> of(Insights insights) {
        Advice advice = new Advice(insights);
        if (insights.wall() >= NOTICEABLE) {
            insights.recording().works().forEach(advice::tooSmall);
            advice.heavy();
            advice.uneven();
            advice.slowestItem();
            advice.startUp();
            advice.collecting();
        }
        insights.recording().works().forEach(advice::sentAgain);
        return List.copyOf(advice.advice);
    }

    /** {@code 10,000 items of 3 us in chunks of 1: try --chunk 500}. */
    private void tooSmall(Work work) {
        if (work.tasks() < MANY || work.items() == 0) {
            return;
        }
        // Between a worker's first task and its last: neither its start nor others' long tasks are these tasks' cost.
        long there = 0;
        for (int number = 1; number <= of.recording().workers(); number++) {
            there += spanned(work, number);
        }
        long cost = (there - work.spent().working()) / work.tasks();
        long perItem = Math.max(100, work.spent().working() / work.items());
        long perTask = work.items() / work.tasks();
        // Against all of the time, too: where most of it is pauses, it is these that would have to go.
        double all = Math.max(there, of.wall());
        if (cost * work.tasks() < WORTH * all || cost < perItem * perTask) {
            return;
        }
        if (SINGLE.containsAll(work.calls().keySet())) {
            advice.add(Words.count(work.tasks()) + " calls of "
                    + String.join(", ", work.calls().keySet()) + " that work for " + Words.time(perItem)
                    + " each: one map over as many items sends them together");
            return;
        }
        long most = work.items() / ((long) CHUNKS_PER_WORKER * of.recording().workers());
        long better = round(Math.min(most, WORK_TO_COST * cost / perItem));
        if (better >= 2 * Math.max(1, perTask)) {
            advice.add(Words.count(work.items()) + " items of " + Words.time(perItem) + " in chunks of "
                    + (work.smallestTask() == work.largestTask()
                            ? Words.count(work.largestTask())
                            : Words.count(work.smallestTask()) + " to " + Words.count(work.largestTask()))
                    + ": try --chunk " + better + ", in Java chunk(" + better + ")");
        }
    }

    /** How long a worker had tasks of this work, or would have had one if tasks cost nothing. */
    private long spanned(Work work, int worker) {
        List<Run> all = of.recording().runsOf(worker).toList();
        List<Run> others =
                all.stream().filter(run -> run.work() != work.number()).toList();
        boolean single = SINGLE.containsAll(work.calls().keySet());
        long there = 0;
        Run before = null;
        for (Run run : all) {
            if (run.work() != work.number() || run.hook()) {
                continue;
            }
            long took = run.ended() - run.begun();
            // Of many that are remembered as one nobody knows whether there were pauses.
            there += single && run.tasks() > 1
                    ? Math.min(took, run.spent().busy() + run.spent().sending())
                    : took;
            if (before != null) {
                long empty = Math.max(0, run.sent() - before.ended());
                long gap = run.begun() - before.ended() - empty + Math.min(empty, TURNAROUND);
                there += Math.max(0, gap - within(others, before.ended(), run.begun()));
            }
            before = run;
        }
        return there;
    }

    private static long within(List<Run> runs, long from, long to) {
        return runs.stream()
                .mapToLong(run -> Math.max(0, Math.min(to, run.ended()) - Math.max(from, run.begun())))
                .sum();
    }

    /** To 1, 2 or 5 and noughts, downwards. */
    private static long round(long number) {
        long power = 1;
        while (power * 10 <= number) {
            power *= 10;
        }
        return number >= 5 * power ? 5 * power : number >= 2 * power ? 2 * power : power;
    }

    /** {@code 8 MB of table went to each worker twice}. */
    private void sentAgain(Work work) {
        for (Shipment sent : work.shipped()) {
            long each = sent.bytes() / Math.max(1, sent.times());
            long times = sent.workers() == 0 ? 0 : sent.times() / sent.workers();
            // One that takes another's place is sent everything, of course.
            if (sent.kind() == Shipment.Kind.VARIABLE
                    && times > 1
                    && sent.times() > of.recording().lives().size()
                    && each >= LARGE) {
                advice.add(Words.bytes(each) + " of " + sent.name() + " went to "
                        + (sent.workers() == 1 ? "the same worker " : "each worker ") + Words.times(times)
                        + ", since it had changed in between, or shares objects with another variable that had: keep"
                        + " what changes apart from what is large");
            }
        }
    }

    /** Copying takes longer than working. */
    private void heavy() {
        Spent spent = Spent.NONE;
        long bytes = 0;
        for (Work work : of.recording().works()) {
            spent = spent.plus(work.spent());
            for (Shipment sent : work.shipped()) {
                bytes += sent.kind() == Shipment.Kind.ITEMS || sent.kind() == Shipment.Kind.RESULTS ? sent.bytes() : 0;
            }
        }
        long copying = spent.reading() + spent.writing();
        if (bytes >= 10 * LARGE && bytes >= SOME * of.tasks() && copying > spent.working()) {
            advice.add("to copy " + Words.bytes(bytes) + " of items and results took " + Words.time(copying)
                    + ", and to work on them " + Words.time(spent.working())
                    + ": send what says where they are (a range, a file's name), or share them in an Array");
        }
    }

    /** One worker has a last task when the others have none any more. */
    private void uneven() {
        if (of.recording().works().size() != 1 || of.recording().workers() < 2) {
            return;
        }
        Work work = of.recording().works().get(0);
        long firstFree = Long.MAX_VALUE;
        Run last = null;
        for (int number = 1; number <= of.recording().workers(); number++) {
            long end = work.from();
            for (Run run : of.recording().runsOf(number).toList()) {
                if (run.work() == work.number() && !run.hook()) {
                    end = Math.max(end, run.ended());
                    last = last == null || run.ended() > last.ended() ? run : last;
                }
            }
            firstFree = Math.min(firstFree, end);
        }
        if (last == null || work.running() > 0 || work.tasks() < of.recording().workers()) {
            return;
        }
        long alone = work.to() - Math.max(firstFree, last.begun());
        if (last.tasks() == 1 && last.items() > 1 && alone > WORTH * of.wall()) {
            long better = Math.max(1, round(last.items() / 4));
            advice.add("others waited " + Words.time(alone) + " for the last task of worker " + last.worker() + ", "
                    + Words.count(last.items()) + " items: try --chunk " + better + ", in Java chunk(" + better + ")");
        }
    }

    /** No number of workers is faster than the slowest item. */
    private void slowestItem() {
        List<SlowItem> slowest = of.slowest();
        if (of.recording().workers() < 2 || slowest.isEmpty() || of.items() < 2) {
            return;
        }
        SlowItem item = slowest.get(0);
        long fair = of.work() / of.recording().workers();
        if (item.items() == 1 && item.nanos() > of.wall() / 2 && item.nanos() - fair > WORTH * of.wall()) {
            advice.add("item " + Words.count(item.item()) + " of " + item.call() + " took " + Words.time(item.nanos())
                    + " of the " + Words.time(of.wall())
                    + ": more workers do not help as long as it is one item; split it, or put it first");
        }
    }

    /** The work was over before the workers had started. */
    private void startUp() {
        Recording recording = of.recording();
        if (recording.works().size() != 1) {
            return;
        }
        Work work = recording.works().get(0);
        long began = recording.runs().stream()
                .filter(run -> run.work() == work.number() && !run.hook())
                .mapToLong(Run::begun)
                .min()
                .orElse(work.from());
        long waited = began - work.from();
        if (waited > 2 * WORTH * of.wall() && recording.lives().stream().anyMatch(life -> life.launched() < began)) {
            advice.add("the first task waited " + Words.time(waited) + " of the " + Words.time(of.wall())
                    + " for a worker to start: a pool that is kept, or started earlier, is ready");
        }
    }

    /** Only where its life is in the recording: these figures are since its start. */
    private void collecting() {
        Recording recording = of.recording();
        for (Insights.PerWorker row : of.workers()) {
            boolean whole = recording.lives().stream()
                            .filter(life -> life.worker() == row.worker())
                            .count()
                    == 1;
            if (whole
                    && row.vitals().collecting() > WORTH * of.wall()
                    && recording.lives().stream()
                            .anyMatch(life -> life.worker() == row.worker() && life.launched() >= recording.from())) {
                advice.add("worker " + row.worker() + " collected garbage for "
                        + Words.time(row.vitals().collecting())
                        + " while it worked for " + Words.time(row.spent().working())
                        + ": give it more memory, --heap 1g, or keep less at a time");
            }
        }
    }
}
