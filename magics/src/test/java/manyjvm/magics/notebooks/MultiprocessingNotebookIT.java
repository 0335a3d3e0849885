package manyjvm.magics.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import manyjvm.magics.notebooks.TeachingNotebook.Cell;

class MultiprocessingNotebookIT extends NotebookChecks {
    private static final String SQUARES = "[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]";

    MultiprocessingNotebookIT() {
        super("multiprocessing");
        silent("show-all");
        cell("two-values", cell -> assertThat(cell.values()).containsExactly("2", "3"));
        cell("processors", cell -> assertThat(cell.stdout()).matches("processors: [1-9]\\d*\n"));
        cell("start-methods", cell -> {
            assertThat(cell.values()).containsExactly("[spawn]");
            assertThat(cell.stdout()).contains("fork", "spawn", "JVM");
        });
        cell("pool-map", cell -> {
            assertThat(linesOfItems(cell)).as("both workers share the items").containsExactly("1", "2");
            assertThat(cell.lines()).hasSize(11).last().isEqualTo(SQUARES);
        });
        cell("pool-raw", cell -> {
            String mess = cell.stdout().substring(0, cell.stdout().lastIndexOf('['));
            assertThat(cell.stdout()).endsWith(SQUARES + "\n");
            assertThat(mess.chars().filter(Character::isDigit).sorted().mapToObj(Character::toString))
                    .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
            assertThat(mess.chars().filter(c -> c == '=').count()).isEqualTo(10);
            assertThat(mess.lines()).as("torn").anyMatch(line -> line.startsWith("x=x="));
        });
        cell("pool-magic", cell -> {
            assertThat(cell.values()).containsExactly("81");
            assertThat(linesOfItems(cell)).isNotEmpty();
        });
        cell("process-array", cell -> {
            assertThat(cell.stdout()).isEqualTo("x=[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]\n");
            assertThat(cell.values()).containsExactly("0");
        });
        cell("pids", cell -> {
            List<String> pids = groups(
                    "Hello\nparent process: (\\d+)\nprocess id: (\\d+)\n\nWorld\nparent process: (\\d+)\nprocess id: (\\d+)\n",
                    cell.stdout());
            assertThat(pids.get(2)).as("the child's parent is the notebook").isEqualTo(pids.get(1));
            assertThat(pids.get(3)).isNotIn(pids.get(0), pids.get(1));
        });
        prints("queue", "[42, null, hello]\n");
        prints("pipe", "[42, null, hello]\n");
        prints("shared", "3.1415927\n[0, -1, -2, -3, -4, -5, -6, -7, -8, -9]\n");
        cell("race", cell -> {
            assertThat(cell.lines().get(0)).isEqualTo("with the lock: 1000000 of 1000000");
            List<String> left =
                    groups("without it: (\\d+) of 20000000", cell.lines().get(1));
            assertThat(Long.parseLong(left.get(0))).as("updates were lost").isBetween(1L, 19_999_999L);
        });
        silent("methods-measure");
        cell("methods", cell -> {
            assertThat(cell.lines()).hasSize(6);
            timed(cell, "map", true, true, "[[11, 12]]");
            timed(cell, "mapAsync", true, false, "[[11, 12]]");
            timed(cell, "apply", false, true, "[11, 12]");
            timed(cell, "applyAsync", true, false, "[11, 12]");
            timed(cell, "starmap", true, true, "[[11, 12]]");
            timed(cell, "starmapAsync", true, false, "[[11, 12]]");
        });
        cell("callback", cell -> {
            List<String> came = groups("as they came: \\[(.*)\\]\nsorted: \\[0, 1, 4, 9\\]\n", cell.stdout());
            assertThat(came.get(0).split(", ")).containsExactlyInAnyOrder("0", "1", "4", "9");
        });
        cell("examples", cell -> {
            assertThat(cell.lines()).hasSize(4).startsWith(SQUARES, "400");
            Set<Long> pids = new HashSet<>(numbers(cell.lines().get(3)));
            pids.addAll(numbers(cell.lines().get(2)));
            assertThat(numbers(cell.lines().get(3))).hasSize(4);
            assertThat(pids).as("of two workers").hasSizeLessThanOrEqualTo(2);
        });
        prints("partial", "[[2, 3, 4], [2, 3, 4], [2, 3, 4]]\nall the same: true\n");
        cell("threads-demo-memory", cell -> {
            assertThat(cell.stdout()).isEqualTo("threads left 4 elements here\nprocesses left 0 elements here\n");
            assertThat(cell.stderr()).containsOnlyOnce("warning: seen is changed");
        });
        cell("threads-demo-walls", cell -> {
            assertThat(cell.lines().get(0)).contains("exit code 3", "item 2 of map");
            assertThat(cell.lines().get(1)).isEqualTo("and the pool goes on: [1, 2, 3, 4]");
        });
        cell("threads-demo-time", cell -> assertThat(cell.stdout())
                .matches("one after the other: \\d+ ms\n2 threads: \\d+ ms\n2 processes: \\d+ ms\n"));
        whereQuiet("threads-demo-time", cell -> {
            List<Long> times = numbers(cell.stdout());
            long less = times.get(0) * 3 / 4;
            assertThat(times.get(2)).as("threads").isLessThan(less);
            assertThat(times.get(4)).as("processes").isLessThan(less);
        });
    }

    /** The items' lines, which must all be there. @return the workers that printed them, sorted */
    private static List<String> linesOfItems(Cell cell) {
        List<String> items = new ArrayList<>();
        List<String> workers = new ArrayList<>();
        for (String line : cell.lines().subList(0, 10)) {
            List<String> parts = groups("\\[(\\d+)\\] (x=\\d)", line);
            workers.add(parts.get(0));
            items.add(parts.get(1));
        }
        assertThat(items)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 10).mapToObj(i -> "x=" + i).toList());
        return workers.stream().distinct().sorted().toList();
    }

    /** The row of the table in the text, by the times that the cell has measured: of tasks of 600 and of 400 ms. */
    private static void timed(Cell cell, String method, boolean parallel, boolean waits, String results) {
        String line = cell.lines().stream()
                .filter(each -> each.startsWith(method + " "))
                .findFirst()
                .orElseThrow();
        List<String> parts = groups("\\w+ +returned at +(\\d+) ms, done at +(\\d+) ms: (.*)", line);
        long returned = Long.parseLong(parts.get(0));
        long done = Long.parseLong(parts.get(1));
        assertThat(done < 1_000).as(line + " is parallel").isEqualTo(parallel);
        assertThat(returned >= 600).as(line + " waits").isEqualTo(waits);
        assertThat(done).isBetween(600L, 60_000L);
        assertThat(parts.get(2)).isEqualTo(results);
    }
}
