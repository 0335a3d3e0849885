package manyjvm.parallel.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyFormTest {
    record Place(String name, int number) {}

    private static byte[] form(Object key) {
        return KeyForm.of(key, any -> {
            throw new AssertionError("none of these needs a codec");
        });
    }

    @Test
    void keys_haveOneFormJustWhenTheyAreEqual() {
        List<Object> keys = Arrays.asList(
                null,
                1,
                1L,
                1.0,
                1.0f,
                (short) 1,
                (byte) 1,
                '1',
                "1",
                true,
                0.0,
                -0.0,
                Double.NaN,
                Float.NaN,
                BigInteger.ONE,
                BigDecimal.ONE,
                new BigDecimal("1.0"),
                LocalDate.of(2020, 1, 1),
                new Place("a", 1),
                new Place("a", 2),
                List.of("a", "b"),
                List.of("ab"),
                Set.of("a"),
                Map.of("a", 1),
                Optional.empty(),
                Thread.State.NEW,
                String.class);
        for (Object one : keys) {
            for (Object other : keys) {
                assertThat(Arrays.equals(form(one), form(other)))
                        .as("%s and %s", one, other)
                        .isEqualTo(one == null ? other == null : one.equals(other));
            }
        }
        assertThat(form(Double.longBitsToDouble(0x7ff8_0000_0000_0001L))).isEqualTo(form(Double.NaN));
        assertThat(form(Set.of(1, 2, 3))).isEqualTo(form(new LinkedHashSet<>(List.of(3, 1, 2))));
    }

    @Test
    void pieces_thatClaimMoreThanTheyHave_areRefused() {
        assertThat(Parts.split(Parts.join(new byte[0], new byte[300]))).containsExactly(new byte[0], new byte[300]);
        List<Elements.Element> elements = List.of(new Elements.Element(Long.MAX_VALUE, new byte[] {1}));
        assertThat(Elements.of(Elements.toBytes(elements)))
                .usingRecursiveComparison()
                .isEqualTo(elements);
        byte[] hostile = {-1, -1, -1, 127, 7};
        assertThatThrownBy(() -> Parts.split(hostile)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Elements.of(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, 127, 7}))
                .isInstanceOf(IllegalStateException.class);
    }
}
