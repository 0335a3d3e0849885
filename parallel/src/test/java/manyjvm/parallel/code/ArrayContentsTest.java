package manyjvm.parallel.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.graph.ObjectCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArrayContentsTest {
    private final ObjectCodec codec = new ObjectCodec(new NoHost());
    private final ArrayContents contents = new ArrayContents(codec);

    /** Primitive arrays ask nothing of their surroundings. */
    private static final class NoHost implements ObjectCodec.Host {
        @Override
        public Class<?> find(String binaryName) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ClassLoader loader() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isSessionClass(Class<?> type) {
            return false;
        }

        @Override
        public boolean isLibrary(Class<?> type) {
            return false;
        }

        @Override
        public Object link(Shared.Handle handle) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object blob(String hash) {
            throw new UnsupportedOperationException();
        }
    }

    static Stream<Class<?>> elements() {
        return Stream.of(
                boolean.class, byte.class, char.class, short.class, int.class, long.class, float.class, double.class);
    }

    private static void set(Object array, int index, int value) {
        Class<?> element = array.getClass().getComponentType();
        if (element == boolean.class) {
            Array.setBoolean(array, index, value % 2 != 0);
        } else if (element == char.class) {
            Array.setChar(array, index, (char) value);
        } else {
            Array.setByte(array, index, (byte) value); // widens
        }
    }

    private static Object array(Class<?> element, int length) {
        Object array = Array.newInstance(element, length);
        for (int i = 0; i < length; i++) {
            set(array, i, i * 31 + 7);
        }
        return array;
    }

    @ParameterizedTest
    @MethodSource("elements")
    void unchangedArray_isFoundAgain_withoutACopy_andAChangedOneIsNot(Class<?> element) {
        for (int length : List.of(0, 1, 4_095, 4_096, 4_097, 32_768, 100_001)) {
            Object array = array(element, length);
            ArrayContents.Content first = contents.of(array);
            assertThat(codec.decode(first.bytes())).isEqualTo(array);
            assertThat(contents.of(array).bytes()).isSameAs(first.bytes());
            for (int at : List.of(0, length / 2, length - 1)) {
                if (length > 0) {
                    set(array, at, at * 31 + 8);
                    ArrayContents.Content changed = contents.of(array);
                    assertThat(changed.hash()).isNotEqualTo(first.hash());
                    assertThat(codec.decode(changed.bytes())).isEqualTo(array);
                    set(array, at, at * 31 + 7);
                    assertThat(contents.of(array)).isEqualTo(first);
                }
            }
        }
    }

    @Test
    void otherArray_ofTheSameContent_hasTheSameName() {
        double[] array = (double[]) array(double.class, 20_000);
        ArrayContents.Content first = contents.of(array);
        assertThat(contents.of(array.clone())).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(longs = {0x8000_0000_0000_0000L, 0x7ff8_0000_0000_0001L, 0x7ff0_0000_0000_0000L, 1L})
    void numbersThatAreEqualForSome_areTakenBitByBit(long bits) {
        double[] array = new double[10_000];
        String zero = contents.of(array).hash();
        array[9_999] = Double.longBitsToDouble(bits);
        ArrayContents.Content other = contents.of(array);
        assertThat(other.hash()).isNotEqualTo(zero);
        double[] decoded = (double[]) codec.decode(other.bytes());
        assertThat(Double.doubleToRawLongBits(decoded[9_999])).isEqualTo(bits);
        array[9_999] = Double.NaN;
        boolean same = bits == Double.doubleToRawLongBits(Double.NaN);
        assertThat(contents.of(array).hash().equals(other.hash())).isEqualTo(same);
    }

    @Test
    void graphOfOtherThings_isNoArrays() {
        int[] array = (int[]) array(int.class, 20_000);
        assertThat(ObjectCodec.isOf(codec.encode(array).bytes(), array)).isTrue();
        assertThat(ObjectCodec.isOf(codec.encode("text").bytes(), array)).isFalse();
        assertThat(ObjectCodec.isOf(codec.encode(List.of(1, 2)).bytes(), array)).isFalse();
        assertThat(ObjectCodec.isOf(codec.encode(Arrays.copyOf(array, 19_999)).bytes(), array))
                .isFalse();
        assertThat(ObjectCodec.isOf(codec.encode(Arrays.copyOf(array, 20_001)).bytes(), array))
                .isFalse();
        float[] others = new float[array.length];
        for (int i = 0; i < others.length; i++) {
            others[i] = Float.intBitsToFloat(array[i]);
        }
        assertThat(ObjectCodec.isOf(codec.encode(others).bytes(), array)).isFalse();
    }
}
