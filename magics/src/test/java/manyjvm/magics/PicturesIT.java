package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import manyjvm.magics.PageLook.Scheme;
import manyjvm.magics.api.CompareResult;
import manyjvm.magics.api.CompareResult.Row;
import manyjvm.magics.api.PoolsStatus;
import manyjvm.magics.api.RaceResult;
import manyjvm.magics.api.Table;
import manyjvm.magics.lesson.Span;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.PoolStatus;
import manyjvm.parallel.insight.Life;
import manyjvm.parallel.insight.Recording;
import manyjvm.parallel.insight.Run;
import manyjvm.parallel.insight.Shipment;
import manyjvm.parallel.insight.SlowItem;
import manyjvm.parallel.insight.Spent;
import manyjvm.parallel.insight.Vitals;
import manyjvm.parallel.insight.Work;
import manyjvm.parallel.spi.ProgressReport;
import manyjvm.parallel.spi.ProgressReport.WorkerState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each picture that is drawn here, of figures that are made up, in Chromium: light and dark, wide and narrow, in a page, in a page
 * that is not trusted, and as a file of its own. {@code measure.js} tells what is cut off, overlaps, or is hardly seen. With {@code
 * -Dmanyjvm.notebooks.pages=FOLDER} all of it stays there, to be looked at.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PicturesIT {
    private static final Optional<Path> KEPT =
            Optional.ofNullable(System.getProperty("manyjvm.notebooks.pages")).map(Path::of);

    private static final long MILLI = 1_000_000;

    /** What JupyterLab leaves of a page that it does not trust: neither SVG nor style, but their words and all attributes. */
    private static final String UNTRUSTED =
            "(?s)<style>.*?</style>|</?(?:svg|g|rect|path|defs|pattern|circle|line|text|title)\\b[^>]*>";

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void pictures_haveNothingCutOffOrOverlappingOrFaint(Scheme scheme) throws Exception {
        PageLook look = new PageLook(folder);
        Path pages = Files.createDirectories(
                KEPT.orElse(folder).toAbsolutePath().resolve("pictures").resolve(scheme.theme));
        List<String> files = new ArrayList<>();
        for (Map.Entry<String, String> each : html().entrySet()) {
            files.add(written(pages, each.getKey() + ".html", page(scheme, each.getValue())));
            if (each.getValue().contains("<svg")) {
                String left = each.getValue().replaceAll(UNTRUSTED, "");
                assertThat(left).contains("<img", "hidden=").doesNotContain("<svg");
                files.add(written(pages, each.getKey() + "-untrusted.html", page(scheme, left)));
            }
        }
        for (Map.Entry<String, String> each : images().entrySet()) {
            files.add(written(pages, each.getKey() + ".svg", each.getValue()));
        }

        String found = look.measure(scheme, pages, files);

        assertThat(found).matches("measured [1-9]\\d{3,} boxes");
        if (KEPT.isPresent()) {
            for (String file : files) {
                for (int width : PageLook.WIDTHS) {
                    look.takePicture(
                            scheme, pages.resolve(file), width, 1000, pages.resolve(file + "-" + width + ".png"));
                }
            }
        }
    }

    /** Or the test above would say nothing. */
    @Test
    void whatIsFaintOutsideOrOverlapping_isTold() throws Exception {
        written(
                folder,
                "faint.html",
                page(
                        Scheme.LIGHT,
                        "<p style='color:#888'>faint text</p><p style='opacity:.5'>pale text</p><svg width='100%' height='60'>"
                                + "<rect width='9' height='9' fill='#6fb1ee'/><rect y='20' width='99' height='30' fill='#2e6cb0'/>"
                                + "<text x='5' y='40' fill='#212121'>on blue</text><text x='7' y='42'>over it</text>"
                                + "<text x='99%' y='20'>outside</text></svg>"));

        String found = new PageLook(folder).measure(Scheme.LIGHT, folder, List.of("faint.html"));

        assertThat(found.lines().filter(line -> line.contains("at 500 px")))
                .extracting(line -> line.replaceFirst(".*(<.*)", "$1"))
                .containsExactlyInAnyOrder(
                        "<p> \"faint text\": has a contrast of 3.54",
                        "<p> \"pale text\": has a contrast of 3.19",
                        "<rect> \"\": has a contrast of 2.28",
                        "<text> \"on blue\": has a contrast of 2.98",
                        "<text> \"over it\": has a contrast of 3.89",
                        "<text> \"on blue\": overlaps \"over it\"",
                        "<text> \"outside\": is outside of its picture");
    }

    private static String written(Path pages, String name, String content) throws Exception {
        Files.writeString(pages.resolve(name), content);
        return name;
    }

    /** The colours are those of JupyterLab's pages. */
    private static String page(Scheme scheme, String html) {
        String colours = scheme == Scheme.DARK ? "background:#111;color:#e0e0e0" : "background:#fff;color:#212121";
        return "<!doctype html><meta charset=utf-8><body style='margin:10px;font-family:sans-serif;font-size:14px;"
                + colours + "'><div class=picture>" + html + "</div>";
    }

    private static Map<String, String> html() {
        Map<String, String> html = new LinkedHashMap<>();
        html.put("timeline-10", tasks(10, true).timeline().html());
        html.put("timeline-100000", tasks(100_000, false).timeline().html());
        html.put("insights", InsightLook.html(tasks(10, true).insights()));
        html.put("status", PoolsLook.html(status()));
        html.put("compare", CompareLook.html(compared(300)));
        html.put("compare-long", CompareLook.html(compared(3_000)));
        html.put("race", RaceLook.html(raced(false)));
        html.put("race-lock", RaceLook.html(raced(true)));
        html.put(
                "explain",
                TableLook.html(new Table(
                        List.of("what", "is", "from", "gets to a worker", "bytes"),
                        List.of(
                                List.of("f", "a method", "cell 3", "as a class file, once", "1,204"),
                                List.of("table", "int[]", "cell 2", "by value, when it has changed", "8,000,016")),
                        "")));
        html.put(
                "progress",
                ProgressLook.html(progress(41, Optional.empty()))
                        + ProgressLook.html(progress(100, Optional.of("done in 3.2 s, 100 items, 2 failed"))));
        return html;
    }

    private static Map<String, String> images() {
        return Map.of(
                "timeline-10", tasks(10, true).timeline().svg(1000),
                "timeline-100000", tasks(100_000, false).timeline().svg(1000),
                "compare", CompareLook.image(compared(300)),
                "compare-long", CompareLook.image(compared(3_000)),
                "race", RaceLook.image(raced(false)));
    }

    // ------------------------------------------------------------ figures

    /** Of two workers, of which the second starts late, fails in an item, and dies. */
    private static Recording tasks(int count, boolean eventful) {
        long length = 2_000 * MILLI;
        List<Life> lives = new ArrayList<>(List.of(life(1, 4711, 0, 180, OptionalLong.empty())));
        lives.add(life(2, 4712, 0, 210, eventful ? OptionalLong.of(1_300 * MILLI) : OptionalLong.empty()));
        if (eventful) {
            lives.add(new Life(
                    2,
                    4713,
                    1_300 * MILLI,
                    OptionalLong.of(1_500 * MILLI),
                    OptionalLong.empty(),
                    "",
                    false,
                    true,
                    new Vitals(240 * MILLI, 3, 4 * MILLI, 30 << 20, 512 << 20)));
        }
        List<Run> runs = new ArrayList<>();
        long each = (1_280 - 260) * MILLI / (count / 2);
        for (int worker = 1; worker <= 2; worker++) {
            runs.add(run(worker, true, 0, 0, 215 * MILLI, 250 * MILLI, Run.End.DONE));
            for (int i = 0; i < count / 2; i++) {
                long from = 260 * MILLI + i * each;
                boolean last = eventful && worker == 2 && i == count / 2 - 1;
                runs.add(run(
                        worker,
                        false,
                        2L * i + worker - 1,
                        eventful && i == 1 ? 1 : 0,
                        from,
                        last ? 1_300 * MILLI : from + each * 9 / 10,
                        last ? Run.End.DIED : Run.End.DONE));
            }
        }
        Spent spent = runs.stream().map(Run::spent).reduce(Spent.NONE, Spent::plus);
        Work work = new Work(
                1,
                0,
                length,
                0,
                Map.of("map", 1L),
                count,
                count,
                eventful ? 3 : 0,
                spent,
                1,
                1,
                List.of(new SlowItem("map", 7, 1, 1, 240 * MILLI, "\"a rather long word that is an argument\"")),
                List.of(new Shipment(Shipment.Kind.VARIABLE, "table", 16_000_000, 2, 2)));
        return new Recording("default", "processes", 2, 2, 0, length, lives, runs, List.of(work));
    }

    private static Life life(int worker, long pid, long launched, long cameIn, OptionalLong ended) {
        return new Life(
                worker,
                pid,
                launched * MILLI,
                OptionalLong.of(cameIn * MILLI),
                ended,
                ended.isPresent() ? "signal 9 (SIGKILL)" : "",
                ended.isPresent(),
                false,
                new Vitals(900 * MILLI, 12, 31 * MILLI, 30 << 20, 512 << 20));
    }

    private static Run run(int worker, boolean hook, long first, long failed, long begun, long ended, Run.End end) {
        long took = ended - begun;
        return new Run(
                1,
                worker,
                hook ? "the initializer" : "map",
                hook,
                1,
                first,
                1,
                failed,
                100,
                100,
                begun,
                begun,
                ended,
                new Spent(took / 8, took / 2, took / 10, took / 50),
                end);
    }

    private static PoolsStatus status() {
        return new PoolsStatus(List.of(new PoolStatus(
                "default",
                "processes",
                "running",
                OutputMode.LIVE,
                List.of(
                        worker(
                                1,
                                4711,
                                "busy",
                                "map item 12: \"Kilimanjaro, and other words\"",
                                "line that was printed last"),
                        worker(2, 4712, "idle", "", "done"),
                        worker(3, 4713, "starting", "", ""),
                        worker(4, 0, "stopped", "", "")),
                3,
                2,
                40,
                1)));
    }

    private static PoolStatus.Worker worker(int number, long pid, String state, String doing, String said) {
        return new PoolStatus.Worker(
                number,
                pid,
                state,
                Optional.of(Duration.ofMillis(3200)),
                doing,
                Optional.of(new PoolStatus.Heap(34L << 20, 512L << 20, Duration.ofSeconds(34))),
                Optional.of(Duration.ofMillis(4100)),
                5,
                said);
    }

    private static ProgressReport progress(long done, Optional<String> end) {
        return new ProgressReport(
                1,
                true,
                false,
                "map",
                done,
                2,
                OptionalLong.of(100),
                12.5,
                List.of(WorkerState.BUSY, WorkerState.IDLE, WorkerState.STARTING, WorkerState.DEAD),
                end);
    }

    private static RaceResult raced(boolean locked) {
        return new RaceResult(
                "processes",
                locked,
                2,
                5_000_000,
                1,
                locked
                        ? List.of(new RaceResult.Round(10_000_000, 900 * MILLI))
                        : List.of(
                                new RaceResult.Round(5_200_000, 90 * MILLI),
                                new RaceResult.Round(9_999_999, 110 * MILLI),
                                new RaceResult.Round(7_500_000, 95 * MILLI)));
    }

    /** Eight items in each way, which took so long in all one after the other. */
    private static CompareResult compared(long millis) {
        List<Row> rows = new ArrayList<>();
        for (int processors : List.of(1, 2)) {
            for (String way : List.of("sequential", "threads", "virtual", "processes")) {
                boolean alone = way.equals("sequential") || way.equals("virtual") && processors == 1;
                rows.add(new Row(way, processors, List.of(ran(way, alone ? 1 : 2, processors, millis * MILLI))));
            }
        }
        return new CompareResult(rows, 8, 2, List.of());
    }

    /** On one processor each lane has it for three milliseconds, and then another one. */
    private static manyjvm.magics.lesson.Run ran(String way, int lanes, int processors, long all) {
        boolean turns = lanes > processors;
        long wall = all / Math.min(lanes, processors);
        long each = wall * lanes / 8;
        List<Span> spans = new ArrayList<>();
        for (int item = 0; item < 8; item++) {
            int lane = item % lanes;
            long begin = item / lanes * each;
            int looks = (int) (each / MILLI) + 1;
            long[] at = new long[looks];
            long[] ran = new long[looks];
            for (int i = 0; i < looks; i++) {
                at[i] = begin + i * MILLI;
                boolean has = !turns || (at[i] / MILLI / 3 + lane) % 2 == 0;
                ran[i] = i == 0 ? 0 : ran[i - 1] + (has ? MILLI : 0);
            }
            spans.add(new Span(item, "lane " + lane, at, ran));
        }
        return new manyjvm.magics.lesson.Run(way, 0, wall, all, spans);
    }
}
