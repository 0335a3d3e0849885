package manyjvm.parallel.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import manyjvm.parallel.spi.JvmSettings;
import org.junit.jupiter.api.Test;

/** Which options a worker is given beside those of its environment. */
class EnvironmentOptionsTest {
    private static EnvironmentOptions tool(String options) {
        return new EnvironmentOptions(Map.of("JAVA_TOOL_OPTIONS", options));
    }

    private static List<String> collector(EnvironmentOptions environment, String... own) {
        return environment.collector(new JvmSettings(Optional.empty(), List.of(own), Optional.empty(), List.of()));
    }

    @Test
    void collector_isOurs_whereNobodyChoseOne() {
        assertThat(collector(new EnvironmentOptions(Map.of()))).containsExactly("-XX:+UseSerialGC");
        assertThat(collector(tool("-Xmx1g -XX:-UseGCOverheadLimit -Dfile=@x"))).containsExactly("-XX:+UseSerialGC");
        assertThat(collector(tool("  "), "-Dx")).containsExactly("-XX:+UseSerialGC");
    }

    @Test
    void collector_isTheUsers_whereverItWasChosen() {
        for (String variable : List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS")) {
            for (String chosen : List.of("-XX:+UseG1GC", "-Dx=1 '-XX:+UseZGC'", "-XX:-UseSerialGC")) {
                assertThat(collector(new EnvironmentOptions(Map.of(variable, chosen))))
                        .isEmpty();
            }
        }
        assertThat(collector(new EnvironmentOptions(Map.of()), "-XX:+UseG1GC")).isEmpty();
        assertThat(collector(tool("-XX:+UseG1GC"), "-XX:+UseG1GC")).isEmpty();
        assertThat(collector(tool("-XX:+UseG1GC -Xmx1g -XX:+UseG1GC"), "-XX:+UseParallelGC"))
                .containsExactly("-XX:-UseG1GC");
    }

    @Test
    void firstHeap_isAPartOfTheMachinesMemory_unlessTheUserChoseOneOrAnotherCollector() {
        OptionalLong machine = OptionalLong.of(16L << 30);
        assertThat(new EnvironmentOptions(Map.of()).firstHeap(JvmSettings.DEFAULT, machine))
                .contains("-XX:InitialRAMPercentage=0.7813");
        assertThat(new EnvironmentOptions(Map.of()).firstHeap(JvmSettings.DEFAULT, OptionalLong.empty()))
                .isEmpty();
        assertThat(tool("-XX:InitialRAMPercentage=20").firstHeap(JvmSettings.DEFAULT, machine))
                .isEmpty();
        assertThat(tool("-XX:+UseG1GC").firstHeap(JvmSettings.DEFAULT, machine)).isEmpty();
    }

    @Test
    void collector_isLeftOut_whereAFileMayChooseIt() {
        assertThat(collector(new EnvironmentOptions(Map.of("JDK_JAVA_OPTIONS", "-Da=b @options"))))
                .isEmpty();
        assertThat(collector(tool("-XX:VMOptionsFile=options"))).isEmpty();
        assertThat(collector(new EnvironmentOptions(Map.of()), "-XX:Flags=options"))
                .isEmpty();
    }

    @Test
    void heap_isNotSmallerThanWhatItStartsWith() {
        assertThat(tool("-Xmx2g -Xms64m").heap("64m")).containsExactly("-Xmx64m");
        assertThat(tool("-Xms1G").heap("64m")).containsExactly("-Xmx64m", "-Xms64m");
        assertThat(tool("-Dx -XX:InitialHeapSize=70000000").heap("64m")).containsExactly("-Xmx64m", "-Xms64m");
        assertThat(tool("-Xmsmuch").heap("64m")).containsExactly("-Xmx64m");
    }

    @Test
    void heapThatTheStrongestVariableOverrules_isTold() {
        EnvironmentOptions strongest = new EnvironmentOptions(Map.of("_JAVA_OPTIONS", "-Xmx1g -Xmx300m"));
        assertThat(strongest.overruled("Process-1", "64m").orElseThrow())
                .startsWith(
                        "warning: Process-1 has a heap of 300m, not of 64m: the environment's _JAVA_OPTIONS says so");
        assertThat(strongest.overruled("Process-1", "307200k")).isEmpty();
        assertThat(tool("-Xmx300m").overruled("Process-1", "64m")).isEmpty();
    }
}
