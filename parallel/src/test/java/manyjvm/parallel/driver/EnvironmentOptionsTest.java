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
    void firstHeap_isSmallerThanTheJvmsOwn_whereNobodyChoseOne() {
        EnvironmentOptions nothing = new EnvironmentOptions(Map.of());
        assertThat(firstHeap(nothing)).contains("-XX:InitialHeapSize=128m");
        assertThat(firstHeap(nothing, "-Xmx1g", "-Dx=1")).contains("-XX:InitialHeapSize=128m");
        assertThat(nothing.firstHeap(JvmSettings.DEFAULT, OptionalLong.of(8L << 30)))
                .isEmpty();
        assertThat(nothing.firstHeap(JvmSettings.DEFAULT, OptionalLong.empty())).isEmpty();
    }

    @Test
    void firstHeap_isTheUsers_whereverItWasChosenOrHasALimit() {
        for (String chosen : List.of(
                "-Xms1g",
                "-XX:InitialHeapSize=9m",
                "-XX:InitialRAMPercentage=20",
                "-XX:MaxRAMPercentage=1",
                "-Xmx64m",
                "-XX:MaxHeapSize=100m",
                "-XX:+UseG1GC",
                "@options")) {
            assertThat(firstHeap(tool("-Da=b " + chosen))).isEmpty();
            assertThat(firstHeap(new EnvironmentOptions(Map.of()), "-Da=b", chosen))
                    .isEmpty();
        }
        assertThat(new EnvironmentOptions(Map.of())
                        .firstHeap(
                                new JvmSettings(Optional.of("48m"), List.of(), Optional.empty(), List.of()),
                                OptionalLong.of(64L << 30)))
                .isEmpty();
    }

    private static Optional<String> firstHeap(EnvironmentOptions environment, String... own) {
        return environment.firstHeap(
                new JvmSettings(Optional.empty(), List.of(own), Optional.empty(), List.of()),
                OptionalLong.of(64L << 30));
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
