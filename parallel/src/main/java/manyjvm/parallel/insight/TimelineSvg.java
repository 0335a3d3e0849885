package manyjvm.parallel.insight;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A timeline as SVG, without script, fixed background or fixed width.
 *
 * <p>Places from left to right are in percent and everything else in pixels, so that it fills a notebook of any width and its text
 * keeps its size; there is no {@code viewBox}, which would scale the text, too. So a lane's words stand above it and not beside it.
 * Text has the colour of its surroundings, and colours are mid tones that carry on black as on white; what a colour means is said by
 * a shape, a pattern or a height as well: single tasks in turn lighter and darker, starts hatched, deaths a cross, what failed a
 * notch.
 */
final class TimelineSvg {
    /** So many bars can be told apart, and drawn without waiting for them; of more, those next to each other become one. */
    static final int MOST_BARS = 1200;

    private static final int MOST_LANES = 64;
    private static final int LABEL = 15;
    private static final int LANE = 18;
    private static final int GAP = 7;
    private static final int TITLE = 20;
    private static final int AXIS = 22;
    private static final int LEGEND = 18;
    private static final int LEGEND_COLUMN = 118;
    private static final int LEGEND_COLUMNS = 4; // so that it fits into 480 pixels

    /** What fits into 440 pixels of a heading: SVG does not wrap text. A line ends where the sense does, if need be. */
    private static final Pattern LINE = Pattern.compile("\\G(.{1,46}$|.{1,46}:(?= )|.{1,46}(?= )|[^ ]+) ?");

    private static final String WORK = "#3d8bd4";
    private static final String WORK_TOO = "#6fb1ee";
    private static final String OTHER = "#8a8f98";
    private static final String READ = "#e08a1e";
    private static final String WRITE = "#17a58b";
    private static final String START = "#9b7fd1";
    private static final String DEAD = "#e0483e";

    private final Timeline timeline;
    private final double span;
    private final StringBuilder svg = new StringBuilder();
    private final Map<String, String> legend = new TreeMap<>(); // what occurs: order, then its text
    private int y;

    TimelineSvg(Timeline timeline) {
        this.timeline = timeline;
        this.span = Math.max(1, timeline.span());
    }

    String svg(String width) {
        List<String> notes = new ArrayList<>();
        for (Timeline.Panel panel : timeline.panels()) {
            panel(panel, notes);
        }
        axis();
        legend();
        for (String note : notes) {
            lines(13, "opacity='.75'", note);
        }
        // Ids are the page's, not the picture's: all our pictures have the same pattern under this one.
        return "<svg xmlns='http://www.w3.org/2000/svg' width='" + width + "' height='" + (y + 4)
                + "' font-family='system-ui,sans-serif' font-size='12' fill='currentColor' role='img'>"
                + "<title>" + Words.escaped(timeline.panels().get(0).title()) + "</title>"
                + "<style>@media(prefers-color-scheme:dark){svg:root{color:#ddd}}</style>"
                + "<defs><pattern id='manyjvm-start' width='6' height='6' patternUnits='userSpaceOnUse'>"
                + "<path d='M0 6L6 0' stroke='" + START + "' stroke-width='1.6'/></pattern>"
                + "<pattern id='manyjvm-hook' width='5' height='5' patternUnits='userSpaceOnUse'>"
                + "<circle cx='2.5' cy='2.5' r='1.3' fill='" + START + "'/></pattern></defs>"
                + svg + "</svg>";
    }

    // ------------------------------------------------------------ panels

    private void panel(Timeline.Panel panel, List<String> notes) {
        Recording recording = panel.recording();
        lines(14, "font-weight='600'", panel.title());
        y += TITLE - LABEL;
        int lanes = Math.min(recording.workers(), MOST_LANES);
        long resolution = resolution(recording);
        long tasks = 0;
        long bars = 0;
        for (int worker = 1; worker <= lanes; worker++) {
            List<Run> runs = Recording.merged(recording.runsOf(worker).toList(), resolution);
            lane(recording, worker, runs);
            tasks += runs.stream().mapToLong(Run::tasks).sum();
            bars += runs.size();
        }
        if (lanes < recording.workers()) {
            text(0, y + 12, "", "", "and " + Words.count(recording.workers() - lanes, "more worker"));
            y += LABEL;
        }
        if (tasks > bars) {
            notes.add(Words.count(tasks, "task") + ", drawn as " + Words.count(bars, "bar")
                    + ": the higher, the more of its time is work");
        }
        y += GAP;
    }

