package manyjvm.parallel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import manyjvm.parallel.Range;
import manyjvm.parallel.TaskFailedException;
import org.junit.jupiter.api.Test;

class ValuesTest {
    @Test
    void simpleValues_keepTheirTypes() {
        List<Object> values = Arrays.asList(1, -1L, 0.5, Double.NaN, true, false, null, "grün", "", Integer.MIN_VALUE);
        Encoder out = new Encoder(1);
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
        Encoder out = new Encoder(1);
        assertThat(Values.writeSimple(out, List.of())).isFalse();
        assertThat(Values.writeSimple(out, 'c')).isFalse();
        assertThat(Values.writeSimple(out, "half a pair \ud800")).isFalse();
        assertThat(out.size()).isZero();
    }

    @Test
    void ranges_areEntriesLikeOthers() {
        Encoder out = new Encoder(1);
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
