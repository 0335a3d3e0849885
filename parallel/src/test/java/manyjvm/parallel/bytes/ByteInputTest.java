package manyjvm.parallel.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What an output writes comes back; what none wrote is refused, and costs no more memory than it has bytes. */
class ByteInputTest {
    private static ByteInput input(byte[] bytes) {
        return new ByteInput(bytes, 0, bytes.length);
    }

    private static <T> T thereAndBack(T value, BiConsumer<ByteOutput, T> writer, Function<ByteInput, T> reader) {
        ByteOutput output = new ByteOutput(0);
        writer.accept(output, value);
        byte[] bytes = output.toByteArray();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> reader.apply(input(cut))).isInstanceOf(ByteInput.Damaged.class);
        }
        ByteInput input = input(bytes);
        T read = reader.apply(input);
        assertThat(input.remaining()).isZero();
        return read;
    }

    @Test
    void numbers_comeBack_andAreRefusedWhenCut() {
        for (int shift = 0; shift < 64; shift++) {
            for (long value : new long[] {1L << shift, -1L << shift, (1L << shift) - 1}) {
                assertThat(thereAndBack(value, ByteOutput::writeLong, ByteInput::readLong))
                        .isEqualTo(value);
                assertThat(thereAndBack(value, ByteOutput::writeFixedLong, ByteInput::readFixedLong))
                        .isEqualTo(value);
                assertThat(thereAndBack((int) value, ByteOutput::writeInt, ByteInput::readInt))
                        .isEqualTo((int) value);
                assertThat(thereAndBack((int) value, ByteOutput::writeUnsigned, ByteInput::readUnsigned))
                        .isEqualTo((int) value);
                assertThat(thereAndBack((int) value, ByteOutput::writeFixedInt, ByteInput::readFixedInt))
                        .isEqualTo((int) value);
            }
        }
        assertThat(thereAndBack(-0.0, ByteOutput::writeDouble, ByteInput::readDouble))
                .isEqualTo(-0.0);
    }

    @Test
    void textsAndArrays_comeBack_andAreRefusedWhenCut() {
        for (String text : List.of(
                "",
                "plain",
                "gr\u00fcn",
                "\u4e2d\u6587",
                "a \ud800 half",
                "x".repeat(300),
                "\u4e2d".repeat(40),
                "x".repeat(40) + "\udc00")) {
            assertThat(thereAndBack(text, ByteOutput::writeString, ByteInput::readString))
                    .isEqualTo(text);
        }
        byte[] array = {1, 2, 3};
        assertThat(thereAndBack(array, ByteOutput::writeArray, ByteInput::readArray))
                .isEqualTo(array);
    }

    @Test
    void counts_ofMoreThanFollows_areRefused() {
        ByteOutput output = new ByteOutput(8);
        output.writeUnsigned(3);
        output.writeFixedInt(0);
        assertThat(input(output.toByteArray()).readCount(1)).isEqualTo(3);
        assertThatThrownBy(() -> input(output.toByteArray()).readCount(2)).isInstanceOf(ByteInput.Damaged.class);
    }

    @Test
    void randomBytes_areReadOrRefused() {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(24)];
            random.nextBytes(bytes);
            ByteInput input = input(bytes);
            try {
                while (input.remaining() > 0) {
                    switch (random.nextInt(5)) {
                        case 0 -> input.readString();
                        case 1 -> input.readArray();
                        case 2 -> input.readElements(long.class, input.readCount());
                        case 3 -> input.slice(input.readCount()).readLong();
                        default -> SimpleValues.read(input, random.nextInt(20));
                    }
                }
            } catch (ByteInput.Damaged refused) {
                assertThat(refused).hasMessageContaining("damaged payload");
            }
        }
    }
}
