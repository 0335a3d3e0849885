package manyjvm.parallel.wire.connect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import manyjvm.parallel.machine.IoReason;

/**
 * What a worker leaves behind. A file mapped into the worker's memory, in three parts:
 *
 * <ul>
 *   <li>the head: which chunk and item it is at, and whether it announced its exit;
 *   <li>the ring: the worker's stream to the driver, byte by byte; nothing in it is overwritten before the driver has
 *       dealt with it. It is the worker's send queue itself, see {@link JournaledSendQueue};
 *   <li>the log: the outcomes of the running chunk's finished items that are not in the ring yet.
 * </ul>
 *
 * <p>A store to mapped memory outlives the process, whatever ends it: {@code Runtime.halt}, SIGKILL, a crash. So the driver,
 * after it has read the connection to its end, reads on in the ring where the stream broke off, then takes the outcomes from
 * the log. From the head it knows the items that were started: exactly those without an outcome are lost, and all that
 * were not started can be run elsewhere. Nothing is run twice, nothing printed is lost, and no message per item is sent.
 *
 * <p>Writing: ring by holders of the send queue's lock, log and head by the task thread (the announcement by any). The commit
 * of each part is one aligned long, stored with release after the bytes it covers.
 */
public final class WorkerJournal {
    /** What a worker said about its exit before it went. */
    public enum Announcement {
        NONE,
        EXIT,
        TERMINATED
    }

    /** What a worker does for the item that it has started. */
    public enum Phase {
        /** It runs the function. */
        RUNNING,
        /** It loads the function, before the first item. */
        LOADING,
        /** It reads the item, which may run code of the item's class. */
        READING,
        /** It writes the result, which may run code of the result's class. */
        WRITING
    }

    static final int HEAD_BYTES = 4096;
    public static final int RING_BYTES = 1 << 20;
    public static final int LOG_BYTES = 1 << 20;

    private static final int ANNOUNCED = 0;
    private static final int CHUNK = 8;
    private static final int STARTED = 16;
    private static final int RING_HEAD = 24;
    private static final int LOG_BASE = 32;
    private static final int LOG_LENGTH = 40;
    private static final int PHASE = 48;
    private static final int HEAD_END = 56;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer head;
    private final ByteBuffer ring;
    private final ByteBuffer log;
    private int logLength;

    private WorkerJournal(ByteBuffer whole) {
        head = whole.slice(0, HEAD_BYTES).order(ByteOrder.nativeOrder());
        ring = whole.slice(HEAD_BYTES, RING_BYTES);
        log = whole.slice(HEAD_BYTES + RING_BYTES, LOG_BYTES);
    }

