package manyjvm.parallel.wire.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import manyjvm.parallel.interleaving.Interleavings;
import manyjvm.parallel.interleaving.Scenario;
import manyjvm.parallel.interleaving.Steps;
import manyjvm.parallel.wire.FrameReader;
import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.Payload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker's journal, and the send queue in it, in every order of their users' steps. */
class JournalInterleavingsTest {
    @TempDir
    Path folder;

    /** The same each time, since to map one takes long; as it is before the first chunk. */
    private static final class Journals {
        private static WorkerJournal journal;

        static WorkerJournal fresh(Path file) throws IOException {
            if (journal == null) {
                WorkerJournal.create(file);
                journal = WorkerJournal.open(file);
            }
            journal.chunk(0, 0);
            return journal;
        }
    }

    /** A task thread with two chunks of four items, and the death of its JVM at any step of it. */
    static final class Death implements Scenario {
        private static final long START = WorkerJournal.RING_BYTES - 3L; // the ring's seam is within the first chunk
        private static final int ITEMS = 4;

        private final Path file;
        private final WorkerJournal journal;
        private long head = START;
        private int ran;

        Death(Path folder) throws IOException {
            file = folder.resolve("journal");
            journal = Journals.fresh(file);
            journal.putRing(START, new byte[2 * ITEMS], 2 * ITEMS);
            journal.log(new byte[2], 0, 2);
            journal.emptyLog(0);
            journal.ringHead(START);
        }

        @Override
        public List<Callable<?>> threads() {
            return List.of(
                    () -> {
                        runChunk(1);
                        runChunk(2);
                        return null;
                    },
                    () -> {
                        check(WorkerJournal.read(file));
                        return null;
                    });
        }

        private void runChunk(int chunk) {
            journal.chunk(chunk, 0);
            for (int item = 0; item < ITEMS; item++) {
                journal.started(item);
                Steps.step();
                ran++; // here users' code runs, and does what others see at once
                assertThat(journal.log(outcomes(chunk, item, item + 1), 0, 1)).isTrue();
                if (item == 1 || item == ITEMS - 1) {
                    byte[] sent = outcomes(chunk, item - 1, item + 1);
                    journal.putRing(head, sent, sent.length);
                    head += sent.length;
                    journal.ringHead(head);
                    journal.emptyLog(item + 1);
                }
            }
        }

        private static byte[] outcomes(int chunk, int from, int to) {
            byte[] outcomes = new byte[to - from];
            for (int item = from; item < to; item++) {
                outcomes[item - from] = (byte) (16 * chunk + item);
            }
            return outcomes;
        }

        /** As the driver looks: each item that has run was started, and all of these but the last have their outcome, once. */
        private void check(WorkerJournal.Snapshot left) {
            List<Byte> found = new ArrayList<>();
            ByteBuffer stream = left.streamFrom(START);
            while (stream.hasRemaining()) {
                found.add(stream.get());
            }
            int chunk = (int) left.chunk();
            int earlier = Math.max(0, chunk - 1) * ITEMS;
            assertThat(found).hasSizeGreaterThanOrEqualTo(earlier);
            if (chunk > 0 && found.size() <= earlier + ITEMS) {
                int already = found.size() - earlier - left.logBase();
                byte[] log = left.log();
                assertThat(already).isNotNegative();
                for (int at = already; at < log.length; at++) {
                    found.add(log[at]);
                }
            }
            List<Byte> expected = new ArrayList<>();
            for (int number = 0; number < found.size(); number++) {
                expected.add((byte) (16 * (1 + number / ITEMS) + number % ITEMS));
            }
            assertThat(found).isEqualTo(expected);
            if (chunk > 0 && found.size() < earlier + ITEMS) {
                int outcomes = found.size() - earlier;
                assertThat(left.started()).isBetween(Math.max(outcomes, ran - earlier), outcomes + 1);
            }
        }
    }

    /** Two threads that append, the wire thread, and a driver that does not read all at once. */
    static final class Appending implements Scenario {
        private static final Message.ToDriver OUTCOMES = new Message.ChunkItems(
                1, 0, 1, 0, true, false, new Payload.Bytes(new byte[JournaledSendQueue.ATTACHED_BYTES]));
        private static final Message.ToDriver TEXT = new Message.Output(2, 0, false, new byte[10]);
        private static final Message.ToDriver STARTED = new Message.ItemStarted(2, 1);

        private static Appending present;

        private final JournaledSendQueue queue;
        private final ArrayDeque<Runnable> posted = new ArrayDeque<>();
        private final List<Message> received = new ArrayList<>();
        private final FrameReader reader = new FrameReader();
        private boolean turnsEnd;
        private boolean wanted;

        private int room = 50; // less than two messages
        private int appending = 2;

        Appending(Path folder) throws IOException {
            present = this;
            queue = new JournaledSendQueue(Journals.fresh(folder.resolve("journal")));
            reader.trust();
        }

        @Override
        public List<Callable<?>> threads() {
            return List.of(() -> append(OUTCOMES), () -> append(TEXT, STARTED), this::wireThread, this::read);
        }

        private Void append(Message.ToDriver... messages) {
            for (Message.ToDriver message : messages) {
                queue.append(message);
            }
            appending--;
            return null;
        }

        private Void wireThread() throws IOException {
            while (true) {
                Steps.await(() -> !posted.isEmpty() || turnsEnd || wanted && room > 0 || received.size() == 3);
                if (posted.isEmpty() && !turnsEnd && received.size() == 3) {
                    return null;
                }
                while (!posted.isEmpty()) {
                    posted.remove().run();
                }
                if (turnsEnd || wanted && room > 0) {
                    turnsEnd = false;
                    wanted = !queue.writeTo(CHANNEL);
                }
            }
        }

        /** The driver makes room once, when there is none. */
        private Void read() {
            Steps.await(() -> room == 0);
            room = Integer.MAX_VALUE;
            return null;
        }

        @Override
        public void check() {
            assertThat(appending).isZero();
            assertThat(received.stream().map(Object::getClass))
                    .containsExactlyInAnyOrder(OUTCOMES.getClass(), TEXT.getClass(), STARTED.getClass());
            assertThat(received.indexOf(STARTED)).isPositive();
        }

        private static final WritableByteChannel CHANNEL = new WritableByteChannel() {
            @Override
            public int write(ByteBuffer source) {
                Steps.step();
                int count = Math.min(present.room, source.remaining());
                ByteBuffer taken = ByteBuffer.allocate(count);
                taken.put(source.slice(source.position(), count)).flip();
                source.position(source.position() + count);
                present.room -= count;
                present.reader.read(taken, present.received::add);
                return count;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };

        // ---- in the place of the loop's and the link's methods

        static boolean isOwner(OwnerLoop loop) {
            return false;
        }

        static boolean post(OwnerLoop loop, Runnable command) {
            return present.posted.add(command);
        }

        static void flushSoon(Link link) {
            present.turnsEnd = true;
        }

        static WritableByteChannel channel(Link link) {
            return CHANNEL;
        }
    }

    @Test
    void journalOfTheDead_tellsOfEachItemOnce_wheneverItDied() throws Exception {
        Interleavings.of(Death.class, folder).explore(2);
    }

    @Test
    void messages_appendedByTwoThreads_areWrittenWhole_andNoneIsForgotten() throws Exception {
        Interleavings.of(Appending.class, folder)
                .replacing(OwnerLoop.class, "isOwner")
                .replacing(OwnerLoop.class, "post")
                .replacing(Link.class, "flushSoon")
                .replacing(Link.class, "channel")
                .explore(1);
    }
}
