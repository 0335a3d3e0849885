package manyjvm.kernel.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.util.concurrent.atomic.AtomicBoolean;
import manyjvm.kernel.spi.IoReason;

/**
 * Wakes a thread that waits in a ZeroMQ poll. {@link #signal} may come from any thread; the rest belongs to the poller.
 *
 * <p>The race it is built around: a thread that is interrupted while it writes closes the pipe (that is how NIO
 * channels answer an interrupt), and users interrupt threads. The closed pipe itself wakes the poller, by end of file,
 * and the poller opens a new one before it looks at its queue; whoever signals in between finds the pipe closed and may
 * rely on that. So: first enqueue, then signal; first {@link #acknowledge}, then look at the queue.
 */
final class WakeUp implements AutoCloseable {
    private final AtomicBoolean signalled = new AtomicBoolean();
    private volatile Pipe pipe = open();

    /** The channel to poll for reading; another one after {@link #acknowledge} has said so. */
    Pipe.SourceChannel source() {
        return pipe.source();
    }

    void signal() {
        if (!signalled.compareAndSet(false, true)) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            pipe.sink().write(ByteBuffer.allocate(1));
        } catch (ClosedChannelException closed) {
            // The poller is already awake, see the class comment.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** @return whether {@link #source} is another channel from now on */
    boolean acknowledge() {
        boolean reopened = false;
        try {
            ByteBuffer bytes = ByteBuffer.allocate(64);
            if (pipe.source().read(bytes) < 0) {
                pipe.source().close();
                pipe = open();
                reopened = true;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        signalled.set(false);
        return reopened;
    }

    @Override
    public void close() {
        try {
            pipe.sink().close();
            pipe.source().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Pipe open() {
        try {
            Pipe pipe = Pipe.open();
            pipe.source().configureBlocking(false);
            return pipe;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open a pipe: " + IoReason.of(e), e);
        }
    }
}
