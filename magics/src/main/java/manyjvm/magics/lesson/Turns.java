package manyjvm.magics.lesson;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sees when the calls of this JVM are running on a processor, and when they only wait for one: a thread of its own looks every
 * millisecond how much CPU time theirs have used. A turn that the system gives a thread is some milliseconds long.
 *
 * <p>The JDK tells no CPU time of virtual threads. That of the carrier thread is theirs as long as they are on it, and which one
 * that is stands in their text, {@code VirtualThread[#22]/runnable@ForkJoinPool-1-worker-1}.
 */
final class Turns {
    private static final long EVERY = TimeUnit.MILLISECONDS.toNanos(1);

    /** A longer call is looked at less often, so that what is kept of it stays small. */
    private static final int MOST_LOOKS = 2048;

    private static final long UNKNOWN = -1;

    /** What {@link System#nanoTime} counts from is each JVM's own: this makes times of several JVMs comparable. */
    private static final long EPOCH = epoch();

    private static final Turns OF_THIS_JVM = new Turns();

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Set<Call> running = new HashSet<>(); // guarded by itself
    private final Map<String, Long> carriers = new HashMap<>(); // their identifiers by name; guarded by the set

    private Turns() {
        Thread looking = new Thread(this::look, "turns");
        looking.setDaemon(true);
        looking.start();
    }

    private static long epoch() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - System.nanoTime();
    }

    /** Nanoseconds since 1970, in all JVMs of a machine. */
    static long now() {
        return EPOCH + System.nanoTime();
    }

    /** The calling thread begins a call. */
    static Call begin(boolean virtual) {
        synchronized (OF_THIS_JVM.running) {
            Call call = OF_THIS_JVM.new Call(virtual);
            OF_THIS_JVM.running.add(call);
            OF_THIS_JVM.running.notifyAll();
            return call;
        }
    }

    private void look() {
        while (true) {
            synchronized (running) {
                while (running.isEmpty()) {
                    try {
                        running.wait();
                    } catch (InterruptedException nobodyDoes) {
                        return;
                    }
                }
                running.forEach(Call::look);
            }
            LockSupport.parkNanos(EVERY);
        }
    }

    /** CPU time of a thread so far; 0 where the JVM does not tell. */
    private long used(long id) {
        return id == UNKNOWN ? 0 : Math.max(0, threads.getThreadCpuTime(id));
    }

    /** The identifier of a carrier thread; called while the set of all is locked. */
    private long carrier(String name) {
        return carriers.computeIfAbsent(name, absent -> {
            for (ThreadInfo each : threads.getThreadInfo(threads.getAllThreadIds())) {
                if (each != null && each.getThreadName().equals(name)) {
                    return each.getThreadId();
                }
            }
            return UNKNOWN; // of a JVM that keeps its carriers to itself
        });
    }

    /** A call that has begun. Guarded by the set of all. */
    final class Call {
        private final Thread thread = Thread.currentThread();
        private final boolean virtual;
        private long[] at = new long[64];
        private long[] ran = new long[64];
        private int looks = 1;
        private int every = 1; // which of the looks are kept
        private int sinceKept;
        private String carrier = ""; // when it was looked at last; empty for none
        private long usedBefore; // by its thread or its carrier, when it was looked at last

        private Call(boolean virtual) {
            this.virtual = virtual;
            at[0] = now();
            ranSince();
        }

        /** How long it has been running since it was looked at last. */
        private long ranSince() {
            String before = carrier;
            long used = usedBefore;
            if (virtual) {
                String text = thread.toString();
                carrier = text.substring(text.lastIndexOf('@') + 1, text.lastIndexOf('@') < 0 ? 0 : text.length());
                usedBefore = carrier.isEmpty() ? 0 : used(carrier(carrier));
                return carrier.isEmpty() || !carrier.equals(before) ? 0 : usedBefore - used;
            }
            usedBefore = used(thread.getId());
            return usedBefore - used;
        }

        private void look() {
            if (++sinceKept >= every) {
                sinceKept = 0;
                if (looks == MOST_LOOKS) {
                    thin();
                }
                keep();
            }
        }

        private void keep() {
            if (looks == at.length) {
                at = Arrays.copyOf(at, 2 * looks);
                ran = Arrays.copyOf(ran, 2 * looks);
            }
            long now = now();
            ran[looks] = ran[looks - 1] + Math.max(0, ranSince());
            at[looks++] = now;
        }

        private void thin() {
            looks /= 2;
            every *= 2;
            for (int i = 0; i < looks; i++) {
                at[i] = at[2 * i];
                ran[i] = ran[2 * i];
            }
        }

        /** The calling thread has ended it. */
        Span end(int number) {
            synchronized (running) {
                running.remove(this);
                keep();
            }
            String lane = ProcessHandle.current().pid() + " " + thread.getName();
            return new Span(number, lane, Arrays.copyOf(at, looks), Arrays.copyOf(ran, looks));
        }
    }
}
