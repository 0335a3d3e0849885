package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static manyjvm.parallel.Parallel.rangeClosed;
import static manyjvm.parallel.Parallel.repeat;
import static manyjvm.parallel.Parallel.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The functions that need no worker. */
class ParallelTest {
    @Test
    void startMethod_isSpawn_andMayBeSetToIt() {
        assertThat(Parallel.startMethods()).containsExactly("spawn");
        assertThat(Parallel.getStartMethod()).isEqualTo("spawn");
        Parallel.setStartMethod("spawn");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fork", "forkserver"})
    void setStartMethod_toFork_teachesWhyAndWhatToUse(String method) {
        assertThatThrownBy(() -> Parallel.setStartMethod(method))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a JVM cannot start workers by \"" + method + "\"")
                .hasMessageContaining("copies only the calling thread")
                .hasMessageContaining("Use \"spawn\"")
                .hasMessageContaining("Pool.threads(n)");
    }

    @Test
    void setStartMethod_toSomethingElse_namesTheOneThereIs() {
        assertThatThrownBy(() -> Parallel.setStartMethod("teleport"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown start method \"teleport\": there is only \"spawn\"");
    }

    @ParameterizedTest
    @CsvSource({"1000, 1 s", "1500, 1.5 s", "50, 0.05 s", "600000, 600 s", "-2500, -2.5 s"})
    void durations_areToldInSeconds(long millis, String words) {
        assertThat(Checks.words(Duration.ofMillis(millis))).isEqualTo(words);
    }

    @Test
    void ranges_areAsInPython() {
        assertThat(range(3)).containsExactly(0, 1, 2);
        assertThat(range(2, 4)).containsExactly(2, 3);
        assertThat(range(5, 0, -2)).containsExactly(5, 3, 1);
        assertThat(rangeClosed(1, 3)).containsExactly(1, 2, 3);
        assertThat(range(3, 3)).isEmpty();
        assertThatThrownBy(() -> range(0, 3, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void zip_endsWithTheShortest_andRepeatHasNoEnd() {
        assertThat(zip(List.of("a", "b"), repeat(1))).containsExactly(new Args2<>("a", 1), new Args2<>("b", 1));
        assertThat(zip(range(9), List.of("x"), repeat(2))).containsExactly(new Args3<>(0, "x", 2));
        assertThat(repeat("r", 2)).containsExactly("r", "r");
        Iterator<Args2<Integer, Integer>> none = zip(range(0), range(9)).iterator();
        assertThatThrownBy(none::next).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> repeat("r", -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
