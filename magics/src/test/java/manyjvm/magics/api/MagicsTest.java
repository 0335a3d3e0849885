package manyjvm.magics.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import manyjvm.parallel.ParallelException;
import org.junit.jupiter.api.Test;

class MagicsTest {
    @Test
    void items_ofEveryKind_areTheirElements() {
        assertThat(Magics.items(List.of(1, 2))).containsExactly(1, 2);
        assertThat(Magics.items(new String[] {"a", "b"})).containsExactly("a", "b");
        assertThat(Magics.items(new int[] {1, 2})).containsExactly(1, 2);
        assertThat(Magics.items(new long[] {1, 2})).containsExactly(1L, 2L);
        assertThat(Magics.items(new double[] {1, 2})).containsExactly(1.0, 2.0);
        assertThat(Magics.items(Stream.of("a"))).containsExactly("a");
        assertThat(Magics.<Integer>items(IntStream.range(0, 2))).containsExactly(0, 1);
    }

    @Test
    void pool_unknownName_saysHowToMakeIt() {
        assertThatThrownBy(() -> Magics.pool("nowhere"))
                .isInstanceOf(ParallelException.class)
                .hasMessageContaining("%pool start --name nowhere");
    }

    @Test
    void status_noPools_saysSo() {
        assertThat(Magics.status().toString()).startsWith("no pools");
    }
}
