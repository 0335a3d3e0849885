package manyjvm.magics.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

class WaysToStartAProcessNotebookIT extends NotebookChecks {
    WaysToStartAProcessNotebookIT() {
        super("ways-to-start-a-process");
        shows("methods", "[spawn]");
        cell("fork-refused", cell -> assertThat(cell.stdout()).contains("a JVM cannot start workers by \"fork\""));
        cell("threads", cell -> {
            assertThat(cell.lines()).hasSizeGreaterThanOrEqualTo(2);
            if (cell.stdout().contains("Linux")) {
                long java = numbers(cell.lines().get(0)).get(0);
                long all = numbers(cell.lines().get(1)).get(0);
                assertThat(all).isGreaterThan(java);
                assertThat(cell.lines().get(2)).contains("VM Thread", "C2 Compiler");
            }
        });
        cell("bare", cell -> assertThat(cell.stdout()).matches("a bare JVM: \\d+ ms\n"));
        cell("fresh", cell -> assertThat(cell.stdout()).matches("a fresh process: \\d+ ms\n"));
        cell("standby", cell -> assertThat(cell.stdout()).matches("a process by a JVM that stood by: \\d+ ms\n"));
        cell("pool", cell -> assertThat(cell.stdout()).matches("a task of a pool: \\d+ microseconds\n"));
        cell("times", cell -> {
            List<String> times = groups(
                    "a fresh process +(\\S+) ms\na process by a JVM that stood by +(\\S+) ms\na task of a pool +(\\S+) ms\n",
                    cell.stdout());
            assertThat(times.stream().map(Double::parseDouble).toList())
                    .as("longest first")
                    .isSortedAccordingTo((one, other) -> Double.compare(other, one));
        });
        prints("knows", "Point[x=3, y=6]\n");
        cell("parent", cell -> {
            List<String> pids = groups("the notebook: (\\d+)\nthe worker's parent: (\\d+)\n", cell.stdout());
            assertThat(pids.get(0)).isEqualTo(pids.get(1));
        });
    }
}
