package manyjvm.parallel.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in, and who does not; over both kinds of sockets. */
@Timeout(60)
class DoorTest {
    private static final byte[] SECRET = new byte[Handshake.SECRET_BYTES];

    @TempDir
    Path folder;

    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private final List<OwnerLoop> loops = new ArrayList<>();
    private final OwnerLoop driver = loop("driver");
    private Door door;

    private OwnerLoop loop(String name) {
        OwnerLoop loop = new OwnerLoop(name, fault -> log.add("fault: " + fault));
        loops.add(loop);
        loop.start();
        return loop;
    }

    private void open(boolean unix) throws Exception {
        door = new Door(driver, folder, unix, log::add);
        CompletableFuture<Void> open = new CompletableFuture<>();
        driver.post(() -> {
            door.open();
            door.expect(5, SECRET, (link, pid) -> new Collecting());
            open.complete(null);
        });
        open.get();
    }

    @AfterEach
    void close() throws Exception {
        driver.post(door::close);
        for (OwnerLoop loop : loops) {
            loop.stop();
            assertThat(loop.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    private final class Collecting implements Link.Handler {
        @Override
        public void received(Link link, Message message) {
            received.add(message);
            link.send(new Message.Received(link.streamBytes(), link.attachmentBytes()));
        }

        @Override
        public void ended(Link link, String reason) {
            log.add("ended: " + reason);
        }
    }

    private WorkerStart start(int member, byte[] secret) {
        return new WorkerStart(
                member,
                "worker",
                1,
                false,
                secret,
                new byte[Handshake.NONCE_BYTES],
                door.address(),
                folder,
                folder.resolve("ledger-" + member),
                "driver",
                1);
    }

    private Outbox enter(WorkerStart start) throws Exception {
        Ledger.create(start.ledger());
        Outbox outbox = new Outbox(Ledger.open(start.ledger()));
        Link.Handler handler = new Link.Handler() {
            @Override
            public void received(Link link, Message message) {
                outbox.received((Message.Received) message);
            }

            @Override
            public void ended(Link link, String reason) {
                log.add("worker's end: " + reason);
            }
        };
        Entrance.enter(start, loop("wire"), outbox, handler).get(20, TimeUnit.SECONDS);
        return outbox;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void worker_thatKnowsTheSecret_getsIn_andLosesNothingHoweverMuchItSends(boolean unix) throws Exception {
        open(unix);
        Outbox outbox = enter(start(5, SECRET));
        int count = 50_000;
        for (int i = 0; i < count; i++) {
            outbox.append(new Message.Output(i, i, false, new byte[i % 100]));
        }
        outbox.awaitReceived(
                outbox.append(new Message.ChunkItems(1, 0, 1, 0, true, new Payload.Bytes(new byte[20 << 20]))));
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
        try (SocketChannel channel = door.address().connect()) {
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
        Outbox outbox = enter(start(5, SECRET));
        outbox.awaitReceived(outbox.append(new Message.Leaving())); // now it is in
        try (SocketChannel channel = door.address().connect()) {
            send(channel, new Message.Hello(5, new byte[Handshake.NONCE_BYTES]));
            drain(channel);
        }
        assertThat(log.poll(20, TimeUnit.SECONDS)).contains("no worker 5 is expected");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messageBeforeTheHandshake_isDropped(boolean unix) throws Exception {
        open(unix);
        try (SocketChannel channel = door.address().connect()) {
            send(channel, new Message.Output(1, 1, false, new byte[1]));
            drain(channel);
        }
        assertThat(log.poll(20, TimeUnit.SECONDS)).contains("before the handshake");
        assertThat(received).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hugeFrameHeader_isDroppedAndWorkersStillGetIn(boolean unix) throws Exception {
        open(unix);
        try (SocketChannel channel = door.address().connect()) {
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
        try (SocketChannel channel = door.address().connect()) {
            drain(channel);
        }
        assertThat(log.poll(20, TimeUnit.SECONDS)).contains("no handshake");
    }

    private static void send(SocketChannel channel, Message message) throws IOException {
        Frames.Frame frame = Frames.frame(message);
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
