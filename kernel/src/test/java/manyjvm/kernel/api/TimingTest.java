package manyjvm.kernel.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimingTest {
    @ParameterizedTest
    @CsvSource({
        "0.123, 0.12 ns",
        "999.4, 999 ns",
        "999.6, 1.00 us",
        "1234, 1.23 us",
        "12345678, 12.3 ms",
        "59900000000, 59.9 s",
        "123000000000, 2 min 3 s"
    })
    void durations_haveThreeDigits(double nanos, String text) {
        assertThat(Timing.text(nanos)).isEqualTo(text);
    }

    @Test
    void timeit_runsTheCodeAsOftenAsItSays() {
        AtomicLong count = new AtomicLong();
        Timing timing = Timing.timeit(5, 3, () -> count.incrementAndGet());
        long warm = count.get() - 15;
        assertThat(timing.loops()).isEqualTo(5);
        assertThat(timing.runs()).isEqualTo(3);
        assertThat(timing.valueUsed()).isTrue();
        assertThat(warm).isPositive();
        assertThat(timing.warmUpNanos()).isGreaterThanOrEqualTo(2_000_000_000L);
    }
}