    /** How long bars are that stand for several tasks: so long that there are not too many. */
    private static long resolution(Recording recording) {
        long resolution = 0;
        for (int turn = 0; turn < 40 && bars(recording, resolution) > MOST_BARS; turn++) {
            resolution = Math.max(recording.span() >> 16, 1 + resolution * 3 / 2);
        }
        return resolution;
    }

    private static long bars(Recording recording, long resolution) {
        long bars = 0;
        for (int worker = 1; worker <= recording.workers(); worker++) {
            bars += Recording.merged(recording.runsOf(worker).toList(), resolution)
                    .size();
        }
        return bars;
    }

    private void lane(Recording recording, int worker, List<Run> runs) {
        text(0, y + 11, "", "", label(recording, worker, runs));
        y += LABEL;
        for (Life life : recording.lives()) {
            if (life.worker() == worker) {
                present(recording, life);
            }
        }
        int number = 0;
        for (Run run : runs) {
            bar(recording, run, number++ % 2 == 0);
        }
        for (Life life : recording.lives()) {
            if (life.worker() == worker && life.died() && life.ended().isPresent()) {
                death(recording, life);
            }
        }
        y += LANE + GAP;
    }

    private static String label(Recording recording, int worker, List<Run> runs) {
        long pid = 0;
        boolean several = false;
        for (Life life : recording.lives()) {
            if (life.worker() == worker) {
                several |= pid != 0;
                pid = life.pid();
            }
        }
        long busy = runs.stream()
                .filter(run -> !run.hook())
                .mapToLong(run -> Math.round(run.share() * (run.ended() - run.begun())))
                .sum();
        long tasks =
                runs.stream().filter(run -> !run.hook()).mapToLong(Run::tasks).sum();
        return "worker " + worker + (pid == 0 ? "" : (several ? ", at last pid " : ", pid ") + pid) + ": "
                + Words.count(tasks, "task") + ", " + Words.time(busy) + " at work";
    }

    /** The time in which there is a worker: what is left empty on it is waiting. */
    private void present(Recording recording, Life life) {
        long end = life.ended().orElse(recording.taken());
        long ready = life.cameIn().orElse(end);
        if (ready > recording.from() && ready > life.launched()) {
            rect(
                    recording,
                    life.launched(),
                    ready,
                    y,
                    LANE,
                    "fill='url(#manyjvm-start)' stroke='" + START + "' stroke-width='.6'",
                    "worker " + life.worker() + (life.replacement() ? " starts in another's place" : " starts") + ", "
                            + Words.time(ready - life.launched()));
            legend.put("3start", "starts");
        }
        rect(
                recording,
                ready,
                end,
                y,
                LANE,
                "fill='currentColor' opacity='.13'",
                "worker " + life.worker() + " is there"
                        + (life.ended().isPresent() ? ", until it " + (life.died() ? "dies" : "ends") : ""));
        legend.put("2wait", "waits");
    }

    private void bar(Recording recording, Run run, boolean even) {
        boolean own = recording.isOwn(run);
        double height = Math.max(3, LANE * run.share());
        String look = run.hook()
                ? "fill='url(#manyjvm-hook)' stroke='" + START + "' stroke-width='.6'"
                : "fill='" + (!own ? OTHER : even || run.tasks() > 1 ? WORK : WORK_TOO) + "'";
        svg.append("<g>");
        title(words(run, own));
        shape(recording, run.begun(), run.ended(), y + LANE - height, height, look);
        if (run.hook()) {
            legend.put("4hook", "initializer");
        } else if (own) {
            legend.put("1work", "works");
            parts(recording, run, height);
        } else {
            legend.put("7other", "other work");
        }
        if (run.failed() > 0 || run.end() == Run.End.DIED || run.end() == Run.End.REFUSED) {
            double at = (percent(recording, run.begun()) + percent(recording, run.ended())) / 2;
            svg.append("<svg x='" + number(at) + "%' y='" + y + "' overflow='visible'><path d='M-4 0L4 0L0 7Z' fill='"
                    + DEAD + "'/></svg>");
            legend.put("8fail", "failed");
        }
        svg.append("</g>");
    }

