package manyjvm.parallel.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Cuts a stream into messages. A frame is {@code int body length, int attachments, long length of each, body, attachments};
 * attachments are read straight into arrays of their own. Confined to one thread.
 *
 * <p>The bytes outside attachments are counted: for a worker's stream they are, byte by byte, what went through its
 * {@code WorkerJournal}, so that after its death reading goes on there.
 */
public final class FrameReader {
    private static final int HEAD = 8;
    private static final int STRANGER_BODY = 256;
    private static final int TRUSTED_BODY = 8 * 1024 * 1024;
    private static final int TRUSTED_ATTACHMENTS = 4096;

    /** Stands for a buffer until the head has told how long it is; nothing is ever read into it. */
    private static final ByteBuffer UNOPENED = ByteBuffer.allocate(1);

    private boolean trusted;
    private boolean attachmentsLost;
    private final ByteBuffer head = ByteBuffer.allocate(HEAD);
    private ByteBuffer lengths = UNOPENED;
    private ByteBuffer body = UNOPENED;
    private List<byte[]> attachments = List.of();
    private int current; // attachment that is being filled
    private int filled;
    private long streamBytes;
    private long attachmentBytes;

    /** The other side has proved who it is: larger messages are read from now on. */
    public void trust() {
        trusted = true;
    }

    /** Bytes of the stream so far that are not attachments. */
    public long streamBytes() {
        return streamBytes;
    }

    public long attachmentBytes() {
        return attachmentBytes;
    }

    /**
     * Takes all that is in {@code source}.
     *
     * @throws WireException when it is no frame, or one that this side would not take
     */
    public void read(ByteBuffer source, Consumer<Message> messages) {
        while (step(source)) {
            if (isLost()) {
                restart();
            } else if (complete()) {
                Decoder decoder = new Decoder(body.array(), body.limit(), attachments);
                Message message = trusted ? MessageCodec.read(decoder) : MessageCodec.readHandshake(decoder);
                restart();
                messages.accept(message);
            }
        }
    }

    /**
     * From now on the source is the ring of a dead worker, which holds no attachments: messages that have some, the one that
     * was being read among them, are lost, and the stream goes on behind each.
     */
    public void attachmentsAreLost() {
        attachmentsLost = true;
        if (isLost()) {
            restart();
        }
    }

    private boolean isLost() {
        return attachmentsLost && !body.hasRemaining() && head.getInt(4) > 0;
    }

    private boolean step(ByteBuffer source) {
        if (body.hasRemaining()) {
            int before = source.remaining();
            try {
                return stepThroughStream(source);
            } finally {
                streamBytes += before - source.remaining();
            }
        }
        while (current < attachments.size()) {
            byte[] target = attachments.get(current);
            int count = Math.min(source.remaining(), target.length - filled);
            if (count == 0 && target.length > filled) {
                return false;
            }
            source.get(target, filled, count);
            filled += count;
            attachmentBytes += count;
            if (filled == target.length) {
                current++;
                filled = 0;
            }
        }
        return true;
    }

    private boolean stepThroughStream(ByteBuffer source) {
        if (head.hasRemaining()) {
            copy(source, head);
            if (head.hasRemaining()) {
                return false;
            }
        }
        if (lengths == UNOPENED) {
            openHead();
        }
        if (lengths.hasRemaining()) {
            copy(source, lengths);
            if (lengths.hasRemaining()) {
                return false;
            }
        }
        if (body == UNOPENED) {
            openBody();
        }
        copy(source, body);
        return !body.hasRemaining();
    }

    private void openHead() {
        int bodyLength = head.getInt(0);
        int count = head.getInt(4);
        int longest = trusted ? TRUSTED_BODY : STRANGER_BODY;
        if (bodyLength <= 0 || bodyLength > longest || count < 0 || count > (trusted ? TRUSTED_ATTACHMENTS : 0)) {
            throw new WireException("not a message of ours: " + bodyLength + " bytes with " + count + " attachments");
        }
        lengths = ByteBuffer.allocate(count * Long.BYTES);
    }

    private void openBody() {
        long total = head.getInt(0);
        int count = attachmentsLost ? 0 : head.getInt(4);
        attachments = List.of();
        List<byte[]> opened = new ArrayList<>(count);
        try {
            for (int i = 0; i < count; i++) {
                long length = lengths.getLong(i * Long.BYTES);
                if (length < 0 || length > Integer.MAX_VALUE - 16) {
                    throw new WireException("an attachment of " + length + " bytes cannot be held in one array");
                }
                total += length;
                opened.add(new byte[(int) length]);
            }
            body = ByteBuffer.allocate(head.getInt(0));
            attachments = opened;
        } catch (OutOfMemoryError full) {
            long heap = Runtime.getRuntime().maxMemory() >> 20;
            throw new WireException.TooLarge(
                    "a message of " + ((total + 0xFFFFF) >> 20) + " MiB did not fit into the heap of " + heap
                            + " MiB of the JVM that reads it: send less at a time, or give that JVM more memory (-Xmx)");
        }
    }

    private boolean complete() {
        return !body.hasRemaining() && current == attachments.size();
    }

    private void restart() {
        head.clear();
        lengths = UNOPENED;
        body = UNOPENED;
        attachments = List.of();
        current = 0;
        filled = 0;
    }

    private static void copy(ByteBuffer source, ByteBuffer target) {
        int count = Math.min(source.remaining(), target.remaining());
        source.get(target.array(), target.arrayOffset() + target.position(), count);
        target.position(target.position() + count);
    }
}
