package manyjvm.parallel.code.graph;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import manyjvm.parallel.bytes.ByteOutput;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RunsTest {
    static Stream<List<Object>> arrays() {
        return Stream.of(
                Arrays.asList(1, 2, null, 4),
                Arrays.asList(1L, 2L, 3, 4L),
                Arrays.asList(1.0, 2.0, 3.0, null),
                Arrays.asList("a", "b", 'c', "d"));
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void runThatAnotherThreadHasChanged_isRefusedInWords(List<Object> changed) {
        assertThatThrownBy(() -> Runs.write(new ByteOutput(64), changed.toArray(), 0, changed.size()))
                .isInstanceOf(GraphPlan.Refused.class)
                .hasMessageContaining("was changed while it was sent");
    }
}
