package manyjvm.magics.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

class ConcurrencyAndParallelismNotebookIT extends NotebookChecks {
    private static final int SLOTS = 60;

    ConcurrencyAndParallelismNotebookIT() {
        super("concurrency-and-parallelism");
        cell("processors", cell -> assertThat(cell.stdout()).matches("processors here: [1-9]\\d*\n"));
        silent("cpus");
        silent("turns");
        // A slot in which the processor changes hands has both: one in three where a turn takes 3 ms, as on Linux, more
        // where other programs take turns, too.
        cell("one", cell -> assertThat(both(drawn(cell))).as("both at once").isLessThanOrEqualTo(SLOTS / 2));
        whereQuiet(
                "one", cell -> assertThat(both(drawn(cell))).as("both at once").isLessThanOrEqualTo(SLOTS / 4));
        cell("two", cell -> drawn(cell));
        whereQuiet(
                "two", cell -> assertThat(both(drawn(cell))).as("both at once").isGreaterThan(40));
        silent("compare");
        cell("gain", cell -> {
            assertThat(gains(cell)).allMatch(gain -> gain > 0);
            assertThat(cell.values().get(0)).contains("threads on ", "processes on ");
            assertThat(cell.data("text/html").get(0)).contains("<svg");
        });
        whereQuiet("gain", cell -> assertThat(gains(cell)).allMatch(gain -> gain >= 1.7));
        // The lower bounds hold by nature; a busy machine takes longer than the upper ones.
        took("wait", 500, 1_000);
        took("limit", 800, 1_600);
        silent("end");
    }

    /** The milliseconds it tells last: not less than one after the other in each worker, and less than by one worker. */
    private void took(String id, long least, long inTurn) {
        cell(id, cell -> assertThat(took(cell)).isGreaterThanOrEqualTo(least));
        whereQuiet(id, cell -> assertThat(took(cell)).as("less than in turn").isLessThan(inTurn));
    }

    private static long took(TeachingNotebook.Cell cell) {
        List<Long> numbers = numbers(cell.stdout());
        return numbers.get(numbers.size() - 1);
    }

    /** How many times as fast threads and processes were on all processors. */
    private static List<Double> gains(TeachingNotebook.Cell cell) {
        return groups("threads: ([\\d.]+), processes: ([\\d.]+)\n", cell.stdout()).stream()
                .map(Double::parseDouble)
                .toList();
    }

    private static List<String> drawn(TeachingNotebook.Cell cell) {
        return groups("worker 1  ([#.]{60})\nworker 2  ([#.]{60})\n", cell.stdout());
    }

    /** In how many slots both had a processor. */
    private static long both(List<String> drawn) {
        return java.util.stream.IntStream.range(0, drawn.get(0).length())
                .filter(slot -> drawn.get(0).charAt(slot) == '#' && drawn.get(1).charAt(slot) == '#')
                .count();
    }
}
