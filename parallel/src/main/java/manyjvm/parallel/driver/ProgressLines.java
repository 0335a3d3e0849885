package manyjvm.parallel.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import manyjvm.parallel.WorkerDiedException;
import manyjvm.parallel.spi.JobSettings;
import manyjvm.parallel.spi.OutputSink;
import manyjvm.parallel.spi.ProgressReport;
import manyjvm.parallel.spi.ProgressReport.WorkerState;
import org.jspecify.annotations.Nullable;

/**
 * The lines that show how far the submissions to a pool are. One that ends within a second costs an entry in a map, and
 * nothing is shown of it. Confined to the driver's thread, which only counts: the sink draws elsewhere.
 *
 * <p>Workers tell of outcomes when a chunk ends, which may be long; what they have done of a chunk they note where the driver
 * can look ({@link Look#ahead}), so that no message is sent for it. What an update costs is measured, here and where
 * it is drawn, and the next one comes so much later that updates take up no more than a hundredth of the time.
 */
final class ProgressLines {
    private static final long BEFORE_THE_FIRST = Duration.ofSeconds(1).toNanos();
    private static final long BETWEEN = Duration.ofMillis(100).toNanos();
    private static final long BETWEEN_UNCHANGED = Duration.ofSeconds(1).toNanos();

    /** A line that does not change for long, since nobody reads an {@code imap}, say, is drawn again this much more seldom. */
    private static final int SELDOM = 10;

    /** An update may take this part of the time until the next. */
    private static final int SHARE = 100;

    /** The rate is that of the last five to ten seconds, where so many items have ended in them. */
    private static final long RATE_WINDOW = Duration.ofSeconds(5).toNanos();

    /** An update that seems to take longer was held up, by a stopped terminal or a pause of the JVM: that is no cost. */
    private static final long LONGEST_UPDATE = Duration.ofMillis(100).toNanos();

    private static final int ENOUGH_FOR_A_RATE = 5;
    private static final long UNKNOWN = -1; // how many items
    private static final int LONGEST_REASON = 60;

    /** So many lines of a place are shown one by one; what is under way beside them has one line together. */
    private static final int MOST_LINES = 8;

    private static final String OTHERS = "others";

    /**
     * A worker at this moment.
     *
     * @param submission that it works for; null for none
     * @param ahead items of that which have ended, and whose outcomes have not come
     */
    record Look(WorkerState state, @Nullable Submission submission, int ahead) {}

    private final OutputSink sink;
    private final Supplier<Boolean> byDefault;
    private final Supplier<List<Look>> workers;
    private final LongSupplier clock;
    private final BiFunction<Duration, Runnable, Runnable> alarms;
    private final Map<Object, Line> ofSingles = new HashMap<>(); // by place: those of submissions of one item
    private final Set<Line> ofOthers = new HashSet<>();
    private final Map<Object, Line> crowds =
            new HashMap<>(); // by place: what those share that have no line of their own
    private @Nullable Runnable callOff; // what ends the alarm; null for none
    private long drawnBefore; // what drawing had taken in all, at the last update

    /** It is with its submissions: {@link SubmissionNotes#line}. */
    static final class Line {
        private final long number;
        private final String what;
        private final Object place;
        private final long start;
        private boolean asked;
        private int submissions;
        private int underWay;
        private int cutShort; // submissions that ended for a reason, with items without an outcome
        private int cancelled; // of those
        private long added;
        private long expected;
        private boolean expectedKnown = true;
        private boolean complete;
        private long done;
        private long failed;
        private @Nullable Throwable reason; // null while none was cut short
        private @Nullable Line crowd; // that it is shown in; null while it has a line of its own
        private Set<Line> parts = Set.of(); // of a crowd: those that are under way

        private boolean shown;
        private long shownAt;
        private long changedAt;
        private long shownDone;
        private List<WorkerState> shownStates = List.of();
        private long older; // a time, and what had been done then, of which the rate is told
        private long newer;
        private long doneOlder;
        private long doneNewer;

        Line(Submission first, long start) {
            this(first.id(), first.description(), first.output().place(), start);
        }

        /** Of many, of which this is the first. Its number is not shown otherwise. */
        Line(Line first) {
            this(first.number, OTHERS, first.place, first.start);
            parts = new HashSet<>();
        }

        private Line(long number, String what, Object place, long start) {
            this.number = number;
            this.what = what;
            this.place = place;
            this.start = start;
            older = start;
            newer = start;
        }

        OptionalLong total() {
            OptionalLong total = expectedKnown
                    ? OptionalLong.of(expected)
                    : complete ? OptionalLong.of(added) : OptionalLong.empty();
            for (Line part : parts) {
                OptionalLong more = part.total();
                total = total.isPresent() && more.isPresent()
                        ? OptionalLong.of(total.getAsLong() + more.getAsLong())
                        : OptionalLong.empty();
            }
            return total;
        }

        long failed() {
            return failed + parts.stream().mapToLong(part -> part.failed).sum();
        }

