package manyjvm.parallel.wire.connect;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import manyjvm.parallel.code.Bundle;
import manyjvm.parallel.code.CodeBase;
import manyjvm.parallel.code.JvmChanges;
import manyjvm.parallel.spi.CallKind;
import manyjvm.parallel.wire.Code;
import manyjvm.parallel.wire.FrameReader;
import manyjvm.parallel.wire.FrameWriter;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.WireException;

/** The worker's way in: connects, proves itself, makes the driver prove itself, and only then listens to anything else. */
public final class WorkerConnector implements Link.Handler {
    private final WorkerStart start;
    private final Link.Handler handler;
    private final CompletableFuture<Link> open = new CompletableFuture<>();
    private boolean challenged;

    private WorkerConnector(WorkerStart start, Link.Handler handler) {
        this.start = start;
        this.handler = handler;
    }

    /**
     * Connects and queues the greeting.
     *
     * @param sendQueue the worker's way out, usable once the future has completed
     * @param handler of all messages after the handshake, on the loop's thread
     */
    public static CompletableFuture<Link> enter(
            WorkerStart start, OwnerLoop loop, JournaledSendQueue sendQueue, Link.Handler handler) throws IOException {
        WorkerConnector connector = new WorkerConnector(start, handler);
        Link link = new Link(loop, start.address().connect(), sendQueue, connector);
        sendQueue.attach(loop, link);
        loop.post(() -> {
            try {
                link.open();
                link.send(new Message.Hello(start.jvmId(), start.nonce()));
            } catch (IOException failure) {
                connector.open.completeExceptionally(failure);
            }
        });
        return connector.open;
    }

    /** Does for practice what coming in and the first messages need, so that it is loaded and linked. */
    public static void warmUp() throws IOException {
        Selector.open().close();
        try {
            SocketChannel.open(StandardProtocolFamily.UNIX).close();
        } catch (UnsupportedOperationException loopbackOnly) {
            SocketChannel.open().close();
        }
        byte[] nonce = new byte[Handshake.NONCE_BYTES];
        byte[] proof = Handshake.driverProof(new byte[Handshake.SECRET_BYTES], 0, nonce, nonce);
        Payload payload = new Payload.Bytes(new byte[] {0});
        Bundle bundle = new Bundle(CodeBase.NONE, List.of(), nonce, List.of(), List.of(), Set.of());
        FrameReader reader = new FrameReader();
        reader.trust();
        for (Message message : List.of(
                new Message.Hello(0, nonce),
                new Message.Challenge(nonce, proof),
                new Message.GiveBase(0, CodeBase.NONE),
                new Message.RunJob(
                        new Message.StartJob(0, CallKind.FUNCTION, 0, new Code.Shipped(bundle, JvmChanges.NONE), false),
                        new Message.RunChunk(0, 0, 0, 0, 1, payload)),
                new Message.ChunkItems(0, 0, 1, 0, true, false, payload),
                new Message.EndJob(0))) {
            FrameWriter.Frame frame = FrameWriter.frame(message);
            reader.read(ByteBuffer.wrap(frame.stream(), 0, frame.length()), read -> {});
        }
    }

    @Override
    public void received(Link link, Message message) {
        if (challenged || !(message instanceof Message.Challenge challenge)) {
            throw new WireException("a " + message.getClass().getSimpleName() + " message before the handshake");
        }
        challenged = true;
        byte[] expected = Handshake.driverProof(start.secret(), start.jvmId(), start.nonce(), challenge.nonce());
        if (!Handshake.matches(expected, challenge.proof())) {
            throw new WireException("whoever listens at " + start.address().text() + " is not this worker's driver");
        }
        link.send(new Message.Proof(
                Handshake.workerProof(start.secret(), start.jvmId(), start.nonce(), challenge.nonce()),
                ProcessHandle.current().pid()));
        link.trust(handler);
        open.complete(link);
    }

    @Override
    public void ended(Link link, String reason) {
        open.completeExceptionally(new IOException(reason));
    }
}
