package manyjvm.parallel.insight;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A timeline in characters, for terminals. */
record TimelineText(Timeline.Panel panel, long span) {
    private static final int COLUMNS = 60;
    private static final int MOST_LINES = 64;
    private static final char ABSENT = ' ';
    private static final char STARTING = '~';
    private static final char WAITING = '.';
    private static final char DIED = 'X';

    /** How busy it was, in fifths. */
    private static final String BUSY = ".:+##";

    List<String> lines() {
        Recording recording = panel.recording();
        List<String> lines = new ArrayList<>();
        lines.add(panel.title());
        int shown = Math.min(recording.workers(), MOST_LINES);
        int width = String.valueOf(shown).length();
        for (int worker = 1; worker <= shown; worker++) {
            lines.add(" ".repeat(width - String.valueOf(worker).length()) + worker + " |" + line(recording, worker));
        }
        if (shown < recording.workers()) {
            lines.add("... and " + Words.count(recording.workers() - shown, "more worker"));
        }
        for (Life life : recording.lives()) {
            if (life.died()) {
                lines.add("worker " + life.worker() + (life.pid() == 0 ? "" : " (pid " + life.pid() + ")")
                        + " died after " + Words.time(life.ended().orElse(recording.taken()) - recording.from()) + ": "
                        + life.end());
            }
        }
        return lines;
    }

    private String line(Recording recording, int worker) {
        char[] line = new char[COLUMNS];
        Arrays.fill(line, ABSENT);
        List<Run> runs = recording.runsOf(worker).toList();
        List<Life> lives = recording.lives().stream()
                .filter(life -> life.worker() == worker)
                .toList();
        for (Life life : lives) {
            long end = life.ended().orElse(recording.taken());
            fill(line, life.launched(), life.cameIn().orElse(end), STARTING);
            fill(line, life.cameIn().orElse(end), end, WAITING);
        }
        double[] busy = new double[COLUMNS];
        for (Run run : runs) {
            int last = column(run.ended());
            for (int at = column(run.begun()); at <= last; at++) {
                long begin = Math.max(run.begun(), time(at));
                long end = Math.min(run.ended(), time(at + 1));
                busy[at] += run.share() * Math.max(0, end - begin) / Math.max(1, time(at + 1) - time(at));
            }
        }
        for (int at = 0; at < COLUMNS; at++) {
            if (busy[at] > 0.05) {
                line[at] = BUSY.charAt((int) Math.min(4, busy[at] * 5));
            }
        }
        for (Life life : lives) {
            if (life.died() && life.ended().isPresent()) {
                line[column(life.ended().getAsLong())] = DIED;
            }
        }
        return new String(line).stripTrailing();
    }

    private void fill(char[] line, long from, long to, char what) {
        if (to > from) {
            Arrays.fill(line, column(from), column(to - 1) + 1, what);
        }
    }

    private int column(long time) {
        long at = (time - panel.recording().from()) * COLUMNS / Math.max(1, span);
        return (int) Math.max(0, Math.min(COLUMNS - 1, at));
    }

    private long time(int column) {
        return panel.recording().from() + span * column / COLUMNS;
    }

    /** Below all panels. */
    static List<String> axis(long span) {
        String end = Words.time(span);
        String middle = Words.time(span / 2);
        int half = COLUMNS / 2 - 1 - middle.length() / 2;
        String first = "  |0" + " ".repeat(Math.max(1, half - 1)) + middle;
        return List.of(
                first + " ".repeat(Math.max(1, COLUMNS + 3 - first.length() - end.length())) + end,
                "  # at work, + and : in part, . waiting, ~ starting, X died");
    }
}
