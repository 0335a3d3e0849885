package manyjvm.parallel.insight;

import java.util.List;
import java.util.Locale;

/**
 * A timeline in the <a href="https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU">Trace Event
 * Format</a>, its JSON object form. Panels are its processes and workers its threads; tasks, starts and initializers are complete
 * events (phase {@code X}, with {@code ts} and {@code dur} in microseconds), deaths are instant events (phase {@code i}) of their
 * thread, and names and order are metadata (phase {@code M}).
 */
record TraceEvents(Timeline timeline) {
    String json() {
        Writer out = new Writer();
        int process = 0;
        for (Timeline.Panel panel : timeline.panels()) {
            process++;
            Recording recording = panel.recording();
            out.metadata("process_name", process, 0, "name", quoted(panel.title()));
            out.metadata("process_sort_index", process, 0, "sort_index", String.valueOf(process));
            for (int worker = 1; worker <= recording.workers(); worker++) {
                out.metadata("thread_name", process, worker, "name", quoted("worker " + worker));
                out.metadata("thread_sort_index", process, worker, "sort_index", String.valueOf(worker));
            }
            for (Life life : recording.lives()) {
                life(out, process, recording, life);
            }
            for (Run run : recording.runs()) {
                run(out, process, recording, run);
            }
        }
        return "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n" + out.events + "\n]}\n";
    }

    private static void life(Writer out, int process, Recording recording, Life life) {
        long end = life.ended().orElse(recording.taken());
        long from = Math.max(life.launched(), recording.from());
        long ready = life.cameIn().orElse(end);
        if (ready > from) { // else it was there before
            out.complete(
                    life.replacement() ? "starts in another's place" : "starts",
                    "start",
                    process,
                    life.worker(),
                    from - recording.from(),
                    ready - from,
                    "\"pid\":" + life.pid());
        }
        if (life.died() && life.ended().isPresent()) {
            out.instant("died: " + life.end(), "death", process, life.worker(), end - recording.from());
        }
    }

    private static void run(Writer out, int process, Recording recording, Run run) {
        long from = Math.max(run.begun(), recording.from()); // another cell's may have begun before
        out.complete(
                run.tasks() == 1
                        ? run.description()
                        : run.description() + " (" + Words.count(run.tasks(), "task") + ")",
                run.hook() ? "hook" : "task",
                process,
                run.worker(),
                from - recording.from(),
                Math.max(0, run.ended() - from),
                "\"end\":" + quoted(run.end().name().toLowerCase(Locale.ROOT))
                        + ",\"tasks\":" + run.tasks()
                        + ",\"first item\":" + run.first()
                        + ",\"items\":" + run.items()
                        + ",\"failed\":" + run.failed()
                        + ",\"bytes there\":" + run.bytesThere()
                        + ",\"bytes back\":" + run.bytesBack()
                        + ",\"reading ms\":" + millis(run.spent().reading())
                        + ",\"working ms\":" + millis(run.spent().working())
                        + ",\"writing ms\":" + millis(run.spent().writing())
                        + ",\"sending ms\":" + millis(run.spent().sending()));
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / 1e6);
    }

    /** A string of JSON. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) { // half of a character, where somebody cut a text
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static final class Writer {
        final StringBuilder events = new StringBuilder();

        void metadata(String what, int process, int thread, String argument, String value) {
            event(what, "__metadata", "M", process, thread, 0, "", List.of("\"" + argument + "\":" + value));
        }

        void complete(String name, String category, int process, int thread, long from, long nanos, String arguments) {
            event(name, category, "X", process, thread, from, ",\"dur\":" + micros(nanos), List.of(arguments));
        }

        void instant(String name, String category, int process, int thread, long at) {
            event(name, category, "i", process, thread, at, ",\"s\":\"t\"", List.of());
        }

        private void event(
                String name,
                String category,
                String phase,
                int process,
                int thread,
                long at,
                String more,
                List<String> arguments) {
            events.append(events.length() == 0 ? "" : ",\n")
                    .append("{\"name\":")
                    .append(quoted(name))
                    .append(",\"cat\":")
                    .append(quoted(category))
                    .append(",\"ph\":\"")
                    .append(phase)
                    .append("\",\"ts\":")
                    .append(micros(at))
                    .append(more)
                    .append(",\"pid\":")
                    .append(process)
                    .append(",\"tid\":")
                    .append(thread)
                    .append(",\"args\":{")
                    .append(String.join(",", arguments))
                    .append("}}");
        }

        private static String micros(long nanos) {
            return String.format(Locale.ROOT, "%.3f", nanos / 1e3);
        }
    }
}
