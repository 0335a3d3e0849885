package manyjvm.kernel.display;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class ValueTextTest {
    @Test
    void of_arraysOfAllKinds_showsTheirElements() {
        assertThat(ValueText.of(new int[] {1, 2, 3})).isEqualTo("[1, 2, 3]");
        assertThat(ValueText.of(new double[][] {{1.5}, {}, null})).isEqualTo("[[1.5], [], null]");
        assertThat(ValueText.of(new String[] {"a", null})).isEqualTo("[a, null]");
        assertThat(ValueText.of(new char[] {'x'})).isEqualTo("[x]");
        assertThat(ValueText.of(new Object[] {new boolean[] {true}, 1})).isEqualTo("[[true], 1]");
    }

    @Test
    void of_collectionsThatHoldArrays_showsTheirElements() {
        assertThat(ValueText.of(List.of(new int[] {1}, new int[] {2, 3}))).isEqualTo("[[1], [2, 3]]");
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("a", new long[] {7});
        map.put("b", null);
        assertThat(ValueText.of(map)).isEqualTo("{a=[7], b=null}");
    }

    @Test
    void of_plainValues_isTheirToString() {
        assertThat(ValueText.of(null)).isEqualTo("null");
        assertThat(ValueText.of("text")).isEqualTo("text");
        assertThat(ValueText.of(1.0)).isEqualTo("1.0");
        assertThat(ValueText.of(List.of(1, "a"))).isEqualTo("[1, a]");
    }

    @Test
    void of_aLongList_isCutWithANote() {
        List<Integer> list = IntStream.range(0, 5_000).boxed().toList();

        assertThat(ValueText.of(list)).startsWith("[0, 1, ").endsWith(", 999, ... (4,000 more of 5,000)]");
        assertThat(ValueText.of(new double[8_000_000])).endsWith("... (7,999,000 more of 8,000,000)]");
    }

    @Test
    @Timeout(20)
    void of_aListOfABillion_costsNothing() {
        assertThat(ValueText.of(Collections.nCopies(1_000_000_000, "x"))).contains("999,999,000 more");
    }

    @Test
    void of_aLongString_isCutWithANote() {
        String text = ValueText.of("x".repeat(ValueText.MOST_CHARACTERS + 5));

        assertThat(text).endsWith("x... (5 more characters; print it to see them)");
    }

    @Test
    void brief_isOneLineOfSoManyCharacters() {
        assertThat(ValueText.brief("a\nb\t\u0007", 200)).isEqualTo("a\\nb\\t\ufffd");
        assertThat(ValueText.brief("x".repeat(50), 10)).isEqualTo("x".repeat(9) + "\u2026");
        assertThat(ValueText.brief("\ud83d\ude00".repeat(5), 4)).isEqualTo("\ud83d\ude00\u2026");
        assertThat(ValueText.brief(IntStream.range(0, 1_000_000).boxed().toList(), 12))
                .isEqualTo("[0, 1, 2, 3\u2026");
    }

    @Test
    void of_containersThatHoldThemselves_ends() {
        List<Object> list = new ArrayList<>(List.of(1));
        list.add(list);
        Object[] array = new Object[1];
        array[0] = array;

        assertThat(ValueText.of(list)).isEqualTo("[1, (this collection)]");
        assertThat(ValueText.of(array)).isEqualTo("[(this array)]");
    }

    @Test
    void of_deepNesting_ends() {
        Object value = 1;
        for (int i = 0; i < 10_000; i++) {
            value = Arrays.asList(value);
        }
        assertThat(ValueText.of(value)).contains("...");
    }

    @Test
    @SuppressWarnings({"InfiniteRecursion", "ToStringReturnsNull"})
    void of_aValueWhoseToStringFails_saysWhatFailed() {
        Object failing = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("not today");
            }
        };
        Object endless = new Object() {
            @Override
            public String toString() {
                return toString();
            }
        };
        Object nothing = new Object() {
            @Override
            public String toString() {
                return null;
            }
        };

        assertThat(ValueText.of(failing)).contains("its toString() threw java.lang.IllegalStateException: not today");
        assertThat(ValueText.of(List.of(failing, 1))).contains("not today").endsWith(", 1]");
        assertThat(ValueText.of(endless)).contains("StackOverflowError");
        assertThat(ValueText.of(nothing)).isEqualTo("null");
    }
}
