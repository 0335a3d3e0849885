package manyjvm.parallel.wire.connect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import manyjvm.parallel.wire.Encoder;
import manyjvm.parallel.wire.FrameWriter;
import manyjvm.parallel.wire.Message;

/**
 * A worker's way out. Any thread appends a message to the {@link WorkerJournal}'s ring and writes the ring to the socket; the driver
 * says how much it has dealt with, and only then is the room used again. So a worker that prints faster than its driver
 * shows blocks at {@link WorkerJournal#RING_BYTES}, and what the driver has not seen lies in the file.
 *
 * <p>Whoever appends writes at once, since a hand-over to the wire thread would cost a wake-up for each result. That thread
 * does the rest: what a full socket did not take, what was appended while another thread was writing, and text, of which it
 * gathers much in one system call when there is much. Users interrupt
 * their threads, and an interrupt closes a channel under a thread that blocks in it; this channel does not block, and then
 * the JDK looks at no interrupt (test: {@code JournaledSendQueueTest}).
 *
 * <p>Attachments (large results) do not fit into the ring: they wait on the heap, at most {@link #MOST_ATTACHED} bytes unless
 * a single one is larger, and are written where the ring has reached their message's end.
 */
public final class JournaledSendQueue implements SendQueue {
    /** From this size on an outcome travels as an attachment, which does not outlive this process by itself. */
    public static final int ATTACHED_BYTES = Encoder.ATTACHED;

    private static final long MOST_ATTACHED = 32L * 1024 * 1024;
    private static final int PIECE = 256 * 1024;

    private record Attached(long position, List<byte[]> arrays) {}

    private final WorkerJournal journal;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private final AtomicBoolean flushPosted = new AtomicBoolean();
    private final ArrayDeque<Attached> attached = new ArrayDeque<>(); // guarded by lock
    private final ArrayDeque<Message> overflow = new ArrayDeque<>(); // wire thread only
    private long head; // guarded by lock
    private long attachedTotal; // guarded by lock
    private long dealtWith; // guarded by lock
    private long attachmentsDealtWith; // guarded by lock

    private boolean sealed; // guarded by lock

    // Set by attach, before anything is sent: the link is made of this queue, so that it cannot be there first.
    @SuppressWarnings("NullAway.Init")
    private OwnerLoop loop;

    @SuppressWarnings("NullAway.Init")
    private Link link;

    /** Held while writing to the socket; taken before {@link #lock}, never after it. */
    private final ReentrantLock writing = new ReentrantLock();

    // the place in the stream up to which the socket has been given; guarded by writing
    private long sent;
    private int array;
    private int offset;
    private boolean full; // the wire thread waits until the socket takes more

    public JournaledSendQueue(WorkerJournal journal) {
        this.journal = journal;
    }

    void attach(OwnerLoop loop, Link link) {
        this.loop = loop;
        this.link = link;
    }

    /** A place in the stream, to wait for. */
    public record Receipt(long position, long attachments) {}

    private static final Receipt NOTHING = new Receipt(0, 0);

    /**
     * Appends a message. Waits while the send queue is full; an interrupt does not end the
     * wait and stays set. When this returns, the message will reach the driver, whatever ends this process, unless it has
     * attachments: see {@link #awaitReceived}.
     */
    public Receipt append(Message.ToDriver message) {
        if (loop.isOwner()) { // a dependent of an answer; it must not wait for room that only its own thread can make
            add(message);
            return NOTHING;
        }
        FrameWriter.Frame frame = FrameWriter.frame(message);
        long attachments = size(frame);
        Receipt receipt;
        lock.lock();
        try {
            while (!fits(frame, attachments)) {
                if (sealed) {
                    throw new SealedException();
                }
                progress.awaitUninterruptibly();
            }
            receipt = put(frame, attachments);
        } finally {
            lock.unlock();
        }
        boolean urgent = !(message instanceof Message.Output);
        if (!(urgent && writeNow()) && flushPosted.compareAndSet(false, true)) {
            loop.post(this::flush);
        }
        return receipt;
    }

    /** Whether nothing is left for the wire thread to do that it would not do anyway. */
    private boolean writeNow() {
        if (!writing.tryLock()) {
            return false; // whoever holds it may have looked at the ring's head before we moved it
        }
        try {
            return full || writeTo(link.channel());
        } catch (IOException failure) {
            return false; // the wire thread meets it too, and knows what to do
        } finally {
            writing.unlock();
        }
    }

