package manyjvm.parallel.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream that is cut anywhere, and goes on in the ring of a worker that has died. */
class FrameReaderTest {
    private static final byte[] LARGE = new byte[Encoder.ATTACHED + 1];

    private final ByteArrayOutputStream connection = new ByteArrayOutputStream(); // as a living worker writes it
    private final ByteArrayOutputStream ring = new ByteArrayOutputStream(); // the same without attachments
    private final FrameReader reader = new FrameReader();
    private final List<String> read = new ArrayList<>();

    private void write(Message message) {
        FrameWriter.Frame frame = FrameWriter.frame(message);
        connection.write(frame.stream(), 0, frame.length());
        ring.write(frame.stream(), 0, frame.length());
        frame.attachments().forEach(connection::writeBytes);
    }

    private static Message text(String text) {
        return new Message.Output(1, 2, false, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Message large() {
        return new Message.ChunkItems(1, 0, 1, 0, true, false, new Payload.Bytes(LARGE));
    }

    private void read(byte[] bytes, int from, int to) {
        reader.read(
                ByteBuffer.wrap(bytes, from, to - from),
                message -> read.add(
                        message instanceof Message.Output output
                                ? new String(output.text(), StandardCharsets.UTF_8)
                                : message.getClass().getSimpleName()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000, 1 << 20})
    void stream_cutAnywhere_givesItsMessages(int piece) {
        reader.trust();
        write(text("a"));
        write(large());
        write(text("b"));
        byte[] all = connection.toByteArray();
        for (int from = 0; from < all.length; from += piece) {
            read(all, from, Math.min(all.length, from + piece));
        }
        assertThat(read).containsExactly("a", "ChunkItems", "b");
        assertThat(reader.streamBytes()).isEqualTo(ring.size());
        assertThat(reader.attachmentBytes()).isEqualTo(LARGE.length);
    }

    @Test
    void headThatIsNone_isRefusedInTheRingAsOnTheConnection() {
        byte[] http = "GET / HTTP/1.1".getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> read(http, 0, http.length)).isInstanceOf(WireException.class);
        reader.attachmentsAreLost();
        assertThatThrownBy(() -> read(http, 8, http.length))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("not a message of ours");
    }

    @Test
    void stream_brokenOffAnywhere_goesOnInTheRing_andLosesOnlyWhatHadAttachments() {
        write(text("a"));
        write(large());
        write(text("b"));
        write(large());
        write(text("c"));
        byte[] all = connection.toByteArray();
        byte[] rest = ring.toByteArray();
        for (int end = 0; end <= all.length; end += end < 200 || end > all.length - 200 ? 1 : 997) {
            FrameReader own = new FrameReader();
            own.trust();
            List<String> texts = new ArrayList<>();
            own.read(ByteBuffer.wrap(all, 0, end), message -> addText(message, texts));
            own.attachmentsAreLost();
            own.read(
                    ByteBuffer.wrap(rest, (int) own.streamBytes(), rest.length - (int) own.streamBytes()),
                    message -> addText(message, texts));
            assertThat(texts).as("broken off at " + end).isEqualTo(Arrays.asList("a", "b", "c"));
        }
    }

    private static void addText(Message message, List<String> texts) {
        if (message instanceof Message.Output output) {
            texts.add(new String(output.text(), StandardCharsets.UTF_8));
        }
    }
}
