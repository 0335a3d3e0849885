package manyjvm.parallel.wire.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.Payload;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker's send queue on a real socket, whose other end is a driver's link that may be late. */
@Timeout(60)
class JournaledSendQueueTest {
    private static final int THREADS = 4;
    private static final int EACH = 5_000;

    @TempDir
    Path folder;

    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private final OwnerLoop worker = new OwnerLoop("worker", fault -> ends.add("worker: " + fault));
    private final OwnerLoop driver = new OwnerLoop("driver", fault -> ends.add("driver: " + fault));
    private JournaledSendQueue sendQueue;
    private Link workersEnd;
    private Link driversEnd;

    @BeforeEach
    void connect() throws Exception {
        Path file = folder.resolve("journal");
        WorkerJournal.create(file);
        sendQueue = new JournaledSendQueue(WorkerJournal.open(file));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(folder.resolve("socket")));
            SocketChannel near = SocketChannel.open(server.getLocalAddress());
            SocketChannel far = server.accept();
            workersEnd = new Link(worker, near, sendQueue, new Acknowledged());
            driversEnd = new Link(driver, far, new BufferedSendQueue(), new Collecting());
        }
        sendQueue.attach(worker, workersEnd);
        worker.start();
        driver.start();
        open(worker, workersEnd, new Acknowledged());
    }

    @AfterEach
    void disconnect() throws Exception {
        assertThat(ends).as("no end and no fault before the test's own").isEmpty();
        driver.post(driversEnd::close);
        worker.post(workersEnd::close);
        for (OwnerLoop loop : List.of(worker, driver)) {
            loop.stop();
            assertThat(loop.join(Duration.ofSeconds(10))).isTrue();
        }
    }

    private class Collecting implements Link.Handler {
        @Override
        public void received(Link link, Message message) {
            received.add(message);
            link.send(new Message.Received(link.streamBytes(), link.attachmentBytes()));
        }

        @Override
        public void ended(Link link, String reason) {
            ends.add(reason);
        }
    }

    private final class Acknowledged extends Collecting {
        @Override
        public void received(Link link, Message message) {
            sendQueue.received((Message.Received) message);
        }
    }

    /** Opens a link for messages of every size. */
    private void open(OwnerLoop loop, Link link, Link.Handler handler) throws Exception {
        CompletableFuture<Void> opened = new CompletableFuture<>();
        loop.post(() -> {
            try {
                link.trust(handler);
                link.open();
                opened.complete(null);
            } catch (IOException failure) {
                opened.completeExceptionally(failure);
            }
        });
        opened.get(10, TimeUnit.SECONDS);
    }

    private Message next() throws InterruptedException {
        Message message = received.poll(30, TimeUnit.SECONDS);
        assertThat(message).as("a message within 30 s; ends: " + ends).isNotNull();
        return message;
    }

    @Test
    void append_underAStormOfInterrupts_losesNothing() throws Exception {
        open(driver, driversEnd, new Collecting());
        AtomicBoolean calm = new AtomicBoolean();
        List<Thread> appenders = new ArrayList<>();
        for (int number = 0; number < THREADS; number++) {
            int chunk = number;
            appenders.add(new Thread(() -> {
                for (int item = 0; item < EACH; item++) {
                    if (item % 3 == 0) {
                        sendQueue.append(new Message.Output(chunk, item, false, new byte[100]));
                    }
                    sendQueue.append(new Message.ItemStarted(chunk, item));
                }
            }));
        }
        Thread storm = new Thread(() -> {
            while (!calm.get()) {
                appenders.forEach(Thread::interrupt);
            }
        });
        storm.start();
        appenders.forEach(Thread::start);
        int[] items = new int[THREADS];
        int[] texts = new int[THREADS];
        try {
            for (int left = THREADS * (EACH + (EACH + 2) / 3); left > 0; left--) {
                Message message = next();
                if (message instanceof Message.ItemStarted started) {
                    assertThat(started.item()).isEqualTo(items[(int) started.chunk()]++);
                } else {
                    Message.Output output = (Message.Output) message;
                    assertThat(output.task()).isEqualTo(3L * texts[(int) output.job()]++);
                }
            }
        } finally {
            calm.set(true);
            storm.join();
            for (Thread appender : appenders) {
                appender.join();
            }
        }
        assertThat(items).containsOnly(EACH);
        assertThat(texts).containsOnly((EACH + 2) / 3);
    }

    @Test
    void append_toASocketThatIsFull_isWrittenOnceItIsRead() throws Exception {
        byte[] outcomes = new byte[JournaledSendQueue.ATTACHED_BYTES * 4];
        Arrays.fill(outcomes, (byte) 7);
        int count = 0;
        long bytes = 0;
        // Nobody reads yet. More than a socket takes, less than the ring and the attachments' limit.
        for (; bytes < WorkerJournal.RING_BYTES / 2; bytes += 10_000) {
            sendQueue.append(
                    new Message.ChunkItems(count++, 0, 1, 0, true, false, new Payload.Bytes(new byte[10_000])));
        }
        sendQueue.append(new Message.ChunkItems(count++, 0, 1, 0, true, false, new Payload.Bytes(outcomes)));
        sendQueue.append(new Message.ChunkItems(count++, 0, 1, 0, true, false, new Payload.Bytes(new byte[1])));
        open(driver, driversEnd, new Collecting());
        for (int chunk = 0; chunk < count; chunk++) {
            Message.ChunkItems items = (Message.ChunkItems) next();
            assertThat(items.chunk()).isEqualTo(chunk);
            if (chunk == count - 2) {
                assertThat(((Payload.Bytes) items.outcomes()).bytes()).isEqualTo(outcomes);
            }
        }
    }

    @Test
    void append_withoutText_needsNoWireThread() throws Exception {
        open(driver, driversEnd, new Collecting());
        CompletableFuture<Void> held = new CompletableFuture<>();
        worker.post(held::join);
        sendQueue.append(new Message.ItemStarted(1, 2));
        assertThat(next()).isEqualTo(new Message.ItemStarted(1, 2));
        held.complete(null);
    }
}
