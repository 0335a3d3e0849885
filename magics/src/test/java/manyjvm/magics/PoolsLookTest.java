package manyjvm.magics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.Renderer;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import manyjvm.magics.api.PoolsStatus;
import manyjvm.parallel.OutputMode;
import manyjvm.parallel.PoolStatus;
import org.junit.jupiter.api.Test;

class PoolsLookTest {
    private static final PoolsStatus POOLS = new PoolsStatus(List.of(new PoolStatus(
            "default",
            "processes",
            "running",
            OutputMode.LIVE,
            List.of(
                    new PoolStatus.Worker(
                            1,
                            4711,
                            "busy",
                            Optional.of(Duration.ofMillis(3200)),
                            "map item 12: <b>",
                            Optional.of(new PoolStatus.Heap(34L << 20, 512L << 20, Duration.ofSeconds(34))),
                            Optional.of(Duration.ofMillis(4100)),
                            5,
                            "x=\"12\""),
                    new PoolStatus.Worker(
                            2, 0, "stopped", Optional.empty(), "", Optional.empty(), Optional.empty(), 0, "")),
            3,
            2,
            40,
            1)));

    @Test
    void text_isALineForThePool_andAlignedColumnsForItsWorkers() {
        assertThat(POOLS.toString())
                .isEqualTo(
                        """
                        default  running  processes  live  3 queued, 2 running, 40 done, 1 failed
                          worker  pid   state       doing             heap                       CPU    tasks  last line
                          1       4711  busy 3.2 s  map item 12: <b>  34 MB of 512 MB, 34 s ago  4.1 s  5      x="12"
                          2             stopped                                                         0""");
    }

    @Test
    void html_saysTheSame_withoutScript_andEscapesWhatWorkersSay() {
        Renderer renderer = new Renderer();
        PoolsLook.register(renderer);
        DisplayData data = renderer.render(POOLS);
        assertThat(data.getData(MIMEType.TEXT_HTML).toString())
                .contains("<b>default</b>", "map item 12: &lt;b&gt;", "34 MB of 512 MB", "34 s ago")
                .contains(" busy", "3.2 s", "width:6.6%", "pid 4711", "4.1 s")
                .doesNotContain("script", "class=");
    }

    @Test
    void noPools_areTextAlone() {
        Renderer renderer = new Renderer();
        PoolsLook.register(renderer);
        DisplayData data = renderer.render(new PoolsStatus(List.of()));
        assertThat(data.hasDataForType(MIMEType.TEXT_HTML)).isFalse();
        assertThat(data.getData(MIMEType.TEXT_PLAIN).toString()).startsWith("no pools");
    }
}