    /** The driver makes the file, which takes no room before it is used. */
    public static void create(Path file) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.WRITE))) {
                channel.write(ByteBuffer.allocate(1), HEAD_BYTES + RING_BYTES + LOG_BYTES - 1L);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(
                    "cannot make the file " + file + " for a worker: " + IoReason.of(failure), failure);
        }
    }

    /** The worker maps it. */
    public static WorkerJournal open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE))) {
            return new WorkerJournal(channel.map(MapMode.READ_WRITE, 0, HEAD_BYTES + RING_BYTES + LOG_BYTES));
        }
    }

    // ------------------------------------------------------------ the worker

    /** The JVM ends of its own accord, or was asked to by SIGTERM. The first announcement stands. */
    public void announce(Announcement announcement) {
        LONG.compareAndSet(head, ANNOUNCED, 0L, (long) announcement.ordinal());
    }

    /** A chunk begins at this item; none of its items has started. The log is empty. */
    public void chunk(long chunk, int from) {
        emptyLog(from);
        LONG.setRelease(head, STARTED, (long) from);
        LONG.setRelease(head, CHUNK, chunk);
    }

    /** An item starts: all before it in the chunk have. */
    public void started(int item) {
        LONG.setRelease(head, STARTED, item + 1L);
    }

    /** What happens to the started item from now on. */
    public void phase(Phase phase) {
        LONG.setRelease(head, PHASE, (long) phase.ordinal());
    }

    /** Saves the outcome of the next item; false when there is no room. */
    public boolean log(byte[] entries, int from, int to) {
        if (to - from > LOG_BYTES - logLength) {
            return false;
        }
        log.put(logLength, entries, from, to - from);
        logLength += to - from;
        LONG.setRelease(head, LOG_LENGTH, (long) logLength);
        return true;
    }

    /** The outcomes before {@code base} are in the ring now. */
    public void emptyLog(int base) {
        logLength = 0;
        LONG.setRelease(head, LOG_LENGTH, 0L);
        LONG.setRelease(head, LOG_BASE, (long) base);
    }

    void putRing(long position, byte[] bytes, int length) {
        int at = (int) (position % RING_BYTES);
        int first = Math.min(length, RING_BYTES - at);
        ring.put(at, bytes, 0, first);
        ring.put(0, bytes, first, length - first);
    }

    void ringHead(long position) {
        LONG.setRelease(head, RING_HEAD, position);
    }

    /** The ring's bytes from {@code from} on, up to {@code to} or the ring's end. */
    ByteBuffer ring(long from, long to) {
        int at = (int) (from % RING_BYTES);
        return ring.slice(at, (int) Math.min(to - from, RING_BYTES - at));
    }

    // ------------------------------------------------------------ the driver, while the worker works

    /** The head of a living worker's journal, read again at each look: a mapped one would keep the file's room after its end. */
    public static final class Head implements AutoCloseable {
        private final FileChannel channel;
        private final ByteBuffer bytes = ByteBuffer.allocate(HEAD_END).order(ByteOrder.nativeOrder());

        public Head(Path file) throws IOException {
            channel = FileChannel.open(file, Set.of(StandardOpenOption.READ));
        }

        /**
         * How many items of a chunk have been started. It may be behind by the item that starts just now: the chunk's
         * number, which is written later than the first item's, is read before.
         *
         * @return 0 when the worker is at another chunk
         */
        public int started(long chunk) throws IOException {
            bytes.clear();
            int read = channel.read(bytes, 0);
            return read == HEAD_END && bytes.getLong(CHUNK) == chunk ? (int) bytes.getLong(STARTED) : 0;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    // ------------------------------------------------------------ the driver, after the worker's death

    /** What a dead worker left. */
    public static final class Snapshot {
        private final byte[] bytes;
        private final ByteBuffer head;

        private Snapshot(byte[] bytes) {
            this.bytes = bytes;
            this.head = ByteBuffer.wrap(bytes, 0, HEAD_BYTES).order(ByteOrder.nativeOrder());
        }

        public Announcement announcement() {
            return Announcement.values()[(int) head.getLong(ANNOUNCED)];
        }

        /** The chunk it was at; 0 before the first. */
        public long chunk() {
            return head.getLong(CHUNK);
        }

        /** Items of that chunk below this have been started. */
        public int started() {
            return (int) head.getLong(STARTED);
        }

        /** What it did for the last of them. */
        public Phase phase() {
            return Phase.values()[(int) head.getLong(PHASE)];
        }

        /** The index in the chunk of the log's first outcome. */
        public int logBase() {
            return (int) head.getLong(LOG_BASE);
        }

        /** The outcomes in the log. */
        public byte[] log() {
            int from = HEAD_BYTES + RING_BYTES;
            return Arrays.copyOfRange(bytes, from, from + (int) head.getLong(LOG_LENGTH));
        }

        /** The worker's stream from this position to its end. */
        public ByteBuffer streamFrom(long position) {
            long end = head.getLong(RING_HEAD);
            ByteBuffer rest = ByteBuffer.allocate((int) Math.max(0, end - position));
            for (long at = position; at < end; ) {
                int offset = (int) (at % RING_BYTES);
                int count = (int) Math.min(end - at, RING_BYTES - offset);
                rest.put(bytes, HEAD_BYTES + offset, count);
                at += count;
            }
            return rest.flip();
        }
    }

    public static Snapshot read(Path file) throws IOException {
        return new Snapshot(Files.readAllBytes(file));
    }
}
