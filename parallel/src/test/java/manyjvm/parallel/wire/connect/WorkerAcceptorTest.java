package manyjvm.parallel.wire.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import manyjvm.parallel.wire.Encoder;
import manyjvm.parallel.wire.FrameReader;
import manyjvm.parallel.wire.FrameWriter;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.Payload;
import manyjvm.parallel.wire.WireException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in, and who does not; over both kinds of sockets. */
@Timeout(60)
class WorkerAcceptorTest {
    private static final byte[] SECRET = new byte[Handshake.SECRET_BYTES];

    @TempDir
    Path folder;

    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private final List<OwnerLoop> loops = new ArrayList<>();
    private final OwnerLoop driver = loop("driver");
    private WorkerAcceptor acceptor;
    private volatile boolean mayLeave = true;

    private OwnerLoop loop(String name) {
        OwnerLoop loop = new OwnerLoop(name, fault -> log.add("fault: " + fault));
        loops.add(loop);
        loop.start();
        return loop;
    }

    private void open(boolean unix) throws Exception {
        acceptor = new WorkerAcceptor(driver, folder, unix, log::add);
        CompletableFuture<Void> open = new CompletableFuture<>();
        driver.post(() -> {
            acceptor.open();
            acceptor.expect(5, SECRET, (link, pid) -> new Collecting());
            open.complete(null);
        });
        open.get();
    }