    /** What a task's worker read before it worked, and wrote after it, where there is enough of it to see. */
    private void parts(Recording recording, Run run, double height) {
        long span = run.ended() - run.begun();
        if (run.tasks() > 1 || span * 400 < this.span || run.spent().busy() == 0) {
            return;
        }
        double scale = (double) span / run.spent().busy();
        long reading = Math.round(run.spent().reading() * scale);
        long writing = Math.round(run.spent().writing() * scale);
        double part = height * .45;
        if (reading * 50 > span) {
            shape(recording, run.begun(), run.begun() + reading, y + LANE - part, part, "fill='" + READ + "'");
            legend.put("5read", "reads");
        }
        if (writing * 50 > span) {
            shape(recording, run.ended() - writing, run.ended(), y + LANE - height, part, "fill='" + WRITE + "'");
            legend.put("6write", "writes");
        }
    }

    private static String words(Run run, boolean own) {
        String what = run.hook() ? run.description() : items(run);
        String end =
                switch (run.end()) {
                    case RUNNING -> ", runs";
                    case DONE -> "";
                    case DIED -> ", its worker died";
                    case STOPPED -> ", stopped";
                    case REFUSED -> ", its function could not be loaded";
                };
        String spent = run.spent().busy() == 0
                ? ""
                : ": " + Words.time(run.spent().working()) + " working"
                        + (run.spent().reading() == 0
                                ? ""
                                : ", " + Words.time(run.spent().reading()) + " reading")
                        + (run.spent().writing() == 0
                                ? ""
                                : ", " + Words.time(run.spent().writing()) + " writing");
        return what + (run.failed() == 0 ? "" : ", " + Words.count(run.failed()) + " failed") + end + "; "
                + Words.time(run.ended() - run.begun())
                + (run.tasks() == 1 ? "" : ", " + Words.percent(run.share()) + " of it busy") + spent
                + (own || run.hook() ? "" : "; work of another cell");
    }

    private static String items(Run run) {
        if (run.tasks() > 1) {
            return Words.count(run.tasks(), "task") + " of " + run.description() + ", "
                    + Words.count(run.items(), "item");
        }
        return run.description()
                + (run.items() > 1
                        ? ", items " + run.first() + " to " + (run.first() + run.items() - 1)
                        : ", item " + run.first());
    }

    private void death(Recording recording, Life life) {
        String at = number(percent(recording, life.ended().orElseThrow()));
        svg.append("<g>");
        title("worker " + life.worker() + (life.pid() == 0 ? "" : " (pid " + life.pid() + ")") + " died: "
                + life.end());
        svg.append("<svg x='" + at + "%' y='" + y + "' overflow='visible'><path d='M-5 4L5 14M5 4L-5 14M0 -1V"
                + (LANE + 1) + "' stroke='" + DEAD + "' stroke-width='2.4' fill='none'/></svg></g>");
        legend.put("9dead", "dies");
    }

    // ------------------------------------------------------------ axis and legend

    private void axis() {
        long step = step();
        long labelled = span / step > 6 ? 2 * step : step; // all of them would touch in half a window
        line(0, 100, y);
        for (long at = 0; at <= span; at += step) {
            double percent = 100 * at / span;
            svg.append("<rect x='" + number(Math.min(99.9, percent)) + "%' y='" + y
                    + "' width='1' height='4' opacity='.6'/>");
            boolean room = at % labelled == 0 && percent < 78 || at == 0; // beside the end's
            if (room) {
                text(percent, y + 16, at == 0 ? "start" : "middle", "opacity='.8'", at == 0 ? "0" : Words.time(at));
            }
        }
        text(100, y + 16, "end", "opacity='.8'", Words.time((long) span));
        y += AXIS;
    }