        /** A submission has ended with items that have no outcome. */
        void cutShort(Throwable why) {
            reason = why;
            cutShort++;
            cancelled += why instanceof CancellationException ? 1 : 0;
        }

        /** One of many has ended. */
        void take(Line part) {
            parts.remove(part);
            OptionalLong total = part.total();
            expected += total.orElse(0);
            expectedKnown &= total.isPresent();
            added += part.added;
            complete = true;
            done += part.done;
            failed += part.failed;
            submissions += part.submissions;
            cutShort += part.cutShort;
            cancelled += part.cancelled;
            reason = part.reason == null ? reason : part.reason;
        }

        double rate(long now, long all) {
            if (now - newer >= RATE_WINDOW) {
                older = newer;
                doneOlder = doneNewer;
                newer = now;
                doneNewer = all;
            }
            boolean enough = all - doneOlder >= ENOUGH_FOR_A_RATE;
            return (all - (enough ? doneOlder : 0)) * 1e9 / Math.max(1, now - (enough ? older : start));
        }
    }

    /**
     * @param byDefault whether lines are shown that nobody has asked for; asked when there is one
     * @param workers of the pool, by number
     * @param clock as {@link System#nanoTime}
     * @param alarms runs an action on the driver's thread after a while, unless what it gives back is run before
     */
    ProgressLines(
            OutputSink sink,
            Supplier<Boolean> byDefault,
            Supplier<List<Look>> workers,
            LongSupplier clock,
            BiFunction<Duration, Runnable, Runnable> alarms) {
        this.sink = sink;
        this.byDefault = byDefault;
        this.workers = workers;
        this.clock = clock;
        this.alarms = alarms;
    }

    // ------------------------------------------------------------ what happens

    void submitted(Submission submission, long now) {
        JobSettings settings = submission.settings();
        Optional<Boolean> asked = settings.progress();
        if (submission.hook() || !asked.orElse(true)) {
            return;
        }
        long items = settings.items().orElse(UNKNOWN);
        Line line = items == 1 ? ofSingles.get(submission.output().place()) : null;
        if (line == null) {
            line = new Line(submission, now);
            if (items == 1) {
                ofSingles.put(line.place, line);
            } else {
                ofOthers.add(line);
            }
        }
        line.asked |= asked.isPresent();
        line.submissions++;
        line.underWay++;
        if (items == UNKNOWN) {
            line.expectedKnown = false;
        } else {
            line.expected += items;
        }
        submission.notes().line = line;
        if (callOff == null) {
            setAlarm(BEFORE_THE_FIRST);
        }
    }

    /** @param last whether it gets no more */
    void added(Submission submission, List<Chunk> chunks, boolean last) {
        Line line = submission.notes().line;
        if (line != null) {
            for (Chunk chunk : chunks) {
                line.added += chunk.size;
            }
            line.complete |= last;
        }
    }

    void outcomes(Submission submission, int count, int failed) {
        Line line = submission.notes().line;
        if (line != null) {
            line.done += count;
            line.failed += failed;
        }
    }

    /** @param reason why items stay without an outcome */
    void ended(Submission submission, Optional<Throwable> reason, long now) {
        Line line = submission.notes().line;
        if (line == null) {
            return;
        }
        if (reason.isPresent()) {
            line.cutShort(reason.get());
            if ((line.shown || line.crowd != null)
                    && line.submissions == 1) { // of what workers have done, no outcome will come any more
                line.done = done(line, workers.get());
            }
        }
        submission.notes().line = null;
        line.underWay--;
        if (line.underWay == 0) {
            if (!ofOthers.remove(line)) {
                ofSingles.remove(line.place);
            }
            Line crowd = line.crowd;
            if (crowd != null) {
                crowd.take(line);
                if (crowd.parts.isEmpty()) {
                    crowds.remove(crowd.place);
                    showLast(crowd, submission, now);
                }
            } else if (line.shown || isDue(line, now)) {
                showLast(line, submission, now);
            }
        }
    }

    private void showLast(Line line, Submission last, long now) {
        Duration elapsed = Duration.ofNanos(now - line.start);
        show(line, report(line, line.done, 0, List.of(), Optional.of(ending(line, elapsed, last))));
        last.output().written(sink.taken()); // whoever waits for it sees the last line before
    }

    /** The pool has ended, and all that was submitted to it. */
    void close() {
        if (callOff != null) {
            callOff.run();
            callOff = null;
        }
    }

    // ------------------------------------------------------------ what is shown

    private void setAlarm(long delay) {
        callOff = alarms.apply(Duration.ofNanos(delay), this::update);
    }

    private boolean isDue(Line line, long now) {
        boolean several = line.submissions > 1 || line.total().orElse(0) != 1;
        return now - line.start >= BEFORE_THE_FIRST && (line.asked || several && byDefault.get());
    }

