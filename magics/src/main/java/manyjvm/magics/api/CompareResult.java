package manyjvm.magics.api;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import manyjvm.magics.lesson.Comparison;
import manyjvm.magics.lesson.Run;
import manyjvm.magics.lesson.Span;

/** What {@code %%compare} measured. Immutable. */
public final class CompareResult {
    private static final List<String> HEADINGS =
            List.of("on", "way", "time", "from - to", "CPU time", "speed-up", "under way at once", "running at once");

    /** What stands for a speed-up that nobody can tell from 1. */
    private static final String NOISE = "\u2248 1";

    private static final double NANOS_PER_MILLI = 1e6;
    private static final int COLUMNS = 60;

    /** More than this many tasks at once are several; a little more than one is how things are measured. */
    private static final double SEVERAL = 1.4;

    private static final double HARDLY = 0.3;

    /** Where less than this part of the tasks under way runs, on the average, they take turns. */
    private static final double TURNS = 0.8;

    /** Fewer tasks than this under way, on the average, and for much of the time there was none. */
    private static final double OFTEN_NONE = 0.7;

    /** What nobody would call faster, however small the noise. */
    private static final double AS_FAST = 0.02;

    /** So long a part of the runs is drawn once more, where it is a small one and tasks took turns in it. */
    private static final long CLOSE_UP = 100_000_000;

    private static final int SMALL_PART = 4;
    private static final long LOOKED_AT = 2_000_000;

    private static final long CPU_STEP = 10_000_000; // as the system tells CPU times

    private final List<Row> rows;
    private final int items;
    private final int workers;
    private final List<String> notes;

    /**
     * A way on so many processors.
     *
     * @param runs each time that it was measured, at least one
     */
    public record Row(String way, int processors, List<Run> runs) {
        private List<Run> sorted() {
            return runs.stream().sorted(Comparator.comparingLong(Run::wall)).toList();
        }

        /** The run whose time is in the middle of all. */
        public Run median() {
            return sorted().get((runs.size() - 1) / 2);
        }

        /** The time of the fastest run, in nanoseconds. */
        public long least() {
            return sorted().get(0).wall();
        }

        /** The time of the slowest run, in nanoseconds. */
        public long most() {
            return sorted().get(runs.size() - 1).wall();
        }

        /** Whether some run of this took as long as some run of the other, so that nobody can tell which is faster. */
        public boolean isWithinNoiseOf(Row other) {
            return least() <= other.most() && other.least() <= most();
        }

        /** How many times as fast as another this is. */
        public double speedUpOver(Row other) {
            return (double) other.median().wall() / median().wall();
        }

        /** {@code threads on 1 processor}. */
        public String title() {
            return way + " on " + CompareResult.processors(processors);
        }

        /** The calls of the median run by who made them: whose first began first comes first. */
        public List<List<Span>> lanes() {
            Map<String, List<Span>> lanes = new LinkedHashMap<>();
            median().spans().stream()
                    .sorted(Comparator.comparingLong(Span::begin))
                    .forEach(span -> lanes.computeIfAbsent(span.lane(), lane -> new ArrayList<>())
                            .add(span));
            return List.copyOf(lanes.values());
        }
    }

    /**
     * @param rows those of one number of processors one after the other, fewer processors first
     * @param workers how many worked at once, but for {@code sequential}
     * @param notes what could not be measured, and why
     */
    public CompareResult(List<Row> rows, int items, int workers, List<String> notes) {
        this.rows = List.copyOf(rows);
        this.items = items;
        this.workers = workers;
        this.notes = List.copyOf(notes);
    }

    /** Each way on each number of processors. */
    public List<Row> rows() {
        return rows;
    }

    /** A way on so many processors, if it was measured. */
    public Optional<Row> row(String way, int processors) {
        return rows.stream()
                .filter(row -> row.way().equals(way) && row.processors() == processors)
                .findFirst();
    }

    /**
     * How many times as fast a way was on the most processors as on the fewest; 1 where there is one number of them.
     *
     * @throws IllegalArgumentException when it was not measured
     */
    public double gain(String way) {
        List<Row> all = of(way);
        if (all.isEmpty()) {
            throw new IllegalArgumentException(way + " was not measured, but "
                    + list(rows.stream().map(Row::way).distinct().toList())
                    + (notes.isEmpty() ? "" : ": " + notes.get(0)));
        }
        return all.get(all.size() - 1).speedUpOver(all.get(0));
    }

