package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import manyjvm.kernel.runner.Execution;
import manyjvm.parallel.Parallel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code %%race}: loses without a lock, never with one, and tells the truth about both. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RaceIT {
    private static final int RUNS = 20;

    private static NotebookKernel notebook;

    @BeforeAll
    static void start() throws Exception {
        notebook = new NotebookKernel();
    }

    @AfterAll
    static void stop() {
        notebook.close();
    }

    private static List<Integer> lost(String magic) throws Exception {
        notebook.run(magic.replaceFirst("(\n|$)", " --out result$1"));
        String list = notebook.value("result.lost()").replaceAll("[\\[\\] ]", "");
        return Arrays.stream(list.split(",")).map(Integer::valueOf).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"processes", "threads"})
    void race_withoutALock_losesInNearlyEveryRun(String on) throws Exception {
        Assumptions.assumeTrue(Parallel.cpuCount() > 1, "on one processor the workers take turns");
        int losing = 0;
        for (int run = 0; run < RUNS; run++) {
            losing += lost("%%race --on " + on).stream().anyMatch(each -> each > 0) ? 1 : 0;
        }
        assertThat(losing).isGreaterThanOrEqualTo(RUNS - 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%%race --lock",
                "%%race --lock --on threads",
                "%%race\ncounter.getAndAdd(1);",
                "%%race --on threads\ncounter.getAndAdd(2);",
                "%%race 3 --times 20000\ncounter.withLock(() -> counter.set(counter.get() - 1));",
                "%%race --on threads\nsynchronized (Object.class) { counter.set(counter.get() + 1); }",
                "%race --lock --times 50000 --rounds 8",
            })
    void race_thatCannotBeLost_isNot(String magic) throws Exception {
        assertThat(lost(magic)).containsOnly(0);
    }

    @Test
    void race_saysWhatWasDoneAndLearned() throws Exception {
        Execution lost = notebook.run("%%race --on threads --rounds 3");
        assertThat(lost.result().orElseThrow())
                .startsWith("2 threads count up one Value, 5,000,000 times each, without a lock\n|=")
                .contains("round 3: ");
        assertThat(lost.outputs("execute_result").get(0).content().toString())
                .contains("<svg", "<title>", "currentColor")
                .doesNotContain("<script");

        assertThat(notebook.value("%%race --lock --rounds 1"))
                .contains("with a lock", "Nothing was lost in 1 round: who has the lock");
        assertThat(notebook.value("%%race --rounds 2\ncounter.getAndAdd(1);"))
                .contains("Nothing was lost in 2 rounds. That is no proof", "a round took ");
    }

    @Test
    void race_ofACellThatDoesNotCount_isRefusedWithTheReason() throws Exception {
        assertThat(notebook.error("%%race --times 1000\n// nothing"))
                .contains("adds the same to counter each time", "1,000 times, and counter went from 0 to 0");
        assertThat(notebook.error("%%race --times 1000\nif (counter.get() < 10) { counter.getAndAdd(1); }"))
                .contains("went from 0 to 10");
        assertThat(notebook.error("%%race\nthrow new IllegalStateException(\"stop\");"))
                .contains("stop");
    }

    @Test
    void race_usedWrongly_saysWhatToWrite() throws Exception {
        assertThat(notebook.error("%%race 1")).contains("at least 2");
        assertThat(notebook.error("%%race --on fibers")).contains("--on is one of processes, threads");
        assertThat(notebook.error("%%race --round 3")).contains("did you mean '--rounds'?");
        assertThat(notebook.error("%%race two three")).contains("one number of workers");
        assertThat(notebook.error("%%race\ncuonter.set(1);")).contains("cuonter");
        assertThat(notebook.error("%%race 2 --times 2000000000")).contains("more than the counter can hold");
        assertThat(notebook.error("%%race\ncounter.getAndAdd(300);"))
                .contains("times 300 is more than the counter can hold");
        assertThat(notebook.run("%race?").stdout()).contains("three steps");
    }
}
