package manyjvm.magics.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

class WhenThingsGoWrongNotebookIT extends NotebookChecks {
    WhenThingsGoWrongNotebookIT() {
        super("when-things-go-wrong");
        silent("pool");
        cell("exception", cell -> assertThat(cell.error().orElseThrow())
                .contains("TaskFailedException", "ArithmeticException: / by zero")
                .containsPattern("divide\\(In\\[\\d+\\]:4\\)"));
        prints("kept", "failed: [0]\nresults: [null, 10, 5, 3]\n");
        cell("exit", cell -> {
            assertThat(cell.lines()).hasSize(3);
            assertThat(cell.lines().get(0)).contains("exit code 3", "item 2 of map", "argument 2");
            assertThat(cell.lines().get(1)).isEqualTo("results: [0, 1, null, 3, 4, 5]");
            assertThat(cell.lines().get(2)).isEqualTo("the pool goes on: [1, 2, 3, 4, 5, 6]");
        });
        cell("crash", cell -> {
            assertThat(cell.stdout()).contains("item 1 of map");
            assertThat(cell.stdout()).endsWith("reason: signal 9 (SIGKILL), exit code -9\n");
        });
        cell("memory", cell -> assertThat(cell.stdout())
                .contains("out of memory", "small worker ", "--heap 1g")
                .endsWith("results: [0, null, 2, 3]\n"));
        cell("timeout", cell -> {
            assertThat(cell.lines().get(0)).contains("was killed", "item 1 of map");
            assertThat(cell.lines().get(1)).isEqualTo("results: [0, null, 2, 3]");
            assertThat(Double.parseDouble(
                            groups("after (\\S+) s", cell.lines().get(2)).get(0)))
                    .isBetween(0.5, 30.0);
        });
        prints("interrupt-kind", "cancelled: true\nthe same worker: true\n");
        prints("interrupt-stubborn", "cancelled: true\nthe same worker: false\n");
        prints("retries", "done at attempt 2\n");
        cell("refused", cell -> assertThat(cell.stdout()).contains("cannot send notebook variable log"));
        cell("codes", cell -> {
            assertThat(cell.stdout())
                    .isEqualTo("ends well:           0\nSystem.exit(7):      7\nthrows an exception: 1\n");
            assertThat(cell.stderr())
                    .contains("ArithmeticException: / by zero")
                    .containsPattern("divide\\(In\\[\\d+\\]:4");
        });
        shows("killed", "-9");
        cell("end", cell -> assertThat(cell.stdout()).endsWith("closed)\n"));
    }
}
