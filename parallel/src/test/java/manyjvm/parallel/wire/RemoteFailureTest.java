package manyjvm.parallel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemoteFailureTest {
    @Test
    void nullPointerException_keepsTheJvmsMessageAndItsFrames() {
        NullPointerException thrown = thrown(null);
        thrown.addSuppressed(new IllegalStateException("beside"));
        assertThat(thrown).hasMessageContaining("Cannot invoke");

        Throwable arrived = crossed(thrown);

        assertThat(arrived).isExactlyInstanceOf(NullPointerException.class).hasMessage(thrown.getMessage());
        assertThat(arrived.getStackTrace()).hasSameSizeAs(thrown.getStackTrace());
        assertThat(arrived.getStackTrace()[0].getMethodName()).isEqualTo("thrown");
        assertThat(arrived.getSuppressed()).singleElement().satisfies(one -> assertThat(one)
                .hasMessage("beside"));
    }

    @Test
    void nullPointerException_withItsOwnMessageOrNone_isAsItWas() {
        assertThat(crossed(new NullPointerException("mine"))).hasMessage("mine");
        assertThat(crossed(new NullPointerException())).hasMessage(null);
    }

    private static final class OddFrames extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public StackTraceElement[] getStackTrace() {
            return new StackTraceElement[] {null};
        }
    }

    @Test
    void exceptionWhoseOwnGetStackTraceGivesNone_arrives() {
        assertThat(crossed(new OddFrames())).isExactlyInstanceOf(OddFrames.class);
    }

    private static NullPointerException thrown(List<?> nothing) {
        try {
            throw new IllegalStateException("not null: " + nothing.size());
        } catch (NullPointerException expected) {
            return expected;
        }
    }

    private static Throwable crossed(Throwable failure) {
        byte[] bytes = RemoteFailure.encode(failure, RemoteFailureTest::written, "no.such.package");
        return RemoteFailure.decode(bytes, RemoteFailureTest::read, frame -> frame);
    }

    private static byte[] written(Object object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return bytes.toByteArray();
    }

    private static Object read(byte[] bytes) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        } catch (IOException | ClassNotFoundException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
