package manyjvm.magics.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IterablesTest {
    @Test
    void items_ofEveryKind_areTheirElements() {
        assertThat(Iterables.items(List.of(1, 2))).containsExactly(1, 2);
        assertThat(Iterables.items(new String[] {"a", "b"})).containsExactly("a", "b");
        assertThat(Iterables.items(new int[] {1, 2})).containsExactly(1, 2);
        assertThat(Iterables.items(new long[] {1, 2})).containsExactly(1L, 2L);
        assertThat(Iterables.items(new double[] {1, 2})).containsExactly(1.0, 2.0);
        assertThat(Iterables.items(Stream.of("a"))).containsExactly("a");
        assertThat(Iterables.<Integer>items(IntStream.range(0, 2))).containsExactly(0, 1);
    }
}
