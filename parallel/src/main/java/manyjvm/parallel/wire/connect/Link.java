package manyjvm.parallel.wire.connect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import manyjvm.parallel.machine.IoReason;
import manyjvm.parallel.wire.FrameReader;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.WireException;
import org.jspecify.annotations.Nullable;

/** One connection. Confined to the thread of its {@link OwnerLoop}. */
public final class Link {
    static final int BUFFER = 256 * 1024;

    /** For the handshake: a stranger costs next to nothing. */
    static final int STRANGERS_BUFFER = 512;

    /** The reason of an end that nobody is to blame for. */
    static final String CLOSED = "the other side has closed the connection";

    /** How the reason of an end starts when the other side went with something unread. */
    static final String BROKE = "the connection broke";

    /** What the owner of a link does about it. */
    public interface Handler {
        /** A message; throwing {@link WireException} ends the link, anything else is told as a fault. */
        void received(Link link, Message message);

        /** After the last message: the other side is gone, or broke the protocol. Called once, never after a close. */
        void ended(Link link, String reason);
    }

    private final OwnerLoop loop;
    private final SocketChannel channel;
    private final SendQueue sendQueue;
    private final FrameReader reader = new FrameReader();
    private ByteBuffer incoming = ByteBuffer.allocate(STRANGERS_BUFFER);
    private Handler handler;
    private @Nullable SelectionKey key; // null until it is open
    private boolean flushing;
    private boolean closed;
    private boolean brokenOff;
    private boolean trusted;

    Link(OwnerLoop loop, SocketChannel channel, SendQueue sendQueue, Handler handler) {
        this.loop = loop;
        this.channel = channel;
        this.sendQueue = sendQueue;
        this.handler = handler;
    }

    void open() throws IOException {
        key = loop.register(channel, SelectionKey.OP_READ, this::ready);
    }

    /** From now on messages go to another handler, and may be large. */
    public void trust(Handler handler) {
        this.handler = handler;
        trusted = true;
        reader.trust();
        incoming = ByteBuffer.allocateDirect(BUFFER);
    }

    /** Queues a message, to be written at the end of the loop's turn. On a closed link it goes nowhere. */
    public void send(Message message) {
        if (closed) {
            return;
        }
        sendQueue.add(message);
        flushSoon();
    }

    /** For whoever writes without the loop; non-blocking, and not to be read or closed. */
    WritableByteChannel channel() {
        return channel;
    }

    /** Something can be written. */
    void flushSoon() {
        if (!flushing && !closed) {
            flushing = true;
            loop.atTurnsEnd(this::flush);
        }
    }

    /** Bytes received so far outside attachments. */
    public long streamBytes() {
        return reader.streamBytes();
    }

    public long attachmentBytes() {
        return reader.attachmentBytes();
    }

    /** Goes on reading, after the end of the link, where the dead worker's journal has more. */
    public void readOn(ByteBuffer rest) {
        reader.attachmentsAreLost();
        reader.read(rest, this::deliver);
    }

    /** Whether this side ended it, because it could not take what came. */
    public boolean isBrokenOff() {
        return brokenOff;
    }

    /** Ends it without another word; what was sent and is not written yet is lost. */
    public void close() {
        if (!closed) {
            closed = true;
            closeChannel();
        }
    }

    private void ready(SelectionKey ready) {
        if (ready.isWritable()) {
            flush();
        }
        if (!closed && ready.isReadable()) {
            receive();
        }
    }

    private void receive() {
        try {
            // A bounded number of rounds, so that one busy worker does not keep the others waiting.
            for (int round = 0; round < 16 && !closed; round++) {
                incoming.clear();
                int count = channel.read(incoming);
                if (count < 0) {
                    end(CLOSED);
                    return;
                }
                if (count == 0) {
                    return;
                }
                incoming.flip();
                reader.read(incoming, message -> {
                    if (!closed) {
                        deliver(message);
                    }
                });
                if (count < incoming.capacity()) {
                    return;
                }
            }
        } catch (IOException failure) {
            end(BROKE + ": " + IoReason.of(failure));
        } catch (WireException broken) {
            brokenOff = true;
            // What a stranger sends is no fault of ours, nor is a message that is only too large.
            boolean ourFault = trusted && !(broken instanceof WireException.TooLarge);
            end(broken.getMessage() + (ourFault ? "; this is a fault of manyjvm, please report it" : ""));
        } catch (OutOfMemoryError full) {
            brokenOff = true;
            end(
                    "a message did not fit into the heap of the JVM that reads it: send less at a time, or give that JVM more"
                            + " memory (-Xmx)");
        }
    }

    /** A fault in what is done about one message costs none of those behind it. */
    private void deliver(Message message) {
        try {
            handler.received(this, message);
        } catch (WireException | OutOfMemoryError ends) {
            throw ends;
        } catch (RuntimeException | Error fault) {
            loop.fault(fault);
        }
    }

    private void flush() {
        flushing = false;
        if (closed) {
            return;
        }
        SelectionKey open = Objects.requireNonNull(key, "nothing is sent before the link is open");
        try {
            boolean done = sendQueue.writeTo(channel);
            int wanted = SelectionKey.OP_READ | (done ? 0 : SelectionKey.OP_WRITE);
            if (open.interestOps() != wanted) {
                open.interestOps(wanted);
            }
        } catch (IOException failure) {
            // What the other side wrote before it went may still be unread: the end is told by reading.
            open.interestOps(SelectionKey.OP_READ);
        }
    }

    private void end(String reason) {
        if (!closed) {
            closed = true;
            closeChannel();
            handler.ended(this, reason);
        }
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException unimportant) {
            // nothing more is read or written, and the other side notices the end either way
        }
    }
}