    private List<Row> of(String way) {
        return rows.stream().filter(row -> row.way().equals(way)).toList();
    }

    /** What all others are measured against: one after the other, on the fewest processors. */
    private Row base() {
        return rows.stream()
                .filter(row -> row.way().equals(Comparison.SEQUENTIAL))
                .findFirst()
                .orElse(rows.get(0));
    }

    /** The nanoseconds of the longest run that is drawn. */
    public long span() {
        return rows.stream().mapToLong(row -> row.median().wall()).max().orElse(1);
    }

    /**
     * A part of some runs, to be drawn larger.
     *
     * @param from nanoseconds after the begin of each
     * @param length nanoseconds
     * @param times how much larger than before
     * @param every how often it was looked who ran, in nanoseconds
     */
    public record CloseUp(long from, long length, double times, long every, List<Row> rows) {
        /** What it is of. */
        public String title() {
            return "From " + number(from) + " to " + millis(from + length) + ", magnified:";
        }

        /** What one has to know to believe it. */
        public String scale() {
            return Math.round(times) + " times as wide as above"
                    + (every > LOOKED_AT ? "; looked at each " + millis(every) : "");
        }
    }

    /** What is too small to be seen where all is drawn; empty where there is nothing of this kind. */
    public Optional<CloseUp> closeUp() {
        List<Row> met =
                rows.stream().filter(row -> row.median().underWay() >= SEVERAL).toList();
        boolean turns = met.stream()
                .map(Row::median)
                .anyMatch(run -> run.running() >= HARDLY && run.running() < TURNS * run.underWay());
        if (!turns || span() < SMALL_PART * CLOSE_UP) {
            return Optional.empty();
        }
        long shortest = met.stream().mapToLong(row -> row.median().wall()).min().orElseThrow();
        long from = Math.max(0, (shortest - CLOSE_UP) / 2);
        long every = met.stream()
                .flatMap(row -> row.median().spans().stream())
                .filter(span -> span.at().length > 2)
                .mapToLong(span -> (span.end() - span.begin()) / (span.at().length - 1))
                .max()
                .orElse(0);
        return Optional.of(new CloseUp(from, CLOSE_UP, (double) span() / CLOSE_UP, every, met));
    }

    /** What was done, in a line. */
    public String title() {
        return items + (items == 1 ? " item, " : " items, ") + workers + " workers";
    }

    /** A row each. */
    public Table table() {
        Row base = base();
        List<List<String>> cells = new ArrayList<>();
        for (Row row : rows) {
            boolean several = row.runs().size() > 1;
            cells.add(List.of(
                    processors(row.processors()),
                    row.way(),
                    millis(row.median().wall()),
                    several ? number(row.least()) + " - " + millis(row.most()) : "one run",
                    cpu(row),
                    row == base
                            ? "1"
                            : several && row.isWithinNoiseOf(base) ? NOISE : decimal(row.speedUpOver(base), 2),
                    decimal(row.median().underWay(), 1),
                    decimal(row.median().running(), 1)));
        }
        return new Table(HEADINGS, cells, "");
    }

    private static String cpu(Row row) {
        long cpu = row.median().cpu();
        return cpu < CPU_STEP ? "< " + millis(CPU_STEP) : millis(cpu);
    }

    /** What can be read from it, in sentences; nothing that was not measured. */
    public List<String> conclusion() {
        List<String> sentences = new ArrayList<>();
        for (int count : new TreeSet<>(rows.stream().map(Row::processors).toList())) {
            Map<String, List<String>> kinds = new LinkedHashMap<>();
            for (Row row : rows) {
                if (row.processors() == count && !row.way().equals(Comparison.SEQUENTIAL)) {
                    kinds.computeIfAbsent(kind(row), kind -> new ArrayList<>()).add(row.way());
                }
            }
            kinds.forEach((words, ways) -> sentences.add("On " + processors(count) + ", " + list(ways) + ": " + words));
        }
        Map<String, List<String>> gains = new LinkedHashMap<>();
        for (String way : rows.stream().map(Row::way).distinct().toList()) {
            List<Row> all = of(way);
            if (all.size() > 1) {
                gains.computeIfAbsent(gain(all.get(0), all.get(all.size() - 1)), words -> new ArrayList<>())
                        .add(way);
            }
        }
        if (!gains.isEmpty()) {
            List<String> parts = new ArrayList<>();
            gains.forEach((words, ways) -> parts.add(list(ways) + " " + words));
            sentences.add("On " + processors(rows.get(rows.size() - 1).processors()) + " against "
                    + processors(rows.get(0).processors()) + ": " + String.join("; ", parts) + ".");
        }
        sentences.add(
                "Before it was measured each way ran all items at least once, and for 0.3 s or 20 times (warm-up)."
                        + " Measured "
                        + (rows.get(0).runs().size() == 1
                                ? "once: how much that varies is not known."
                                : rows.get(0).runs().size()
                                        + " times each, in turns; the times and the pictures are of the run in the middle. Speed-up"
                                        + " is against " + base().title() + "; " + NOISE
                                        + " is a difference within the noise: some"
                                        + " run of the one took as long as some run of the other."));
        sentences.addAll(notes);
        return sentences;
    }

