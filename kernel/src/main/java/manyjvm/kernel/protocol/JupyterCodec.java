package manyjvm.kernel.protocol;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.spencerpark.jupyter.messages.HMACGenerator;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Turns messages into the frames of "The wire protocol" and back, and signs and checks them. Safe to share: it holds
 * nothing but the key.
 */
public final class JupyterCodec {
    private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);
    private static final Gson GSON =
            new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

    private final HMACGenerator signer;

    JupyterCodec(HMACGenerator signer) {
        this.signer = signer;
    }

    /** These frames are no message of ours: forged, cut short, or not JSON. They are to be dropped, never answered. */
    static final class RejectedMessageException extends Exception {
        private static final long serialVersionUID = 1L;

        RejectedMessageException(String message) {
            super(message);
        }
    }

    List<byte[]> encode(JupyterMessage message) {
        byte[] header = bytes(message.header());
        byte[] parentHeader = bytes(message.parentHeader());
        byte[] metadata = bytes(message.metadata());
        byte[] content = bytes(message.content());
        List<byte[]> frames = new ArrayList<>(message.identities());
        frames.add(DELIMITER);
        frames.add(signer.calculateSignature(header, parentHeader, metadata, content)
                .getBytes(StandardCharsets.US_ASCII));
        frames.addAll(List.of(header, parentHeader, metadata, content));
        frames.addAll(message.buffers());
        return frames;
    }

    JupyterMessage decode(List<byte[]> frames) throws RejectedMessageException {
        int delimiter = 0;
        while (delimiter < frames.size() && !Arrays.equals(frames.get(delimiter), DELIMITER)) {
            delimiter++;
        }
        if (frames.size() < delimiter + 6) {
            throw new RejectedMessageException(frames.size() + " frames, which do not make a whole message");
        }
        byte[] signature = frames.get(delimiter + 1);
        List<byte[]> parts = frames.subList(delimiter + 2, delimiter + 6);
        byte[] expected =
                signer.calculateSignature(parts.toArray(byte[][]::new)).getBytes(StandardCharsets.US_ASCII);
        // The empty signature is the "no authentication" of an empty key; whatever a peer then signs with is ignored.
        if (expected.length > 0 && !MessageDigest.isEqual(expected, signature)) {
            throw new RejectedMessageException("its signature does not fit the connection's key");
        }
        JupyterMessage message = new JupyterMessage(
                List.copyOf(frames.subList(0, delimiter)),
                object(parts.get(0), "header"),
                object(parts.get(1), "parent header"),
                object(parts.get(2), "metadata"),
                object(parts.get(3), "content"),
                List.copyOf(frames.subList(delimiter + 6, frames.size())));
        if (message.type().isEmpty() || message.id().isEmpty()) {
            throw new RejectedMessageException("its header has no msg_type or no msg_id");
        }
        return message;
    }

    private static byte[] bytes(JsonObject object) {
        return GSON.toJson(object).getBytes(StandardCharsets.UTF_8);
    }

    private static JsonObject object(byte[] json, String part) throws RejectedMessageException {
        try {
            JsonElement element = JsonParser.parseString(new String(json, StandardCharsets.UTF_8));
            if (element.isJsonObject()) {
                return element.getAsJsonObject();
            }
        } catch (JsonParseException | StackOverflowError notJson) {
            throw new RejectedMessageException("its " + part + " is not JSON: " + notJson.getMessage());
        }
        throw new RejectedMessageException("its " + part + " is not a JSON object");
    }
}