    @AfterEach
    void close() throws Exception {
        driver.post(acceptor::close);
        for (OwnerLoop loop : loops) {
            loop.stop();
            assertThat(loop.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    private final class Collecting implements Link.Handler {
        @Override
        public void received(Link link, Message message) {
            received.add(message);
            if (message instanceof Message.Output output && output.error()) {
                throw new IllegalStateException("no text of errors");
            }
            if (message instanceof Message.Leaving && !mayLeave) {
                throw new WireException("nobody leaves here");
            }
            link.send(new Message.Received(link.streamBytes(), link.attachmentBytes()));
        }

        @Override
        public void ended(Link link, String reason) {
            log.add("ended: " + reason);
        }
    }

    private WorkerStart start(int jvmId, byte[] secret) {
        return new WorkerStart(
                jvmId,
                "worker",
                1,
                false,
                secret,
                new byte[Handshake.NONCE_BYTES],
                acceptor.address(),
                folder,
                folder.resolve("journal-" + jvmId),
                "driver",
                1,
                Optional.empty());
    }

    private JournaledSendQueue enter(WorkerStart start) throws Exception {
        WorkerJournal.create(start.journal());
        JournaledSendQueue sendQueue = new JournaledSendQueue(WorkerJournal.open(start.journal()));
        Link.Handler handler = new Link.Handler() {
            @Override
            public void received(Link link, Message message) {
                sendQueue.received((Message.Received) message);
            }

            @Override
            public void ended(Link link, String reason) {
                log.add("worker's end: " + reason);
            }
        };
        WorkerConnector.enter(start, loop("wire"), sendQueue, handler).get(20, TimeUnit.SECONDS);
        return sendQueue;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void handlerThatFails_isToldAndHearsEveryMessageBehind(boolean unix) throws Exception {
        open(unix);
        JournaledSendQueue sendQueue = enter(start(5, SECRET));
        int count = 1000;
        for (int i = 0; i < count; i++) {
            sendQueue.append(new Message.Output(i, i, i % 10 == 0, new byte[10]));
        }
        for (int i = 0; i < count; i++) {
            assertThat(((Message.Output) received.poll(20, TimeUnit.SECONDS)).job())
                    .isEqualTo(i);
        }
        for (int i = 0; i < count / 10; i++) {
            assertThat(log.poll(20, TimeUnit.SECONDS)).contains("fault: ", "no text of errors");
        }
        assertThat(log).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void worker_thatKnowsTheSecret_getsIn_andLosesNothingHoweverMuchItSends(boolean unix) throws Exception {
        open(unix);
        JournaledSendQueue sendQueue = enter(start(5, SECRET));
        int count = 50_000;
        for (int i = 0; i < count; i++) {
            sendQueue.append(new Message.Output(i, i, false, new byte[i % 100]));
        }
        sendQueue.awaitReceived(sendQueue.append(
                new Message.ChunkItems(1, 0, 1, 0, true, false, new Payload.Bytes(new byte[20 << 20]))));
        for (int i = 0; i < count; i++) {
            Message message = received.poll(20, TimeUnit.SECONDS);
            assertThat(message).isInstanceOfSatisfying(Message.Output.class, output -> assertThat(output.text())
                    .hasSize((int) (output.job() % 100)));
            assertThat(((Message.Output) message).job()).isEqualTo(i);
        }
        assertThat(received.poll(20, TimeUnit.SECONDS)).isInstanceOf(Message.ChunkItems.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void wrongSecret_isRefusedByTheWorkerItself(boolean unix) throws Exception {
        open(unix);
        byte[] wrong = SECRET.clone();
        wrong[0]++;
        assertThatThrownBy(() -> enter(start(5, wrong)))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("not this worker's driver");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void proofWithoutTheSecret_isDropped(boolean unix) throws Exception {
        open(unix);
        try (SocketChannel channel = acceptor.address().connect()) {
            send(channel, new Message.Hello(5, new byte[Handshake.NONCE_BYTES]));
            send(channel, new Message.Proof(new byte[32], 1));
            drain(channel);
        }
        assertThat(log.poll(20, TimeUnit.SECONDS)).contains("secret");
        assertThat(received).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void unexpectedWorker_isDropped(boolean unix) throws Exception {
        open(unix);
        assertThatThrownBy(() -> enter(start(6, SECRET))).isInstanceOf(ExecutionException.class);
        assertThat(log.poll(20, TimeUnit.SECONDS)).contains("no worker 6 is expected");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void secondConnectionOfAWorker_isDropped(boolean unix) throws Exception {
        open(unix);
        JournaledSendQueue sendQueue = enter(start(5, SECRET));
        sendQueue.awaitReceived(sendQueue.append(new Message.Leaving())); // now it is in
        try (SocketChannel channel = acceptor.address().connect()) {
            send(channel, new Message.Hello(5, new byte[Handshake.NONCE_BYTES]));
            drain(channel);
        }
        assertThat(log.poll(20, TimeUnit.SECONDS)).contains("no worker 5 is expected");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messageBeforeTheHandshake_isDropped(boolean unix) throws Exception {
        open(unix);
        try (SocketChannel channel = acceptor.address().connect()) {
            send(channel, new Message.Output(1, 1, false, new byte[1]));
            drain(channel);
        }
        assertThat(log.poll(20, TimeUnit.SECONDS))
                .contains("before the handshake")
                .doesNotContain("please report");
        assertThat(received).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void workerThatBreaksTheProtocol_isToldAsAFaultOfOurs(boolean unix) throws Exception {
        open(unix);
        mayLeave = false;
        enter(start(5, SECRET)).append(new Message.Leaving());
        String told = log.poll(20, TimeUnit.SECONDS);
        while (told != null && told.startsWith("worker's end")) {
            told = log.poll(20, TimeUnit.SECONDS);
        }
        assertThat(told).isEqualTo("ended: nobody leaves here; this is a fault of manyjvm, please report it");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hugeFrameHeader_isDroppedAndWorkersStillGetIn(boolean unix) throws Exception {
        open(unix);
        try (SocketChannel channel = acceptor.address().connect()) {
            channel.write(
                    ByteBuffer.allocate(8).putInt(Integer.MAX_VALUE).putInt(0).flip());
            drain(channel);
        }
        assertThat(log.poll(20, TimeUnit.SECONDS)).contains("not a message of ours");
        enter(start(5, SECRET));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void silentConnection_isDroppedAfterTheDeadline(boolean unix) throws Exception {
        open(unix);
        try (SocketChannel channel = acceptor.address().connect()) {
            drain(channel);
        }
        assertThat(log.poll(20, TimeUnit.SECONDS)).contains("no handshake");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void garbage_isDropped_whateverItIs(boolean unix) throws Exception {
        open(unix);
        Random random = new Random(1);
        for (int round = 0; round < 50; round++) {
            byte[] bytes = new byte[1 + random.nextInt(2000)];
            random.nextBytes(bytes);
            if (round % 2 == 0) { // a frame that looks right, with anything in it
                ByteBuffer.wrap(bytes).putInt(0, 1).putInt(4, 0);
            }
            try (SocketChannel channel = acceptor.address().connect()) {
                write(channel, ByteBuffer.wrap(bytes));
                channel.shutdownOutput();
                drain(channel);
            }
        }
        enter(start(5, SECRET));
        assertThat(received).isEmpty();
        assertThat(log).noneMatch(line -> line.startsWith("fault"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messageOfAWorker_beforeTheHandshake_isRefusedByItsTypeAlone(boolean unix) throws Exception {
        open(unix);
        // A bundle that claims two thousand million classes: nobody must begin to read it.
        Encoder body = new Encoder(64);
        body.writeByte(6);
        body.writeLong(1);
        body.writeByte(0);
        body.writeInt(Integer.MAX_VALUE);
        try (SocketChannel channel = acceptor.address().connect()) {
            write(channel, ByteBuffer.allocate(8).putInt(body.size()).putInt(0).flip());
            write(channel, ByteBuffer.wrap(body.backing(), 0, body.size()));
            drain(channel);
        }
        assertThat(log.poll(20, TimeUnit.SECONDS)).contains("a message of type 6 before the handshake");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void replayedHandshake_isDropped(boolean unix) throws Exception {
        open(unix);
        byte[] nonce = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
        byte[] proof;
        try (SocketChannel overheard = acceptor.address().connect()) {
            send(overheard, new Message.Hello(5, nonce));
            Message.Challenge challenge = (Message.Challenge) receive(overheard);
            proof = Handshake.workerProof(SECRET, 5, nonce, challenge.nonce());
            // The real worker goes before it has said what it knows.
        }
        try (SocketChannel replay = acceptor.address().connect()) {
            send(replay, new Message.Hello(5, nonce));
            receive(replay);
            send(replay, new Message.Proof(proof, 1));
            drain(replay);
        }
        assertThat(log.poll(20, TimeUnit.SECONDS)).contains("does not know the secret");
        assertThat(received).isEmpty();
        enter(start(5, SECRET)); // the secret is still good for the worker itself
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void driversOwnProof_sentBackToIt_isNoProof(boolean unix) throws Exception {
        open(unix);
        try (SocketChannel channel = acceptor.address().connect()) {
            send(channel, new Message.Hello(5, new byte[Handshake.NONCE_BYTES]));
            Message.Challenge challenge = (Message.Challenge) receive(channel);
            send(channel, new Message.Proof(challenge.proof(), 1));
            drain(channel);
        }
        assertThat(log.poll(20, TimeUnit.SECONDS)).contains("does not know the secret");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void halfOpenConnection_isDropped(boolean unix) throws Exception {
        open(unix);
        try (SocketChannel channel = acceptor.address().connect()) {
            write(channel, ByteBuffer.allocate(8).putInt(20).putInt(0).flip());
            channel.shutdownOutput(); // in the middle of its first message, and still listening
            drain(channel);
        }
        enter(start(5, SECRET));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void thousandStrangers_hangOn_andAWorkerGetsInAtOnce(boolean unix) throws Exception {
        open(unix);
        BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow();
        long before = direct.getMemoryUsed();
        List<SocketChannel> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < 1000; i++) {
                SocketChannel stranger = acceptor.address().connect();
                strangers.add(stranger);
                if (i % 2 == 0) {
                    send(stranger, new Message.Hello(5, new byte[Handshake.NONCE_BYTES]));
                }
            }
            JournaledSendQueue sendQueue = enter(start(5, SECRET));
            sendQueue.awaitReceived(sendQueue.append(new Message.Leaving()));
            assertThat(received.poll(20, TimeUnit.SECONDS)).isInstanceOf(Message.Leaving.class);
            assertThat(direct.getMemoryUsed() - before)
                    .as("bytes of direct memory for strangers and one worker")
                    .isLessThan(8L << 20);
        } finally {
            for (SocketChannel stranger : strangers) {
                stranger.close();
            }
        }
        assertThat(log).hasSizeLessThan(100).noneMatch(line -> line.startsWith("fault"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void manyStrangers_theOldestGivesWay(boolean unix) throws Exception {
        open(unix);
        List<SocketChannel> strangers = new ArrayList<>();
        try {
            for (int i = 0; i <= WorkerAcceptor.MOST_STRANGERS; i++) {
                strangers.add(acceptor.address().connect());
            }
            assertThat(log.poll(20, TimeUnit.SECONDS)).contains("too many of them at once");
            assertThat(strangers.get(0).read(ByteBuffer.allocate(1))).isNegative();
        } finally {
            for (SocketChannel stranger : strangers) {
                stranger.close();
            }
        }
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException dropped) {
            // the acceptor has closed before it had heard everything
        }
    }

    /** The next message from the acceptor. */
    private static Message receive(SocketChannel channel) throws IOException {
        FrameReader reader = new FrameReader();
        List<Message> messages = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        while (messages.isEmpty()) {
            buffer.clear();
            if (channel.read(buffer) < 0) {
                throw new IOException("the acceptor has closed");
            }
            reader.read(buffer.flip(), messages::add);
        }
        return messages.get(0);
    }

    private static void send(SocketChannel channel, Message message) throws IOException {
        FrameWriter.Frame frame = FrameWriter.frame(message);
        channel.write(ByteBuffer.wrap(frame.stream(), 0, frame.length()));
    }

    /** Reads until the other side closes. */
    private static void drain(SocketChannel channel) {
        try {
            while (channel.read(ByteBuffer.allocate(1024)) >= 0) {
                // what it says does not matter
            }
        } catch (IOException reset) {
            // closed, too
        }
    }
}
