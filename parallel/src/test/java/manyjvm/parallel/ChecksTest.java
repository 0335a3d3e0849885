package manyjvm.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class ChecksTest {
    private static final Duration ENDLESS = ChronoUnit.FOREVER.getDuration();

    @Test
    void positive_refusesNothing_andCutsWhatNanosecondsCannotCount() {
        assertThat(Checks.positive(Duration.ofMillis(5))).isEqualTo(Duration.ofMillis(5));
        assertThat(Checks.positive(ENDLESS)).isEqualTo(Checks.FOR_EVER);
        assertThatThrownBy(() -> Checks.positive(Duration.ZERO))
                .hasMessageContaining("a timeout must be more than 0, not 0 s");
    }

    @Test
    void sizes_thatNoMemoryHas_areRefusedInWords() {
        assertThat(Checks.bytes("3")).isEqualTo(3);
        assertThat(Checks.bytes("2g")).isEqualTo(2L << 30);
        assertThat(Checks.bytes("8388607t")).isEqualTo(8388607L << 40);
        for (String size : new String[] {"8388608t", "99999999999g", "99999999999999999999"}) {
            assertThatThrownBy(() -> Checks.bytes(size))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("\"" + size + "\" is not a valid amount of memory: it is too large");
            assertThatThrownBy(() -> Checks.heap(size))
                    .hasMessage("\"" + size + "\" is not a valid heap size: it is too large");
        }
    }

    @Test
    void nanos_areCountableForAnyDuration() {
        assertThat(Checks.nanos(Duration.ofMillis(5))).isEqualTo(5_000_000);
        assertThat(Checks.nanos(ENDLESS)).isEqualTo(Checks.FOR_EVER.toNanos());
        assertThat(Checks.nanos(Duration.ofSeconds(Long.MIN_VALUE))).isZero();
    }
}
