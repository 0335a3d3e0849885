package manyjvm.parallel.insight;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a {@link Recording} comes to in figures. {@link #toString} is a table for people. Immutable.
 *
 * @param recording what it was made of
 * @param workers one row for each of the pool's workers
 * @param wall nanoseconds from the first submission to the end of the last; of several works those in which at least one had not
 *     ended
 * @param work nanoseconds that all workers together spent in the users' functions
 * @param advice what would make it faster, where the figures bear it; may be empty
 */
public record Insights(Recording recording, List<PerWorker> workers, long wall, long work, List<String> advice) {
    /**
     * A place in the pool, with all workers that had it. Times are nanoseconds within the recording and together make up its span,
     * but for the time without a worker, and the time in which it did what is not of the recording's works.
     *
     * @param startUp until it came in, and its initializer
     * @param waiting without anything to do
     * @param spent on its tasks
     * @param tasks (chunks) that it did
     * @param vitals what the last of them says of itself, since its start
     */
    public record PerWorker(
            int worker, long startUp, long waiting, Spent spent, long tasks, long items, long failed, Vitals vitals) {}

    /** Of a recording. */
    public static Insights of(Recording recording) {
        List<PerWorker> workers = new ArrayList<>();
        for (int number = 1; number <= recording.workers(); number++) {
            workers.add(row(recording, number));
        }
        long work = 0;
        for (Work each : recording.works()) {
            work += each.spent().working();
        }
        work += recording.runs().stream()
                .filter(run -> run.end() == Run.End.RUNNING && !run.hook() && recording.isOwn(run))
                .mapToLong(run -> rest(recording, run))
                .sum();
        Insights without =
                new Insights(recording, List.copyOf(workers), Math.max(1, recording.wall()), work, List.of());
        return new Insights(recording, without.workers, without.wall, work, Advice.of(without));
    }

    private static PerWorker row(Recording recording, int number) {
        long startUp = 0;
        long there = 0;
        Vitals vitals = Vitals.NONE;
        for (Life life : recording.lives()) {
            if (life.worker() == number) {
                long end = life.ended().orElse(recording.taken());
                startUp += recording.within(life.launched(), life.cameIn().orElse(end));
                there += recording.within(life.cameIn().orElse(end), end);
                vitals = life.vitals();
            }
        }
        Spent spent = Spent.NONE;
        long tasks = 0;
        long items = 0;
        long failed = 0;
        long hooks = 0;
        long others = 0;
        for (Run run : recording.runsOf(number).toList()) {
            if (run.hook()) {
                hooks += recording.within(run.begun(), run.ended());
            } else if (!recording.isOwn(run)) {
                others += Math.round(run.share() * recording.within(run.begun(), run.ended()));
            } else {
                spent = spent.plus(run.spent()).plus(new Spent(0, rest(recording, run), 0, 0));
                tasks += run.end() == Run.End.RUNNING ? 0 : run.tasks();
                items += run.items();
                failed += run.failed();
            }
        }
        long waiting = Math.max(0, there - spent.busy() - spent.sending() - hooks - others);
        return new PerWorker(number, startUp + hooks, waiting, spent, tasks, items, failed, vitals);
    }

    /** What no message told of a run that its worker did not end: work, as far as anybody knows. */
    private static long rest(Recording recording, Run run) {
        return run.end() == Run.End.DONE
                ? 0
                : Math.max(
                        0,
                        recording.within(run.begun(), run.ended()) - run.spent().busy());
    }

    // ------------------------------------------------------------ what it comes to

    /** Work in all per time that passed: how many times faster than one after the other. */
    public double speedUp() {
        return (double) work / wall;
    }

    /** Of what so many workers could do, from 0 to 1. */
    public double efficiency() {
        return Math.min(1, speedUp() / recording.workers());
    }

    /** The slowest items of all, at most five, the slowest first. */
    public List<SlowItem> slowest() {
        return recording.works().stream()
                .flatMap(each -> each.slowest().stream())
                .sorted((one, other) -> Long.compare(other.nanos(), one.nanos()))
                .limit(5)
                .toList();
    }

    /** What went to workers and came back, the largest first. */
    public List<Shipment> shipped() {
        return recording.works().stream()
                .flatMap(each -> each.shipped().stream())
                .sorted((one, other) -> Long.compare(other.bytes(), one.bytes()))
                .toList();
    }

    long tasks() {
        return recording.works().stream().mapToLong(Work::tasks).sum();
    }

    long items() {
        return recording.works().stream().mapToLong(Work::items).sum();
    }

    /** {@code map}, {@code 3 applyAsync}: what was called. */
    static String calls(Recording recording) {
        Map<String, Long> calls = recording.works().stream()
                .flatMap(work -> work.calls().entrySet().stream())
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, TreeMap::new, Collectors.summingLong(Map.Entry::getValue)));
        return calls.entrySet().stream()
                .map(call -> (call.getValue() == 1 ? "" : Words.count(call.getValue()) + " ") + call.getKey())
                .collect(Collectors.joining(", "));
    }

    /** {@code Pool-1, 2 processes: map, 10 items in 8 tasks, 1.2 s}. */
    static String heading(Recording recording) {
        String pool = recording.pool() + ", " + recording.workers() + " "
                + switch (recording.backend()) {
                    case "processes" -> recording.workers() == 1 ? "process" : "processes";
                    case "threads" -> recording.workers() == 1 ? "thread" : "threads";
                    case "virtual" -> recording.workers() == 1 ? "virtual thread" : "virtual threads";
                    default -> "workers on " + recording.backend();
                };
        if (recording.works().isEmpty()) {
            return pool + ": no work yet";
        }
        long tasks = 0;
        long items = 0;
        long failed = 0;
        boolean runs = false;
        for (Work work : recording.works()) {
            tasks += work.tasks();
            items += work.items();
            failed += work.failed();
            runs |= work.running() > 0;
        }
        return pool + ": " + calls(recording) + ", " + Words.count(items, "item") + " in "
                + Words.count(tasks, "task") + (failed == 0 ? "" : ", " + Words.count(failed) + " failed") + ", "
                + Words.time(recording.wall()) + (runs ? " so far" : "");
    }

    // ------------------------------------------------------------ as text

    /** What stands above the columns of {@link #rows}. */
    public List<String> headings() {
        return List.of(
                "worker",
                "start-up",
                "waiting",
                "working",
                "reading",
                "writing",
                "sending",
                "tasks",
                "items",
                "cpu",
                "collections");
    }

    /** A row for each worker, as words. */
    public List<List<String>> rows() {
        return workers.stream()
                .map(row -> List.of(
                        String.valueOf(row.worker()),
                        Words.time(row.startUp()),
                        Words.time(row.waiting()),
                        Words.time(row.spent().working()),
                        Words.time(row.spent().reading()),
                        Words.time(row.spent().writing()),
                        Words.time(row.spent().sending()),
                        Words.count(row.tasks()),
                        Words.count(row.items()),
                        row.vitals().cpu() == Vitals.UNKNOWN
                                ? "-"
                                : Words.time(row.vitals().cpu()),
                        row.vitals().collections() == Vitals.UNKNOWN
                                ? "-"
                                : row.vitals().collections() + " in "
                                        + Words.time(row.vitals().collecting())))
                .toList();
    }

    /** {@code Pool-1, 2 processes: map, 10 items in 8 tasks, 1.2 s}. */
    public String heading() {
        return heading(recording);
    }

    /** The figures below the table, in sentences by heading. */
    public List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        if (recording.works().isEmpty()) {
            return sections;
        }
        List<String> lines = new ArrayList<>();
        lines.add(Words.time(work) + " of work in " + Words.time(wall) + " of time, by "
                + Words.count(recording.workers(), "worker") + " on "
                + Words.count(recording.processors(), "processor"));
        if (workers.stream().anyMatch(row -> row.vitals().cpu() != Vitals.UNKNOWN)) {
            lines.add("cpu and collections are since each worker's start");
        }
        sections.add(new Section(
                "speed-up " + Words.factor(speedUp()) + ", efficiency " + Words.percent(efficiency()), lines));
        if (!slowest().isEmpty()) {
            sections.add(new Section(
                    "slowest items", slowest().stream().map(Insights::slow).toList()));
        }
        if (!shipped().isEmpty()) {
            List<String> sent =
                    shipped().stream().limit(12).map(Insights::shipment).collect(Collectors.toList());
            int more = shipped().size() - sent.size();
            if (more > 0) {
                long bytes =
                        shipped().stream().skip(12).mapToLong(Shipment::bytes).sum();
                sent.add(Words.bytes(bytes) + "  " + Words.count(more, "smaller thing"));
            }
            sections.add(new Section("sent", sent));
        }
        if (!advice.isEmpty()) {
            sections.add(new Section("advice", advice));
        }
        return sections;
    }

    /** Some lines under a heading. */
    public record Section(String heading, List<String> lines) {}

    private static String slow(SlowItem item) {
        String which = item.items() == 1
                ? "item " + Words.count(item.item())
                : "items " + Words.count(item.item()) + " to " + Words.count(item.item() + item.items() - 1)
                        + " together";
        return Words.time(item.nanos()) + "  " + which + " of " + item.call()
                + (item.argument().isEmpty() ? "" : ", argument " + item.argument()) + ", worker " + item.worker();
    }

    private static String shipment(Shipment sent) {
        String where = sent.kind() == Shipment.Kind.RESULTS
                ? " from " + Words.count(sent.workers(), "worker")
                : " to " + Words.count(sent.workers(), "worker");
        return Words.bytes(sent.bytes()) + "  " + words(sent) + ", " + Words.times(sent.times()) + where;
    }

    private static String words(Shipment sent) {
        return switch (sent.kind()) {
            case VARIABLE, CLASS -> sent.kind().word() + " " + sent.name();
            case FUNCTION, ITEMS, RESULTS -> sent.kind().word() + " of " + sent.name();
        };
    }

    /** The table, and what it comes to. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(heading()).append('\n');
        List<List<String>> table = new ArrayList<>();
        table.add(headings());
        table.addAll(rows());
        Words.columns(table).forEach(line -> text.append(line).append('\n'));
        for (Section section : sections()) {
            text.append(section.heading()).append('\n');
            section.lines().forEach(line -> text.append("  ").append(line).append('\n'));
        }
        return text.toString().stripTrailing();
    }
}
