package manyjvm.parallel.driver;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import manyjvm.parallel.insight.Life;
import manyjvm.parallel.insight.Recording;
import manyjvm.parallel.insight.Run;
import manyjvm.parallel.insight.Shipment;
import manyjvm.parallel.insight.SlowItem;
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
 * #MOST_LIVES} workers that have ended, and the last {@value #MOST_WORKS} {@link Work}s with {@value #MOST_NAMES} names of what
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
    static final int MOST_NAMES = 200;
    private static final int MOST_SLOW = 5;

    /** Of what is recorded the 2^-20th is too short to be seen. */
    private static final int FINEST = 20;

    /** What takes less is no slow item; of several items of a chunk the worker tells no others. */
    private static final long SLOW = 50_000;

    /** So long after the last one ended, a submission from the same place belongs to another work. */
    private static final long PAUSE = 60_000_000_000L;

    private final String pool;
    private final String backend;
    private final int workers;
    private final int processors;
    private final long from;
    private final Map<WorkerLife, Notes> present = new LinkedHashMap<>();
    private final Deque<Life> ended = new ArrayDeque<>();
    private final Set<Integer> filled = new HashSet<>(); // places that have had a worker
    private final List<List<Run>> runs = new ArrayList<>(); // by the worker's number
    private int count; // of runs
    private final Deque<Group> groups = new ArrayDeque<>(); // the latest submission's is last
    private final Map<Long, Group> open = new HashMap<>(); // by submission
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

    /** A worker that is there. */
    private static final class Notes {
        final long launched;
        final boolean replacement;
        final Map<Long, Open> chunks = new LinkedHashMap<>();
        long pid;
        OptionalLong cameIn = OptionalLong.empty();
        long free; // when it had last done what it had
        long heard; // when the last answer was here

        Notes(long launched, boolean replacement) {
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

        Life life(int worker, OptionalLong gone, String why, boolean died) {
            return new Life(worker, pid, launched, cameIn, gone, why, died, replacement, Vitals.NONE);
        }
    }

    /** A chunk that a worker has. */
    private static final class Open {
        final @Nullable Group group; // null for a hook before anything was submitted
        final Chunk chunk;
        final long first;
        final long sent;
        OptionalLong begun = OptionalLong.empty();
        long answered;
        long items;
        long failed;
        long bytesBack;
        Spent spent = Spent.NONE;

        Open(@Nullable Group group, Chunk chunk, long sent) {
            this.group = group;
            this.chunk = chunk;
            this.first = chunk.first + chunk.next;
            this.sent = sent;
        }

        long earliest(Notes worker) {
            return Math.max(sent, worker.free);
        }

        Run run(int worker, long begin, long end, Run.End how) {
            return new Run(
                    group == null ? 0 : group.number,
                    worker,
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

    /** What was sent under a name. */
    private static final class Sent {
        long bytes;
        long times;
        final Set<Integer> workers = new HashSet<>();

        void add(int worker, long more) {
            bytes += more;
            times++;
            workers.add(worker);
        }
    }

    /** An item among the slowest. */
    private record Slow(String call, long item, int items, int worker, long nanos, Supplier<String> argument) {}

    /** What a {@link Work} is made of. */
    private static final class Group {
        final int number;
        final WeakReference<Object> place; // nobody submits from one that is gone
        final long from;
        long to;
        int running;
        final Map<String, Long> calls = new TreeMap<>();
        long tasks;
        long items;
        long failed;
        Spent spent = Spent.NONE;
        long smallest = Long.MAX_VALUE;
        long largest;
        final List<Slow> slow = new ArrayList<>(MOST_SLOW + 1); // the slowest first
        final Map<Shipment.Kind, Map<String, Sent>> shipped = new EnumMap<>(Shipment.Kind.class);
        int names;

        Group(int number, Object place, long now) {
            this.number = number;
            this.place = new WeakReference<>(place);
            this.from = now;
        }

        void shipped(int worker, Shipment.Kind kind, String name, long bytes) {
            Map<String, Sent> ofKind = shipped.computeIfAbsent(kind, absent -> new HashMap<>());
            Sent sent = ofKind.get(name);
            if (sent == null) {
                sent = names < MOST_NAMES ? new Sent() : ofKind.computeIfAbsent("others", absent -> new Sent());
                if (names < MOST_NAMES) {
                    ofKind.put(name, sent);
                    names++;
                }
            }
            sent.add(worker, bytes);
        }

        boolean isAmongSlowest(long nanos) {
            return nanos >= SLOW
                    && (slow.size() < MOST_SLOW
                            || nanos > slow.get(MOST_SLOW - 1).nanos());
        }

        void add(Slow one) {
            slow.add(one);
            slow.sort(Comparator.comparingLong(Slow::nanos).reversed());
            if (slow.size() > MOST_SLOW) {
                slow.remove(MOST_SLOW);
            }
        }
    }

    // ------------------------------------------------------------ submissions

    /** What comes from one place belongs together. */
    void submitted(Submission submission, long now) {
        if (submission.hook()) {
            return;
        }
        Group group = group(submission.output().place(), now);
        open.put(submission.id(), group);
        group.running++;
        group.calls.merge(submission.description(), 1L, Long::sum);
    }

    private Group group(Object place, long now) {
        for (Iterator<Group> latest = groups.descendingIterator(); latest.hasNext(); ) {
            Group group = latest.next();
            if (place.equals(group.place.get()) && (group.running > 0 || now - group.to < PAUSE)) {
                if (group != groups.getLast()) {
                    latest.remove();
                    groups.add(group);
                }
                return group;
            }
        }
        Group made = new Group(++numbers, place, now);
        groups.add(made);
        if (groups.size() > MOST_WORKS) {
            groups.removeFirst();
        }
        return made;
    }

    void ended(Submission submission, long now) {
        Group group = open.remove(submission.id());
        if (group != null) {
            group.running--;
            group.to = now;
        }
    }

    /** An item has failed with its worker. */
    void lost(Submission submission) {
        Group group = open.get(submission.id());
        if (group != null) {
            group.items++;
            group.failed++;
        }
    }

    /** So much was sent to a worker for it; for a hook it belongs to whatever is there. */
    void shipped(WorkerLife life, Submission submission, Shipment.Kind kind, String name, long bytes) {
        Group group = groupOf(submission);
        if (group != null) {
            group.shipped(life.number(), kind, kind == Shipment.Kind.CLASS ? shown(name) : name, bytes);
        }
    }

    /** A class of a cell as the user named it; all that holds a cell's methods and variables is one. */
    static String shown(String binaryName) {
        String name = binaryName.replaceFirst("^REPL\\.\\$JShell\\$\\w+", "");
        return name.isEmpty() ? "the cells' own" : name.replaceFirst("^\\$", "").replace('$', '.');
    }

    private @Nullable Group groupOf(Submission submission) {
        return submission.hook() ? groups.peekLast() : open.get(submission.id());
    }

    // ------------------------------------------------------------ workers

    void launched(WorkerLife life, long now) {
        present.put(life, new Notes(now, !filled.add(life.number())));
    }

    void pid(WorkerLife life, long pid) {
        Notes worker = present.get(life);
        if (worker != null) {
            worker.pid = pid;
        }
    }

    void cameIn(WorkerLife life, long now) {
        Notes worker = present.get(life);
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
        Notes worker = present.remove(life);
        if (worker == null) {
            return;
        }
        for (Open chunk : List.copyOf(worker.chunks.values())) {
            if (chunk.begun.isPresent() || atWork.test(chunk.chunk)) {
                end(life, worker, chunk, Math.max(now, chunk.earliest(worker)), Run.End.DIED);
            }
        }
        ended.add(worker.life(life.number(), OptionalLong.of(now), why, died));
        if (ended.size() > MOST_LIVES) {
            ended.removeFirst();
        }
    }

    // ------------------------------------------------------------ chunks

    void sent(WorkerLife life, Chunk chunk, long now) {
        Notes worker = present.get(life);
        if (worker != null) {
            Group group = groupOf(chunk.submission);
            worker.chunks.put(chunk.id, new Open(group, chunk, now));
            if (group != null && !chunk.isHook() && chunk.next == 0) {
                group.smallest = Math.min(group.smallest, chunk.size);
                group.largest = Math.max(group.largest, chunk.size);
            }
        }
    }

    private static long bytes(Payload payload) {
        return payload instanceof Payload.Bytes encoded ? encoded.bytes().length : 0;
    }

    /** What a worker tells of some items, before {@link #outcomes}. */
    void told(WorkerLife life, Chunk chunk, Message.ChunkItems message, Batches.Reading reading, long now) {
        Notes worker = present.get(life);
        Open at = worker == null ? null : worker.chunks.get(chunk.id);
        if (worker == null || at == null) {
            return;
        }
        Spent spent = message.spent();
        if (at.begun.isEmpty()) {
            long earliest = at.earliest(worker);
            long onTheWay = Math.max(0, now - earliest - spent.busy());
            long begun = at.sent >= worker.free ? earliest + onTheWay / 2 : earliest;
            at.begun = OptionalLong.of(begun);
            at.answered = begun + Math.min(spent.busy(), Math.max(0, now - begun));
            spent = spent.sent(worker.onTheWay(at.sent, begun));
        } else {
            at.answered = now;
        }
        worker.heard = now;
        at.spent = at.spent.plus(spent);
        long back = bytes(message.outcomes());
        at.bytesBack += back;
        Group group = at.group;
        if (group != null && !chunk.isHook()) {
            if (back > 0) {
                group.shipped(life.number(), Shipment.Kind.RESULTS, chunk.submission.description(), back);
            }
            noteSlow(group, life.number(), chunk, message, reading);
        }
    }

    private static void noteSlow(
            Group group, int worker, Chunk chunk, Message.ChunkItems message, Batches.Reading reading) {
        List<Message.Slow> slow = chunk.size == 1 && message.count() == 1
                ? List.of(new Message.Slow(0, 1, message.spent().busy()))
                : message.slow();
        for (Message.Slow one : slow) {
            if (group.isAmongSlowest(one.nanos()) && one.item() >= 0 && one.item() < chunk.size) {
                group.add(new Slow(
                        chunk.submission.description(),
                        chunk.first + one.item(),
                        one.items(),
                        worker,
                        one.nanos(),
                        one.items() == 1 ? ItemText.of(chunk.items, one.item(), reading) : () -> ""));
            }
        }
    }

    void outcomes(WorkerLife life, Chunk chunk, int items, int failed) {
        Notes worker = present.get(life);
        Open at = worker == null ? null : worker.chunks.get(chunk.id);
        if (at != null) {
            at.items += items;
            at.failed += failed;
            if (at.group != null && !chunk.isHook()) {
                at.group.items += items;
                at.group.failed += failed;
            }
        }
    }

    /** The worker has it no more. */
    void answered(WorkerLife life, Chunk chunk, Run.End how, long now) {
        Notes worker = present.get(life);
        Open at = worker == null ? null : worker.chunks.get(chunk.id);
        if (worker == null || at == null) {
            return;
        }
        if (how == Run.End.STOPPED && at.items == 0 && at.begun.isEmpty()) {
            worker.chunks.remove(chunk.id); // the worker had not begun it
            return;
        }
        boolean known = at.begun.isPresent() && how == Run.End.DONE;
        end(life, worker, at, known ? at.answered : Math.max(now, at.earliest(worker)), how);
    }

    private void end(WorkerLife life, Notes worker, Open at, long end, Run.End how) {
        worker.chunks.remove(at.chunk.id);
        Run run = at.run(life.number(), at.begun.orElse(at.earliest(worker)), end, how);
        worker.free = run.ended();
        runs.get(life.number()).add(run);
        if (at.group != null && !at.chunk.isHook()) {
            at.group.tasks++;
            at.group.spent = at.group.spent.plus(at.spent);
            // What no message told of it was work, as far as anybody knows.
            if (how == Run.End.DIED || how == Run.End.STOPPED) {
                long rest = Math.max(0, run.ended() - run.begun() - at.spent.busy());
                at.group.spent = at.group.spent.plus(new Spent(0, rest, 0, 0));
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
        present.forEach((life, worker) -> {
            lives.add(worker.life(life.number(), OptionalLong.empty(), "", false));
            worker.chunks.values().stream().findFirst().ifPresent(at -> {
                long begun = at.begun.orElse(at.earliest(worker));
                all.add(at.run(life.number(), begun, now, Run.End.RUNNING));
            });
        });
        lives.sort(Comparator.comparingLong(Life::launched));
        all.sort(Comparator.comparingLong(Run::begun));
        List<Supplier<Work>> works = new ArrayList<>();
        for (Group group : groups) {
            works.add(work(group, now));
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

    private Supplier<Work> work(Group group, long now) {
        List<Slow> slow = List.copyOf(group.slow);
        List<Shipment> shipped = new ArrayList<>();
        group.shipped.forEach((kind, ofKind) -> ofKind.forEach(
                (name, sent) -> shipped.add(new Shipment(kind, name, sent.bytes, sent.times, sent.workers.size()))));
        shipped.sort(Comparator.comparingLong(Shipment::bytes).reversed().thenComparing(Shipment::name));
        Work without = new Work(
                group.number,
                group.from,
                group.running > 0 ? now : group.to,
                group.running,
                new TreeMap<>(group.calls),
                group.tasks,
                group.items,
                group.failed,
                group.spent,
                group.largest == 0 ? 0 : group.smallest,
                group.largest,
                List.of(),
                List.copyOf(shipped));
        return () -> without.with(slow.stream()
                .map(one -> new SlowItem(
                        one.call(),
                        one.item(),
                        one.items(),
                        one.worker(),
                        one.nanos(),
                        one.argument().get()))
                .toList());
    }
}
