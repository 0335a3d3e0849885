package manyjvm.kernel.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JupyterCodecTest {
    private final JupyterCodec codec = codec("key");

    private static JupyterCodec codec(String key) {
        try {
            return new JupyterCodec(new HMACGenerator("hmac-sha256", key));
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static JupyterMessage message() {
        JsonObject content = new JsonObject();
        content.addProperty("code", "\"<html>\" + 'ü' + \"😀\"");
        content.add("nothing", com.google.gson.JsonNull.INSTANCE);
        JupyterMessage plain = JupyterMessage.request("execute_request", content, "session", "user");
        return new JupyterMessage(
                List.of("peer".getBytes(UTF_8)),
                plain.header(),
                plain.parentHeader(),
                plain.metadata(),
                plain.content(),
                List.of(new byte[] {1, 2}, new byte[0]));
    }

    @Test
    void decode_ofWhatWasEncoded_isTheSame() throws Exception {
        JupyterMessage message = message();
        JupyterMessage decoded = codec.decode(codec.encode(message));

        assertThat(decoded.content()).isEqualTo(message.content());
        assertThat(decoded.header()).isEqualTo(message.header());
        assertThat(decoded.identities()).containsExactly("peer".getBytes(UTF_8));
        assertThat(decoded.buffers()).containsExactly(new byte[] {1, 2}, new byte[0]);
    }

    @Test
    void decode_withAnotherKey_isRejected() {
        assertThatThrownBy(() -> codec.decode(codec("other").encode(message())))
                .isInstanceOf(JupyterCodec.RejectedMessageException.class)
                .hasMessageContaining("signature");
    }

    @Test
    void decode_afterAChangeOfAnyFrame_isRejected() {
        for (int frame = 2; frame < 7; frame++) {
            List<byte[]> frames = new ArrayList<>(codec.encode(message()));
            frames.set(frame, "{ }".getBytes(UTF_8));
            assertThatThrownBy(() -> codec.decode(frames))
                    .as("frame %d", frame)
                    .isInstanceOf(JupyterCodec.RejectedMessageException.class);
        }
    }

    @Test
    void decode_ofCutMessages_isRejected() {
        List<byte[]> frames = codec.encode(message());
        for (int length = 0; length < 7; length++) {
            List<byte[]> cut = frames.subList(0, length);
            assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(JupyterCodec.RejectedMessageException.class);
        }
    }

    @Test
    void decode_ofSignedRubbish_isRejected() throws Exception {
        HMACGenerator signer = new HMACGenerator("hmac-sha256", "key");
        for (String content : List.of("[1]", "nonsense {", "[".repeat(100_000))) {
            byte[] header = "{\"msg_id\":\"1\",\"msg_type\":\"t\"}".getBytes(UTF_8);
            byte[] empty = "{}".getBytes(UTF_8);
            byte[] body = content.getBytes(UTF_8);
            List<byte[]> frames = List.of(
                    "<IDS|MSG>".getBytes(UTF_8),
                    signer.calculateSignature(header, empty, empty, body).getBytes(UTF_8),
                    header,
                    empty,
                    empty,
                    body);
            assertThatThrownBy(() -> codec.decode(frames)).isInstanceOf(JupyterCodec.RejectedMessageException.class);
        }
    }

    @Test
    void decode_withoutAKey_takesAnySignature() throws Exception {
        JupyterCodec open = new JupyterCodec(HMACGenerator.NO_AUTH_INSTANCE);

        assertThat(open.decode(codec.encode(message())).type()).isEqualTo("execute_request");
    }
}