    private static String gain(Row few, Row many) {
        double speedUp = many.speedUpOver(few);
        if (few.runs().size() > 1 && many.isWithinNoiseOf(few)) {
            return "no faster and no slower, within the noise";
        }
        return Math.abs(speedUp - 1) < AS_FAST ? "as fast" : decimal(speedUp, 2) + " times as fast";
    }

    private static String list(List<String> words) {
        int last = words.size() - 1;
        return last == 0 ? words.get(0) : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }

    private static String kind(Row row) {
        double underWay = row.median().underWay();
        double running = row.median().running();
        if (underWay < OFTEN_NONE) {
            return "much of the time no task was under way. The items are so short that to hand them out takes longer.";
        } else if (underWay < SEVERAL && row.way().equals("virtual")) {
            return "one task after the other. A virtual thread gives its processor to another only where it waits.";
        } else if (underWay < SEVERAL) {
            return "one task after the other.";
        } else if (running >= SEVERAL) {
            return "several tasks ran at once. That is parallelism.";
        } else if (running < HARDLY) {
            return "several tasks were under way at once, and nearly all the time they only waited, for which no"
                    + " processor is needed. That is concurrency.";
        }
        return "several tasks were under way at once, and took turns: one ran, while the others waited for a processor."
                + " That is concurrency."
                + (row.processors() > 1
                        ? " (Other programs kept the other processors busy, or the tasks a lock.)"
                        : "");
    }

    /** {@code 1 processor}. */
    static String processors(int count) {
        return count == 1 ? "1 processor" : count + " processors";
    }

    private static String number(long nanos) {
        return String.format(Locale.ROOT, nanos < 10 * NANOS_PER_MILLI ? "%,.1f" : "%,.0f", nanos / NANOS_PER_MILLI);
    }

    /** {@code 1,723 ms}. */
    public static String millis(long nanos) {
        return number(nanos) + " ms";
    }

    private static String decimal(double value, int places) {
        return String.format(Locale.ROOT, "%." + places + "f", value);
    }

    /** The pictures in characters, the table and what can be read from them. */
    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder(title()).append("\n(# running on a processor, + part of the time, . waiting)\n");
        double column = (double) span() / COLUMNS;
        for (Row row : rows) {
            text.append('\n')
                    .append(row.title())
                    .append(": ")
                    .append(millis(row.median().wall()));
            for (List<Span> lane : row.lanes()) {
                text.append("\n|")
                        .append(line(lane, row.median().begin(), column))
                        .append('|');
            }
        }
        text.append("\n 0").append(String.format(Locale.ROOT, "%" + (COLUMNS - 1) + "s", millis(span())));
        closeUp().ifPresent(part -> {
            text.append("\n\n").append(part.title()).append(' ').append(part.scale());
            for (Row row : part.rows()) {
                text.append('\n').append(row.title());
                for (List<Span> lane : row.lanes()) {
                    long begin = row.median().begin() + part.from();
                    text.append("\n|")
                            .append(line(lane, begin, (double) part.length() / COLUMNS))
                            .append('|');
                }
            }
        });
        text.append("\n\n").append(table()).append('\n');
        conclusion().forEach(sentence -> text.append('\n').append(sentence));
        return text.toString();
    }

    private static String line(List<Span> lane, long begin, double column) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < COLUMNS; i++) {
            double from = begin + i * column;
            double to = from + column;
            double ran = 0;
            boolean underWay = false;
            for (Span span : lane) {
                ran += span.runningUntil(to) - span.runningUntil(from);
                underWay |= span.begin() < to && span.end() > from;
            }
            double share = ran / column;
            line.append(share > 0.75 ? '#' : share > 0.1 ? '+' : underWay ? '.' : ' ');
        }
        return line.toString();
    }
}
