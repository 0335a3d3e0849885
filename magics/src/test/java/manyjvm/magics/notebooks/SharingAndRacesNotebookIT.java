package manyjvm.magics.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

class SharingAndRacesNotebookIT extends NotebookChecks {
    SharingAndRacesNotebookIT() {
        super("sharing-and-races");
        cell("snapshot", cell -> {
            assertThat(cell.stdout()).isEqualTo("in the worker: 42\nin the notebook: 1\n");
            assertThat(cell.stderr()).containsOnlyOnce("warning: box is changed by code that runs in workers");
        });
        cell("random-copied", cell -> {
            List<String> twice = groups("\\[(\\[.*\\]), (\\[.*\\])\\]\n", cell.stdout());
            assertThat(twice.get(0)).isEqualTo(twice.get(1));
            assertThat(cell.stderr()).contains("dice gives random numbers", "random(seed, item)");
        });
        cell("random-by-item", cell -> {
            assertThat(cell.lines()).hasSize(2);
            assertThat(cell.lines().get(0)).isEqualTo(cell.lines().get(1));
            List<String> items = groups(
                    "\\[(\\[.*\\]), (\\[.*\\]), (\\[.*\\]), (\\[.*\\])\\]",
                    cell.lines().get(0));
            assertThat(items).doesNotHaveDuplicates();
            assertThat(cell.stderr()).isEmpty();
        });
        shows("value", "100");
        shows("array", "[0, 1, 4, 9, 16, 25, 36, 49]");
        cell("race", cell -> {
            List<Long> lost = cell.lines().stream()
                    .map(line -> Long.parseLong(groups("round [1-5]: (\\d+) of 20000000 updates lost", line)
                            .get(0)))
                    .toList();
            assertThat(lost).hasSize(5).anyMatch(each -> each > 0).allMatch(each -> each < 20_000_000);
            assertThat(lost.stream().filter(each -> each > 0)).doesNotHaveDuplicates();
        });
        prints("lock", "with the lock: 1000000 of 1000000\n");
        cell("price", cell -> {
            List<Long> nanoseconds = numbers(cell.lines().get(0));
            assertThat(nanoseconds).hasSize(2);
            assertThat(nanoseconds.get(0)).as("with the lock").isGreaterThan(nanoseconds.get(1));
            assertThat(cell.lines().get(1)).isEqualTo("counted 2500000 of 2500000");
        });
        prints("queue", "one\ntwo\nthree\nfour\n");
        prints("queue-copies", "arrived: [a], mine: [a, b]\n");
        cell("deadlock", cell -> {
            assertThat(cell.stdout())
                    .isEqualTo("after two seconds one is alive: true, two is alive: true\nboth locks at last\n");
            assertThat(cell.stderr()).contains("died");
        });
        cell("stack", cell -> assertThat(cell.values().get(0))
                .contains("Deadlock: these threads wait for each other")
                .containsPattern("of one waits for Lock \\d+ \\(right\\), which \"task\" of two holds")
                .containsPattern("of two waits for Lock \\d+ \\(left\\), which \"task\" of one holds")
                .containsPattern("cross\\(In\\[\\d+\\]:8\\)"));
        prints("broken-lock", "one: exit code -9, two: exit code 0\n");
        shows("order", "2000");
        cell("end", cell -> assertThat(cell.stdout()).endsWith("closed)\n"));
    }
}