    /** 1, 2 or 5 and noughts: four to eight of them. */
    private long step() {
        long power = 1;
        while (power * 10 < span / 4) {
            power *= 10;
        }
        return span / (5 * power) >= 4 ? 5 * power : span / (2 * power) >= 4 ? 2 * power : power;
    }

    private void legend() {
        int column = 0;
        for (Map.Entry<String, String> entry : legend.entrySet()) {
            int x = column % LEGEND_COLUMNS * LEGEND_COLUMN;
            int top = y + column / LEGEND_COLUMNS * LEGEND + 3;
            svg.append(mark(entry.getKey(), x, top));
            svg.append("<text x='" + (x + 22) + "' y='" + (top + 10) + "'>" + entry.getValue() + "</text>");
            column++;
        }
        y += (column + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS * LEGEND + 4;
    }

    private static String mark(String key, int x, int top) {
        String box = "<rect x='" + x + "' y='" + top + "' width='16' height='11' ";
        String half = "<rect x='" + x + "' y='" + (top + 6) + "' width='8' height='5' ";
        return switch (key.substring(1)) {
            case "work" ->
                box.replace("'16'", "'8'") + "fill='" + WORK + "'/>"
                        + box.replace("x='" + x, "x='" + (x + 8)).replace("'16'", "'8'") + "fill='" + WORK_TOO + "'/>";
            case "wait" -> box + "opacity='.13'/>";
            case "start" -> box + "fill='url(#manyjvm-start)' stroke='" + START + "' stroke-width='.6'/>";
            case "hook" -> box + "fill='url(#manyjvm-hook)' stroke='" + START + "' stroke-width='.6'/>";
            case "read" -> box + "fill='" + WORK + "'/>" + half + "fill='" + READ + "'/>";
            case "write" ->
                box + "fill='" + WORK + "'/>"
                        + half.replace("x='" + x, "x='" + (x + 8)).replace("y='" + (top + 6), "y='" + top) + "fill='"
                        + WRITE
                        + "'/>";
            case "other" -> box + "fill='" + OTHER + "'/>";
            case "fail" -> "<path d='M" + (x + 4) + " " + (top + 2) + "h8l-4 7Z' fill='" + DEAD + "'/>";
            default ->
                "<path d='M" + (x + 3) + " " + top + "l10 10m0 -10l-10 10' stroke='" + DEAD
                        + "' stroke-width='2.4' fill='none'/>";
        };
    }

    // ------------------------------------------------------------ shapes

    private void rect(Recording recording, long from, long to, double top, double height, String look, String title) {
        if (to > from) {
            svg.append("<g>");
            title(title);
            shape(recording, from, to, top, height, look);
            svg.append("</g>");
        }
    }

    private void shape(Recording recording, long from, long to, double top, double height, String look) {
        double left = percent(recording, from);
        double width = Math.max(.08, percent(recording, to) - left);
        svg.append("<rect x='" + number(Math.min(left, 99.92)) + "%' y='" + number(top) + "' width='" + number(width)
                + "%' height='" + number(height) + "' " + look + "/>");
    }

    private double percent(Recording recording, long time) {
        return Math.max(0, Math.min(100, 100 * (time - recording.from()) / span));
    }

    private void line(int from, int to, int at) {
        svg.append("<rect x='" + from + "%' y='" + at + "' width='" + (to - from) + "%' height='1' opacity='.5'/>");
    }

    private void title(String text) {
        svg.append("<title>").append(Words.escaped(text)).append("</title>");
    }

    private void text(double percent, int at, String anchor, String look, String text) {
        svg.append("<text x='" + number(percent) + "%' y='" + at + "' "
                + (anchor.isEmpty() ? "" : "text-anchor='" + anchor + "' ") + look + ">" + Words.escaped(text)
                + "</text>");
    }

    private void lines(int baseline, String look, String text) {
        for (MatchResult line : LINE.matcher(text).results().toList()) {
            text(0, y + baseline, "", look, line.group(1));
            y += LABEL;
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value).replaceFirst("\\.?0+$", "");
    }
}
