package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import manyjvm.parallel.insight.Life;
import manyjvm.parallel.insight.Recording;
import manyjvm.parallel.insight.Vitals;
import org.junit.jupiter.api.Test;

class InsightLookTest {
    private static String html(int workers) {
        List<Life> lives = IntStream.rangeClosed(1, workers)
                .mapToObj(worker -> new Life(
                        worker,
                        4700 + worker,
                        0,
                        OptionalLong.of(300_000_000),
                        OptionalLong.empty(),
                        "",
                        false,
                        false,
                        Vitals.NONE))
                .toList();
        return InsightLook.html(
                new Recording("crunch", "processes", workers, 2, 0, 500_000_000, lives, List.of(), List.of())
                        .insights());
    }

    @Test
    void fewWorkers_haveAColumnEach_andWhatNobodyHasIsLeftOut() {
        assertThat(html(2))
                .contains("<th>worker</th><th>1</th><th>2</th>")
                .contains("<tr><td>start-up</td><td>300 ms</td><td>300 ms</td></tr>")
                .doesNotContain("collections");
    }

    @Test
    void manyWorkers_haveALineEach() {
        assertThat(html(3))
                .contains("<th>worker</th><th>start-up</th><th>waiting</th>")
                .contains("<tr><td>3</td><td>300 ms</td><td>200 ms</td></tr>");
    }
}
