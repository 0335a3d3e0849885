package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import manyjvm.parallel.insight.Life;
import manyjvm.parallel.insight.Recording;
import manyjvm.parallel.insight.Run;
import manyjvm.parallel.insight.Spent;
import manyjvm.parallel.insight.Vitals;
import org.junit.jupiter.api.Test;

/**
 * The file for Perfetto and Chrome, held against the Trace Event Format's document: what each phase must and may have. Here,
 * since a reader of JSON is at hand.
 */
class TraceEventFormatTest {
    /** Common to all events, and in all of ours. */
    private static final Set<String> COMMON = Set.of("name", "cat", "ph", "ts", "pid", "tid", "args");

    /** "Metadata Events": their names, and the one argument of each. */
    private static final Map<String, String> METADATA = Map.of(
            "process_name", "name",
            "process_sort_index", "sort_index",
            "thread_name", "name",
            "thread_sort_index", "sort_index");

    private static final Recording RECORDING = new Recording(
            "a \"pool\"\n",
            "processes",
            2,
            2,
            1_000_000,
            900_000_000,
            List.of(
                    new Life(
                            1,
                            4711,
                            1_000_000,
                            OptionalLong.of(2_000_500),
                            OptionalLong.of(500_000_000),
                            "signal 9 (SIGKILL)",
                            true,
                            false,
                            Vitals.NONE),
                    new Life( // which was ready before
                            2,
                            4710,
                            1_000,
                            OptionalLong.of(2_000),
                            OptionalLong.empty(),
                            "",
                            false,
                            false,
                            Vitals.NONE),
                    new Life(
                            1,
                            4712,
                            500_000_000,
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            "",
                            false,
                            true,
                            Vitals.NONE)),
            List.of(
                    run(1, 1, 2_000_500, 300_000_000, Run.End.DONE),
                    run(1, 700, 300_000_000, 499_000_000, Run.End.DIED),
                    run(2, 1, 500_000, 2_000_000, Run.End.DONE),
                    run(2, 1, 5_000_000, 5_000_001, Run.End.RUNNING)),
            List.of());

    private static Run run(int worker, long tasks, long begun, long ended, Run.End end) {
        return new Run(1, worker, "map", false, tasks, 0, 3, 0, 9, 8, begun, begun, ended, new Spent(1, 2, 3, 4), end);
    }

    private static JsonObject written() throws Exception {
        try (JsonReader strict =
                new JsonReader(new StringReader(RECORDING.timeline().traceEvents()))) {
            strict.setStrictness(Strictness.STRICT);
            return new Gson().getAdapter(JsonObject.class).read(strict);
        }
    }

    @Test
    void file_isTheObjectForm() throws Exception {
        JsonObject written = written();
        assertThat(written.keySet()).containsExactlyInAnyOrder("traceEvents", "displayTimeUnit");
        assertThat(written.get("displayTimeUnit").getAsString()).isIn("ms", "ns");
    }

    @Test
    void events_haveWhatTheirPhaseAsksFor() throws Exception {
        JsonArray events = written().getAsJsonArray("traceEvents");
        assertThat(events).isNotEmpty();
        for (JsonElement element : events) {
            JsonObject event = element.getAsJsonObject();
            assertThat(event.keySet()).containsAll(COMMON);
            assertThat(event.get("ts").getAsDouble()).isNotNegative();
            assertThat(event.get("pid").getAsInt()).isEqualTo(1);
            switch (event.get("ph").getAsString()) {
                case "X" -> assertThat(event.get("dur").getAsDouble()).isNotNegative();
                case "i" -> assertThat(event.get("s").getAsString()).isIn("g", "p", "t");
                case "M" ->
                    assertThat(event.getAsJsonObject("args").keySet())
                            .containsExactly(METADATA.get(event.get("name").getAsString()));
                default -> throw new AssertionError("a phase that we do not write: " + event);
            }
        }
    }

    @Test
    void times_areMicrosecondsSinceTheBegin() throws Exception {
        JsonObject first = written().getAsJsonArray("traceEvents").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .filter(event -> event.get("cat").getAsString().equals("task"))
                .findFirst()
                .orElseThrow();
        assertThat(first.get("ts").getAsDouble()).isEqualTo(1000.5);
        assertThat(first.get("dur").getAsDouble()).isEqualTo(297_999.5);
    }

    /** "Complete events" of one thread nest: they may not overlap in part. */
    @Test
    void eventsOfAWorker_doNotOverlap() throws Exception {
        double[] end = new double[3];
        written().getAsJsonArray("traceEvents").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .filter(event -> event.get("ph").getAsString().equals("X"))
                .sorted((one, other) -> Double.compare(
                        one.get("ts").getAsDouble(), other.get("ts").getAsDouble()))
                .forEach(event -> {
                    int thread = event.get("tid").getAsInt();
                    assertThat(event.get("ts").getAsDouble()).isGreaterThanOrEqualTo(end[thread]);
                    end[thread] =
                            event.get("ts").getAsDouble() + event.get("dur").getAsDouble();
                });
    }

    @Test
    void namesInIt_areWholeStrings() throws Exception {
        assertThat(written().getAsJsonArray("traceEvents").asList().stream()
                        .map(event -> event.getAsJsonObject().get("args").getAsJsonObject())
                        .filter(arguments -> arguments.has("name"))
                        .map(arguments -> arguments.get("name").getAsString()))
                .contains("a \"pool\"\n, 2 processes: no work yet", "worker 1", "worker 2");
    }
}
