package manyjvm.parallel.wire;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The chunks that wait for one thread, and the one that it is at. Each is at every moment either waiting, and can be taken
 * back, or running, and can be interrupted; there is nothing in between, where an interrupt would be lost. It reaches no other
 * chunk: the thread leaves a chunk, and clears its interrupt flag, only once no interrupt is on its way any more.
 *
 * <p>{@link #take} and {@link #leave} are for the thread that runs the chunks, the others for any. None but these two waits,
 * also while an interrupt strikes: {@link Thread#interrupt} closes the channel in which its thread waits, which may run
 * users' code, or block.
 */
public final class ChunkQueue {
    private static final long NONE = 0; // no chunk has this number

    private final ReentrantLock lock =
            new ReentrantLock(); // a virtual thread lets its carrier go where it waits for this
    private final Condition work = lock.newCondition();
    private final Condition struck = lock.newCondition();
    private final Deque<Message.ToWorker> waiting = new ArrayDeque<>(); // chunks and Leave; guarded by lock
    private final Set<Long> early = new HashSet<>(); // chunks interrupted while they waited; guarded by lock
    private @Nullable Thread thread; // of the chunk that ran last, null before the first; guarded by lock
    private long running; // guarded by lock
    private boolean striking; // guarded by lock
    private volatile boolean stopped; // written while lock is held

    /** Adds a chunk, or the message that it is time to leave. */
    public void add(Message.ToWorker message) {
        lock.lock();
        try {
            waiting.add(message);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Takes a chunk back that waits; whether it did. */
    public boolean withdraw(long chunk) {
        lock.lock();
        try {
            early.remove(chunk);
            return waiting.removeIf(message -> isChunk(message, chunk));
        } finally {
            lock.unlock();
        }
    }

    /** Interrupts a chunk if it runs, or as soon as it does; one that has ended is past it. */
    public void interrupt(long chunk) {
        lock.lock();
        try {
            Thread victim = thread;
            if (running == chunk && victim != null) {
                stopped = true;
                if (!striking) {
                    strikeOnAnotherThread(victim);
                }
            } else if (waiting.stream().anyMatch(message -> isChunk(message, chunk))) {
                early.add(chunk);
            }
        } finally {
            lock.unlock();
        }
    }

    /** While lock is held, for which the other thread waits at its end. */
    private void strikeOnAnotherThread(Thread victim) {
        Thread striker = new Thread(null, () -> strike(victim), "interrupt", 0, false);
        striker.setDaemon(true);
        boolean started = false;
        try {
            striker.start();
            started = true;
        } finally {
            striking = started; // without a thread to be had, the chunk is not interrupted, but can end
        }
    }

    private void strike(Thread victim) {
        try {
            victim.interrupt();
        } finally {
            lock.lock();
            try {
                striking = false;
                struck.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits for the next message; a chunk runs from now on. An interrupt between two chunks is meant for none of them. */
    public Message.ToWorker take() {
        lock.lock();
        try {
            while (waiting.isEmpty()) {
                work.awaitUninterruptibly();
            }
            Thread.interrupted();
            Message.ToWorker message = waiting.poll();
            long chunk = chunk(message);
            if (chunk != NONE) {
                thread = Thread.currentThread();
                running = chunk;
                if (early.remove(running)) {
                    stopped = true;
                    thread.interrupt();
                }
            }
            return message;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the running chunk has been interrupted. */
    public boolean isStopped() {
        return stopped;
    }

    /** The chunk has ended; waits until no interrupt can hit what follows. */
    public void leave() {
        lock.lock();
        try {
            running = NONE;
            while (striking) {
                struck.awaitUninterruptibly();
            }
            stopped = false;
            Thread.interrupted();
        } finally {
            lock.unlock();
        }
    }

    private static boolean isChunk(Message.ToWorker message, long chunk) {
        return chunk(message) == chunk;
    }

    private static long chunk(Message.ToWorker message) {
        if (message instanceof Message.RunJob job) {
            return job.chunk().chunk();
        }
        return message instanceof Message.RunChunk chunk ? chunk.chunk() : NONE;
    }
}
