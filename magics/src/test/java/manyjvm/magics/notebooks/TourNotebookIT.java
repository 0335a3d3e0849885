package manyjvm.magics.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TourNotebookIT extends NotebookChecks {
    TourNotebookIT() {
        super("tour");
        silent("setup");
        cell("lsmagic", cell -> assertThat(cell.stdout()).contains("%pool", "%process", "%queue"));
        cell("pool-start", cell -> assertThat(text(cell)).contains("2 processes"));
        shows("pool-map", "[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]");
        shows("pool-starmap", "[10, 11, 12]");
        prints("pool-imap", "1, 4, 9\n");
        shows("pool-apply", "42");
        shows("pool-cell", "[1, 8, 27, 64, 125]");
        cell("pool-timeline", cell -> assertThat(cell.data("text/html").toString() + cell.data("image/svg+xml"))
                .contains("<svg"));
        cell("pool-insights", cell -> assertThat(text(cell)).contains("speed-up"));
        cell("pool-each", cell -> assertThat(cell.lines()).containsExactlyInAnyOrder("[1] here", "[2] here"));
        cell("pool-explain", cell -> assertThat(text(cell)).contains("f"));
        cell("pool-status", cell -> assertThat(text(cell)).contains("idle"));
        silent("pool-output");
        cell("pool-output-shown", cell -> {
            assertThat(cell.stdout()).isEqualTo("item 1\nitem 2\nitem 3\n");
            assertThat(cell.values()).containsExactly("[-1, -2, -3]");
        });
        silent("pool-interrupt");
        silent("pool-close");
        cell("compare", cell -> assertThat(text(cell)).contains("threads"));
        cell("race", cell -> assertThat(text(cell)).contains("lost"));
        prints("process", "from a process\n");
        cell("process-cell", cell -> assertThat(cell.stdout()).contains("rank 0", "rank 1"));
        silent("process-async");
        cell("process-async-cell", cell -> assertThat(text(cell)).startsWith("sleeper (pid "));
        cell("process-list", cell -> assertThat(text(cell)).contains("sleeper"));
        cell("process-stack", cell -> assertThat(text(cell)).contains("In["));
        silent("process-kill");
        silent("queue");
        shows("queue-size", "2");
        shows("queue-get", "first");
        cell("who", cell -> assertThat(cell.stdout()).contains("squares", "jobs"));
        shows("py-pool", "25");
        shows("py-map", "[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]");
        prints("py-async", "16 400 [0, 1, 4]\n");
        shows("py-starmap", "[2, 3, 4]");
        prints("py-imap", "0\n1\n4\n9\n");
        prints("py-init", "fast\n");
        shows("py-partial", "[11, 12, 13]");
        prints("py-threads", "[0, 1, 4, 9, 16]\n");
        cell("py-process", cell -> {
            assertThat(cell.stdout()).isEqualTo("7 * 7 = 49\n");
            assertThat(cell.values()).containsExactly("0");
        });
        cell("py-pid", cell -> assertThat(cell.stdout())
                .matches("the worker is another process: true\nprocessors: \\d+\n"));
        shows("py-queue", "[42, null, hello]");
        shows("py-pipe", "through the pipe");
        prints("py-value", "3.14 [99, 1, 2, 3, 4]\n");
        shows("py-lock", "2");
        shows("py-manager", "{item 0=0, item 1=1, item 2=2}");
        prints("py-memory", "42\n");
        cell("py-fork", cell -> assertThat(cell.stdout()).contains("a JVM cannot start workers by \"fork\""));
        cell("py-children", cell -> assertThat(cell.stdout()).contains("Pool-", "worker 2", "pid="));
        cell("py-stack", cell -> assertThat(cell.stdout()).contains("worker 1 (pid "));
        cell("py-death", cell -> {
            assertThat(cell.lines().get(0)).contains("exit code 9", "item 1 of map");
            assertThat(cell.lines().get(1)).isEqualTo("[0, null, 2, 3]");
        });
        silent("end");
    }

    /** What it shows, as values or as text. */
    private static String text(TeachingNotebook.Cell cell) {
        return cell.stdout() + String.join("\n", cell.values());
    }

    @Test
    void everyRowOfTheReadmesTable_isThere() throws Exception {
        String tour = TeachingNotebook.read(TeachingNotebook.file("tour")).cells().stream()
                .map(TeachingNotebook.Cell::source)
                .collect(Collectors.joining("\n"));
        String readme = Files.readString(Path.of("..", "README.md"));
        String table = readme.substring(readme.indexOf("## From Python"), readme.indexOf("`ITEMS` is"));
        List<String> theirs = Pattern.compile("^\\| `([^`]*)`", Pattern.MULTILINE)
                .matcher(table)
                .results()
                .map(row -> row.group(1))
                .toList();
        assertThat(theirs).hasSizeGreaterThan(15).allMatch(name -> tour.contains("`" + name + "`"));
    }
}
