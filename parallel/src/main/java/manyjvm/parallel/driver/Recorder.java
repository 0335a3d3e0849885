package manyjvm.parallel.driver;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import manyjvm.parallel.insight.Life;
import manyjvm.parallel.insight.Recording;
import manyjvm.parallel.insight.Run;
import manyjvm.parallel.insight.Shipment;
import manyjvm.parallel.insight.Spent;
import manyjvm.parallel.insight.Vitals;
import manyjvm.parallel.insight.Work;
import manyjvm.parallel.spi.PoolSettings;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.Payload;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what happened in a pool, always, since people ask afterwards. It is told what happened and when, by {@link
 * System#nanoTime}, and does no input and output: a test plays whole lives of pools in no time. Confined to the driver's thread.
 *
 * <p><b>It stays small.</b> Kept are {@value #MOST_RUNS} runs (some 130 bytes each, half a megabyte), the last {@value
 * #MOST_LIVES} workers that have ended, and the last {@value #MOST_WORKS} {@link Work}s with {@value RecordedWork#MOST_NAMES} names of what
 * was sent and five items each, of which no more than {@link ItemText#MOST_BYTES} bytes. Where there are more runs, those of a
 * worker that follow each other become one, with their sums: the shorter ones first, so that 100,000 tasks still look like
 * what they were. Sums over a {@code Work} are exact.
 *
 * <p><b>Whose clock.</b> Workers tell how long they read, worked and wrote, never when: the clocks of two JVMs need not agree.
 * A chunk that came when its worker had nothing to do spent what is left of the time between sending it and its answer on the
 * way, half of that each way; one that waited behind another began when that ended, and its way cost nothing.
 */
final class Recorder {
    static final int MOST_RUNS = 4096;
    static final int MOST_LIVES = 256;
    static final int MOST_WORKS = 16;

    /** How the names of classes begin that JShell makes of cells; a number follows. */
    private static final String CELLS = "REPL.$JShell$";

    /** Of what is recorded the 2^-20th is too short to be seen. */
    private static final int FINEST = 20;

    private final String pool;
    private final String backend;
    private final int workers;
    private final int processors;
    private final long from;
    private final Set<WorkerLife> present = new LinkedHashSet<>();
    private final Deque<Life> ended = new ArrayDeque<>();
    private final Set<Integer> filled = new HashSet<>(); // places that have had a worker
    private final List<List<Run>> runs = new ArrayList<>(); // by the worker's number
    private int count; // of runs
    private final Deque<RecordedWork> groups = new ArrayDeque<>(); // the latest submission's is last
    private int numbers;

    Recorder(PoolSettings settings, int processors, long now) {
        this(settings.name(), settings.backend(), settings.workers(), processors, now);
    }

    Recorder(String pool, String backend, int workers, int processors, long now) {
        this.pool = pool;
        this.backend = backend;
        this.workers = workers;
        this.processors = processors;
        this.from = now;
        for (int number = 0; number <= workers; number++) {
            runs.add(new ArrayList<>());
        }
    }

    /** A worker that is there. It is {@link WorkerLife#noted}. */
    static final class Notes {
        final int number;
        final long launched;
        final boolean replacement;
        final Deque<Open> chunks = new ArrayDeque<>();
        long pid;
        OptionalLong cameIn = OptionalLong.empty();
        long free; // when it had last done what it had
        long heard; // when the last answer was here

        Notes(int number, long launched, boolean replacement) {
            this.number = number;
            this.launched = launched;
            this.replacement = replacement;
        }

        /**
         * Of the time for which it had nothing to do before a chunk begins, what its last answer and that chunk were on the way;
         * the rest is waiting. What is on the way while it works costs nothing.
         */
        long onTheWay(long sent, long begun) {
            long there = Math.max(sent, free);
            long back = Math.min(heard, there);
            return Math.max(0, begun - there) + Math.max(0, back - free);
        }

        Life life(OptionalLong gone, String why, boolean died) {
            return new Life(number, pid, launched, cameIn, gone, why, died, replacement, Vitals.NONE);
        }
    }

    /** A chunk that a worker has. It is {@link Chunk#noted}, since each message is about one. */
    static final class Open {
        private final Notes worker;
        private final int work;
        private final RecordedWork.@Nullable Call call; // null for a hook, which is nobody's task
        final Chunk chunk;
        final long first;
        final long sent;
        boolean hasBegun; // as far as is known
        long begun; // where it has
        long answered;
        long items;
        long failed;
        long bytesBack;
        Spent spent = Spent.NONE;

        private Open(
                Notes worker, @Nullable RecordedWork group, RecordedWork.@Nullable Call call, Chunk chunk, long sent) {
            this.worker = worker;
            this.work = group == null ? 0 : group.number;
            this.call = call;
            this.chunk = chunk;
            this.first = chunk.first + chunk.next;
            this.sent = sent;
        }

        long earliest() {
            return Math.max(sent, worker.free);
        }

        Run run(long end, Run.End how) {
            long begin = hasBegun ? begun : earliest();
            return new Run(
                    work,
                    worker.number,
                    chunk.submission.description(),
                    chunk.isHook(),
                    1,
                    first,
                    items,
                    failed,
                    bytes(chunk.items),
                    bytesBack,
                    sent,
                    begin,
                    Math.max(begin, end),
                    spent,
                    how);
        }
    }

    // ------------------------------------------------------------ submissions

    /** What comes from one place belongs together. */
    void submitted(Submission submission, long now) {
        if (submission.hook()) {
            return;
        }
        RecordedWork group = group(submission.output().place(), now);
        group.running++;
        RecordedWork.Call call = group.call(submission.description());
        call.times++;
        submission.notes().call = call;
    }

    private RecordedWork group(Object place, long now) {
        RecordedWork last = groups.peekLast();
        if (last != null && last.takes(place, now)) {
            return last;
        }
        for (Iterator<RecordedWork> latest = groups.descendingIterator(); latest.hasNext(); ) {
            RecordedWork group = latest.next();
            if (group.takes(place, now)) {
                latest.remove();
                groups.add(group);
                return group;
            }
        }
        RecordedWork made = new RecordedWork(++numbers, place, now);
        groups.add(made);
        if (groups.size() > MOST_WORKS) {
            groups.removeFirst();
        }
        return made;
    }

    void ended(Submission submission, long now) {
        RecordedWork.Call call = submission.notes().call;
        if (call != null) {
            submission.notes().call = null;
            call.work.running--;
            call.work.to = now;
        }
    }

    /** An item has failed with its worker. */
    void lost(Submission submission) {
        RecordedWork.Call call = submission.notes().call;
        if (call != null) {
            call.work.items++;
            call.work.failed++;
        }
    }

    /** So much of its code was sent to a worker for it; for a hook it belongs to whatever is there. */
    void shipped(WorkerLife life, Submission submission, Shipment.Kind kind, String name, long bytes) {
        RecordedWork latest = groups.peekLast();
        RecordedWork.Call call = !submission.hook()
                ? submission.notes().call
                : latest == null ? null : latest.call(submission.description());
        if (call != null) {
            RecordedWork.Sent sent =
                    switch (kind) {
                        case VARIABLE -> call.work.sent(call.work.variables, name);
                        case CLASS -> call.work.sent(call.work.classes, shown(name));
                        case FUNCTION -> call.function;
                        case ITEMS -> call.items;
                        case RESULTS -> call.results;
                    };
            sent.add(life.number(), bytes);
        }
    }

    /** A class of a cell as the user named it; all that holds a cell's methods and variables is one. */
    static String shown(String binaryName) {
        int inner = binaryName.startsWith(CELLS) ? binaryName.indexOf('$', CELLS.length()) + 1 : 0;
        return inner == 0 && binaryName.startsWith(CELLS)
                ? "the cells' own"
                : binaryName.substring(inner).replace('$', '.');
    }

    // ------------------------------------------------------------ workers

    void launched(WorkerLife life, long now) {
        present.add(life);
        life.noted = new Notes(life.number(), now, !filled.add(life.number()));
    }

    void pid(WorkerLife life, long pid) {
        Notes worker = life.noted;
        if (worker != null) {
            worker.pid = pid;
        }
    }

    void cameIn(WorkerLife life, long now) {
        Notes worker = life.noted;
        if (worker != null) {
            worker.cameIn = OptionalLong.of(now);
            worker.free = now;
        }
    }

    /**
     * It is gone.
     *
     * @param died whether it was not told to end
     * @param atWork whether it had begun a chunk that it had
     */
    void gone(WorkerLife life, String why, boolean died, Predicate<Chunk> atWork, long now) {
        Notes worker = life.noted;
        if (worker == null) {
            return;
        }
        present.remove(life);
        life.noted = null;
        for (Open at : List.copyOf(worker.chunks)) {
            if (at.hasBegun || atWork.test(at.chunk)) {
                end(at, Math.max(now, at.earliest()), died ? Run.End.DIED : Run.End.STOPPED);
            } else {
                forget(at);
            }
        }
        ended.add(worker.life(OptionalLong.of(now), why, died));
        if (ended.size() > MOST_LIVES) {
            ended.removeFirst();
        }
    }

    // ------------------------------------------------------------ chunks

    void sent(WorkerLife life, Chunk chunk, long now) {
        Notes worker = life.noted;
        if (worker != null) {
            RecordedWork.Call call = chunk.submission.notes().call;
            RecordedWork group = call != null ? call.work : chunk.isHook() ? groups.peekLast() : null;
            Open at = new Open(worker, group, call, chunk, now);
            worker.chunks.add(at);
            chunk.noted = at;
            if (call != null && chunk.next == 0) {
                call.work.smallest = Math.min(call.work.smallest, chunk.size);
                call.work.largest = Math.max(call.work.largest, chunk.size);
            }
            long there = bytes(chunk.items);
            if (call != null && there > 0) {
                call.items.add(worker.number, there);
            }
        }
    }

    private static void forget(Open at) {
        at.worker.chunks.remove(at);
        at.chunk.noted = null;
    }

    private static long bytes(Payload payload) {
        return payload instanceof Payload.Bytes encoded ? encoded.bytes().length : 0;
    }

    /** What a worker tells of some items, before {@link #outcomes}. */
    void told(Chunk chunk, Message.ChunkItems message, Batches.Reading reading, long now) {
        Open at = chunk.noted;
        if (at == null) {
            return;
        }
        Notes worker = at.worker;
        Spent spent = message.spent();
        if (!at.hasBegun) {
            worker.free += spent.sending(); // it had to get rid of its last outcomes first
            long earliest = at.earliest();
            long onTheWay = Math.max(0, now - earliest - spent.busy());
            long begun = at.sent >= worker.free ? earliest + onTheWay / 2 : earliest;
            at.begun = begun;
            at.hasBegun = true;
            at.answered = begun + Math.min(spent.busy(), Math.max(0, now - begun));
            spent = spent.sent(worker.onTheWay(at.sent, begun));
        } else {
            at.answered = now;
        }
        worker.heard = now;
        at.spent = at.spent.plus(spent);
        long back = bytes(message.outcomes());
        at.bytesBack += back;
        RecordedWork.Call call = at.call;
        if (call != null) {
            if (back > 0) {
                call.results.add(worker.number, back);
            }
            if (chunk.size == 1 && message.count() == 1) {
                noteSlow(call.work, at, 0, 1, spent.working(), reading);
            } else {
                for (Message.Slow one : message.slow()) {
                    noteSlow(call.work, at, one.item(), one.items(), one.nanos(), reading);
                }
            }
        }
    }

    private static void noteSlow(
            RecordedWork group, Open at, int item, int items, long nanos, Batches.Reading reading) {
        if (group.isAmongSlowest(nanos) && item >= 0 && item < at.chunk.size) {
            group.add(new RecordedWork.Slow(
                    at.chunk.submission.description(),
                    at.chunk.first + item,
                    items,
                    at.worker.number,
                    nanos,
                    items == 1 ? ItemText.of(at.chunk.items, item, reading) : () -> ""));
        }
    }

    void outcomes(Chunk chunk, int items, int failed) {
        Open at = chunk.noted;
        if (at != null) {
            at.items += items;
            at.failed += failed;
            if (at.call != null) {
                at.call.work.items += items;
                at.call.work.failed += failed;
            }
        }
    }

    /** The worker has it no more. */
    void answered(Chunk chunk, Run.End how, long now) {
        Open at = chunk.noted;
        if (at == null) {
            return;
        }
        if (how == Run.End.STOPPED && at.items == 0 && !at.hasBegun) {
            forget(at); // the worker had not begun it
            return;
        }
        boolean known = at.hasBegun && how == Run.End.DONE;
        end(at, known ? at.answered : Math.max(now, at.earliest()), how);
    }

    private void end(Open at, long end, Run.End how) {
        forget(at);
        Run run = at.run(end, how);
        at.worker.free = run.ended();
        runs.get(at.worker.number).add(run);
        if (at.call != null) {
            RecordedWork group = at.call.work;
            group.tasks++;
            group.spent = group.spent.plus(at.spent);
            // What no message told of it was work, as far as anybody knows.
            if (how == Run.End.DIED || how == Run.End.STOPPED) {
                long rest = Math.max(0, run.ended() - run.begun() - at.spent.busy());
                group.spent = group.spent.plus(new Spent(0, rest, 0, 0));
            }
        }
        if (++count > MOST_RUNS) {
            shrink(run.ended());
        }
    }

    /** To half of what may be kept: runs that are short together become one; where that is not enough, the oldest go. */
    private void shrink(long now) {
        int first = groups.isEmpty()
                ? 0
                : groups.stream().mapToInt(group -> group.number).min().orElse(0);
        runs.forEach(ofWorker -> ofWorker.removeIf(run -> run.work() < first && !run.hook()));
        recount();
        long span = Math.max(1, now - from);
        for (long longest = Math.max(1, span >> FINEST); count > MOST_RUNS / 2 && longest < span; longest *= 2) {
            long together = longest;
            runs.replaceAll(ofWorker -> Recording.merged(ofWorker, together));
            recount();
        }
        if (count > MOST_RUNS / 2) {
            long[] begins = runs.stream()
                    .flatMap(List::stream)
                    .mapToLong(Run::begun)
                    .sorted()
                    .toArray();
            long oldest = begins[begins.length - MOST_RUNS / 2];
            runs.forEach(ofWorker -> ofWorker.removeIf(run -> run.begun() < oldest));
            recount();
        }
    }

    private void recount() {
        count = runs.stream().mapToInt(List::size).sum();
    }

    // ------------------------------------------------------------ what is asked

    /** All that is remembered; the arguments of slow items are read, which may run users' code, by whoever calls {@code get}. */
    Supplier<Recording> recording(long now) {
        List<Life> lives = new ArrayList<>(ended);
        List<Run> all = new ArrayList<>(count);
        runs.forEach(all::addAll);
        present.forEach(life -> {
            Notes worker = Objects.requireNonNull(life.noted, "a worker that is there");
            lives.add(worker.life(OptionalLong.empty(), "", false));
            Open at = worker.chunks.peek();
            if (at != null) {
                all.add(at.run(now, Run.End.RUNNING));
            }
        });
        lives.sort(Comparator.comparingLong(Life::launched));
        all.sort(Comparator.comparingLong(Run::begun));
        List<Supplier<Work>> works = new ArrayList<>();
        for (RecordedWork group : groups) {
            works.add(group.told(now));
        }
        return () -> new Recording(
                pool,
                backend,
                workers,
                processors,
                from,
                now,
                List.copyOf(lives),
                List.copyOf(all),
                works.stream().map(Supplier::get).toList());
    }
}
