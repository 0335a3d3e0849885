package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import manyjvm.parallel.spi.ProgressReport;
import manyjvm.parallel.spi.ProgressReport.WorkerState;
import org.junit.jupiter.api.Test;

class ProgressLookTest {
    private static ProgressReport report(Optional<String> end) {
        return new ProgressReport(
                1,
                true,
                false,
                "map",
                41,
                2,
                OptionalLong.of(100),
                8.25,
                List.of(WorkerState.BUSY, WorkerState.IDLE, WorkerState.STARTING, WorkerState.DEAD),
                end);
    }

    @Test
    void html_hasBarFiguresAndACellForEachWorker_andNoScript() {
        String html = ProgressLook.html(report(Optional.empty()));
        assertThat(html)
                .contains("width:41.0%", ">41/100<", ">8.3/s<", ">about 7.2 s left<", ">2 failed<")
                .contains("worker 1: busy", "worker 2: idle", "worker 3: starting", "worker 4: dead")
                .doesNotContain("script", "class=");
    }

    @Test
    void html_ofTheEnd_isWordsAlone_andBothTypesSayTheSame() {
        ProgressReport report = report(Optional.of("failed after 3.2 s (<a&b>): 41 of 100 done, 2 failed"));
        assertThat(ProgressLook.html(report))
                .isEqualTo("<div>map: failed after 3.2 s (&lt;a&amp;b&gt;): 41 of 100 done, 2 failed</div>");
        assertThat(ProgressLook.bundle(report))
                .containsEntry("text/plain", "map: failed after 3.2 s (<a&b>): 41 of 100 done, 2 failed")
                .containsOnlyKeys("text/plain", "text/html");
    }
}
