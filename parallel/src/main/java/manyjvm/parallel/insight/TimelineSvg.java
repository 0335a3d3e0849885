package manyjvm.parallel.insight;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import manyjvm.parallel.drawing.Drawing;

/**
 * A timeline as a {@link Drawing}. A lane's words stand above it and not beside it, since text keeps its size where lanes become
 * narrower. What a colour means is said by a shape, a pattern or a height as well: single tasks in turn lighter and darker, starts
 * hatched, deaths a cross, what failed a notch.
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

    private static final String WORK = Drawing.LIGHT_BLUE;
    private static final String WORK_TOO = Drawing.BLUE;
    private static final String OTHER = Drawing.GREY;
    private static final String READ = Drawing.ORANGE;
    private static final String WRITE = Drawing.GREEN;
    private static final String START = Drawing.VIOLET;
    private static final String DEAD = Drawing.RED;

    // Looks are names and values of attributes. Ids are the page's, not the picture's: all our pictures have the same
    // under these.
    private static final Object[] STARTING = {"fill", "url(#manyjvm-start)", "stroke", START, "stroke-width", ".6"};
    private static final Object[] HOOK = {"fill", "url(#manyjvm-hook)", "stroke", START, "stroke-width", ".6"};
    private static final Object[] WAITING = {
        "fill", "currentColor", "fill-opacity", ".1", "stroke", Drawing.FRAME, "stroke-opacity", Drawing.FRAME_OPACITY
    };

    /** In which a picture's image has room for what is saved of it. */
    private static final int STILL = 760;

    private static final int WIDEST = 1200;

    private final Timeline timeline;
    private final double span;
    private final Drawing svg;
    private final Map<String, String> legend = new TreeMap<>(); // what occurs: order, then its text
    private int y;

    TimelineSvg(Timeline timeline) {
        this.timeline = timeline;
        this.span = Math.max(1, timeline.span());
        this.svg = new Drawing(timeline.panels().get(0).title());
        draw();
    }

    private void draw() {
        patterns();
        List<String> notes = new ArrayList<>();
        for (Timeline.Panel panel : timeline.panels()) {
            panel(panel, notes);
        }
        axis();
        legend();
        for (String note : notes) {
            lines(13, new Object[] {"opacity", ".75"}, note);
        }
        y += 4;
    }

    /** As wide as the place where it is shown. */
    String inline() {
        return svg.inline(y);
    }

    String image(int width) {
        return svg.image(width, y);
    }

    String html() {
        return svg.html(y, WIDEST, STILL);
    }

    private void patterns() {
        svg.open("defs");
        svg.open("pattern", "id", "manyjvm-start", "width", 6, "height", 6, "patternUnits", "userSpaceOnUse");
        svg.element("path", "d", "M0 6L6 0", "stroke", START, "stroke-width", "1.6");
        svg.close("pattern");
        svg.open("pattern", "id", "manyjvm-hook", "width", 5, "height", 5, "patternUnits", "userSpaceOnUse");
        svg.element("circle", "cx", "2.5", "cy", "2.5", "r", "1.3", "fill", START);
        svg.close("pattern");
        svg.close("defs");
    }

    // ------------------------------------------------------------ panels

    private void panel(Timeline.Panel panel, List<String> notes) {
        Recording recording = panel.recording();
        lines(14, new Object[] {"font-weight", 600}, panel.title());
        y += TITLE - LABEL;
        int lanes = Math.min(recording.workers(), MOST_LANES);
        long resolution = resolution(recording);
        long tasks = 0;
        long bars = 0;
        for (int worker = 1; worker <= lanes; worker++) {
            List<Run> runs = Recording.merged(recording.runsOf(worker).toList(), resolution);
            lane(recording, worker, runs);
            List<Run> own = runs.stream().filter(run -> !run.hook()).toList();
            tasks += own.stream().mapToLong(Run::tasks).sum();
            bars += own.size();
        }
        if (lanes < recording.workers()) {
            text(0, y + 12, "and " + Words.count(recording.workers() - lanes, "more worker"));
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
        text(0, y + 11, label(recording, worker, runs));
        y += LABEL;
        for (Life life : recording.lives()) {
            if (life.worker() == worker) {
                present(recording, life);
            }
        }
        int number = 0;
        boolean touching = runs.stream().anyMatch(run -> run.tasks() > 1);
        svg.open("g", "shape-rendering", touching ? "crispEdges" : "auto"); // or seams would look like something
        for (Run run : runs) {
            bar(recording, run, number++ % 2 == 0);
        }
        svg.close("g");
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
                    STARTING,
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
                WAITING,
                "worker " + life.worker() + " is there"
                        + (life.ended().isPresent() ? ", until it " + (life.died() ? "dies" : "ends") : ""));
        legend.put("2wait", "waits");
    }

    private void bar(Recording recording, Run run, boolean even) {
        boolean own = recording.isOwn(run);
        double height = Math.max(3, LANE * run.share());
        Object[] look = run.hook() ? HOOK : fill(!own ? OTHER : even || run.tasks() > 1 ? WORK : WORK_TOO);
        svg.open("g");
        svg.hint(words(run, own));
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
            mark(at, "M-4 0L4 0L0 7Z", fill(DEAD));
            legend.put("8fail", "failed");
        }
        svg.close("g");
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
            shape(recording, run.begun(), run.begun() + reading, y + LANE - part, part, fill(READ));
            legend.put("5read", "reads");
        }
        if (writing * 50 > span) {
            shape(recording, run.ended() - writing, run.ended(), y + LANE - height, part, fill(WRITE));
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
        svg.open("g");
        svg.hint("worker " + life.worker() + (life.pid() == 0 ? "" : " (pid " + life.pid() + ")") + " died: "
                + life.end());
        mark(
                percent(recording, life.ended().orElseThrow()),
                "M-5 4L5 14M5 4L-5 14M0 -1V" + (LANE + 1),
                "stroke",
                DEAD,
                "stroke-width",
                "2.4",
                "fill",
                "none");
        svg.close("g");
        legend.put("9dead", "dies");
    }

    // ------------------------------------------------------------ axis and legend

    private void axis() {
        long step = step();
        long labelled = span / step > 6 ? 2 * step : step; // all of them would touch in half a window
        svg.element("rect", "x", 0, "y", y, "width", "100%", "height", 1, "opacity", ".6");
        for (long at = 0; at <= span; at += step) {
            double percent = 100 * at / span;
            svg.element(
                    "rect",
                    "x",
                    Drawing.percent(Math.min(99.9, percent)),
                    "y",
                    y,
                    "width",
                    1,
                    "height",
                    4,
                    "opacity",
                    ".6");
            boolean room = at % labelled == 0 && percent < 78 || at == 0; // beside the end's
            if (room) {
                text(percent, y + 16, at == 0 ? "0" : Words.time(at), anchored(at == 0 ? "start" : "middle"));
            }
        }
        text(100, y + 16, Words.time((long) span), anchored("end"));
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
            sample(entry.getKey(), x, top);
            svg.text(entry.getValue(), "x", x + 22, "y", top + 10);
            column++;
        }
        y += (column + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS * LEGEND + 4;
    }

    private void sample(String key, int x, int top) {
        switch (key.substring(1)) {
            case "work" -> {
                box(x, top, 8, 11, fill(WORK));
                box(x + 8, top, 8, 11, fill(WORK_TOO));
            }
            case "wait" -> box(x, top, 16, 11, WAITING);
            case "start" -> box(x, top, 16, 11, STARTING);
            case "hook" -> box(x, top, 16, 11, HOOK);
            case "read" -> {
                box(x, top, 16, 11, fill(WORK));
                box(x, top + 6, 8, 5, fill(READ));
            }
            case "write" -> {
                box(x, top, 16, 11, fill(WORK));
                box(x + 8, top, 8, 5, fill(WRITE));
            }
            case "other" -> box(x, top, 16, 11, fill(OTHER));
            case "fail" -> svg.element("path", "d", "M" + (x + 4) + " " + (top + 2) + "h8l-4 7Z", "fill", DEAD);
            default ->
                svg.element(
                        "path",
                        "d",
                        "M" + (x + 3) + " " + top + "l10 10m0 -10l-10 10",
                        "stroke",
                        DEAD,
                        "stroke-width",
                        "2.4",
                        "fill",
                        "none");
        }
    }

    private void box(int x, int top, int width, int height, Object... look) {
        svg.element("rect", Drawing.with(look, "x", x, "y", top, "width", width, "height", height));
    }

    // ------------------------------------------------------------ shapes

    private static Object[] fill(String colour) {
        return new Object[] {"fill", colour};
    }

    private static Object[] anchored(String anchor) {
        return new Object[] {"text-anchor", anchor, "opacity", ".8"};
    }

    private void rect(Recording recording, long from, long to, double top, double height, Object[] look, String hint) {
        if (to > from) {
            svg.open("g");
            svg.hint(hint);
            shape(recording, from, to, top, height, look);
            svg.close("g");
        }
    }

    private void shape(Recording recording, long from, long to, double top, double height, Object[] look) {
        double left = percent(recording, from);
        double width = Math.max(.08, percent(recording, to) - left);
        svg.element(
                "rect",
                Drawing.with(
                        look,
                        "x",
                        Drawing.percent(Math.min(left, 99.92)),
                        "y",
                        top,
                        "width",
                        Drawing.percent(width),
                        "height",
                        height));
    }

    /** A path whose origin is at a time, at the top of its lane. */
    private void mark(double percent, String path, Object... look) {
        svg.open("svg", "x", Drawing.percent(percent), "y", y, "overflow", "visible");
        svg.element("path", Drawing.with(look, "d", path));
        svg.close("svg");
    }

    private double percent(Recording recording, long time) {
        return Math.max(0, Math.min(100, 100 * (time - recording.from()) / span));
    }

    private void text(double percent, int at, String text, Object... look) {
        svg.text(text, Drawing.with(look, "x", Drawing.percent(percent), "y", at));
    }

    private void lines(int baseline, Object[] look, String text) {
        for (MatchResult line : LINE.matcher(text).results().toList()) {
            text(0, y + baseline, line.group(1), look);
            y += LABEL;
        }
    }
}
