package manyjvm.parallel.wire.connect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import manyjvm.parallel.machine.IoReason;

/**
 * One thread that owns sockets and state; all others {@link #post}. It blocks nowhere but in the selector.
 *
 * <p>Posters only touch a queue and {@link Selector#wakeup}, neither of which minds an interrupt: writing to a channel
 * instead would close it under an interrupted poster (test: 200,000 posts in an interrupt storm).
 *
 * <p>Tried, and not worth their rules: an idle worker's task thread that takes the turns itself, and a submitter that runs its
 * command while this thread waits. Together they save two of the five hand-overs of a small task, and a quarter of its time
 * while code is cold, nothing once it is warm: what is left is the waking of another processor, some 25 us each way here.
 */
public final class OwnerLoop {
    /** What is attached to a registered channel. */
    interface Ready {
        void ready(SelectionKey key);
    }

    /** A timer that can be called off; on the loop's thread only. */
    public final class Timer implements Comparable<Timer> {
        private final long deadline;
        private final Runnable action;

        private Timer(long deadline, Runnable action) {
            this.deadline = deadline;
            this.action = action;
        }

        /** Forgotten at once: timers may be long, and be set and called off with each task. */
        public void cancel() {
            timers.remove(this);
        }

        @Override
        public int compareTo(Timer other) {
            return Long.signum(deadline - other.deadline);
        }
    }

    private static final System.Logger LOG = System.getLogger("manyjvm.parallel");
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(10);

    private final Thread thread;
    private final Selector selector;
    private final Consumer<Throwable> faults;
    private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean(true);
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();
    private final List<Runnable> atTurnsEnd = new ArrayList<>();
    private volatile boolean stopped;

    /** @param faults hears of what a command or handler threw; the loop goes on */
    public OwnerLoop(String name, Consumer<Throwable> faults) {
        this.faults = faults;
        try {
            selector = Selector.open();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot open a selector: " + IoReason.of(failure), failure);
        }
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Runs the command on the loop's thread, in order of posting. After a stop it is dropped, and false is returned. */
    public boolean post(Runnable command) {
        if (stopped) {
            return false;
        }
        posted.add(command);
        if (stopped && posted.remove(command)) {
            return false; // the loop has ended between the two lines above, without it
        }
        if (!awake.get() && awake.compareAndSet(false, true)) {
            selector.wakeup();
        }
        return true;
    }

    public boolean isOwner() {
        return Thread.currentThread() == thread;
    }

    /** On the loop's thread: runs the action after a while. */
    public Timer after(Duration delay, Runnable action) {
        Timer timer = new Timer(System.nanoTime() + delay.toNanos(), action);
        timers.add(timer);
        return timer;
    }

    /** On the loop's thread: runs the action before the loop waits again, which is when buffers are flushed. */
    void atTurnsEnd(Runnable action) {
        atTurnsEnd.add(action);
    }

    SelectionKey register(SelectableChannel channel, int operations, Ready ready) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, operations, ready);
    }

    /** Ends the loop after what was posted before; from any thread. */
    public void stop() {
        post(() -> stopped = true);
    }

    /** Waits for the end of the loop's thread. */
    public boolean join(Duration timeout) throws InterruptedException {
        thread.join(Math.max(1, timeout.toMillis()));
        return !thread.isAlive();
    }

    private void run() {
        try {
            while (!stopped) {
                guardedTurn();
            }
        } finally {
            runPosted();
            try {
                selector.close();
            } catch (IOException unimportant) {
                // the loop is over and nothing waits on the selector any more
            }
        }
    }

    /** Where there is no memory for the turn itself it is taken again: nothing has gone, and everybody waits for this thread. */
    private void guardedTurn() {
        try {
            turn();
        } catch (RuntimeException | Error failure) {
            fault(failure);
            LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
        }
    }

    private void turn() {
        runPosted();
        runTimers();
        while (!atTurnsEnd.isEmpty()) {
            List<Runnable> actions = new ArrayList<>(atTurnsEnd);
            atTurnsEnd.clear();
            actions.forEach(this::guarded);
        }
        awake.set(false);
        try {
            if (stopped || !posted.isEmpty()) {
                selector.selectNow();
            } else if (timers.isEmpty()) {
                selector.select();
            } else {
                long wait = timers.peek().deadline - System.nanoTime();
                if (wait <= 0) {
                    selector.selectNow();
                } else {
                    selector.select(wait / 1_000_000 + 1);
                }
            }
        } catch (IOException failure) {
            fault(failure);
        }
        awake.set(true);
        // Nobody has reason to interrupt this thread; a stray interrupt would make the selector spin.
        Thread.interrupted();
        if (!selector.selectedKeys().isEmpty()) {
            for (SelectionKey key : selector.selectedKeys()) {
                guarded(() -> {
                    if (key.isValid()) {
                        ((Ready) key.attachment()).ready(key);
                    }
                });
            }
            selector.selectedKeys().clear();
        }
    }

    private void runPosted() {
        for (Runnable command = posted.poll(); command != null; command = posted.poll()) {
            guarded(command);
        }
    }

    private void runTimers() {
        long now = System.nanoTime();
        while (!timers.isEmpty() && timers.peek().deadline - now <= 0) {
            guarded(timers.poll().action);
        }
    }

    /** Tells of what a command or handler threw. */
    void fault(Throwable failure) {
        try {
            faults.accept(failure);
        } catch (Throwable deaf) { // nor does whoever hears of faults end the loop
            try {
                if (deaf != failure) { // the JVM has a few OutOfMemoryErrors, and throws them again and again
                    failure.addSuppressed(deaf);
                }
                LOG.log(
                        System.Logger.Level.ERROR,
                        "an owner thread failed" + "; this is a fault of manyjvm, please report it",
                        failure);
            } catch (Throwable full) {
                // no memory for a word about it
            }
        }
    }

    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (Throwable failure) { // one command's fault must not end the loop
            fault(failure);
        }
    }
}
