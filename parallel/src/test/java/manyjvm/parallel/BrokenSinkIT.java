package manyjvm.parallel;

import static manyjvm.parallel.Parallel.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sink must not throw; one that does loses its text, and no outcome. */
@Timeout(60)
class BrokenSinkIT {
    private AutoCloseable driver;

    @BeforeEach
    void open() {
        driver = BrokenSink.driver();
    }

    @AfterEach
    void close() throws Exception {
        driver.close();
    }

    @ParameterizedTest
    @EnumSource
    void write_thatThrows_losesNoOutcome(OutputMode mode) {
        try (Pool pool = Pool.builder().workers(1).output(mode).build()) {
            for (int round = 0; round < 2; round++) {
                assertThat(pool.map(
                                x -> {
                                    System.out.println("a line");
                                    System.out.print("and what is shown when the task ends");
                                    return x;
                                },
                                range(20)))
                        .containsExactlyElementsOf(range(20));
            }
            assertThatThrownBy(() -> pool.apply(() -> {
                        System.out.print("last words");
                        Runtime.getRuntime().halt(3);
                    }))
                    .isInstanceOf(WorkerDiedException.class);
            assertThat((int) pool.apply(() -> 1)).isEqualTo(1);
        }
    }
}
