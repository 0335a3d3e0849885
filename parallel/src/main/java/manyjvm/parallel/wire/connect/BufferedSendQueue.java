package manyjvm.parallel.wire.connect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import manyjvm.parallel.wire.FrameWriter;
import manyjvm.parallel.wire.Message;

/**
 * The driver's way out: frames in a queue, gathered into one direct buffer, so that many small messages are one system
 * call, and a large one never makes the JDK take a direct buffer of its size (it would keep it for ever).
 */
final class BufferedSendQueue implements SendQueue {
    private final ArrayDeque<ByteBuffer> queue = new ArrayDeque<>();
    private ByteBuffer gathered = ByteBuffer.allocate(Link.STRANGERS_BUFFER).limit(0); // ready to be written

    /** The other side has proved who it is: from now on there is more to write at once. */
    void grow() {
        if (!gathered.hasRemaining()) {
            gathered = ByteBuffer.allocateDirect(Link.BUFFER).limit(0);
        }
    }

    @Override
    public void add(Message message) {
        FrameWriter.Frame frame = FrameWriter.frame(message);
        queue.add(ByteBuffer.wrap(frame.stream(), 0, frame.length()));
        frame.attachments().forEach(attachment -> queue.add(ByteBuffer.wrap(attachment)));
    }

    @Override
    public boolean writeTo(WritableByteChannel channel) throws IOException {
        while (true) {
            if (!gathered.hasRemaining()) {
                if (queue.isEmpty()) {
                    return true;
                }
                gather();
            }
            channel.write(gathered);
            if (gathered.hasRemaining()) {
                return false;
            }
        }
    }

    private void gather() {
        gathered.clear();
        while (gathered.hasRemaining() && !queue.isEmpty()) {
            ByteBuffer next = queue.peek();
            int count = Math.min(gathered.remaining(), next.remaining());
            gathered.put(next.array(), next.arrayOffset() + next.position(), count);
            next.position(next.position() + count);
            if (!next.hasRemaining()) {
                queue.poll();
            }
        }
        gathered.flip();
    }
}