    private void update() {
        callOff = null;
        List<Line> open = new ArrayList<>(ofSingles.values());
        open.addAll(ofOthers);
        if (open.isEmpty()) {
            return;
        }
        open.sort(Comparator.comparingLong(line -> line.number)); // the oldest first
        long now = clock.getAsLong();
        long next = BEFORE_THE_FIRST;
        List<Line> due = new ArrayList<>();
        for (Line line : open) {
            if (isDue(line, now)) {
                due.add(line);
            } else if (now - line.start < BEFORE_THE_FIRST) {
                next = Math.min(next, line.start + BEFORE_THE_FIRST - now);
            }
        }
        if (!due.isEmpty()) {
            List<Look> looks = workers.get();
            List<WorkerState> states = looks.stream().map(Look::state).toList();
            List<Line> drawn = withoutCrowds(due);
            drawn.forEach(line -> update(line, looks, states, now));
            boolean still = drawn.stream().allMatch(line -> now - line.changedAt > RATE_WINDOW);
            long drawing = sink.drawingNanos();
            long took = clock.getAsLong() - now + drawing - drawnBefore;
            drawnBefore = drawing;
            next = Math.max(still ? next : Math.min(next, BETWEEN), Math.min(took, LONGEST_UPDATE) * SHARE);
        }
        setAlarm(Math.max(next, BETWEEN));
    }

    /** Those that have a line of their own, and for all others that of their place. */
    private List<Line> withoutCrowds(List<Line> due) {
        Map<Object, Integer> taken = new HashMap<>();
        due.stream().filter(line -> line.shown).forEach(line -> taken.merge(line.place, 1, Integer::sum));
        List<Line> own = new ArrayList<>();
        for (Line line : due) {
            if (!line.shown && line.crowd == null && taken.merge(line.place, 1, Integer::sum) > MOST_LINES) {
                Line crowd = crowds.computeIfAbsent(line.place, absent -> new Line(line));
                crowd.parts.add(line);
                crowd.asked |= line.asked;
                line.crowd = crowd;
            }
            if (line.crowd == null) {
                own.add(line);
            }
        }
        own.addAll(crowds.values());
        return own;
    }

    /** With what workers have done and not told; what has been shown is not taken back. */
    private long done(Line line, List<Look> looks) {
        long done = line.done;
        for (Look look : looks) {
            Submission at = look.submission();
            done += at != null && at.notes().line == line ? look.ahead() : 0;
        }
        for (Line part : line.parts) {
            done += done(part, looks);
        }
        return Math.max(line.shownDone, Math.min(done, line.total().orElse(Long.MAX_VALUE)));
    }

    private void update(Line line, List<Look> looks, List<WorkerState> states, long now) {
        long done = done(line, looks);
        double rate = line.rate(now, done);
        if (done != line.shownDone || !states.equals(line.shownStates)) {
            line.changedAt = now;
        } else if (line.shown && now - line.shownAt < Math.max(BETWEEN_UNCHANGED, (now - line.changedAt) / SELDOM)) {
            return;
        }
        line.shownAt = now;
        line.shownDone = done;
        line.shownStates = states;
        show(line, report(line, done, rate, states, Optional.empty()));
    }

    private void show(Line line, ProgressReport report) {
        line.shown = true;
        sink.progress(line.place, report);
    }

    private static ProgressReport report(
            Line line, long done, double rate, List<WorkerState> states, Optional<String> end) {
        return new ProgressReport(
                line.number, !line.shown, line.asked, line.what, done, line.failed(), line.total(), rate, states, end);
    }

    // ------------------------------------------------------------ how it ended

    private static String ending(Line line, Duration elapsed, Submission last) {
        String time = ProgressReport.words(elapsed);
        String failed = line.failed == 0 ? "" : ", " + line.failed + " failed";
        boolean all = line.done >= line.total().orElse(line.done);
        Throwable reason = line.reason;
        if (reason == null && all || line.cutShort < line.submissions && line.submissions > 1) {
            String cut = line.cutShort == 0
                    ? ""
                    : ", " + line.cutShort + (line.cancelled == line.cutShort ? " cancelled" : " not finished");
            return "done in " + time + ", " + line.done + (line.done == 1 ? " item" : " items") + failed + cut;
        }
        String of = line.total().isEmpty() ? "" : " of " + line.total().getAsLong();
        String count = ": " + line.done + of + " done" + failed;
        if (reason == null) {
            return (last.failFast() && line.failed > 0 ? "stopped at the first failure after " : "ended early after ")
                    + time
                    + count;
        }
        return how(reason, line.what, time) + count;
    }

    private static String how(Throwable reason, String what, String time) {
        String told = String.valueOf(reason.getMessage()).lines().findFirst().orElse("");
        if (reason instanceof CancellationException) {
            return "cancelled after " + time + (told.equals(what + " was cancelled") ? "" : " (" + told + ")");
        }
        if (reason instanceof WorkerDiedException) {
            return "given up after " + time + ", since workers died of it";
        }
        return "failed after " + time + " ("
                + (told.length() > LONGEST_REASON ? told.substring(0, LONGEST_REASON) + "..." : told) + ")";
    }
}
