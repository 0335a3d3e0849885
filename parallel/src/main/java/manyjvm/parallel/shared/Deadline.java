package manyjvm.parallel.shared;

import java.time.Duration;

/** When a wait ends, on {@link System#nanoTime}'s clock. */
public final class Deadline {
    /** The longest wait that nanoseconds can count without overflow; nobody sees its end. */
    private static final long LONGEST = Long.MAX_VALUE / 2;

    private final boolean bounded;
    private final long end;

    private Deadline(boolean bounded, long end) {
        this.bounded = bounded;
        this.end = end;
    }

    public static Deadline never() {
        return new Deadline(false, 0);
    }

    /** From now; a negative duration is as good as none. */
    public static Deadline in(Duration timeout) {
        long nanos;
        try {
            nanos = Math.min(timeout.toNanos(), LONGEST);
        } catch (ArithmeticException overflow) {
            nanos = timeout.isNegative() ? 0 : LONGEST; // more than 292 years
        }
        return new Deadline(true, System.nanoTime() + Math.max(0, nanos));
    }

    boolean isBounded() {
        return bounded;
    }

    long remainingNanos() {
        return end - System.nanoTime();
    }

    public boolean isOver() {
        return bounded && remainingNanos() <= 0;
    }
}
