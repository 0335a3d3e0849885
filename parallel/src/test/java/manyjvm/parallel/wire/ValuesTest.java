package manyjvm.parallel.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import manyjvm.parallel.Range;
import manyjvm.parallel.TaskFailedException;
import manyjvm.parallel.bytes.ByteOutput;
import org.junit.jupiter.api.Test;

class ValuesTest {
    @Test
    void simpleValues_keepTheirTypes() {
        List<Object> values = Arrays.asList(
                1,
                -1L,
                0.5,
                Double.NaN,
                true,
                false,
                null,
                "grün",
                "",
                Integer.MIN_VALUE,
                Long.MIN_VALUE,
                'c',
                (byte) -1,
                (short) -300,
                0.5f,
                BigInteger.TEN.pow(40),
                new BigDecimal("1.50"),
                "half a pair \ud800");
        ByteOutput out = new ByteOutput(1);
        values.forEach(value -> assertThat(Values.writeSimple(out, value)).isTrue());
        Values.Reader reader = new Values.Reader(out.toByteArray());
        List<Object> read = new ArrayList<>();
        while (reader.next()) {
            read.add(reader.value());
        }
        assertThat(read).isEqualTo(values);
    }

    @Test
    void otherValues_areLeftToTheCodec() {
        ByteOutput out = new ByteOutput(1);
        assertThat(Values.writeSimple(out, List.of())).isFalse();
        assertThat(Values.writeSimple(out, "x".repeat(1025))).isFalse();
        assertThat(out.size()).isZero();
    }

    @Test
    void ranges_areEntriesLikeOthers() {
        ByteOutput out = new ByteOutput(1);
        Values.writeRange(out, Range.of(10, 0, -3));
        Values.writeSimple(out, "end");
        Values.Reader reader = new Values.Reader(out.toByteArray());
        reader.skip(2);
        assertThat(reader.next()).isTrue();
        assertThat(reader.value()).isEqualTo(4);
        assertThat(reader.next()).isTrue();
        assertThat(reader.value()).isEqualTo(1);
        assertThat(reader.next()).isTrue();
        assertThat(reader.value()).isEqualTo("end");
        assertThat(reader.next()).isFalse();
    }

    @Test
    void encodedEntries_haveALength_andBytesForWhoeverAsks() {
        ByteOutput out = new ByteOutput(1);
        Values.writeEncoded(out, new byte[] {1, 2, 3});
        Values.writeFailure(out, new byte[] {4});
        Values.writeRange(out, Range.of(0, 1, 1));
        Values.Reader reader = new Values.Reader(out.toByteArray());
        assertThat(reader.next()).isTrue();
        assertThat(reader.length()).isEqualTo(3);
        assertThat(reader.bytes()).containsExactly(1, 2, 3);
        assertThat(reader.bytes()).containsExactly(1, 2, 3);
        assertThat(reader.next()).isTrue();
        assertThat(reader.isFailure()).isTrue();
        assertThat(reader.bytes()).containsExactly(4);
        assertThat(reader.next()).isTrue();
        assertThat(reader.length()).isZero();
        assertThat(reader.next()).isFalse();
    }

    @Test
    void hostileEntries_areRefused() {
        byte[][] entries = {{99}, {14}, {14, 5, 1}, {13, 0, 0, -1, -1, -1, -1, 15}, {12, 100, 'a'}};
        for (byte[] bytes : entries) {
            assertThatThrownBy(() -> new Values.Reader(bytes).next()).isInstanceOf(WireException.class);
        }
        assertThat(new Values.Reader(new byte[1 << 20]).next()).isTrue();
        byte[] emptyRanges = new byte[1 << 20];
        for (int at = 0; at < emptyRanges.length; at += 4) {
            emptyRanges[at] = 13;
        }
        assertThat(new Values.Reader(emptyRanges).next()).isFalse();
    }

    @Test
    void failure_ofAnUnknownClass_keepsNameMessageFramesAndCauses() {
        Exception failure = new IllegalStateException("outer", new java.io.IOException("inner"));
        failure.addSuppressed(new RuntimeException("beside"));
        byte[] bytes = RemoteFailure.encode(failure, object -> new byte[0], "no.such.package");
        Throwable read = RemoteFailure.decode(bytes, any -> null, frame -> frame);
        assertThat(read).isInstanceOf(TaskFailedException.class).hasMessage("java.lang.IllegalStateException: outer");
        assertThat(read.getStackTrace())
                .extracting(Object::toString)
                .isEqualTo(Arrays.stream(failure.getStackTrace())
                        .map(frame -> frame.toString().replaceFirst("^app//", ""))
                        .toList());
        assertThat(read.getCause()).hasMessage("java.io.IOException: inner");
        assertThat(read.getSuppressed()[0]).hasMessage("java.lang.RuntimeException: beside");
    }

    @Test
    void failure_ofAKnownClass_isTheObjectWithTheFramesOfItsOrigin() {
        Exception failure = new IllegalStateException("known");
        byte[] bytes = RemoteFailure.encode(failure, object -> new byte[] {1}, "no.such.package");
        IllegalStateException object = new IllegalStateException("known");
        StackTraceElement place = new StackTraceElement("Cell", "f", "In[3]", 2);
        Throwable read = RemoteFailure.decode(bytes, any -> object, frame -> place);
        assertThat(read).isSameAs(object);
        assertThat(read.getStackTrace()).containsOnly(place);
    }
}
