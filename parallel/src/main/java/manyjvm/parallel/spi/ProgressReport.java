package manyjvm.parallel.spi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a submission is that lasts: one state of its one line. Submissions of one item each (a loop of {@code applyAsync},
 * {@code invokeAll}) from one place to one pool that overlap in time have a line together.
 *
 * @param line its number, unique in this driver
 * @param first whether nothing has been shown of this line before
 * @param asked whether somebody asked for it, and not only nobody against it
 * @param what the method's name: {@code map}, {@code applyAsync}
 * @param done items that have ended, those that failed among them
 * @param total of items; empty where it is not known yet, or never
 * @param rate items a second, of late; 0 where there is nothing to tell it by
 * @param workers of the pool, in order
 * @param end how it ended, in words; empty while it goes on, and the last report of a line has it
 */
public record ProgressReport(
        long line,
        boolean first,
        boolean asked,
        String what,
        long done,
        long failed,
        OptionalLong total,
        double rate,
        List<WorkerState> workers,
        Optional<String> end) {
    private static final int BAR = 20;

    /** More workers than this are counted in a line of text, instead of shown. */
    private static final int MOST_CELLS = 16;

    /** What a worker does at the moment, and how that is written in a line of text. */
    public enum WorkerState {
        BUSY('#'),
        IDLE('.'),
        STARTING('~'),
        DEAD('x');

        private final char sign;

        WorkerState(char sign) {
            this.sign = sign;
        }

        /** {@code busy}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The part that is done, from 0 to 1; empty where the total is not known. */
    public Optional<Double> part() {
        return total.isEmpty()
                ? Optional.empty()
                : Optional.of(Math.min(1, done / (double) Math.max(1, total.getAsLong())));
    }

    /** What the line says in figures: {@code 41/100}, {@code 8.3/s}, {@code about 7 s left}, {@code 2 failed}. */
    public List<String> figures() {
        List<String> figures = new ArrayList<>();
        figures.add(total.isPresent() ? done + "/" + total.getAsLong() : done + " done");
        if (rate > 0) {
            figures.add(rate >= 1 ? number(rate) + "/s" : "one in " + words(seconds(1 / rate)));
            total.ifPresent(all -> figures.add("about " + roughly(seconds((all - done) / rate)) + " left"));
        }
        if (failed > 0) {
            figures.add(failed + " failed");
        }
        return figures;
    }

    /** {@code 2 busy, 1 starting}. */
    public String crew() {
        List<String> words = new ArrayList<>();
        for (WorkerState state : WorkerState.values()) {
            long count = workers.stream().filter(state::equals).count();
            if (count > 0) {
                words.add(count + " " + state.word());
            }
        }
        return String.join(", ", words);
    }

    /**
     * The line as text, in ASCII: {@code map [########............] 41/100  8.3/s  about 7 s left  2 failed  workers ##.~},
     * and {@code map: done in 3.2 s, 100 items, 2 failed}.
     */
    @Override
    public String toString() {
        return end.map(words -> what + ": " + words).orElseGet(this::running);
    }

    private String running() {
        StringBuilder text = new StringBuilder(what);
        part().ifPresent(part -> {
            int full = (int) (part * BAR);
            text.append(" [")
                    .append("#".repeat(full))
                    .append(".".repeat(BAR - full))
                    .append(']');
        });
        text.append(' ').append(String.join("  ", figures()));
        if (workers.isEmpty()) {
            return text.toString();
        }
        if (workers.size() > MOST_CELLS) {
            return text.append("  workers: ").append(crew()).toString();
        }
        text.append("  workers ");
        workers.forEach(state -> text.append(state.sign));
        return text.toString();
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) Math.min(seconds * 1000, 1e15));
    }

    /** {@code 8.3}, {@code 41}. */
    private static String number(double number) {
        return number < 10 ? String.format(Locale.ROOT, "%.1f", number) : String.valueOf(Math.round(number));
    }

    private static String roughly(Duration duration) {
        return duration.toMinutes() < 2 || duration.toHours() >= 2
                ? words(duration)
                : duration.plusSeconds(30).toMinutes() + " min";
    }

    /** {@code 3.2 s}, {@code 41 s}, {@code 2 min 5 s}, {@code 3 h 20 min}. */
    public static String words(Duration duration) {
        double seconds = duration.toMillis() / 1000.0;
        if (seconds < 60) {
            return number(seconds) + " s";
        }
        return duration.toHours() == 0
                ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
                : duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }
}
