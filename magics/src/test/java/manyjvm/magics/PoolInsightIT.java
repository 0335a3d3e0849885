package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import manyjvm.kernel.runner.Execution;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code %pool insights} and {@code %pool timeline} show of cells that have run. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PoolInsightIT {
    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
        notebook.run("int slow(int x) throws Exception { Thread.sleep(x == 3 ? 300 : 50); return x; }");
        notebook.run("int[] table = new int[300_000]; int at(int i) { return table[i]; }");
        notebook.run("%pool start 2");
        notebook.run("%pool map slow 0..7 --chunk 1");
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    private static String shown(Execution execution) {
        return execution.outputs("execute_result").get(0).content().toString();
    }

    @Test
    void timeline_isAPictureOfTheLastCellsWork_andItsTwinInText() throws Exception {
        notebook.run("%pool map slow 0..7 --chunk 1");
        Execution execution = notebook.run("%pool timeline");
        assertThat(execution.result().orElseThrow())
                .startsWith("default, 2 processes: map, 8 items in 8 tasks, ")
                .contains("1 |")
                .contains("2 |");
        assertThat(shown(execution)).contains("<svg", "item 3; ").doesNotContain("<script");
        assertThat(notebook.value("%pool timeline --all"))
                .startsWith("default, 2 processes: ")
                .contains("map");
    }

    @Test
    void insights_tellWhereTheTimeWent_whatWasSlow_andWhatWasSent() throws Exception {
        notebook.run("table[1] = 5;\n%pool map slow 0..7 --chunk 1\n%pool map at 0..7");
        Execution execution = notebook.run("%pool insights");
        assertThat(execution.result().orElseThrow())
                .startsWith("default, 2 processes: 2 map, 16 items in 16 tasks, ")
                .containsPattern("worker +start-up +waiting +working +reading +writing +sending +tasks +items +cpu")
                .containsPattern("\n1 .* \\d+ in (0|\\d+ ms)\n")
                .contains("speed-up ")
                .containsPattern("[\\d.]+ m?s  item 3 of map, argument 3, worker [12]")
                .contains("variable table");
        assertThat(shown(execution)).contains("<table>").doesNotContain("<script");
    }

    @Test
    void variableThatChangesBetweenCalls_isNamedWithItsBytes() throws Exception {
        notebook.run(
                "table[0] = 7;\n%pool map at 0..7\ntable[0] = 8;\n%pool map at 0..7\ntable[0] = 9;\n%pool map at 0..7");
        assertThat(notebook.value("%pool insights"))
                .contains("1.2 MB of table went to each worker 3 times")
                .contains("7.2 MB  variable table, 6 times to 2 workers");
    }

    @Test
    void timeline_isSavedAsAPictureAndForPerfetto(@TempDir Path folder) throws Exception {
        for (String name : new String[] {"life.svg", "life.json"}) {
            Path file = folder.resolve(name);
            assertThat(notebook.value("%pool timeline --save " + file)).isEqualTo(file.toString());
            assertThat(Files.readString(file)).contains(name.endsWith("svg") ? "<svg" : "\"traceEvents\"");
        }
        assertThat(notebook.error("%pool timeline --save life.png")).contains("ends in .svg", "life.png");
    }

    @Test
    void closedPoolOfAVariable_isStillRemembered() throws Exception {
        notebook.run("var gone = Pool.threads(2); gone.map(x -> x + 1, range(10)); gone.close();");
        assertThat(notebook.value("%pool timeline gone")).contains("2 threads: map, 10 items");
        assertThat(notebook.error("%pool timeline nowhere")).contains("no pool named 'nowhere'");
    }
}