    /** Waits until the driver has dealt with a message, attachments included. */
    public void awaitReceived(Receipt receipt) {
        lock.lock();
        try {
            while (!sealed && (dealtWith < receipt.position() || attachmentsDealtWith < receipt.attachments())) {
                progress.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The wire thread is about to stop, since the JVM ends: what still fits into the ring is found there, and whoever would
     * have to wait for room gets a {@link SealedException}.
     */
    public void seal() {
        lock.lock();
        try {
            sealed = true;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The JVM ends and the ring is full. */
    public static final class SealedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SealedException() {
            super("this worker is ending: nothing can be sent any more");
        }
    }

    /** The wire thread's own messages, which must not wait for room that only the wire thread can make. */
    @Override
    public void add(Message message) {
        overflow.add(message);
        moveOverflow();
    }

    /** On the wire thread: the driver has dealt with so much. */
    public void received(Message.Received message) {
        lock.lock();
        try {
            dealtWith = message.streamBytes();
            attachmentsDealtWith = message.attachmentBytes();
            progress.signalAll();
        } finally {
            lock.unlock();
        }
        moveOverflow();
    }

    private void moveOverflow() {
        lock.lock();
        try {
            while (!overflow.isEmpty()) {
                FrameWriter.Frame frame = FrameWriter.frame(overflow.peek());
                if (!fits(frame, size(frame))) {
                    return;
                }
                put(frame, size(frame));
                overflow.poll();
            }
        } finally {
            lock.unlock();
        }
        link.flushSoon();
    }

    private void flush() {
        flushPosted.set(false);
        link.flushSoon();
    }

    @Override
    public boolean writeTo(WritableByteChannel channel) throws IOException {
        writing.lock();
        try {
            full = false;
            while (true) {
                long end;
                Attached next;
                lock.lock();
                try {
                    end = head;
                    next = attached.peek();
                } finally {
                    lock.unlock();
                }
                long stop = next == null ? end : Math.min(end, next.position());
                if (sent < stop) {
                    full = !writeRing(stop, channel);
                } else if (next != null && sent == next.position()) {
                    full = !writeAttachments(next, channel);
                } else {
                    return true;
                }
                if (full) {
                    return false;
                }
            }
        } finally {
            writing.unlock();
        }
    }

    private boolean writeRing(long stop, WritableByteChannel channel) throws IOException {
        ByteBuffer part = journal.ring(sent, stop);
        sent += channel.write(part);
        return !part.hasRemaining();
    }

    private boolean writeAttachments(Attached next, WritableByteChannel channel) throws IOException {
        while (array < next.arrays().size()) {
            byte[] bytes = next.arrays().get(array);
            while (offset < bytes.length) {
                ByteBuffer part = ByteBuffer.wrap(bytes, offset, Math.min(PIECE, bytes.length - offset));
                offset += channel.write(part);
                if (part.hasRemaining()) {
                    return false;
                }
            }
            array++;
            offset = 0;
        }
        array = 0;
        lock.lock();
        try {
            attached.poll();
        } finally {
            lock.unlock();
        }
        return true;
    }

    private boolean fits(FrameWriter.Frame frame, long attachments) {
        long waiting = attachedTotal - attachmentsDealtWith;
        if (frame.length() > WorkerJournal.RING_BYTES) {
            throw new IllegalStateException("a message of " + frame.length() + " bytes has no attachment"
                    + "; this is a fault of manyjvm, please report it");
        }
        return head + frame.length() - dealtWith <= WorkerJournal.RING_BYTES
                && (attachments == 0 || waiting == 0 || waiting + attachments <= MOST_ATTACHED);
    }

    private Receipt put(FrameWriter.Frame frame, long attachments) {
        journal.putRing(head, frame.stream(), frame.length());
        if (!frame.attachments().isEmpty()) {
            attached.add(new Attached(head + frame.length(), frame.attachments()));
        }
        head += frame.length();
        attachedTotal += attachments;
        journal.ringHead(head);
        return new Receipt(head, attachedTotal);
    }

    private static long size(FrameWriter.Frame frame) {
        long size = 0;
        for (byte[] attachment : frame.attachments()) {
            size += attachment.length;
        }
        return size;
    }
}
