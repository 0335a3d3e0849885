package manyjvm.parallel.wire;

import java.util.ArrayList;
import java.util.List;
import manyjvm.parallel.insight.Spent;

/**
 * Takes the time of chunks, for the one thread that runs them.
 *
 * <p>Asking for the time takes some 25 ns. So items that take less than {@link #WORTH_ASKING} are timed two, four ... at a time,
 * until a span is as long as that: it costs less than 1 %, whatever the items. What decoding and encoding take is then told
 * from the first item of each span, and is never more than that span took.
 */
public final class ChunkClock {
    private static final long WORTH_ASKING = 10_000;
    private static final int MOST_AT_A_TIME = 16;

    /** What takes less is no slow item. */
    private static final long SLOW = 50_000;

    private static final int MOST_SLOW = 5;

    private long reading; // of spans that have ended, as the next two
    private long writing;
    private long sending;
    private long firstRead; // by the first item of the present span
    private long firstWritten;
    private long since; // the chunk's begin, or what was told last
    private long mark; // the end of the last span
    private int together = 1; // items of a span
    private int done; // of the present one
    private final List<Message.Slow> slow = new ArrayList<>(MOST_SLOW);

    /** A chunk begins. */
    public void begin() {
        since = System.nanoTime();
        mark = since;
        reading = 0; // what the one before did not tell is nobody's any more
        writing = 0;
        firstRead = 0;
        firstWritten = 0;
        slow.clear();
        together = 1;
        done = 0;
    }

    /** Its function has been loaded. */
    public void loaded() {
        mark = System.nanoTime();
        reading += mark - since;
    }

    /** Decoding or encoding begins. @return what to tell at its end */
    public long partBegins() {
        return done == 0 ? System.nanoTime() : 0;
    }

    /** Decoding has ended. */
    public void read(long begun) {
        if (begun != 0) {
            firstRead = System.nanoTime() - begun;
        }
    }

    /** Encoding has ended. */
    public void written(long begun) {
        if (begun != 0) {
            firstWritten = System.nanoTime() - begun;
        }
    }

    /** An item has ended: its index in the chunk. */
    public void itemEnded(int item) {
        if (++done == together) {
            spanEnded(item, System.nanoTime());
        }
    }

    private void spanEnded(int item, long now) {
        long took = now - mark;
        long read = Math.min(firstRead * done, took);
        long written = Math.min(firstWritten * done, took - read);
        mark = now;
        reading += read;
        writing += written;
        firstRead = 0;
        firstWritten = 0;
        if (took - read - written >= SLOW) {
            note(new Message.Slow(item + 1 - done, done, took - read - written));
        }
        if (took >= SLOW) {
            together = 1;
        } else if (took < WORTH_ASKING) {
            together = Math.min(MOST_AT_A_TIME, 2 * together);
        }
        done = 0;
    }

    private void note(Message.Slow one) {
        if (slow.size() == MOST_SLOW) {
            int least = 0;
            for (int i = 1; i < MOST_SLOW; i++) {
                least = slow.get(i).nanos() < slow.get(least).nanos() ? i : least;
            }
            if (one.nanos() <= slow.get(least).nanos()) {
                return;
            }
            slow.remove(least);
        }
        slow.add(one);
    }

    /** What is to be told of the items up to this one, since it was told last. */
    public Spent tell(int item) {
        if (done > 0) {
            spanEnded(item, System.nanoTime());
        }
        Spent spent = new Spent(reading, mark - since - reading - writing, writing, sending);
        since = mark;
        reading = 0;
        writing = 0;
        sending = 0;
        return spent;
    }

    /** The slowest items since they were told last. */
    public List<Message.Slow> tellSlow() {
        if (slow.isEmpty()) {
            return List.of();
        }
        List<Message.Slow> told = List.copyOf(slow);
        slow.clear();
        return told;
    }

    /** What was told has been sent, or the chunk's predecessor has: nothing runs meanwhile. */
    public void sent() {
        long now = System.nanoTime();
        sending += now - since;
        since = now;
        mark = now;
    }
}
