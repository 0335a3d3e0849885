package manyjvm.parallel.wire;

import java.nio.ByteBuffer;
import java.util.List;

/** The writing side of what {@link FrameReader} reads. */
public final class FrameWriter {
    private FrameWriter() {}

    /** A message's head, lengths and body in one array, and its attachments. */
    public record Frame(byte[] stream, int length, List<byte[]> attachments) {}

    public static Frame frame(Message message) {
        Encoder out = new Encoder(128);
        out.writeFixedLong(0); // the head is filled in below
        MessageCodec.write(message, out);
        List<byte[]> attachments = out.attachments();
        if (attachments.isEmpty()) {
            ByteBuffer.wrap(out.backing()).putInt(out.size() - 8).putInt(0);
            return new Frame(out.backing(), out.size(), attachments);
        }
        int body = out.size() - 8;
        ByteBuffer stream = ByteBuffer.allocate(8 + attachments.size() * Long.BYTES + body);
        stream.putInt(body).putInt(attachments.size());
        attachments.forEach(attachment -> stream.putLong(attachment.length));
        stream.put(out.backing(), 8, body);
        return new Frame(stream.array(), stream.position(), attachments);
    }
}
